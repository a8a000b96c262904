package oidctest_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// The pair of RFC 7636 appendix B.
const (
	verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	digest   = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
)

func TestPKCE(t *testing.T) {
	t.Parallel()
	sum := sha256.Sum256([]byte(verifier))
	require.Equal(t, digest, base64.RawURLEncoding.EncodeToString(sum[:]))
	tests := map[string]struct{ challenge, method, good, bad string }{
		"S256":             {digest, "S256", verifier, "X" + verifier[1:]},
		"S256 no verifier": {digest, "S256", verifier, ""},
		"S256 short":       {digest, "S256", verifier, "short"},
		"plain":            {verifier, "plain", verifier, digest},
		"plain by default": {verifier, "", verifier, digest},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := start(t, &oidctest.Server{})
			code := j.login("/auth", "code_challenge", test.challenge, "code_challenge_method", test.method).Get("code")
			status, reply := j.redeem("/token", code, "code_verifier", test.bad)
			refused(t, status, reply, http.StatusBadRequest, "invalid_grant")
			status, reply = j.redeem("/token", code, "code_verifier", test.good)
			granted(t, status, reply)
		})
	}
}
