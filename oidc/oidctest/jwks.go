package oidctest

import "net/http"

// jwks answers with the keys of the server.
func (s *Server) jwks(w http.ResponseWriter, r *http.Request) {
	if missing(s.realm, NoJWKS, w, r) {
		return
	}
	set, err := s.signer.public()
	if err != nil {
		http.Error(w, "oidctest: no key", http.StatusInternalServerError)
		return
	}
	encryption, err := s.decrypter.public()
	if err != nil {
		http.Error(w, "oidctest: no key", http.StatusInternalServerError)
		return
	}
	if !s.realm.Broken(MissingEncryptionKey) {
		set.Keys = append(set.Keys, encryption...)
	}
	if s.realm.Broken(EmptyJWKS) {
		set.Keys = set.Keys[:0]
	}
	w.Header().Set("Cache-Control", "public, max-age=300")
	keys := make([]any, len(set.Keys))
	for i := range set.Keys {
		keys[i] = set.Keys[i]
	}
	if s.realm.Broken(StrangeKeys) {
		keys = append([]any{
			map[string]any{"kty": "AKP", "kid": "later", "use": "sig", "alg": "ML-DSA-44", "pub": "AQAB"},
			map[string]any{"kty": "made-up", "kid": "nobody"}, map[string]any{"kty": "RSA", "kid": "no-modulus", "use": "sig", "e": "AQAB"},
		}, keys...)
	}
	writeJSON(w, http.StatusOK, map[string]any{"keys": keys})
}
