package jose

import (
	"strconv"
	"strings"
)

// MaxToken is the default length limit of a token in bytes.
const MaxToken = 64 << 10

// Compact is a token in the compact serialization (RFC 7515 §7.1), parsed and not yet verified.
//
// Payload is the decoded payload; it has its own memory and does not keep the token.
type Compact struct {
	Header  Header
	Payload string

	input     string // header '.' payload as received: what was signed
	signature string // decoded
	cache     *HeaderCache
}

// Parse parses a token of at most limit bytes; trust nothing in it before [Compact.Verify].
//
// The error is an [*Error] of kind [Format], [Encrypted] or [Critical].
func Parse(raw string, limit int) (Compact, error) { return parse(raw, limit, nil) }

func parse(raw string, limit int, cache *HeaderCache) (Compact, error) {
	if len(raw) > limit {
		return Compact{}, &Error{Format, "it has " + strconv.Itoa(len(raw)) + " bytes, at most " + strconv.Itoa(limit) + " are allowed"}
	}
	if strings.HasPrefix(raw, "{") {
		return Compact{}, &Error{Format, "the JSON serialization is not accepted"}
	}
	switch strings.Count(raw, ".") {
	case 2:
	case 4:
		return Compact{}, &Error{Encrypted, "five parts, where a signed token has three"}
	default:
		return Compact{}, &Error{Format, "a token has three parts"}
	}
	first, last := strings.IndexByte(raw, '.'), strings.LastIndexByte(raw, '.')
	header, err := cache.header(raw[:first])
	if err != nil {
		return Compact{}, err
	}
	payload, signature := raw[first+1:last], raw[last+1:]
	var decoded strings.Builder
	decoded.Grow(strict.DecodedLen(len(payload)) + strict.DecodedLen(len(signature)))
	if !decode(&decoded, payload) {
		return Compact{}, &Error{Format, "the payload is not base64url"}
	}
	split := decoded.Len()
	if !decode(&decoded, signature) {
		return Compact{}, &Error{Format, "the signature is not base64url"}
	}
	both := decoded.String()
	return Compact{header, both[:split], raw[:last], both[split:], cache}, nil
}
