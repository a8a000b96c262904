package authentication_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

func TestJourneyLoginRefreshLogout(t *testing.T) {
	t.Parallel()
	for _, p := range []authentication.Protocol{authentication.OIDC{UserInfo: true}, authentication.OIDC{IDTokenSigningAlg: "RS256"}, authentication.OAuth{}} {
		var later time.Duration
		f := newFake(t, p, func(s *authtest.Server, options *authentication.Options) {
			options.Now = func() time.Time { return time.Now().Add(later) }
			if o, ok := p.(authentication.OIDC); ok {
				s.IDTokenSigningAlg = o.IDTokenSigningAlg
			}
		})
		opts := authentication.AuthorizeOptions{}
		if p.Name() == "oidc" {
			opts.Scope = "openid profile offline_access"
		}
		login, r := f.login(t, opts)
		id, err := f.client.CompleteLogin(t.Context(), login, r)
		require.NoError(t, err)
		assert.Equal(t, p.Name(), id.Protocol)
		assert.Equal(t, mockHost+"/"+p.Name(), id.Issuer)
		assert.Equal(t, idptest.Subject, id.Subject)
		assert.Equal(t, mockHost+"/"+p.Name()+" "+idptest.Subject, id.Key())
		assert.Equal(t, "Alice Liddell", id.Claims["name"])
		assert.Equal(t, id.Token.Expiry, id.Expiry)

		next, err := f.client.Refresh(t.Context(), stored(t, id))
		require.NoError(t, err)
		assert.Equal(t, id.Key(), next.Key())
		assert.NotEqual(t, id.Token.AccessToken, next.Token.AccessToken)
		assert.NotEqual(t, id.Token.RefreshToken, next.Token.RefreshToken, "it rotates")
		same, err := f.client.Refresh(t.Context(), id)
		require.NoError(t, err, "a late caller gets the same")
		assert.Equal(t, stored(t, next), stored(t, same))
		later = time.Minute
		_, err = f.client.Refresh(t.Context(), id)
		require.ErrorIs(t, err, oauth.InvalidGrant, "the old refresh token was used")
		assert.Equal(t, "denied", kind(err))

		if p.Name() == "oidc" {
			link, err := f.client.BuildLogoutUrl(t.Context(), authentication.LogoutOptions{
				Expert: true, IDToken: next.Token.IDToken, RedirectURI: localBack, State: "bye",
			})
			require.NoError(t, err)
			assert.Equal(t, mockHost+"/oidc/session/end?"+url.Values{
				"id_token_hint": {next.Token.IDToken}, "post_logout_redirect_uri": {localBack}, "state": {"bye"},
			}.Encode(), link)
		}
	}
}

// A code works once, and only in its login.
func TestJourneyCodeTwice(t *testing.T) {
	t.Parallel()
	for _, p := range []authentication.Protocol{authentication.OIDC{}, authentication.OAuth{}} {
		f := newFake(t, p, nil)
		login, r := f.login(t, authentication.AuthorizeOptions{})
		_, err := f.client.CompleteLogin(t.Context(), login, r)
		require.NoError(t, err)
		id, err := f.client.CompleteLogin(t.Context(), login, r)
		require.ErrorIs(t, err, oauth.InvalidGrant)
		assert.Equal(t, "denied", kind(err))
		assert.Nil(t, id)
	}
}

// The callback of one browser does not complete the login of another (security A2, A5).
func TestA2JourneyOfTwoBrowsers(t *testing.T) {
	t.Parallel()
	for _, p := range []authentication.Protocol{authentication.OIDC{}, authentication.OAuth{}} {
		f := newFake(t, p, nil)
		mine, _ := f.login(t, authentication.AuthorizeOptions{})
		_, theirs := f.login(t, authentication.AuthorizeOptions{})
		sent := len(f.wire.sent)
		_, err := f.client.CompleteLogin(t.Context(), mine, theirs)
		require.ErrorIs(t, err, oauth.CheckState)
		assert.Equal(t, "refused", kind(err))
		assert.Len(t, f.wire.sent, sent, "their code is not sent")
	}
}

// Authing's two calls with explicit checks: the code, then VerifyIDToken with the nonce that was sent.
func TestJourneyInAuthingsCalls(t *testing.T) {
	t.Parallel()
	f := newFake(t, nil, nil)
	verifier := f.client.GenerateCodeChallenge()
	challenge, err := f.client.GetCodeChallengeDigest(authentication.CodeChallengeDigestOptions{CodeChallenge: verifier})
	require.NoError(t, err)
	link, err := f.client.BuildAuthorizeUrl(t.Context(), authentication.AuthorizeOptions{
		Scope: "openid profile offline_access", State: "state-1", Nonce: "nonce-1", CodeChallenge: challenge,
	})
	require.NoError(t, err)
	r, err := f.Login(t.Context(), link, idptest.Username)
	require.NoError(t, err)
	require.Equal(t, "state-1", r.FormValue("state"))

	_, err = f.client.GetAccessTokenByCode(t.Context(), r.FormValue("code"), oauth.CodeOptions{CodeVerifier: f.client.GenerateCodeChallenge()})
	require.ErrorIs(t, err, oauth.InvalidGrant, "another verifier")
	token, err := f.client.GetAccessTokenByCode(t.Context(), r.FormValue("code"), oauth.CodeOptions{CodeVerifier: verifier})
	require.NoError(t, err)

	_, err = f.client.VerifyIDToken(t.Context(), token.IDToken, oidc.Expect{Nonce: "nonce-2"})
	require.ErrorIs(t, err, oidc.CheckNonce)
	assert.Equal(t, "refused", kind(err))
	id, err := f.client.VerifyIDToken(t.Context(), token.IDToken, oidc.Expect{Nonce: "nonce-1", AccessToken: token.AccessToken})
	require.NoError(t, err)
	assert.Equal(t, idptest.Subject, id.Subject)
	_, err = f.client.VerifyIDToken(t.Context(), token.AccessToken, oidc.Expect{AllowAnyNonce: true})
	assert.Equal(t, "refused", kind(err), "an access token is not an ID token")

	user, err := f.client.GetUserInfoByAccessToken(t.Context(), token.AccessToken, oauth.UserInfoOptions{Subject: id.Subject})
	require.NoError(t, err)
	assert.Equal(t, "Alice Liddell", user.Name)
	checkRevocation(t, f.client, token)
}

// checkRevocation asks about a token before and after it was revoked.
func checkRevocation(t *testing.T, client *authentication.Client, token *oauth.Token) {
	t.Helper()
	seen, err := client.IntrospectToken(t.Context(), token.AccessToken)
	require.NoError(t, err)
	assert.True(t, seen.Active)
	valid, err := client.ValidateToken(t.Context(), authentication.ValidateTokenOptions{AccessToken: token.AccessToken})
	require.NoError(t, err)
	assert.Equal(t, idptest.Subject, valid.Subject)
	next, err := client.GetNewAccessTokenByRefreshToken(t.Context(), token.RefreshToken)
	require.NoError(t, err)
	require.NoError(t, client.RevokeToken(t.Context(), next.RefreshToken))
	require.NoError(t, client.RevokeToken(t.Context(), "unknown"), "security N5")
	seen, err = client.IntrospectToken(t.Context(), token.AccessToken)
	require.NoError(t, err)
	assert.False(t, seen.Active)
	_, err = client.GetNewAccessTokenByRefreshToken(t.Context(), next.RefreshToken)
	require.ErrorIs(t, err, oauth.InvalidGrant)
	_, err = client.ValidateToken(t.Context(), authentication.ValidateTokenOptions{AccessToken: token.AccessToken})
	require.ErrorIs(t, err, oauth.ErrorCode("400"))
}

// The other grants, with a server that checks them.
func TestJourneyWithoutBrowser(t *testing.T) {
	t.Parallel()
	for _, p := range []authentication.Protocol{authentication.OIDC{}, authentication.OAuth{}} {
		f := newFake(t, p, nil)
		machine := authentication.ClientCredentialsOptions{Scope: "orders:read secret:write", AccessKey: authtest.AccessKey, SecretKey: authtest.SecretKey}
		token, err := f.client.GetAccessTokenByClientCredentials(t.Context(), machine)
		require.NoError(t, err)
		assert.Equal(t, "secret:write", token.RejectedScope)
		machine.AccessKey, machine.SecretKey = authtest.AppID, authtest.Secret
		_, err = f.client.GetAccessTokenByClientCredentials(t.Context(), machine)
		require.ErrorIs(t, err, oauth.UnauthorizedClient)

		password := authentication.PasswordOptions{Username: idptest.Username, Password: idptest.Password}
		byPassword, err := f.client.GetAccessTokenByPassword(t.Context(), password)
		require.NoError(t, err)
		if p.Name() == "oidc" {
			_, err = f.client.VerifyIDToken(t.Context(), byPassword.IDToken, oidc.Expect{AccessToken: byPassword.AccessToken})
			require.NoError(t, err, "no nonce was sent, and the token has none")
		}
		password.Password = "looking-glass"
		_, err = f.client.GetAccessTokenByPassword(t.Context(), password)
		require.ErrorIs(t, err, oauth.InvalidGrant)
	}
}

// form_post: LoginKey leaves the body for CompleteLogin.
func TestJourneyFormPost(t *testing.T) {
	t.Parallel()
	f := newFake(t, authentication.OIDC{}, nil)
	login, r := f.login(t, authentication.AuthorizeOptions{ResponseMode: oauth.ResponseModeFormPost})
	require.Equal(t, http.MethodPost, r.Method)
	assert.True(t, login.FormPost)
	assert.Equal(t, login.Key, f.client.LoginKey(r), "twice")
	id, err := f.client.CompleteLogin(t.Context(), login, r)
	require.NoError(t, err)
	assert.Equal(t, idptest.Subject, id.Subject)
	assert.Equal(t, login.Key, r.PostFormValue("state"), "the application can read the form afterwards")
}
