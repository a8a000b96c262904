package authentication_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

func TestGetAccessTokenByClientCredentials(t *testing.T) {
	t.Parallel()
	// Basic is the application's method, and does not apply to the account.
	client := newTestClient(t, nil, both(plays(t, "machine"), byBasic))
	token, err := client.GetAccessTokenByClientCredentials(t.Context(), authentication.ClientCredentialsOptions{
		Scope: "book:read message table", AccessKey: authtest.AccessKey, SecretKey: authtest.SecretKey,
	})
	require.NoError(t, err)
	assert.Equal(t, "AT", token.AccessToken)
	assert.Equal(t, "message table", token.RejectedScope)
	assert.True(t, token.HasScope("book:read"))
	stored, err := json.Marshal(token)
	require.NoError(t, err)
	assert.JSONEq(t, `{"access_token":"AT","token_type":"Bearer","scope":"book:read","expires_in":3600,
		"expiry":"2021-02-04T13:00:00Z","rejected_scope":"message table"}`, string(stored))
}

func TestGetAccessTokenByClientCredentialsRefused(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, nil, both(plays(t, "machine_oauth_refused"), with(authentication.OAuth{})))
	token, err := client.GetAccessTokenByClientCredentials(t.Context(), authentication.ClientCredentialsOptions{
		Scope: "user", AccessKey: authtest.AccessKey, SecretKey: "wrong",
	})
	require.ErrorIs(t, err, oauth.InvalidClient)
	assert.Nil(t, token)
	assert.NotErrorIs(t, err, authentication.ErrDenied, "wrong keys are the application's fault, not the user's")
}

// An application without a secret or without an ID may use an account's keys.
func TestGetAccessTokenByClientCredentialsWithoutApp(t *testing.T) {
	t.Parallel()
	w := always(t, 200, `{"access_token":"AT","token_type":"bearer"}`)
	client := newTestClient(t, w, func(o *authentication.Options) { o.AppID, o.Secret, o.RedirectURI = "", "", "" })
	token, err := client.GetAccessTokenByClientCredentials(t.Context(), authentication.ClientCredentialsOptions{
		Scope: "user", AccessKey: "AK-1", SecretKey: "SK-1",
	})
	require.NoError(t, err)
	assert.Empty(t, token.RejectedScope)
	require.Len(t, w.sent, 1)
	assert.Equal(t, "POST /oidc/token client_id=AK-1&client_secret=SK-1&grant_type=client_credentials&scope=user", w.sent[0].line())
	assert.Empty(t, w.sent[0].Header.Get("X-Authing-App-Id"))
}

func TestGetAccessTokenByClientCredentialsMistakes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ key, reply, want string }{
		{"AK-1", `{"access_token":"AT","token_type":"bearer","rejected_scope":"user"}`, ""},
		{"AK-1\n", `{"access_token":"AT","token_type":"bearer"}`, "authentication: oauth: ClientID has a control character"},
		{"AK-1", `{"access_token":"AT","token_type":"bearer","rejected_scope":7}`, "value does not fit its Go type: rejected_scope"},
	} {
		client := newTestClient(t, always(t, 200, c.reply), nil)
		_, err := client.GetAccessTokenByClientCredentials(t.Context(), authentication.ClientCredentialsOptions{Scope: "user", AccessKey: c.key, SecretKey: "SK-1"})
		if c.want == "" {
			require.NoError(t, err)
		} else {
			require.ErrorContains(t, err, c.want)
		}
	}
}

func TestGetAccessTokenByPassword(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, nil, plays(t, "password_email"))
	token, err := client.GetAccessTokenByPassword(t.Context(), authentication.PasswordOptions{Email: "test1@authing.cn", Password: "wonder&land"})
	require.NoError(t, err)
	assert.Equal(t, "ID", token.IDToken)
}

func TestGetAccessTokenByPasswordRefused(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, nil, both(plays(t, "password_refused_oauth"), with(authentication.OAuth{})))
	_, err := client.GetAccessTokenByPassword(t.Context(), authentication.PasswordOptions{Username: "test1@authing.cn", Password: "wrong-password"})
	require.ErrorIs(t, err, oauth.InvalidGrant)
	assert.EqualError(t, err, "authentication: denied by the server: oauth: the server refused with status 400: invalid_grant: Invalid grant: user credentials are invalid")
}

// With OpenID Connect one of the three identifies the user, with OAuth only the user name (row 11).
func TestGetAccessTokenByPasswordSends(t *testing.T) {
	t.Parallel()
	reply := `{"access_token":"AT","token_type":"Bearer"}`
	app := "client_id=" + testApp + "&client_secret=" + testSecret
	for want, o := range map[string]authentication.PasswordOptions{
		"POST /oidc/token " + app + "&grant_type=password&password=p+w&username=u%2B1":             {Username: "u+1", Password: "p w"},
		"POST /oidc/token " + app + "&grant_type=password&password=p&phone=%2B8613012345678":       {Phone: "+8613012345678", Password: "p"},
		"POST /oidc/token " + app + "&email=a%40b.c&grant_type=password&password=p&scope=openid+x": {Email: "a@b.c", Password: "p", Scope: "openid x"},
	} {
		w := always(t, 200, reply)
		_, err := newTestClient(t, w, nil).GetAccessTokenByPassword(t.Context(), o)
		require.NoError(t, err)
		require.Len(t, w.sent, 1)
		assert.Equal(t, want, w.sent[0].line())
	}
	w := always(t, 200, reply)
	_, err := newTestClient(t, w, both(with(authentication.OAuth{}), byBasic)).
		GetAccessTokenByPassword(t.Context(), authentication.PasswordOptions{Username: "u", Password: "p"})
	require.NoError(t, err)
	require.Len(t, w.sent, 1)
	assert.Contains(t, w.sent[0].line(), "POST /oauth/token Basic ")
	assert.Equal(t, "grant_type=password&password=p&scope=user&username=u", w.sent[0].body)
}

// A machine's token is kept, and renewed before its end.
func TestTokenSource(t *testing.T) {
	t.Parallel()
	now := time.Unix(1700000000, 0)
	options := authentication.ClientCredentialsOptions{Scope: "user", AccessKey: "AK-1", SecretKey: "SK-1"}
	for _, p := range []authentication.Protocol{authentication.OIDC{}, authentication.OAuth{}} {
		w := always(t, 200, `{"access_token":"AT","token_type":"bearer","expires_in":300}`)
		clock := now
		source := newTestClient(t, w, func(o *authentication.Options) {
			o.Protocol, o.Now = p, func() time.Time { return clock }
		}).TokenSource(options)
		for after, sent := range []int{1, 1, 1, 1, 2} { // minutes
			clock = now.Add(time.Duration(after) * time.Minute)
			token, err := source.Token(t.Context())
			require.NoError(t, err)
			assert.Equal(t, "AT", token.AccessToken)
			assert.Len(t, w.sent, sent)
		}
		assert.Equal(t, "POST /"+p.Name()+"/token client_id=AK-1&client_secret=SK-1&grant_type=client_credentials&scope=user", w.sent[0].line())
	}
	_, err := newTestClient(t, nil, with(authentication.CAS{})).TokenSource(options).Token(t.Context())
	require.ErrorIs(t, err, errors.ErrUnsupported)
	_, err = newTestClient(t, nil, nil).TokenSource(authentication.ClientCredentialsOptions{}).Token(t.Context())
	require.EqualError(t, err, "authentication: ClientCredentialsOptions.Scope is not set")
}
