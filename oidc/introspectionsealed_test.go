package oidc_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// sealedIntrospection encrypts the trial's introspection to a key of keys, or to the client's secret.
func sealedIntrospection(t testing.TB, alg, enc, key string, header map[string]any) change {
	return func(tr *trial) {
		tr.config.IntrospectionEncryptionAlg, tr.config.IntrospectionEncryptionEnc = alg, enc
		tr.seal(t, alg, enc, key, header)
	}
}

// RFC 9701 §5: a reply that is signed and then encrypted.
func TestN3EncryptedIntrospection(t *testing.T) {
	t.Parallel()
	base := sealedIntrospection(t, "RSA-OAEP-256", "A256GCM", "other", map[string]any{"cty": "JWT", "typ": "token-introspection+jwt"})
	refusesIntrospection(t, oidc.CheckEncrypted, base, map[string]change{
		"only signed": resealed(func(raw string) string { return raw }),
		"twice": resealed(func(raw string) string {
			once := seal(t, "RSA-OAEP-256", "A256GCM", encryptionKey("other"), nil, raw)
			return seal(t, "RSA-OAEP-256", "A256GCM", encryptionKey("other"), nil, once)
		}),
	})
	refusesIntrospection(t, oidc.CheckEncrypted, nil, map[string]change{
		"not configured": resealed(func(raw string) string { return seal(t, "RSA-OAEP-256", "A256GCM", encryptionKey("other"), nil, raw) }),
	})
	other := func(alg, enc, key string) change {
		return resealed(func(raw string) string { return seal(t, alg, enc, encryptionKey(key), nil, raw) })
	}
	refusesIntrospection(t, oidc.CheckAlgorithm, base, map[string]change{"alg": other("RSA-OAEP", "A256GCM", "other"), "enc": other("RSA-OAEP-256", "A128GCM", "other")})
	refusesIntrospection(t, oidc.CheckDecryption, base, map[string]change{"key": other("RSA-OAEP-256", "A256GCM", "rsa")})
	refusesIntrospection(t, oidc.CheckType, base, map[string]change{"typ of the JWE": resealed(func(raw string) string {
		return seal(t, "RSA-OAEP-256", "A256GCM", encryptionKey("other"), map[string]any{"typ": "at+jwt"}, raw)
	})})
	// RFC 7519 §5.3: what the header repeats is equal.
	repeated := func(iss, aud string) change {
		return resealed(func(raw string) string {
			return seal(t, "RSA-OAEP-256", "A256GCM", encryptionKey("other"), map[string]any{"iss": iss, "aud": aud}, raw)
		})
	}
	same := func(tr *trial) { base(tr); repeated(issuer, clientID)(tr) }
	refusesIntrospection(t, oidc.CheckIssuer, same, map[string]change{"iss of the JWE": repeated("https://attacker.example", clientID)})
	refusesIntrospection(t, oidc.CheckAudience, same, map[string]change{"aud of the JWE": repeated(issuer, "another")})
	refusesIntrospection(t, oidc.CheckSignature, base, map[string]change{"signature within": func(tr *trial) { tr.key = keys()["other"] }})
	refusesIntrospection(t, oidc.CheckFormat, sealedIntrospection(t, "dir", "A128CBC-HS256", "", nil), map[string]change{
		"JSON within": resealed(func(string) string {
			return seal(t, "dir", "A128CBC-HS256", encryptionKey(""), nil, `{"active":true}`)
		}),
	})
}

func TestN3IntrospectionEncryptionMistakes(t *testing.T) {
	t.Parallel()
	c := newIntrospection().config
	c.IntrospectionEncryptionEnc = "A128GCM"
	_, err := oidc.NewClient(c)
	require.EqualError(t, err, "oidc: IntrospectionEncryptionEnc needs IntrospectionEncryptionAlg")
	c.IntrospectionEncryptionAlg, c.IntrospectionSigningAlg = "dir", ""
	_, err = oidc.NewClient(c)
	require.EqualError(t, err, "oidc: IntrospectionEncryptionAlg needs IntrospectionSigningAlg: what is encrypted is signed before (RFC 9701 §5)")
	c.IntrospectionSigningAlg = "RS256"
	client, err := oidc.NewClient(c)
	require.NoError(t, err)
	assert.NotNil(t, client)
}
