package web

import (
	"encoding/json"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// pack makes the content of a session: the Identity in its stored form, with its tokens.
func pack(id *authentication.Identity) ([]byte, error) { return json.Marshal(id) }

// unpack reads the content of a session.
func unpack(content []byte) (*authentication.Identity, error) {
	id := new(authentication.Identity)
	if err := id.UnmarshalJSON(content); err != nil {
		return nil, err
	}
	return id, nil
}
