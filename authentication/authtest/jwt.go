package authtest

import (
	"crypto"
	"crypto/hmac"
	_ "crypto/sha256" // registers the hashes that algHash names
	_ "crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// sign makes a compact JWS of the claims (RFC 7515 §3.1).
func (s *Server) sign(alg string, claims map[string]any) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	var raw string
	switch {
	case s.realm.Broken(AlgNone):
		raw = encode([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + encode(payload) + "."
	case symmetric(alg):
		raw = s.signHMAC(alg, payload)
	default:
		raw, err = s.signKey(alg, payload)
	}
	if err == nil && s.realm.Broken(BadSignature) {
		raw = spoil(raw)
	}
	return raw, err
}

// signHMAC does without go-jose, which refuses a secret shorter than the hash;
// Authing keys HS512 with the same 32 characters as HS256.
func (s *Server) signHMAC(alg string, payload []byte) string {
	secret := s.secret()
	if s.realm.Broken(SwappedKey) {
		secret = "another-" + secret
	}
	input := encode([]byte(`{"alg":"`+alg+`","typ":"JWT"}`)) + "." + encode(payload)
	return input + "." + encode(hmacSum(alg, secret, input))
}

func (s *Server) signKey(alg string, payload []byte) (string, error) {
	key, err := s.keys[alg].Current()
	if s.realm.Broken(SwappedKey) {
		key, err = s.keys[alg].Stranger()
	}
	if err != nil {
		return "", err
	}
	signer, err := jose.NewSigner(jose.SigningKey{
		Algorithm: jose.SignatureAlgorithm(alg),
		Key:       jose.JSONWebKey{Key: key.Private, KeyID: key.ID, Algorithm: alg},
	}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}

// verify returns the claims of an ID token that this server signed, expired or
// not; wellFormed says whether it is a JWT at all.
func (s *Server) verify(raw string) (claims map[string]any, wellFormed, signed bool) {
	parts := strings.Split(raw, ".")
	if len(parts) != 3 {
		return nil, false, false
	}
	header, payload := decodeJSON(parts[0]), decodeJSON(parts[1])
	if header == nil || payload == nil {
		return nil, false, false
	}
	alg := s.idTokenAlg()
	// Only access tokens have a jti: under RS256 they bear the same signature.
	if _, access := payload["jti"]; access || header["alg"] != alg {
		return nil, true, false
	}
	if symmetric(alg) {
		sum, err := base64.RawURLEncoding.DecodeString(parts[2])
		return payload, true, err == nil && hmac.Equal(sum, hmacSum(alg, s.secret(), parts[0]+"."+parts[1]))
	}
	return payload, true, s.verifiedByRing(alg, raw)
}

func (s *Server) verifiedByRing(alg, raw string) bool {
	parsed, err := jose.ParseSignedCompact(raw, []jose.SignatureAlgorithm{jose.SignatureAlgorithm(alg)})
	if err != nil {
		return false
	}
	ring, err := s.keys[alg].Keys()
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

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func hmacSum(alg, secret, input string) []byte {
	mac := hmac.New(algHash(alg).New, []byte(secret))
	mac.Write([]byte(input))
	return mac.Sum(nil)
}

// algHash is the hash in the name of an algorithm; EdDSA's is that of Ed25519.
func algHash(alg string) crypto.Hash {
	switch {
	case strings.HasSuffix(alg, "384"):
		return crypto.SHA384
	case strings.HasSuffix(alg, "512"), alg == "EdDSA":
		return crypto.SHA512
	}
	return crypto.SHA256
}

// halfHash is the value of at_hash and c_hash (OpenID Connect Core §3.1.3.6).
func halfHash(alg, value string) string {
	hash := algHash(alg).New()
	hash.Write([]byte(value))
	sum := hash.Sum(nil)
	return encode(sum[:len(sum)/2])
}
