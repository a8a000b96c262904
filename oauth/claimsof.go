package oauth

import (
	"encoding/base64"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// claimsOf returns the claims of a compact JWS without verifying it (RFC 7515 §7.1), nil for any other text.
func claimsOf(token string) []strictjson.Member {
	parts := strings.Split(token, ".")
	if len(parts) != 3 || len(token) > maxAssertion {
		return nil
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return nil
	}
	members, err := strictjson.ParseObject(string(payload), nil)
	if err != nil {
		return nil
	}
	return members
}

// subjectOf is the sub of a JWT, empty for any other text.
func subjectOf(token string) string {
	for _, m := range claimsOf(token) {
		if m.Name == "sub" {
			sub, _ := m.Value.ExactStr()
			return sub
		}
	}
	return ""
}
