package authorize

import (
	"errors"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// CheckDetails says what is wrong with authorization details, after their name (RFC 9396 §2). They are an array of objects,
// and each has a type, which says what its other members mean.
func CheckDetails(v strictjson.Value) error {
	if v.Kind() != strictjson.Array {
		return errors.New("is not an array")
	}
	for detail := range v.Elements {
		if DetailType(detail) == "" {
			return errors.New("has an element that is not an object with a type")
		}
	}
	return nil
}

// DetailType is the type of one detail; empty when it has none.
func DetailType(detail strictjson.Value) (name string) {
	for member, v := range detail.Members {
		if member == "type" {
			name, _ = v.ExactStr()
		}
	}
	return name
}
