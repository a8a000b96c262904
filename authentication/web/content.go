package web

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// The content of a session's second record is the Identity in its stored form, after its SessionExpiry in seconds: a
// refresh may change that, and a guard compares it without decoding the Identity.
const endSize = 8

// pack makes the content of a session.
func pack(id *authentication.Identity) ([]byte, error) {
	stored, err := json.Marshal(id)
	if err != nil {
		return nil, err
	}
	var end int64
	if !id.SessionExpiry.IsZero() {
		end = id.SessionExpiry.Unix()
	}
	content := make([]byte, endSize, endSize+len(stored))
	binary.BigEndian.PutUint64(content, uint64(end))
	return append(content, stored...), nil
}

// unpack reads the Identity of a session, with its tokens.
func unpack(content []byte) (*authentication.Identity, error) {
	if len(content) < endSize {
		return nil, errors.New("web: the content of the session is cut off")
	}
	id := new(authentication.Identity)
	if err := json.Unmarshal(content[endSize:], id); err != nil {
		return nil, err
	}
	return id, nil
}

// over reports whether the server demands that the session has ended by now.
func over(content []byte, now time.Time) bool {
	if len(content) < endSize {
		return true
	}
	end := int64(binary.BigEndian.Uint64(content))
	return end != 0 && now.Unix() >= end
}
