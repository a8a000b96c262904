package oidctest_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// application keeps the logout tokens that are posted to it.
type application struct {
	*httptest.Server
	mu     sync.Mutex
	tokens []string
}

func newApp(t *testing.T) *application {
	t.Helper()
	a := &application{}
	a.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ParseForm() != nil || r.Method != http.MethodPost || len(r.PostForm) != 1 || r.URL.RawQuery != "" {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		a.mu.Lock()
		defer a.mu.Unlock()
		a.tokens = append(a.tokens, r.PostForm.Get("logout_token"))
		w.WriteHeader(http.StatusBadRequest) // which does not matter
	}))
	t.Cleanup(a.Close)
	return a
}

// took returns the tokens so far and forgets them.
func (a *application) took() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	tokens := a.tokens
	a.tokens = nil
	return tokens
}

const event = "http://schemas.openid.net/event/backchannel-logout"

func TestBackChannelLogout(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(*journey){
		"by the browser": func(j *journey) {
			j.visit(j.url + "/session/end?" + form("id_token_hint", text(j.tokens(), "id_token")).Encode())
		},
		"by an administrator": func(j *journey) {
			count, err := j.idp.EndSessions(j.t.Context(), idptest.Username)
			require.NoError(j.t, err)
			assert.Equal(j.t, 1, count)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			app := newApp(t)
			j := start(t, &oidctest.Server{BackChannelLogoutURI: app.URL + "/logout", BackChannelLogoutSessionRequired: true})
			to := j.signIn(j.authURL("/auth"))
			_, reply := j.redeem("/token", to.Query().Get("code"))
			sid := unverified(t, text(reply, "id_token"))["sid"]
			require.NotEmpty(t, sid)
			again := j.goes(j.authURL("/auth", "prompt", "none"))
			require.Equal(t, "code", again, "the same session twice")
			assert.Empty(t, app.took())

			leave(j)
			tokens := app.took()
			require.Len(t, tokens, 1, "once for a session")
			_, err := j.verify(tokens[0], "RS256")
			require.NoError(t, err)
			assert.Equal(t, "logout+jwt", headerOf(t, tokens[0])["typ"])
			claims := unverified(t, tokens[0])
			assert.Equal(t, []any{j.url, oidctest.ClientID, idptest.Subject, sid}, []any{claims["iss"], claims["aud"], claims["sub"], claims["sid"]})
			assert.Equal(t, map[string]any{event: map[string]any{}}, claims["events"])
			assert.InDelta(t, 120, claims["exp"].(float64)-claims["iat"].(float64), 0)
			assert.NotEmpty(t, claims["jti"])
			assert.NotContains(t, claims, "nonce")
			assert.Equal(t, "login_required", j.goes(j.authURL("/auth", "prompt", "none")))
			leave2, _ := j.visit(j.url + "/session/end")
			assert.Equal(t, http.StatusOK, leave2.StatusCode)
			assert.Empty(t, app.took(), "nobody is told twice")
		})
	}
}

func TestLogoutTokenWithoutSession(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	j := start(t, &oidctest.Server{BackChannelLogoutURI: app.URL, IDTokenSigningAlg: "HS256"})
	j.signIn(j.authURL("/auth"))
	_, err := j.idp.EndSessions(t.Context(), "")
	require.NoError(t, err)
	tokens := app.took()
	require.Len(t, tokens, 1)
	_, err = j.verify(tokens[0], "HS256")
	require.NoError(t, err)
	assert.NotContains(t, unverified(t, tokens[0]), "sid")
	assert.Equal(t, idptest.Subject, unverified(t, tokens[0])["sub"])
	_, err = j.idp.EndSessions(t.Context(), "nobody")
	require.Error(t, err)
}

// Without an address there is no sid, and nobody is told.
func TestNoLogoutChannel(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	assert.NotContains(t, unverified(t, text(j.tokens(), "id_token")), "sid")
	_, document := j.get("/.well-known/openid-configuration", nil)
	for _, name := range []string{"backchannel_logout_supported", "backchannel_logout_session_supported", "frontchannel_logout_supported", "frontchannel_logout_session_supported"} {
		assert.Equal(t, true, document[name])
	}
}

// Each fact is false of a good logout token and true of the broken one.
func TestHostileLogoutTokens(t *testing.T) {
	t.Parallel()
	clock := newClock()
	app := newApp(t)
	j := start(t, &oidctest.Server{Realm: &idptest.Realm{Now: clock.now}, BackChannelLogoutURI: app.URL, BackChannelLogoutSessionRequired: true})
	now := float64(clock.now().Unix())
	var sid any
	posted := func(faults ...idptest.Fault) []string {
		callback, err := j.idp.Login(t.Context(), j.authURL("/auth", "response_type", "id_token"), "")
		require.NoError(t, err)
		sid = unverified(t, parameters(t, callback).Get("id_token"))["sid"]
		j.idp.Break(faults...)
		_, err = j.idp.EndSessions(t.Context(), "")
		require.NoError(t, err)
		j.idp.Break()
		tokens := app.took()
		require.NotEmpty(t, tokens)
		return tokens
	}
	claimed := func(wrong func(map[string]any) bool) func([]string) bool {
		return func(tokens []string) bool { return wrong(unverified(t, tokens[0])) }
	}
	for fault, wrong := range map[idptest.Fault]func([]string) bool{
		oidctest.AlgNone: func(tokens []string) bool {
			return headerOf(t, tokens[0])["alg"] == "none" && strings.HasSuffix(tokens[0], ".")
		},
		oidctest.BadSignature: func(tokens []string) bool {
			_, err := j.verify(tokens[0], "RS256")
			return err != nil
		},
		oidctest.WrongAlgorithm: func(tokens []string) bool {
			_, err := j.verify(tokens[0], "PS256")
			return headerOf(t, tokens[0])["alg"] == "PS256" && err == nil
		},
		oidctest.MissingEvent: claimed(func(c map[string]any) bool { return c["events"] == nil }),
		oidctest.WrongEvent: claimed(func(c map[string]any) bool {
			events, _ := c["events"].(map[string]any)
			return events != nil && events[event] == nil
		}),
		oidctest.LogoutNonce:         claimed(func(c map[string]any) bool { return c["nonce"] != nil }),
		oidctest.WrongAudience:       claimed(func(c map[string]any) bool { return c["aud"] != oidctest.ClientID }),
		oidctest.WrongIssuer:         claimed(func(c map[string]any) bool { return c["iss"] != j.url }),
		oidctest.ExpiredLogoutToken:  claimed(func(c map[string]any) bool { return c["exp"].(float64) < now-1800 }),
		oidctest.OldLogoutToken:      claimed(func(c map[string]any) bool { return c["iat"].(float64) < now-1800 && c["exp"].(float64) > now }),
		oidctest.MissingTokenID:      claimed(func(c map[string]any) bool { return c["jti"] == nil }),
		oidctest.MissingSessions:     claimed(func(c map[string]any) bool { return c["sub"] == nil && c["sid"] == nil }),
		oidctest.WrongSession:        claimed(func(c map[string]any) bool { return c["sid"] != nil && c["sid"] != sid }),
		oidctest.RepeatedLogoutToken: func(tokens []string) bool { return len(tokens) == 2 && tokens[0] == tokens[1] },
	} {
		assert.False(t, wrong(posted()), "the twin of %s", fault)
		assert.True(t, wrong(posted(fault)), "%s", fault)
	}
}

func TestWrongAlgorithm(t *testing.T) {
	t.Parallel()
	for alg, want := range map[string]string{"HS256": "RS256", "ES256": "RS256", "RS256": "PS256"} {
		j := start(t, &oidctest.Server{IDTokenSigningAlg: alg})
		j.idp.Break(oidctest.WrongAlgorithm)
		raw := text(j.tokens(), "id_token")
		assert.Equal(t, want, headerOf(t, raw)["alg"])
		_, err := j.verify(raw, want)
		require.NoError(t, err, "the key is in the JWKS")
	}
}

// framesOf logs in, with the first faults, and logs out, with the others; it returns the addresses in frames and the sid.
func framesOf(t *testing.T, idp *oidctest.Server, before, after []idptest.Fault) ([]*url.URL, string) {
	t.Helper()
	browser, err := idp.Browser("")
	require.NoError(t, err)
	idp.Break(before...)
	link := "http://id.test" + strings.Replace(authQuery, "=code", "=id_token", 1) + url.QueryEscape("http://localhost:3000/cb") + "&nonce=n"
	callback, err := browser.Open(t.Context(), link, nil)
	require.NoError(t, err)
	sid, _ := unverified(t, parameters(t, callback).Get("id_token"))["sid"].(string)
	idp.Break(after...)
	_, err = browser.Open(t.Context(), "http://id.test/session/end?"+form("id_token_hint", parameters(t, callback).Get("id_token"), "post_logout_redirect_uri", homeURI).Encode(), nil)
	require.NoError(t, err)
	idp.Break()
	var all []*url.URL
	for _, r := range browser.Frames() {
		all = append(all, r.URL)
	}
	return all, sid
}

func TestFrontChannelLogout(t *testing.T) {
	t.Parallel()
	const address = "https://app.example/front?a=b"
	idp := &oidctest.Server{FrontChannelLogoutURI: address, FrontChannelLogoutSessionRequired: true}
	for fault, wrong := range map[idptest.Fault]func(q url.Values, sid string) bool{
		oidctest.WrongIssuer:      func(q url.Values, _ string) bool { return q.Get("iss") != "http://id.test" },
		oidctest.WrongSession:     func(q url.Values, sid string) bool { return q.Has("sid") && q.Get("sid") != sid },
		oidctest.MissingSessions:  func(q url.Values, _ string) bool { return !q.Has("sid") },
		idptest.RepeatedParameter: func(q url.Values, _ string) bool { return len(q["iss"]) == 2 && len(q["sid"]) == 2 },
	} {
		frames, sid := framesOf(t, idp, nil, nil)
		require.Len(t, frames, 1)
		assert.Equal(t, "https://app.example/front b", "https://"+frames[0].Host+frames[0].Path+" "+frames[0].Query().Get("a"))
		assert.Equal(t, sid, frames[0].Query().Get("sid"))
		assert.False(t, wrong(frames[0].Query(), sid), "the twin of %s", fault)
		frames, sid = framesOf(t, idp, nil, []idptest.Fault{fault})
		require.Len(t, frames, 1)
		assert.True(t, wrong(frames[0].Query(), sid), "%s", fault)
	}
	frames, _ := framesOf(t, &oidctest.Server{FrontChannelLogoutURI: address}, nil, nil)
	require.Len(t, frames, 1)
	assert.Equal(t, address, frames[0].String(), "no session is required")
}

func TestRawSession(t *testing.T) {
	t.Parallel()
	idp := &oidctest.Server{FrontChannelLogoutURI: "https://app.example/front", FrontChannelLogoutSessionRequired: true}
	raw := []idptest.Fault{oidctest.RawSession}
	frames, sid := framesOf(t, idp, raw, raw)
	require.Len(t, frames, 1)
	require.Contains(t, sid, "+a&b=c")
	assert.NotEqual(t, sid, frames[0].Query().Get("sid"))
	assert.Contains(t, frames[0].RawQuery, "+a&b=c")
}

// An application that has both channels is told by both.
func TestBothLogoutChannels(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	idp := &oidctest.Server{BackChannelLogoutURI: app.URL, FrontChannelLogoutURI: "https://app.example/front"}
	frames, _ := framesOf(t, idp, nil, nil)
	assert.Len(t, frames, 1)
	assert.Len(t, app.took(), 1)
}

func TestHostileReturnFromLogout(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	for fault, wrong := range map[idptest.Fault]func(url.Values) bool{
		idptest.WrongState:        func(v url.Values) bool { return len(v["state"]) == 1 && v.Get("state") != "s" },
		idptest.NoState:           func(v url.Values) bool { return !v.Has("state") },
		idptest.RepeatedParameter: func(v url.Values) bool { return len(v["state"]) == 2 },
	} {
		back := func(faults ...idptest.Fault) url.Values {
			j.idp.Break(faults...)
			response, _ := j.visit(j.url + "/session/end?" + form("client_id", oidctest.ClientID, "post_logout_redirect_uri", homeURI, "state", "s").Encode())
			to, err := url.Parse(response.Header.Get("Location"))
			require.NoError(t, err)
			return to.Query()
		}
		assert.False(t, wrong(back()), "the twin of %s", fault)
		assert.True(t, wrong(back(fault)), "%s", fault)
	}
}

func TestLogoutChannelMisconfigured(t *testing.T) {
	t.Parallel()
	for want, idp := range map[string]*oidctest.Server{
		"OAuth has no logout":  {OAuth: true, BackChannelLogoutURI: "http://localhost/"},
		"OAuth has no logout,": {OAuth: true, FrontChannelLogoutURI: "http://localhost/"},
		"a session is required for a logout without an address":   {BackChannelLogoutSessionRequired: true},
		"a session is required for a logout without an address\n": {FrontChannelLogoutSessionRequired: true},
	} {
		w := httptest.NewRecorder()
		idp.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/me", nil))
		assert.Equal(t, http.StatusInternalServerError, w.Code)
		assert.Contains(t, w.Body.String(), want)
	}
}

// Each application of the session is told by its own settings.
func TestLogoutOfSeveralApplications(t *testing.T) {
	t.Parallel()
	one, two := newApp(t), newApp(t)
	j := start(t, &oidctest.Server{
		BackChannelLogoutURI: one.URL + "/one", BackChannelLogoutSessionRequired: true,
		Apps: []oidctest.App{{ClientID: "two", ClientSecret: oidctest.ClientSecret, BackChannelLogoutURI: two.URL + "/two", IDTokenSigningAlg: "HS256"}},
	})
	j.signIn(j.authURL("/auth"))
	require.Equal(t, "code", j.goes(j.authURL("/auth", "client_id", "two", "prompt", "none")))
	j.visit(j.url + "/session/end?" + form("client_id", "two").Encode())
	_, err := j.idp.EndSessions(t.Context(), "")
	require.NoError(t, err)
	first, second := one.took(), two.took()
	require.Len(t, first, 1)
	require.Len(t, second, 1)
	_, err = j.verify(second[0], "HS256")
	require.NoError(t, err)
	assert.Equal(t, "two", unverified(t, second[0])["aud"])
	assert.NotContains(t, unverified(t, second[0]), "sid")
	assert.Contains(t, unverified(t, first[0]), "sid")
}

// A client that registered itself is told at the addresses that it registered.
func TestLogoutOfARegisteredClient(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	j := start(t, &oidctest.Server{Registration: &oidctest.Registration{}})
	ask := map[string]any{
		"redirect_uris": []string{callbackURI}, "backchannel_logout_uri": app.URL, "backchannel_logout_session_required": true,
		"frontchannel_logout_uri": app.URL, "frontchannel_logout_session_required": true,
	}
	status, client := j.sendJSON(http.MethodPost, j.url+"/reg", "", ask)
	require.Equal(t, 201, status)
	j.signIn(j.authURL("/auth", "client_id", text(client, "client_id")))
	_, body := j.visit(j.url + "/session/end?" + form("id_token_hint", "x").Encode())
	require.NotContains(t, body, "<iframe")
	_, err := j.idp.EndSessions(t.Context(), "")
	require.NoError(t, err)
	tokens := app.took()
	require.Len(t, tokens, 1)
	assert.Equal(t, client["client_id"], unverified(t, tokens[0])["aud"])
	assert.Contains(t, unverified(t, tokens[0]), "sid")
	delete(ask, "frontchannel_logout_uri")
	status, _ = j.sendJSON(http.MethodPost, j.url+"/reg", "", ask)
	assert.Equal(t, 400, status, "a session is required for no address")
}
