package oidctest

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/go-jose/go-jose/v4"
)

// clientKeys are the public keys of an application (OpenID Connect Registration §2 jwks, jwks_uri).
func (s *Server) clientKeys(ctx context.Context, c *client) []jose.JSONWebKey {
	text := []byte(c.app.JWKS)
	if len(text) == 0 && c.app.JWKSURI != "" {
		status, body, err := s.realm.Get(ctx, c.app.JWKSURI)
		if err != nil || status != http.StatusOK {
			return nil
		}
		text = body
	}
	var set jose.JSONWebKeySet
	if json.Unmarshal(text, &set) != nil {
		return nil
	}
	return set.Keys
}
