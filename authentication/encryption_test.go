package authentication_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// encrypting is Authing with encrypted ID tokens switched on, for the public half of key.
func encrypting(t testing.TB, alg string, key oidc.DecryptionKey) *fake {
	t.Helper()
	jwk, err := key.JWK()
	require.NoError(t, err)
	jwks, err := json.Marshal(oauth.JWKSet{jwk})
	require.NoError(t, err)
	p := authentication.OIDC{IDTokenEncryptionAlg: alg, DecryptionKeys: []oidc.DecryptionKey{key}}
	return newFake(t, p, func(s *authtest.Server, _ *authentication.Options) { s.IDTokenEncryptionAlg, s.JWKS = alg, jwks })
}

// Authing encrypts with RSA-OAEP or ECDH-ES when that is switched on in its console.
func TestEncryptedLogin(t *testing.T) {
	t.Parallel()
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	for alg, key := range map[string]oidc.DecryptionKey{
		"RSA-OAEP": {ID: "k1", Private: fakeDecrypter()}, "ECDH-ES": {ID: "k1", Private: ec},
	} {
		f := encrypting(t, alg, key)
		login, r := f.login(t, authentication.AuthorizeOptions{})
		id, err := f.client.CompleteLogin(t.Context(), login, r)
		require.NoError(t, err, alg)
		assert.NotEmpty(t, id.Subject)
		assert.Equal(t, 2, strings.Count(id.Token.IDToken, "."), "the hint of a logout is the signed token")

		// Whoever switches it on or off in the console must change the configuration here too.
		f.Break(oidctest.PlainToken)
		login, r = f.login(t, authentication.AuthorizeOptions{})
		_, err = f.client.CompleteLogin(t.Context(), login, r)
		for _, want := range []error{oidc.CheckEncrypted, authentication.ErrRefused, authentication.ErrMisconfigured} {
			require.ErrorIs(t, err, want)
		}
		f.Break(oidctest.OtherEncryptionKey)
		login, r = f.login(t, authentication.AuthorizeOptions{})
		_, err = f.client.CompleteLogin(t.Context(), login, r)
		for _, want := range []error{oidc.CheckDecryption, authentication.ErrRefused, authentication.ErrMisconfigured} {
			require.ErrorIs(t, err, want)
		}
	}
}

// During a rotation of the secret Authing may still sign with the old one.
func TestOlderSecrets(t *testing.T) {
	t.Parallel()
	const next = "a-newer-secret-of-more-than-32-bytes"
	for older, want := range map[string]error{authtest.Secret: nil, "another-secret-of-more-than-32-bytes": oidc.CheckSignature} {
		// The fake has one secret, so the client authenticates with that.
		f := newFake(t, nil, func(_ *authtest.Server, o *authentication.Options) {
			o.Secret, o.OlderSecrets = next, []string{older}
			o.TokenEndPointAuthMethod = serverSecret{}
		})
		login, r := f.login(t, authentication.AuthorizeOptions{})
		_, err := f.client.CompleteLogin(t.Context(), login, r)
		require.ErrorIs(t, err, want)
	}
}

// serverSecret authenticates with the secret of the fake.
type serverSecret struct{}

func (serverSecret) Authenticate(_ context.Context, r *oauth.AuthRequest) error {
	r.Form.Set("client_id", r.ClientID)
	r.Form.Set("client_secret", authtest.Secret)
	return nil
}
