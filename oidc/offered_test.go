package oidc_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// D9: an algorithm that the server does not list is an error before the browser goes there.
func TestD9RegisteredAlgorithmIsNotOffered(t *testing.T) {
	t.Parallel()
	for list, c := range map[string]struct {
		change  func(*oidc.Config)
		ours    string
		message string
	}{
		"id_token_encryption_alg_values_supported": {
			func(c *oidc.Config) { c.IDTokenEncryptionAlg, c.DecryptionKeys = "RSA-OAEP", ownKey("other") }, "RSA-OAEP",
			"oidc: IDTokenEncryptionAlg is RSA-OAEP, and the server's id_token_encryption_alg_values_supported is none x y",
		},
		"id_token_encryption_enc_values_supported": {
			func(c *oidc.Config) { c.IDTokenEncryptionAlg, c.IDTokenEncryptionEnc = "dir", "A256GCM" }, "A256GCM",
			"oidc: IDTokenEncryptionEnc is A256GCM, and the server's id_token_encryption_enc_values_supported is none x y",
		},
		"userinfo_signing_alg_values_supported": {
			func(c *oidc.Config) { c.UserInfoSigningAlg = "PS256" }, "PS256",
			"oidc: UserInfoSigningAlg is PS256, and the server's userinfo_signing_alg_values_supported is none x y",
		},
		"userinfo_encryption_alg_values_supported": {
			func(c *oidc.Config) { c.UserInfoEncryptionAlg = "dir" }, "dir",
			"oidc: UserInfoEncryptionAlg is dir, and the server's userinfo_encryption_alg_values_supported is none x y",
		},
		"userinfo_encryption_enc_values_supported": {
			func(c *oidc.Config) { c.UserInfoEncryptionAlg, c.UserInfoEncryptionEnc = "dir", "A128GCM" }, "A128GCM",
			"oidc: UserInfoEncryptionEnc is A128GCM, and the server's userinfo_encryption_enc_values_supported is none x y",
		},
		"introspection_signing_alg_values_supported": {
			func(c *oidc.Config) { c.IntrospectionSigningAlg = "ES256" }, "ES256",
			"oidc: IntrospectionSigningAlg is ES256, and the server's introspection_signing_alg_values_supported is none x y",
		},
		"introspection_encryption_alg_values_supported": {
			func(c *oidc.Config) { c.IntrospectionSigningAlg, c.IntrospectionEncryptionAlg = "ES256", "dir" }, "dir",
			"oidc: IntrospectionEncryptionAlg is dir, and the server's introspection_encryption_alg_values_supported is none x y",
		},
		"introspection_encryption_enc_values_supported": {
			func(c *oidc.Config) {
				c.IntrospectionSigningAlg, c.IntrospectionEncryptionAlg, c.IntrospectionEncryptionEnc = "ES256", "dir", "A192GCM"
			}, "A192GCM",
			"oidc: IntrospectionEncryptionEnc is A192GCM, and the server's introspection_encryption_enc_values_supported is none x y",
		},
	} {
		begin := func(value any) error {
			p := newProvider(t)
			document := metadata()
			if document[list] = value; value == nil {
				delete(document, list)
			}
			p.discover(document)
			config := newTrial().config
			c.change(&config)
			login, err := p.client(config).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
			if err != nil {
				assert.Nil(t, login)
			}
			return err
		}
		require.EqualError(t, begin([]string{"none", "x y"}), c.message)
		for _, value := range []any{nil, []string{}, "x", 7, map[string]any{}, []string{"x", c.ours}} {
			require.NoError(t, begin(value), "the accepted twin: %s is %v", list, value)
		}
	}
}

// D9: a pinned algorithm of ID tokens, too. Those of a secret are not compared: some servers use them for a client that
// registered one, and do not list them.
func TestD9PinnedAlgorithmIsNotOffered(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pinned, message string
		offered         []string
	}{
		{"ES256", "oidc: IDTokenSigningAlg is ES256, and the server's id_token_signing_alg_values_supported is RS256 PS256", []string{"RS256", "PS256"}},
		{"ES256", "", []string{"RS256", "ES256"}},
		{"ES256", "", nil},
		{"RS256", "oidc: IDTokenSigningAlg is RS256, and the server's id_token_signing_alg_values_supported is ES256", []string{"ES256"}},
		{"HS256", "", []string{"ES256"}},
	} {
		p, cfg, document := newProvider(t), newTrial().config, metadata()
		document["id_token_signing_alg_values_supported"] = c.offered
		p.discover(document)
		cfg.IDTokenSigningAlg = c.pinned
		_, err := p.client(cfg).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
		if c.message == "" {
			require.NoError(t, err, "%s of %s", c.pinned, c.offered)
		} else {
			require.EqualError(t, err, c.message)
		}
	}
}
