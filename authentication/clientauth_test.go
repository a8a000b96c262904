package authentication_test

import (
	"crypto/ed25519"
	"net/http"
	"net/url"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// The methods of package oauth work here, for OpenID Connect and for OAuth: the server's issuer is known.
func TestClientAuthenticationWithoutASecret(t *testing.T) {
	t.Parallel()
	key := oauth.SigningKey{ID: "k", Signer: ed25519.NewKeyFromSeed([]byte("a seed of thirty-two bytes, here"))}
	for _, protocol := range []authentication.Protocol{authentication.OIDC{IDTokenSigningAlg: "RS256"}, authentication.OAuth{}} {
		for name, auth := range map[string]oauth.ClientAuth{
			"private_key_jwt": oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{key}}, "tls_client_auth": oauth.TLSClientAuth,
			"client_secret_jwt": oauth.ClientSecretJWT{},
		} {
			var sent url.Values
			mock := httpmock.NewMockTransport()
			mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
				if err := r.ParseForm(); err != nil {
					return nil, err
				}
				sent = r.PostForm
				return httpmock.NewStringResponse(http.StatusUnauthorized, `{"error":"invalid_client"}`), nil
			})
			o := testOptions()
			o.Protocol, o.TokenEndPointAuthMethod, o.HTTPClient = protocol, auth, &http.Client{Transport: mock}
			if name == "client_secret_jwt" {
				o.Secret = "0123456789abcdef0123456789abcdef"
			} else {
				o.Secret = ""
			}
			client, err := authentication.NewClient(o)
			require.NoError(t, err, name)
			_, err = client.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
			require.NoError(t, err, name)
			_, err = client.GetAccessTokenByCode(t.Context(), "CODE")
			require.ErrorIs(t, err, authentication.ErrMisconfigured)
			require.ErrorIs(t, err, oauth.InvalidClient)
			assert.ErrorContains(t, err, "the client sent "+name+" (Token")
			assert.Equal(t, o.AppID, sent.Get("client_id"))
			assert.False(t, sent.Has("client_secret"))
			assert.Equal(t, name != "tls_client_auth", sent.Has("client_assertion"))
		}
	}
}

// C5: also here a missing certificate is found first.
func TestC5MissingClientCertificate(t *testing.T) {
	t.Parallel()
	o := testOptions()
	o.TokenEndPointAuthMethod, o.HTTPClient = oauth.SelfSignedTLSClientAuth, &http.Client{Transport: &http.Transport{}}
	_, err := authentication.NewClient(o)
	require.ErrorContains(t, err, "mutual TLS needs a client certificate")
}
