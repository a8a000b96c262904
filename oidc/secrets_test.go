package oidc_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

const (
	olderSecret   = "older-3GGRvdrudKyZS0XhGv_Z45DuKhCUk0gBR1vZkZJYCqe3GGRvdrudKyZS0X"
	oldestSecret  = "oldest3GGRvdrudKyZS0XhGv_Z45DuKhCUk0gBR1vZkZJYCqe3GGRvdrudKyZS0X"
	foreignSecret = "foreignGGRvdrudKyZS0XhGv_Z45DuKhCUk0gBR1vZkZJYCqe3GGRvdrudKyZS0X"
)

// During a rotation the first secret is sent, and all of them verify. A kid has no say.
func TestOlderClientSecretsVerify(t *testing.T) {
	t.Parallel()
	for _, alg := range []string{"HS256", "HS384", "HS512"} {
		rotating := func(tr *trial) {
			hmac(alg)(tr)
			tr.header["kid"] = "secret-of-last-year"
			tr.config.OlderClientSecrets = []string{olderSecret, oldestSecret}
		}
		for _, secret := range []string{clientSecret, olderSecret, oldestSecret} {
			tr := newTrial()
			rotating(tr)
			tr.key = []byte(secret)
			p := newProvider(t)
			result, err := p.login(p.client(tr.config), tr, "")
			require.NoError(t, err, alg)
			require.NotNil(t, result)
			_, sent, _ := p.request("/token").BasicAuth()
			assert.Equal(t, clientSecret, sent)
		}
		refuses(t, oidc.CheckSignature, rotating, map[string]change{
			alg + " with another secret": func(tr *trial) { tr.key = []byte(foreignSecret) },
			alg + " with a secret that was removed": func(tr *trial) {
				tr.key, tr.config.OlderClientSecrets = []byte(oldestSecret), []string{olderSecret}
			},
		})
	}
}

func TestOlderClientSecretsDecrypt(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{clientSecret, olderSecret, oldestSecret, foreignSecret} {
		tr := newTrial()
		sealedTo(t, "dir", "A256GCM", "", jwtContent)(tr)
		tr.rework = func(raw string) string { return seal(t, "dir", "A256GCM", dirKey(secret), jwtContent, raw) }
		tr.config.OlderClientSecrets = []string{olderSecret, oldestSecret}
		_, err := tr.verify(t)
		if secret == foreignSecret {
			require.ErrorIs(t, err, oidc.CheckDecryption)
		} else {
			require.NoError(t, err)
		}
	}
}

// A server that repeats an older secret in a claim does not bring it into an error.
func TestOlderClientSecretsAreNotQuoted(t *testing.T) {
	t.Parallel()
	tr := newTrial()
	tr.config.OlderClientSecrets = []string{olderSecret}
	set("iss", issuer+"?"+olderSecret)(tr)
	_, err := tr.login(t)
	require.ErrorIs(t, err, oidc.CheckIssuer)
	assert.NotContains(t, err.Error(), olderSecret)
}

// The configuration is copied: a later change in the caller's slices changes nothing.
func TestSecretsAndKeysAreCopied(t *testing.T) {
	t.Parallel()
	tr := newTrial()
	hmac("HS256")(tr)
	tr.key = []byte(olderSecret)
	tr.config.OlderClientSecrets = []string{olderSecret}
	p := newProvider(t)
	client := p.client(tr.config)
	tr.config.OlderClientSecrets[0] = foreignSecret
	_, err := client.VerifyIDToken(t.Context(), tr.token(t), tr.expect)
	require.NoError(t, err)
}
