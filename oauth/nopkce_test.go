package oauth_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

func noPKCE(c *oauth.Config) { c.InsecureAllowCodeInjection = true }

func TestCaseOauthServerWithoutPKCE(t *testing.T) {
	t.Parallel()
	var sent url.Values
	mock := replyAt("/token", func(r *http.Request) (*http.Response, error) {
		if err := r.ParseForm(); err != nil {
			return nil, err
		}
		if sent = r.PostForm; sent.Has("code_verifier") {
			return jsonReply(401, `{"error":"invalid_client"}`)(r)
		}
		return jsonReply(200, good)(r)
	})
	without := with(t, mock, noPKCE)
	login := begin(t, without, oauth.AuthorizeOptions{})
	page, err := url.Parse(login.URL)
	require.NoError(t, err)
	assert.Empty(t, login.CodeVerifier)
	assert.False(t, page.Query().Has("code_challenge") || page.Query().Has("code_challenge_method"), login.URL)
	assert.Equal(t, login.State, page.Query().Get("state"), "state stays")
	kept, err := json.Marshal(login)
	require.NoError(t, err)
	var back oauth.Login
	require.NoError(t, json.Unmarshal(kept, &back))
	_, err = without.CompleteLogin(t.Context(), &back, callback(right(&back)))
	require.NoError(t, err)
	assert.Equal(t, code, sent.Get("code"))

	// Every other check stays.
	other := right(login)
	other.Set("state", "another")
	refused(t, without, login, callback(other), oauth.CheckState)

	// A client with PKCE does not complete a login without it, nor the reverse.
	strict := newClient(t, mock)
	refused(t, strict, login, callback(right(login)), oauth.CheckLogin)
	checked := begin(t, strict, oauth.AuthorizeOptions{})
	refused(t, without, checked, callback(right(checked)), oauth.CheckLogin)
	_, err = strict.CompleteLogin(t.Context(), checked, callback(right(checked)))
	require.ErrorIs(t, err, oauth.InvalidClient, "by default PKCE is sent")

	_, err = without.BeginLogin(t.Context(), oauth.AuthorizeOptions{CodeChallenge: "x"})
	assert.EqualError(t, err, "oauth: CodeChallenge and CodeChallengeMethod must be empty: BeginLogin makes them")
}

type ownAuth struct{}

func (ownAuth) Authenticate(context.Context, *oauth.AuthRequest) error { return nil }

func TestNoPKCEIsForConfidentialClients(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		secret string
		auth   oauth.ClientAuth
		ok     bool
	}{
		{secret, nil, true}, {secret, oauth.ClientSecretPost, true}, {secret, oauth.AuthMethod(""), true}, {"", ownAuth{}, true}, {"", oauth.TLSClientAuth, true},
		{"", nil, false}, {"", oauth.None, false}, {"", oauth.AuthMethod(""), false}, {"", oauth.ClientSecretPost, false},
	} {
		cfg := config(silent(t))
		cfg.ClientSecret, cfg.TokenAuth = c.secret, c.auth
		_, err := oauth.NewClient(cfg)
		require.NoError(t, err, "the accepted twin")
		cfg.InsecureAllowCodeInjection = true
		_, err = oauth.NewClient(cfg)
		if c.ok {
			assert.NoError(t, err, "%q %v", c.secret, c.auth)
			continue
		}
		assert.EqualError(t, err, "oauth: InsecureAllowCodeInjection is for confidential clients: ClientSecret is not set (RFC 9700 §2.1.1)")
	}
}
