package oidctest

import (
	"crypto"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// proofAge is how old a proof may be, and how far its clock may be ahead.
const proofAge = time.Minute

// proofAlgs are those of proofs.
func proofAlgs() []string { return assertionAlgs(authKeyJWT) }

func invalidProof(status int, description string) *failure {
	return &failure{status, "invalid_dpop_proof", description}
}

// proof returns the thumbprint of the key that the request's proof has (RFC 9449 §4.3); empty when there is no proof. A
// failure has the status.
func (s *Server) proof(w http.ResponseWriter, r *http.Request, token string, status int) (jkt string, failed *failure) {
	fields := r.Header.Values("DPoP")
	if len(fields) == 0 {
		return "", nil
	}
	if len(fields) > 1 {
		return "", invalidProof(status, "there are several proofs")
	}
	header, claims, _ := parseJWT(fields[0])
	algs := s.allowed(proofAlgs())
	key, why := proofKey(header, algs)
	if why == "" && s.short(key) {
		why = "the key is too short"
	}
	if why == "" && !verifies(fields[0], key, algs) {
		why = "the signature is wrong"
	}
	if why == "" {
		why = s.unfitProof(r, claims, token)
	}
	if why != "" {
		return "", invalidProof(status, why)
	}
	if failed := s.checkNonce(w, claims["nonce"], status); failed != nil {
		return "", failed
	}
	digest, err := key.Thumbprint(crypto.SHA256)
	if err != nil {
		return "", invalidProof(status, "the key has no thumbprint")
	}
	jkt = base64.RawURLEncoding.EncodeToString(digest)
	id, _ := claims["jti"].(string)
	now := s.realm.Time()
	if id == "" || !s.memory.firstUse("dpop "+jkt+" "+id, now.Add(2*proofAge), now) {
		return "", invalidProof(status, "jti is missing, or was used before")
	}
	return jkt, nil
}

// proofKey reads the public key in the header of a proof.
func proofKey(header map[string]any, algs []string) (key jose.JSONWebKey, why string) {
	alg, _ := header["alg"].(string)
	text, err := json.Marshal(header["jwk"])
	switch {
	case header["typ"] != "dpop+jwt":
		return key, "typ is not dpop+jwt"
	case !slices.Contains(algs, alg):
		return key, "alg is not one of those that are accepted"
	case err != nil || key.UnmarshalJSON(text) != nil || !key.Valid():
		return key, "jwk is missing, or is no key"
	case !key.IsPublic():
		return key, "jwk has a private key"
	}
	return key, ""
}

func verifies(raw string, key jose.JSONWebKey, algs []string) bool {
	signed, err := jose.ParseSignedCompact(raw, typed[jose.SignatureAlgorithm](algs))
	if err != nil {
		return false
	}
	_, err = signed.Verify(key.Key)
	return err == nil
}

// unfitProof says why a proof is not for this request; empty is nothing.
func (s *Server) unfitProof(r *http.Request, claims map[string]any, token string) string {
	place := strings.TrimPrefix(r.URL.Path, s.Path)
	iat, _ := claims["iat"].(float64)
	age := s.realm.Time().Sub(time.Unix(int64(iat), 0))
	digest := sha256.Sum256([]byte(token))
	switch {
	case claims["htm"] != r.Method:
		return "htm is another method"
	case claims["htu"] != s.issuer(r)+place && (s.MTLSBase == "" || claims["htu"] != strings.TrimSuffix(s.MTLSBase, "/")+s.Path+place):
		return "htu is another address"
	case age > proofAge || age < -proofAge:
		return "iat is too old, or in the future"
	case token != "" && claims["ath"] != base64.RawURLEncoding.EncodeToString(digest[:]):
		return "ath is not of the access token"
	}
	return ""
}
