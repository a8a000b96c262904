package oidctest_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"hash"
	"net/http"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// claims verifies a JWT with the secret or the published keys and returns its claims.
func (j *journey) claims(raw, alg string) map[string]any {
	j.t.Helper()
	payload, err := j.verify(raw, alg)
	require.NoError(j.t, err)
	var claims map[string]any
	require.NoError(j.t, json.Unmarshal(payload, &claims))
	return claims
}

func (j *journey) verify(raw, alg string) ([]byte, error) {
	j.t.Helper()
	if strings.HasPrefix(alg, "HS") {
		return verifyHMAC(raw, alg)
	}
	parsed, err := jose.ParseSignedCompact(raw, []jose.SignatureAlgorithm{jose.SignatureAlgorithm(alg)})
	if err != nil {
		return nil, err
	}
	return parsed.Verify(j.keys())
}

func (j *journey) keys() *jose.JSONWebKeySet {
	j.t.Helper()
	response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Get(j.url + "/.well-known/jwks.json")
	require.NoError(j.t, err)
	defer response.Body.Close()
	var set jose.JSONWebKeySet
	require.NoError(j.t, json.NewDecoder(response.Body).Decode(&set))
	return &set
}

func hashOf(alg string) func() hash.Hash {
	return map[string]func() hash.Hash{"256": sha256.New, "384": sha512.New384, "512": sha512.New, "DSA": sha512.New}[alg[len(alg)-3:]]
}

func verifyHMAC(raw, alg string) ([]byte, error) {
	parts := strings.Split(raw, ".")
	mac := hmac.New(hashOf(alg), []byte(oidctest.ClientSecret))
	mac.Write([]byte(parts[0] + "." + parts[1]))
	header, _ := base64.RawURLEncoding.DecodeString(parts[0])
	known := string(header) == `{"alg":"`+alg+`","typ":"JWT"}` || string(header) == `{"alg":"`+alg+`","typ":"logout+jwt"}`
	if !known || base64.RawURLEncoding.EncodeToString(mac.Sum(nil)) != parts[2] {
		return nil, jose.ErrCryptoFailure
	}
	return base64.RawURLEncoding.DecodeString(parts[1])
}

// leftHalf is at_hash and c_hash, computed apart from the server.
func leftHalf(alg, value string) string {
	h := hashOf(alg)()
	h.Write([]byte(value))
	sum := h.Sum(nil)
	return base64.RawURLEncoding.EncodeToString(sum[:len(sum)/2])
}
