package oidc

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/internal/jose"
)

// MarshalJSON stores the token as it was received.
func (t IDToken) MarshalJSON() ([]byte, error) {
	if t.raw == "" {
		return nil, errors.New("oidc: only a verified ID token can be stored")
	}
	return json.Marshal(t.raw)
}

// UnmarshalJSON reads the token back from the application's own storage. Nothing is verified again: use VerifyIDToken
// for a token from anywhere else.
func (t *IDToken) UnmarshalJSON(data []byte) error {
	var raw string
	if err := json.Unmarshal(data, &raw); err != nil {
		return errors.New("oidc: stored ID token: it is not a string")
	}
	token, err := jose.Parse(raw, len(raw)) // it was accepted before
	if err != nil {
		return fmt.Errorf("oidc: stored ID token: %w", err)
	}
	members, err := readClaims(token.Payload, nil)
	if err != nil {
		return err
	}
	var back IDToken
	if err := back.fill(new(claims), raw, token.Payload, members); err != nil {
		return err
	}
	*t = back
	return nil
}
