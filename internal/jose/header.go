package jose

import (
	"strings"
	"sync/atomic"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// Header has the members of a JOSE header that are used here (RFC 7515 §4.1); a field is "" when its member is
// absent.
type Header struct{ Alg, KeyID, Type string }

func parseHeader(segment string) (Header, error) {
	var text strings.Builder
	text.Grow(strict.DecodedLen(len(segment)))
	if !decode(&text, segment) {
		return Header{}, &Error{Format, "the header is not base64url"}
	}
	object, err := strictjson.Parse(text.String())
	if err != nil {
		return Header{}, &Error{Format, "the header: " + err.Error()}
	}
	if object.Kind() != strictjson.Object {
		return Header{}, &Error{Format, "the header is not an object"}
	}
	var h Header
	for name, v := range object.Members {
		switch name {
		case "alg":
			err = member(&h.Alg, name, v)
		case "kid":
			err = member(&h.KeyID, name, v)
		case "typ":
			err = member(&h.Type, name, v)
		case "crit", "b64":
			// b64 is valid only with crit (RFC 7797 §6); without it the signed bytes would be ambiguous.
			err = &Error{Critical, "the header holds " + name}
		}
		if err != nil {
			return Header{}, err
		}
	}
	if h.Alg == "" {
		return Header{}, &Error{Format, "the header holds no alg"}
	}
	return h, nil
}

func member(into *string, name string, v strictjson.Value) error {
	text, ok := v.ExactStr()
	if !ok {
		return &Error{Format, "the header's " + name + " is not a string, or has half of a surrogate pair"}
	}
	*into = text
	return nil
}

// HeaderCache keeps the header of the last verified token, so that a header with the same bytes is not parsed again.
// The zero value is ready; it is safe for concurrent use.
type HeaderCache struct{ last atomic.Pointer[cachedHeader] }

type cachedHeader struct {
	segment string
	header  Header
}

// Parse is [Parse] with the cache.
func (c *HeaderCache) Parse(raw string, limit int) (Compact, error) { return parse(raw, limit, c) }

func (c *HeaderCache) header(segment string) (Header, error) {
	if c != nil {
		if last := c.last.Load(); last != nil && last.segment == segment {
			return last.header, nil
		}
	}
	return parseHeader(segment)
}

// keep is called after the signature was verified, so that forged tokens cannot replace the header.
func (c *HeaderCache) keep(segment string, header Header) {
	if c == nil {
		return
	}
	if last := c.last.Load(); last == nil || last.segment != segment {
		c.last.Store(&cachedHeader{strings.Clone(segment), header})
	}
}
