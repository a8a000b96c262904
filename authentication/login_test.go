package authentication_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// CompleteLogin refuses every login but a recent one of this browser; nothing is sent.
func TestA4A18CompleteLoginRefusesLogins(t *testing.T) {
	t.Parallel()
	for _, p := range []authentication.Protocol{authentication.OIDC{}, authentication.OAuth{}} {
		now := time.Unix(1700000000, 0)
		f := newFake(t, p, func(_ *authtest.Server, o *authentication.Options) {
			o.Now = func() time.Time { return now }
			o.LoginLifetime = 10 * time.Minute
		})
		login, err := f.client.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
		require.NoError(t, err)
		r, err := f.Login(t.Context(), login.URL, "")
		require.NoError(t, err)
		for name, change := range map[string]func(*authentication.Login) *authentication.Login{
			"authentication: refused: this browser began no login, it was completed already, or its cookie was lost; web.Pending passes the reason to OnLost": func(*authentication.Login) *authentication.Login { return nil },
			`authentication: refused: the login began with protocol "wechat", want "` + p.Name() + `"`: func(l *authentication.Login) *authentication.Login {
				l.Protocol = "wechat"
				return l
			},
			"authentication: refused: the login began 10m1s ago, at most 10m0s is allowed (LoginLifetime)": func(l *authentication.Login) *authentication.Login {
				l.CreatedAt = now.Add(-10*time.Minute - time.Second)
				return l
			},
			"authentication: refused: the login began 1m1s ahead of this clock, at most 1m0s is allowed: the clocks of the instances differ": func(l *authentication.Login) *authentication.Login {
				l.CreatedAt = now.Add(time.Minute + time.Second)
				return l
			},
		} {
			id, err := f.client.CompleteLogin(t.Context(), change(stored(t, login)), r)
			require.EqualError(t, err, name)
			require.ErrorIs(t, err, authentication.ErrRefused)
			assert.Nil(t, id)
		}
		for _, data := range []string{"", "{}", "null", "[]", string(login.Data) + "x", strings.Replace(string(login.Data), "{", `{"more":1,`, 1),
			strings.Replace(string(login.Data), `"state":"`, `"state":"x`, 1), strings.Replace(string(login.Data), authtest.AppID, "another", 1)} {
			l := stored(t, login)
			l.Data = json.RawMessage(data)
			_, err := f.client.CompleteLogin(t.Context(), l, r)
			assert.Equal(t, "refused", kind(err), "%s: %v", data, err)
		}
		assert.Empty(t, f.wire.sent)
	}
}

// The last second of the lifetime is accepted, the next one is not.
func TestA4LoginLifetime(t *testing.T) {
	t.Parallel()
	for _, p := range []authentication.Protocol{authentication.OIDC{}, authentication.OAuth{}} {
		for _, late := range []bool{false, true} {
			now := time.Unix(1700000000, 0)
			f := newFake(t, p, func(s *authtest.Server, o *authentication.Options) {
				o.Now = func() time.Time { return now }
				s.Now = o.Now
			})
			login, err := f.client.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
			require.NoError(t, err)
			now = now.Add(time.Hour)
			r, err := f.Login(t.Context(), login.URL, "")
			require.NoError(t, err)
			if late {
				now = now.Add(time.Second)
			}
			_, err = f.client.CompleteLogin(t.Context(), login, r)
			assert.Equal(t, map[bool]string{false: "none", true: "refused"}[late], kind(err), "%v", err)
		}
	}
}

// A missing, unknown, repeated or mistyped member of the stored form is an error.
func TestLoginJSON(t *testing.T) {
	t.Parallel()
	f := newFake(t, authentication.OIDC{}, nil)
	login, err := f.client.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
	require.NoError(t, err)
	assert.Equal(t, login, stored(t, login))
	failsClosed(t, login, "authentication: stored login: ", 8)
}

// failsClosed changes each member of the stored form of v, and expects errors.
func failsClosed[T any](t *testing.T, v *T, prefix string, members int) {
	t.Helper()
	var zero T
	data, err := json.Marshal(v)
	require.NoError(t, err)
	var all map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(data, &all))
	assert.Len(t, all, members)
	for name, value := range all {
		without := strings.Replace(string(data), `"`+name+`":`, `"`+strings.ToUpper(name)+`":`, 1)
		mistyped := strings.Replace(string(data), `"`+name+`":`+string(value), `"`+name+`":-1`, 1)
		twice := strings.Replace(string(data), "{", `{"`+name+`":`+string(value)+`,`, 1)
		for _, bad := range []string{without, twice, mistyped} {
			if name == "data" && bad == mistyped {
				continue // belongs to the flow: any JSON is accepted here, and the flow checks it
			}
			var back T
			require.ErrorContains(t, json.Unmarshal([]byte(bad), &back), prefix, bad)
			assert.Equal(t, zero, back)
		}
	}
	var back T
	require.ErrorContains(t, json.Unmarshal([]byte(strings.Replace(string(data), "{", `{"new":1,`, 1)), &back), prefix)
}

// A callback in another response mode than the requested one (security A13, A14).
func TestA13WrongWay(t *testing.T) {
	t.Parallel()
	f := newFake(t, authentication.OIDC{}, nil)
	login, r := f.login(t, authentication.AuthorizeOptions{})
	r.Method = http.MethodPost
	_, err := f.client.CompleteLogin(t.Context(), login, r)
	require.ErrorIs(t, err, oauth.CheckMethod)
	assert.Equal(t, "refused", kind(err))
	r.Method = http.MethodGet
	_, err = f.client.CompleteLogin(t.Context(), login, r)
	require.NoError(t, err)

	login, r = f.login(t, authentication.AuthorizeOptions{ResponseMode: oauth.ResponseModeFormPost})
	require.NoError(t, r.ParseForm())
	_, err = f.client.CompleteLogin(t.Context(), login, r)
	require.ErrorContains(t, err, "the body was parsed before")
	assert.Equal(t, "misconfigured", kind(err), "the application's mistake")

	_, err = f.client.CompleteLogin(t.Context(), login, nil)
	require.ErrorContains(t, err, "CompleteLogin needs the callback's request")
}

// The request of a login: fresh values each time, S256, and Authing's defaults (rows 4, 5, 9).
func TestBeginLoginSends(t *testing.T) {
	t.Parallel()
	for _, p := range []authentication.Protocol{authentication.OIDC{}, authentication.OAuth{}} {
		client := newTestClient(t, nil, with(p))
		seen := map[string]bool{}
		const times = 3
		for range times {
			login, err := client.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
			require.NoError(t, err)
			q := queryOf(t, login.URL)
			assert.Equal(t, q.Get("state"), login.Key)
			assert.Equal(t, "S256", q.Get("code_challenge_method"))
			assert.Equal(t, testBack, q.Get("redirect_uri"))
			assert.Equal(t, map[string]string{"oidc": "openid profile email phone address", "oauth": "user"}[p.Name()], q.Get("scope"))
			assert.Equal(t, p.Name() == "oidc", q.Has("nonce"))
			assert.False(t, q.Has("prompt"))
			assert.Nil(t, login.Form)
			seen[login.Key], seen[q.Get("code_challenge")], seen[q.Get("nonce")] = true, true, true
		}
		want := 3 * times
		if p.Name() == "oauth" {
			want = 2*times + 1 // no nonce
		}
		assert.Len(t, seen, want)
	}
}

// Row 5: prompt=consent for the exact scope offline_access, unless a prompt is given. Row 23: the tenant of one call.
func TestAuthorizeDefaults(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, nil, func(o *authentication.Options) { o.TenantID = "of the header alone" })
	for want, o := range map[string]authentication.AuthorizeOptions{
		"consent": {Scope: "openid offline_access"},
		"login":   {Scope: "openid offline_access", Prompt: "login"},
		"":        {Scope: "openid x_offline_access_y"},
	} {
		o.TenantID = "T 1"
		link, err := client.BuildAuthorizeUrl(t.Context(), o)
		require.NoError(t, err)
		assert.Equal(t, want, queryOf(t, link).Get("prompt"))
		assert.Equal(t, "T 1", queryOf(t, link).Get("tenant_id"))
		login, err := client.BeginLogin(t.Context(), o)
		require.NoError(t, err)
		assert.Equal(t, want, queryOf(t, login.URL).Get("prompt"))
	}
	link, err := client.BuildAuthorizeUrl(t.Context(), authentication.AuthorizeOptions{})
	require.NoError(t, err)
	assert.False(t, queryOf(t, link).Has("tenant_id"))
}
