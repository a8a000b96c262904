package authentication_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// Mistakes in the two credentials are errors that name their fields.
func TestCredentialsWithMistakes(t *testing.T) {
	t.Parallel()
	const ending = " has a control character, such as the line end of a file"
	for want, change := range map[string]func(*authentication.Options){
		"authentication: AppID" + ending:  func(o *authentication.Options) { o.AppID += "\n" },
		"authentication: Secret" + ending: func(o *authentication.Options) { o.Secret += "\r\n" },
		"authentication: OIDC.IDTokenSigningAlg HS256 needs a Secret of at least 32 bytes, got 24, and AppID has 32: are AppID and Secret swapped?": func(o *authentication.Options) {
			o.AppID, o.Secret = authtest.Secret, authtest.AppID
		},
		"authentication: OIDC.IDTokenSigningAlg HS256 needs a Secret of at least 32 bytes, got 24 (RFC 7518 §3.2)": func(o *authentication.Options) {
			o.Secret = authtest.AppID
		},
	} {
		o := testOptions()
		change(&o)
		_, err := authentication.NewClient(o)
		require.EqualError(t, err, want)
		assert.ErrorIs(t, err, authentication.ErrMisconfigured)
	}
	o := testOptions()
	o.AppID, o.Secret = "an id", strings.Repeat("é ", 16) // unusual, but not an error
	_, err := authentication.NewClient(o)
	require.NoError(t, err)
}

// The errors of packages oidc and oauth about settings have the names that the application has set.
func TestMistakesHaveTheNamesOfOptions(t *testing.T) {
	t.Parallel()
	type options = authentication.Options
	for want, change := range map[string]func(*options){
		"authentication: oidc: OlderSecrets[0] is empty":  func(o *options) { o.OlderSecrets = []string{""} },
		"authentication: oidc: OlderSecrets needs Secret": func(o *options) { o.Secret, o.OlderSecrets = "", []string{authtest.Secret} },
		"authentication: oidc: IDTokenSigningAlg HS256 needs secrets of at least 32 bytes, and OlderSecrets[0] has 5 (RFC 7518 §3.2)": func(o *options) {
			o.OlderSecrets = []string{"short"}
		},
		"authentication: oauth: TokenEndPointAuthMethod: private_key_jwt: Keys has no SigningKey": func(o *options) { o.TokenEndPointAuthMethod = oauth.PrivateKeyJWT{} },
		"authentication: oauth: IntrospectionEndPointAuthMethod: private_key_jwt: Keys has no SigningKey": func(o *options) {
			o.Protocol, o.IntrospectionEndPointAuthMethod = authentication.OAuth{}, oauth.PrivateKeyJWT{}
		},
		"authentication: oauth: RevocationEndPointAuthMethod: private_key_jwt: Keys has no SigningKey": func(o *options) { o.RevocationEndPointAuthMethod = oauth.PrivateKeyJWT{} },
		"authentication: Secret is not set, and the code cannot be exchanged without it; set TokenEndPointAuthMethod to oauth.None for an application without one": func(o *options) {
			o.Secret, o.TokenEndPointAuthMethod = "", oauth.ClientSecretJWT{}
		},
	} {
		o := testOptions()
		change(&o)
		client, err := authentication.NewClient(o)
		if err == nil {
			_, err = client.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
		}
		require.EqualError(t, err, want)
		require.ErrorIs(t, err, authentication.ErrMisconfigured)
	}
	o := testOptions()
	o.OlderSecrets, o.TokenEndPointAuthMethod = []string{strings.Repeat("s", 32)}, oauth.ClientSecretJWT{}
	client, err := authentication.NewClient(o)
	require.NoError(t, err)
	_, err = client.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
	require.NoError(t, err)
}

// A server that signs with another algorithm than configured will do so again: the page must not say "sign in again".
func TestAnotherAlgorithmIsMisconfigured(t *testing.T) {
	t.Parallel()
	for alg, want := range map[string]string{"": "none", "RS256": "refused, misconfigured"} {
		f := newFake(t, nil, func(s *authtest.Server, _ *authentication.Options) { s.IDTokenSigningAlg = alg })
		_, err := f.complete(t, authentication.AuthorizeOptions{})
		assert.Equal(t, want, kind(err))
		if alg != "" {
			require.ErrorIs(t, err, oidc.CheckAlgorithm)
			require.ErrorContains(t, err, "the token says RS256, and IDTokenSigningAlg is HS256")
		}
	}
}

// The single calls have the same kinds of error as a login.
func TestSingleCallsHaveVerdicts(t *testing.T) {
	t.Parallel()
	for reply, want := range map[string]string{
		`{"error":"invalid_client"}`: "misconfigured", `{"error":"invalid_grant"}`: "denied", `{"error":"server_error"}`: "no answer", `{"error":"odd"}`: "no answer",
	} {
		c := newTestClient(t, always(t, http.StatusBadRequest, reply), nil)
		_, err := c.GetAccessTokenByCode(t.Context(), "C")
		assert.Equal(t, want, kind(err), reply)
		_, err = c.GetNewAccessTokenByRefreshToken(t.Context(), "RT")
		assert.Equal(t, want, kind(err), reply)
		_, err = c.IntrospectToken(t.Context(), "AT")
		assert.Equal(t, want, kind(err), reply)
		assert.Equal(t, want, kind(c.RevokeToken(t.Context(), "RT")), reply)
		_, err = c.GetAccessTokenByClientCredentials(t.Context(), authentication.ClientCredentialsOptions{Scope: "s", AccessKey: "AK", SecretKey: "SK"})
		assert.Equal(t, want, kind(err), reply)
		_, err = c.GetAccessTokenByPassword(t.Context(), authentication.PasswordOptions{Username: "u", Password: "p"})
		assert.Equal(t, want, kind(err), reply)
	}
	c := newTestClient(t, always(t, http.StatusOK, `{"sub":"another"}`), nil)
	_, err := c.GetUserInfoByAccessToken(t.Context(), "AT", oauth.UserInfoOptions{Subject: "alice"})
	assert.Equal(t, "refused", kind(err))
	_, err = c.GetUserInfoByAccessToken(t.Context(), "AT", oauth.UserInfoOptions{Subject: "another"})
	assert.Equal(t, "none", kind(err))
	_, err = c.GetAccessTokenByClientCredentials(t.Context(), authentication.ClientCredentialsOptions{})
	assert.Equal(t, "misconfigured", kind(err))
}
