package jose

import (
	"crypto"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// EmbeddedKey returns the public key in the header (jwk), which proves only that the sender has its private half: it is
// for proofs of possession alone (RFC 9449 §4.2). A private or weak key is an error of kind [BadKey].
func (c *Compact) EmbeddedKey() (crypto.PublicKey, error) {
	var text strings.Builder
	decode(&text, c.input[:strings.IndexByte(c.input, '.')])
	object, err := strictjson.Parse(text.String())
	if err != nil {
		return nil, &Error{Format, "the header: " + err.Error()}
	}
	for name, v := range object.Members {
		if name != "jwk" {
			continue
		}
		key, bad := verifying.key(verifying.readMember(v))
		if bad != "" {
			return nil, &Error{BadKey, "the header's jwk: " + bad}
		}
		return key.Public, nil
	}
	return nil, &Error{BadKey, "the header holds no jwk"}
}
