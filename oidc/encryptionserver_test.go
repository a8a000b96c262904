package oidc_test

import (
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// encryptedServer is a fake server that encrypts with alg and enc to our key, and signs and encrypts user info alike.
func encryptedServer(t testing.TB, alg, enc, key string) (*oidctest.Server, oidc.Config) {
	t.Helper()
	const base = "https://op.example"
	config := oidc.Config{
		Issuer: base, ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, RedirectURI: "http://localhost:3000/callback",
		IDTokenEncryptionAlg: alg, IDTokenEncryptionEnc: enc, UserInfoSigningAlg: "RS256", UserInfoEncryptionAlg: alg, UserInfoEncryptionEnc: enc,
	}
	provider := &oidctest.Server{
		Realm: &idptest.Realm{BaseURL: base}, SigningKey: keys()["fake"].(*rsa.PrivateKey), IDTokenEncryptionAlg: alg, IDTokenEncryptionEnc: enc,
		UserInfoSigningAlg: "RS256", UserInfoEncryptionAlg: alg, UserInfoEncryptionEnc: enc,
	}
	if key != "" {
		config.DecryptionKeys = []oidc.DecryptionKey{{ID: key, Private: keys()[key]}}
		jwk, err := config.DecryptionKeys[0].JWK()
		require.NoError(t, err)
		provider.JWKS, err = json.Marshal(oauth.JWKSet{jwk})
		require.NoError(t, err)
	}
	config.HTTPClient = &http.Client{Transport: handler{provider}}
	return provider, config
}

// loginAt logs in, and asks for user info.
func loginAt(t testing.TB, provider *oidctest.Server, client *oidc.Client) (*oidc.Result, *oauth.UserInfo, error) {
	t.Helper()
	login, err := client.BeginLogin(t.Context(), oidc.AuthorizeOptions{Scope: "openid profile"})
	require.NoError(t, err)
	r, err := provider.Login(t.Context(), login.URL, "")
	require.NoError(t, err)
	result, err := client.CompleteLogin(t.Context(), login, r)
	if err != nil {
		return nil, nil, err
	}
	u, err := client.GetUserInfoByAccessToken(t.Context(), result.Token.AccessToken, oauth.UserInfoOptions{Subject: result.IDToken.Subject})
	return result, u, err
}

func TestEncryptedLoginAtAFakeServer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ alg, enc, key string }{
		"RSA-OAEP": {"RSA-OAEP", "", "other"}, "RSA-OAEP-256": {"RSA-OAEP-256", "A256GCM", "other"}, "ECDH-ES": {"ECDH-ES", "A256CBC-HS512", "p256"},
		"ECDH-ES+A128KW": {"ECDH-ES+A128KW", "A128GCM", "p384"}, "ECDH-ES+A192KW": {"ECDH-ES+A192KW", "A192GCM", "p521"},
		"ECDH-ES+A256KW": {"ECDH-ES+A256KW", "A192CBC-HS384", "p256"}, "dir": {"dir", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			provider, config := encryptedServer(t, c.alg, c.enc, c.key)
			client, err := oidc.NewClient(config)
			require.NoError(t, err)
			result, u, err := loginAt(t, provider, client)
			require.NoError(t, err)
			assert.Equal(t, result.IDToken.Subject, u.Subject)
			assert.NotEmpty(t, u.Name)
			// The hint of the logout is the signed token, which the server knows.
			_, err = provider.IDTokenClaims(result.Token.IDToken)
			require.NoError(t, err)
		})
	}
}

func TestI28FaultsOfAFakeServer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ alg, enc, key string }{{"RSA-OAEP", "A128GCM", "other"}, {"ECDH-ES", "A256GCM", "p256"}, {"dir", "A256GCM", ""}} {
		provider, config := encryptedServer(t, c.alg, c.enc, c.key)
		client, err := oidc.NewClient(config)
		require.NoError(t, err)
		result, _, err := loginAt(t, provider, client)
		require.NoError(t, err, "the accepted twin")
		for fault, check := range map[idptest.Fault]oidc.TokenCheck{
			oidctest.PlainToken: oidc.CheckEncrypted, oidctest.OtherEncryptionAlg: oidc.CheckAlgorithm, oidctest.OtherEncryptionEnc: oidc.CheckAlgorithm,
			oidctest.OtherEncryptionKey: oidc.CheckDecryption, oidctest.CompressedToken: oidc.CheckCritical, oidctest.EncryptedTwice: oidc.CheckEncrypted,
			oidctest.WrongIssuer: oidc.CheckIssuer, oidctest.WrongAudience: oidc.CheckAudience, oidctest.AlgNone: oidc.CheckAlgorithm,
			oidctest.BadSignature: oidc.CheckSignature,
		} {
			provider.Break(fault)
			_, _, err := loginAt(t, provider, client)
			require.ErrorIs(t, err, check, "%s: %s in an ID token", c.alg, fault)
			u, err := client.GetUserInfoByAccessToken(t.Context(), result.Token.AccessToken)
			require.ErrorIs(t, err, check, "%s: %s in user info", c.alg, fault)
			assert.Nil(t, u)
			provider.Break()
		}
		for fault, want := range map[idptest.Fault]error{
			oidctest.PlainUserInfo: oidc.CheckUnsigned, oidctest.BareUserInfo: oidc.CheckIssuer, oidctest.WrongSubject: oauth.ErrSubject, oidctest.SwappedKey: oidc.CheckSignature,
		} {
			provider.Break(fault)
			_, err := client.GetUserInfoByAccessToken(t.Context(), result.Token.AccessToken, oauth.UserInfoOptions{Subject: result.IDToken.Subject})
			require.ErrorIs(t, err, want, "%s: %s", c.alg, fault)
			provider.Break()
		}
	}
}
