package oidctest

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// verifyHint returns the claims of an ID token that this server signed for one of its applications, and which one.
func (s *Server) verifyHint(raw string) (claims map[string]any, c *client) {
	_, claims, _ = parseJWT(raw)
	id, _ := claims["aud"].(string)
	if c = s.clientOf(id); c == nil {
		return nil, nil
	}
	if _, _, signed := s.signer.verifyFor(c.secret, c.idTokenAlg, raw); !signed {
		return nil, nil
	}
	return claims, c
}

// verifyFor returns the claims of an ID token that this server signed, expired or not; wellFormed says whether it is a
// JWT at all.
func (s *signer) verifyFor(secret, alg, raw string) (claims map[string]any, wellFormed, signed bool) {
	header, payload, ok := parseJWT(raw)
	if !ok {
		return nil, false, false
	}
	// Only access tokens have a jti: under RS256 they bear the same signature.
	if _, access := payload["jti"]; access || header["alg"] != alg {
		return nil, true, false
	}
	if symmetric(alg) {
		end := strings.LastIndexByte(raw, '.')
		sum, err := base64.RawURLEncoding.DecodeString(raw[end+1:])
		return payload, true, err == nil && hmac.Equal(sum, hmacSum(alg, secret, raw[:end]))
	}
	return payload, true, s.verifiedByRing(alg, raw)
}

func (s *signer) verifiedByRing(alg, raw string) bool {
	parsed, err := jose.ParseSignedCompact(raw, []jose.SignatureAlgorithm{jose.SignatureAlgorithm(alg)})
	if err != nil {
		return false
	}
	ring, err := s.rings[alg].Keys()
	if err != nil {
		return false
	}
	for _, key := range ring {
		if _, err := parsed.Verify(key.Private.Public()); err == nil {
			return true
		}
	}
	return false
}

// parseJWT reads the header and the claims of a compact JWS; ok says whether it is one.
func parseJWT(raw string) (header, claims map[string]any, ok bool) {
	parts := strings.Split(raw, ".")
	if len(parts) != 3 {
		return nil, nil, false
	}
	header, claims = decodeJSON(parts[0]), decodeJSON(parts[1])
	return header, claims, header != nil && claims != nil
}

func decodeJSON(part string) map[string]any {
	text, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return nil
	}
	var object map[string]any
	if json.Unmarshal(text, &object) != nil {
		return nil
	}
	return object
}
