package oidctest

import "errors"

// What the methods that read a token refuse.
var (
	// ErrMalformed is a text that is no JWT.
	ErrMalformed = errors.New("oidctest: the token is not a JWT")
	// ErrNotValid is a token that this server did not issue for this purpose, or that is expired or revoked.
	ErrNotValid = errors.New("oidctest: the token is not valid")
)

// IDTokenClaims returns the claims of an ID token that this server issued. The error is ErrMalformed or ErrNotValid.
func (s *Server) IDTokenClaims(raw string) (map[string]any, error) {
	s.prepare()
	claims, wellFormed, signed := s.signer.verifyFor(s.client.secret, s.client.idTokenAlg, raw)
	switch exp, _ := claims["exp"].(float64); {
	case !wellFormed:
		return nil, ErrMalformed
	case !signed, s.realm.Time().Unix() >= int64(exp):
		return nil, ErrNotValid
	}
	return claims, nil
}

// AccessTokenClaims returns the claims of an access token that this server issued. The error is ErrMalformed, as it is
// for the opaque tokens of OAuth, or ErrNotValid.
func (s *Server) AccessTokenClaims(raw string) (map[string]any, error) {
	s.prepare()
	_, claims, wellFormed := parseJWT(raw)
	switch {
	case !wellFormed:
		return nil, ErrMalformed
	case s.memory.live(raw, s.realm.Time()) == nil:
		return nil, ErrNotValid
	}
	return claims, nil
}
