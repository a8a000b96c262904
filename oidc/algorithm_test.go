package oidc_test

import (
	"crypto/sha512"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// algorithms and the key that each signs with; none is the client secret.
var algorithms = map[string]string{
	"RS256": "rsa", "RS384": "rsa", "RS512": "rsa", "PS256": "rsa", "PS384": "rsa", "PS512": "rsa",
	"ES256": "p256", "ES384": "p384", "ES512": "p521", "EdDSA": "ed", "HS256": "", "HS384": "", "HS512": "",
}

func signedBy(alg string) change {
	return func(tr *trial) {
		tr.config.IDTokenSigningAlg, tr.alg = alg, alg
		if key := algorithms[alg]; key != "" {
			tr.key, tr.header["kid"] = keys()[key], key
			tr.jwks = []any{jwk("rsa"), jwk("p256"), jwk("p384"), jwk("p521"), jwk("ed")}
			return
		}
		tr.key = []byte(clientSecret)
	}
}

// half is at_hash as OpenID Connect Core §3.1.3.6 says, SHA-512 for EdDSA.
func half(alg, value string) string {
	switch {
	case strings.HasSuffix(alg, "256"):
		return sha256Half(value)
	case strings.HasSuffix(alg, "384"):
		sum := sha512.Sum384([]byte(value))
		return b64(string(sum[:24]))
	}
	sum := sha512.Sum512([]byte(value))
	return b64(string(sum[:32]))
}

func TestEveryAlgorithmLogsIn(t *testing.T) {
	t.Parallel()
	for alg := range algorithms {
		t.Run(alg, func(t *testing.T) {
			t.Parallel()
			tr := newTrial()
			signedBy(alg)(tr)
			tr.claims["at_hash"] = half(alg, accessToken)
			result, err := tr.login(t)
			require.NoError(t, err)
			assert.Equal(t, tr.claims["at_hash"], result.IDToken.AccessTokenHash)

			refuses(t, oidc.CheckSignature, signedBy(alg), map[string]change{"changed": reworked(flipLast)})
			refuses(t, oidc.CheckAtHash, func(tr *trial) { signedBy(alg)(tr); tr.claims["at_hash"] = half(alg, accessToken) },
				eachOf("at_hash", half(alg, "another")))
		})
	}
}

func TestI5SecretTooShort(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("s", 64)
	for alg, c := range map[string]struct {
		least   int
		message string
	}{
		"HS256": {32, "oidc: IDTokenSigningAlg HS256 needs a ClientSecret of at least 32 bytes, got 31 (RFC 7518 §3.2)"},
		"HS384": {48, "oidc: IDTokenSigningAlg HS384 needs a ClientSecret of at least 48 bytes, got 47 (RFC 7518 §3.2)"},
		"HS512": {64, "oidc: IDTokenSigningAlg HS512 needs a ClientSecret of at least 64 bytes, got 63 (RFC 7518 §3.2)"},
	} {
		cfg := oidc.Config{Issuer: issuer, ClientID: clientID, IDTokenSigningAlg: alg, ClientSecret: long[:c.least-1]}
		_, err := oidc.NewClient(cfg)
		require.EqualError(t, err, c.message)
		cfg.ClientSecret = long[:c.least]
		_, err = oidc.NewClient(cfg)
		require.NoError(t, err)
		cfg.ClientSecret = ""
		_, err = oidc.NewClient(cfg)
		require.EqualError(t, err, "oidc: IDTokenSigningAlg "+alg+" needs a ClientSecret")
		cfg = oidc.Config{Issuer: issuer, AccessTokenSigningAlg: alg}
		_, err = oidc.NewClient(cfg)
		require.EqualError(t, err, "oidc: AccessTokenSigningAlg "+alg+" needs a ClientSecret")
	}
}

// Without configuration the algorithm comes from the server, once, and never from the token.
func TestI3DefaultAlgorithm(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		offered any
		pinned  string // the algorithm that is then used, empty for an error
		message string
	}{
		{"silent", nil, "RS256", ""},
		{"empty", []string{}, "RS256", ""},
		{"RS256 among others", []string{"HS256", "ES256", "RS256"}, "RS256", ""},
		{"one asymmetric", []string{"HS256", "none", "ES256", "ES256K"}, "ES256", ""},
		{"several", []string{"ES256", "PS256"}, "", "oauth: discovery refused (algorithm): the server offers the ID token algorithms ES256, PS256: choose one as IDTokenSigningAlg"},
		{"none of ours", []string{"HS256", "none", "ES256K"}, "", "oauth: discovery refused (algorithm): the server offers no asymmetric ID token algorithm that this package knows; set IDTokenSigningAlg if it is one of HS256, HS384, HS512"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for alg := range algorithms {
				tr := newTrial()
				signedBy(alg)(tr)
				tr.config.IDTokenSigningAlg = ""
				p := newProvider(t)
				p.publish(tr.jwks...)
				document := metadata()
				document["id_token_signing_alg_values_supported"] = c.offered
				p.discover(document)
				client := p.client(tr.config)
				_, err := client.VerifyIDToken(t.Context(), tr.token(t), tr.expect)
				switch {
				case c.pinned == "":
					require.EqualError(t, err, c.message)
					_, err = client.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
					require.EqualError(t, err, c.message, "before the browser goes to the server (D9)")
				case alg == c.pinned:
					require.NoError(t, err)
				default:
					require.ErrorIs(t, err, oidc.CheckAlgorithm, alg)
				}
			}
		})
	}
}
