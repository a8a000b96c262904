//go:build interop

package oidcprovider

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// signedBy returns the client whose ID tokens are signed by alg.
var signedBy = map[string]string{
	"HS256": "idt-hs256", "HS512": "idt-hs512", "RS256": "basic", "PS256": "idt-ps256", "ES256": "idt-es256",
	"ES384": "idt-es384", "ES512": "idt-es512", "EdDSA": "idt-eddsa", "Ed25519": "idt-ed25519-named",
}

func TestIDTokenAlgorithm(t *testing.T) {
	t.Parallel()
	p := provider(t)
	for alg, id := range signedBy {
		t.Run(alg, func(t *testing.T) {
			t.Parallel()
			cfg := p.oidcConfig(t, id)
			cfg.IDTokenSigningAlg = alg
			c, err := oidc.NewClient(cfg)
			require.NoError(t, err)
			login, callback := oidcBegin(t, c, person(t), oidc.AuthorizeOptions{})
			result, err := c.CompleteLogin(t.Context(), login, callback)
			require.NoError(t, err)
			assert.Equal(t, "alice", result.IDToken.Subject)
			assert.Equal(t, alg, header(t, result.Token.IDToken)["alg"])

			raw, want := result.Token.IDToken, oidc.Expect{Nonce: login.Nonce, AccessToken: result.Token.AccessToken}
			_, err = c.VerifyIDToken(t.Context(), raw, want)
			require.NoError(t, err)
			_, err = c.VerifyIDToken(t.Context(), flipped(raw), want)
			require.ErrorIs(t, err, oidc.CheckSignature)

			cfg.IDTokenSigningAlg = "RS384" // pinned by configuration, never taken from the token
			pinned, err := oidc.NewClient(cfg)
			require.NoError(t, err)
			_, err = pinned.VerifyIDToken(t.Context(), raw, want)
			require.ErrorIs(t, err, oidc.CheckAlgorithm)
		})
	}
}

// The provider offers many algorithms, including RS256, which is used when none is configured.
func TestIDTokenAlgorithmByDefault(t *testing.T) {
	t.Parallel()
	p := provider(t)
	for id, accepted := range map[string]bool{"basic": true, "idt-es256": false} {
		cfg := p.oidcConfig(t, id)
		cfg.IDTokenSigningAlg = ""
		c, err := oidc.NewClient(cfg)
		require.NoError(t, err)
		login, callback := oidcBegin(t, c, person(t), oidc.AuthorizeOptions{})
		_, err = c.CompleteLogin(t.Context(), login, callback)
		if accepted {
			require.NoError(t, err)
		} else {
			require.ErrorIs(t, err, oidc.CheckAlgorithm)
		}
	}
}

func TestIDTokenOfAnotherClient(t *testing.T) {
	t.Parallel()
	p := provider(t)
	raw := oidcLogin(t, p.oidcClient(t, "basic"), "openid").Token.IDToken
	_, err := p.oidcClient(t, "post").VerifyIDToken(t.Context(), raw, oidc.Expect{AllowAnyNonce: true})
	require.ErrorIs(t, err, oidc.CheckAudience)
	_, err = p.oidcClient(t, "basic").VerifyIDToken(t.Context(), raw, oidc.Expect{AllowAnyNonce: true})
	require.NoError(t, err)
}

func header(t *testing.T, raw string) map[string]any {
	t.Helper()
	first, _, _ := strings.Cut(raw, ".")
	b, err := base64.RawURLEncoding.DecodeString(first)
	require.NoError(t, err)
	var h map[string]any
	require.NoError(t, json.Unmarshal(b, &h))
	return h
}

// flipped returns the token with one character in the middle of its signature changed: the last character may have
// only unused bits.
func flipped(raw string) string {
	at := strings.LastIndexByte(raw, '.') + 10
	other := "A"
	if raw[at] == 'A' {
		other = "B"
	}
	return raw[:at] + other + raw[at+1:]
}
