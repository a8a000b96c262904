package oidc_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

const bye = "https://app.example/bye"

// leaving is a client whose browser went to log out and returns to bye.
func leaving(t testing.TB) (*oidc.Client, *oidc.Logout) {
	t.Helper()
	client := newProvider(t).client(newTrial().config)
	logout, err := client.BeginLogout(t.Context(), oidc.LogoutOptions{IDTokenHint: "e30.e30.c2ln", PostLogoutRedirectURI: bye})
	require.NoError(t, err)
	return client, logout
}

func TestBeginLogout(t *testing.T) {
	t.Parallel()
	client, logout := leaving(t)
	u, err := url.Parse(logout.URL)
	require.NoError(t, err)
	assert.Equal(t, "https://op.example/logout", u.Scheme+"://"+u.Host+u.Path)
	assert.Equal(t, url.Values{"id_token_hint": {"e30.e30.c2ln"}, "post_logout_redirect_uri": {bye}, "state": {logout.State}}, u.Query())
	assert.GreaterOrEqual(t, len(logout.State), 22, "128 bits")
	again, err := client.BeginLogout(t.Context(), oidc.LogoutOptions{PostLogoutRedirectURI: bye})
	require.NoError(t, err)
	assert.NotEqual(t, logout.State, again.State)

	text, err := json.Marshal(logout)
	require.NoError(t, err)
	var back oidc.Logout
	require.NoError(t, json.Unmarshal(text, &back))
	assert.Equal(t, *logout, back)
	for _, bad := range []string{`{}`, `[]`, string(text[:len(text)-1]) + `,"more":1}`} {
		require.ErrorContains(t, json.Unmarshal([]byte(bad), &back), "oidc: stored logout: ")
	}

	stays, err := client.BeginLogout(t.Context(), oidc.LogoutOptions{})
	require.NoError(t, err)
	assert.Equal(t, "https://op.example/logout?client_id=s6BhdRkqt3", stays.URL)
	assert.Empty(t, stays.State)
}

// L12: an address that is not absolute is an error before the browser goes anywhere.
func TestL12BeginLogoutMistakes(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	client := p.client(newTrial().config)
	for message, o := range map[string]oidc.LogoutOptions{
		"oidc: State must be empty: BeginLogout makes it":                          {State: "s", PostLogoutRedirectURI: bye},
		"oidc: PostLogoutRedirectURI must be an absolute URI without a fragment":   {PostLogoutRedirectURI: "/bye"},
		"oidc: Extra must not set post_logout_redirect_uri: use its field instead": {Extra: url.Values{"post_logout_redirect_uri": {bye}}},
	} {
		logout, err := client.BeginLogout(t.Context(), o)
		require.EqualError(t, err, message)
		assert.Nil(t, logout)
	}
	assert.Zero(t, p.total())
}

func TestL10StateOfALogout(t *testing.T) {
	t.Parallel()
	client, logout := leaving(t)
	back := func(query string) *http.Request { return httptest.NewRequest(http.MethodGet, bye+"?"+query, nil) }
	good := "state=" + logout.State
	require.NoError(t, client.CompleteLogout(t.Context(), logout, back(good)))
	require.NoError(t, client.CompleteLogout(t.Context(), logout, back(good+"&from=op")))
	_, other := leaving(t)
	for name, c := range map[string]struct {
		query string
		check oauth.CallbackCheck
	}{
		"missing": {"", oauth.CheckState}, "empty": {"state=", oauth.CheckState}, "another browser's": {"state=" + other.State, oauth.CheckState},
		"longer": {good + "x", oauth.CheckState}, "shorter": {good[:len(good)-1], oauth.CheckState}, "State": {"State=" + logout.State, oauth.CheckState},
		"twice": {good + "&" + good, oauth.CheckRepeated}, "another parameter twice": {good + "&a=1&a=2", oauth.CheckRepeated}, "unreadable": {good + "&%zz", oauth.CheckMalformed},
	} {
		err := client.CompleteLogout(t.Context(), logout, back(c.query))
		refusedRequest(t, err, c.check)
		assert.NotContains(t, err.Error(), logout.State, name)
	}
	post := back(good)
	post.Method = http.MethodPost
	refusedRequest(t, client.CompleteLogout(t.Context(), logout, post), oauth.CheckMethod)
	get := back("state=" + logout.State)
	get.Method = "" // GET, as in http.Request
	require.NoError(t, client.CompleteLogout(t.Context(), logout, get))
	for _, r := range []*http.Request{nil, {}} {
		require.EqualError(t, client.CompleteLogout(t.Context(), logout, r), "oidc: CompleteLogout needs the request")
	}
	require.ErrorContains(t, client.CompleteLogout(t.Context(), logout, back("")), "state is missing")
}

// L10: a logout is completed by the client that began it, and not after its lifetime.
func TestL10WhoseLogoutItIs(t *testing.T) {
	t.Parallel()
	client, logout := leaving(t)
	r := httptest.NewRequest(http.MethodGet, bye+"?state="+logout.State, nil)
	refusedRequest(t, client.CompleteLogout(t.Context(), nil, r), oauth.CheckLogin)
	change := func(f func(*oidc.Logout)) *oidc.Logout {
		c := *logout
		f(&c)
		return &c
	}
	for check, refused := range map[oauth.CallbackCheck][]*oidc.Logout{
		oauth.CheckLogin: {
			{}, change(func(l *oidc.Logout) { l.State = "" }), change(func(l *oidc.Logout) { l.ClientID = "other" }), change(func(l *oidc.Logout) { l.Issuer += "/" }),
		},
		oauth.CheckExpired: {
			change(func(l *oidc.Logout) { l.CreatedAt = l.CreatedAt.Add(-time.Hour - time.Second) }),
			change(func(l *oidc.Logout) { l.CreatedAt = l.CreatedAt.Add(time.Minute + time.Second) }),
		},
	} {
		for _, l := range refused {
			refusedRequest(t, client.CompleteLogout(t.Context(), l, r), check)
		}
	}
	require.NoError(t, client.CompleteLogout(t.Context(), change(func(l *oidc.Logout) { l.CreatedAt = l.CreatedAt.Add(-time.Hour) }), r))
	cfg := newTrial().config
	cfg.LoginLifetime = time.Minute
	refusedRequest(t, newProvider(t).client(cfg).CompleteLogout(t.Context(), change(func(l *oidc.Logout) { l.CreatedAt = l.CreatedAt.Add(-time.Hour) }), r), oauth.CheckExpired)
}

// A parameter that the address repeats itself is the application's.
func TestL10OwnParametersOfTheAddress(t *testing.T) {
	t.Parallel()
	client := newProvider(t).client(newTrial().config)
	logout, err := client.BeginLogout(t.Context(), oidc.LogoutOptions{PostLogoutRedirectURI: bye + "?a=1&a=2&state=x"})
	require.NoError(t, err)
	require.NoError(t, client.CompleteLogout(t.Context(), logout, httptest.NewRequest(http.MethodGet, bye+"?a=1&a=2&state="+logout.State, nil)))
	err = client.CompleteLogout(t.Context(), logout, httptest.NewRequest(http.MethodGet, bye+"?a=1&a=2&state=x&state="+logout.State, nil))
	refusedRequest(t, err, oauth.CheckRepeated)
}

// session_state of the callback is kept for the page that watches the session at the server.
func TestSessionStateIsKept(t *testing.T) {
	t.Parallel()
	for more, want := range map[string]string{"": "", "&session_state=3b5e.q1": "3b5e.q1"} {
		tr, p := newTrial(), newProvider(t)
		result, err := p.login(p.client(tr.config), tr, more)
		require.NoError(t, err)
		assert.Equal(t, want, result.SessionState)
	}
}
