package web_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

func aliceAndBob() []idptest.User {
	return []idptest.User{{Username: "alice", Password: "wonderland"}, {Username: "bob", Password: "builder"}}
}

// SAML's SessionIndex may be the same for everybody: with the subject it is one's own, and what began later lives.
func TestSite1SAMLSameSessionIndex(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.realm.Users = aliceAndBob()
	w.saml.Apps[0].SessionIndex, w.saml.Apps[0].SLOBinding = "1", samltest.BindingPOST
	w.open()
	alice, bob := w.signedIn("alice", "saml"), w.signedIn("bob", "saml")
	w.advance(time.Second)
	r, err := alice.person.Open(t.Context(), idOrigin+"/cas/logout", nil)
	require.NoError(t, err)
	require.Equal(t, http.MethodPost, r.Method)
	body, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	out := w.post(r.URL.Path, string(body)) // from another site: without cookies
	require.Equal(t, http.StatusOK, out.Code)
	assert.Contains(t, out.Body.String(), "SAMLResponse")
	assert.False(t, alice.alive())
	assert.True(t, bob.alive())

	w.advance(time.Second)
	alice.login("saml")
	assert.True(t, alice.alive(), "the next login of alice, also 1")
	assert.True(t, bob.alive())
}

// A notice ends what the server issued until then, by the server's clock, whatever ours says and whatever was refreshed.
func TestSite2SubjectByTheServersClock(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.oidc.BackChannelLogoutSessionRequired = false // the notice names the subject alone
	w.oidc.ExpiresIn = time.Minute
	w.config.Now = func() time.Time { return w.now().Add(50 * time.Second) }
	w.config.Options = func(*http.Request, string) (authentication.AuthorizeOptions, error) {
		return authentication.AuthorizeOptions{Scope: "openid offline_access", Prompt: "consent"}, nil
	}
	w.app = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		token, err := web.Token(r.Context())
		if err != nil {
			http.Error(out, "no token", http.StatusInternalServerError)
			return
		}
		fmt.Fprintf(out, "%s: hello %s", r.URL, token.AccessToken)
	})
	w.open()
	early := w.signedIn("", "oidc") // T-1
	first := early.fetch(http.MethodGet, "/private/", "").body
	w.advance(time.Second)
	box := w.holdPosts("/auth/backchannel")
	_, err := w.realm.EndSessions(t.Context(), "") // T
	require.NoError(t, err)
	w.advance(time.Second)
	late := w.signedIn("", "oidc") // T+1
	w.advance(50 * time.Second)
	require.True(t, early.alive())
	early.at = appOrigin
	require.NotEqual(t, first, early.fetch(http.MethodGet, "/private/", "").body, "refreshed")
	require.NotEmpty(t, w.happened(web.EventRefresh))

	require.Equal(t, http.StatusOK, w.post("/auth/backchannel/oidc", box.one(t)).Code)
	assert.False(t, early.alive())
	assert.True(t, late.alive())
	w.advance(2 * time.Minute)
	assert.True(t, late.alive(), "it is refreshed too")
}

// Notices that nobody signed store nothing about sessions that do not exist.
func TestSite6InventedSessions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.config.OnEvent = nil
	store := newBrittle(w.now)
	w.config.Store = store
	w.open()
	byCAS, byOIDC := w.signedIn("", "cas"), w.signedIn("", "oidc")
	before := store.keys.Load()
	front := "/auth/frontchannel/oidc?" + url.Values{"iss": {idOrigin + "/oidc"}}.Encode() + "&sid="
	for i := range 10_000 {
		ticket := fmt.Sprintf("ST-%d-invented", i)
		form := url.Values{"logoutRequest": {`<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="r` + ticket + `" Version="2.0" IssueInstant="2027-01-15T08:00:00Z"><samlp:SessionIndex>` + ticket + `</samlp:SessionIndex></samlp:LogoutRequest>`}}
		require.Equal(t, http.StatusOK, w.post("/auth/callback/cas", form.Encode()).Code)
		require.Equal(t, http.StatusOK, w.post(front+ticket, "", func(r *http.Request) { r.Method = http.MethodGet }).Code)
	}
	assert.Equal(t, before, store.keys.Load(), "the store has not grown")
	assert.True(t, byCAS.alive())
	assert.True(t, byOIDC.alive())
	_, err := w.realm.EndSessions(t.Context(), "") // with the real ticket
	require.NoError(t, err)
	assert.False(t, byCAS.alive())
}

// An unsigned notice of SAML, where the operator accepts one, names a user who has such a session.
func TestUnsignedSAMLNamesTheSubject(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.realm.Users = aliceAndBob()
	store := newBrittle(w.now)
	w.config.Store = store
	id := func(subject string) *authentication.LogoutNotice {
		return &authentication.LogoutNotice{Protocol: "saml", Issuer: "https://idp.example", Subject: subject, SessionIDs: []string{"1"}, IssuedAt: w.now(), Unsigned: true, BackChannel: true}
	}
	flow := &noticer{LoginFlow: w.oidcFlow(), as: func(i *authentication.Identity) {
		i.Protocol, i.Issuer, i.SessionID, i.IssuedAt = "saml", "https://idp.example", "1", w.now()
	}}
	w.config.Flows["oidc"] = flow
	w.open()
	alice, bob := w.signedIn("alice", "oidc"), w.signedIn("bob", "oidc")
	before := store.keys.Load()
	flow.notice = id("mallory")
	require.Equal(t, http.StatusOK, w.post("/auth/slo/oidc", "").Code)
	all := id(subjectOf(w, "alice"))
	all.SessionIDs = nil
	flow.notice = all
	require.Equal(t, http.StatusOK, w.post("/auth/slo/oidc", "").Code, "all sessions of a user: nobody knows whether there is one")
	assert.Equal(t, before, store.keys.Load())
	assert.True(t, alice.alive())
	flow.notice = id(subjectOf(w, "alice"))
	require.Equal(t, http.StatusOK, w.post("/auth/slo/oidc", "").Code)
	assert.False(t, alice.alive())
	assert.True(t, bob.alive())
}

func subjectOf(w *world, name string) string {
	user, err := w.realm.Person(name)
	require.NoError(w.t, err)
	return user.ID()
}

// noticer is a flow whose identities and notices a test makes.
type noticer struct {
	authentication.LoginFlow
	as     func(*authentication.Identity)
	notice *authentication.LogoutNotice
}

func (n *noticer) CompleteLogin(ctx context.Context, l *authentication.Login, r *http.Request) (*authentication.Identity, error) {
	id, err := n.LoginFlow.CompleteLogin(ctx, l, r)
	if err == nil {
		n.as(id)
	}
	return id, err
}

func (n *noticer) BeginLogout(context.Context, *authentication.Identity, authentication.LogoutOptions) (*authentication.Logout, error) {
	return nil, authentication.ErrMisconfigured
}

func (n *noticer) CompleteLogout(context.Context, *authentication.Logout, *http.Request) error {
	return nil
}

func (n *noticer) ReceiveLogout(context.Context, *http.Request) (*authentication.LogoutNotice, error) {
	return n.notice, nil
}

func (n *noticer) HasNotice(*http.Request) bool { return false }
func (n *noticer) UnsignedNotices() bool        { return true }

// Which mark ends which session.
func TestNoticeEndsASession(t *testing.T) {
	t.Parallel()
	second := time.Second
	for name, c := range map[string]struct {
		protocol string
		issued   time.Duration // of the session, after the notice, by the server's clock; 0 is unknown
		created  time.Duration // by our clock, where the server does not say
		notice   authentication.LogoutNotice
		unsaid   bool // the notice has no time
		ends     bool
	}{
		"a subject's, earlier":            {protocol: "oidc", issued: -second, ends: true},
		"a subject's, at the same second": {protocol: "oidc", issued: 0, ends: true},
		"a subject's, later":              {protocol: "oidc", issued: second},
		"a session's, later":              {protocol: "oidc", issued: second, notice: authentication.LogoutNotice{SessionIDs: []string{"s"}}, ends: true},
		"another session's":               {protocol: "oidc", issued: -second, notice: authentication.LogoutNotice{SessionIDs: []string{"other"}}},
		"no session's, and a subject":     {protocol: "saml", issued: -second, notice: authentication.LogoutNotice{SessionIDs: []string{""}}},
		"SAML's session, earlier":         {protocol: "saml", issued: -second, notice: authentication.LogoutNotice{SessionIDs: []string{"s"}}, ends: true},
		"SAML's session, later":           {protocol: "saml", issued: second, notice: authentication.LogoutNotice{SessionIDs: []string{"s"}}},
		"another protocol's":              {protocol: "oidc", issued: -second, notice: authentication.LogoutNotice{Protocol: "saml"}},
		"another issuer's":                {protocol: "oidc", issued: -second, notice: authentication.LogoutNotice{Issuer: "https://other.example"}},
		"another subject's":               {protocol: "oidc", issued: -second, notice: authentication.LogoutNotice{Subject: "other"}},
		"no time, before it came":         {protocol: "oidc", issued: second, created: -1, unsaid: true, ends: true},
		"no time, after it came":          {protocol: "oidc", issued: -second, created: 1, unsaid: true},
	} {
		w := newWorld(t)
		begun := w.now()
		n := c.notice
		n.BackChannel = true
		if n.Protocol == "" {
			n.Protocol = c.protocol
		}
		if n.Issuer == "" {
			n.Issuer = "https://idp.example"
		}
		if n.Subject == "" {
			n.Subject = idptest.Subject
		}
		if !c.unsaid {
			n.IssuedAt = begun
		}
		flow := &noticer{LoginFlow: w.oidcFlow(), notice: &n, as: func(i *authentication.Identity) {
			i.Protocol, i.Issuer, i.SessionID, i.IssuedAt = c.protocol, "https://idp.example", "s", begun.Add(c.issued)
		}}
		w.config.Flows["oidc"] = flow
		w.open()
		send := func() { require.Equal(t, http.StatusOK, w.post("/auth/slo/oidc", "").Code, name) }
		var u *userAgent
		if c.created > 0 {
			send()
			w.advance(c.created)
			u = w.signedIn("", "oidc")
		} else {
			u = w.signedIn("", "oidc")
			w.advance(-c.created)
			send()
		}
		assert.Equal(t, !c.ends, u.alive(), name)
		w.advance(time.Hour)
		assert.Equal(t, !c.ends, u.alive(), name)
	}
}

// A guarded request asks for at most three marks, and for one where the flow receives no notices.
func TestMarksCost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	store := newBrittle(w.now)
	w.config.Store = store
	w.config.Flows["client"] = &ticketSpy{w.oidcFlow(), w.oauthFlow(), new([]string)} // it has each method, and its flow has not
	w.oidc.RedirectURIs = append(w.oidc.RedirectURIs, appOrigin+"/auth/callback/client")
	w.open()
	for flow, want := range map[string]int64{"oidc": 5, "saml": 5, "cas": 5, "oauth": 3, "client": 3} {
		u := w.signedIn("", flow)
		before := store.finds.Load()
		require.True(t, u.alive())
		assert.Equal(t, want, store.finds.Load()-before, flow)

		for n := range want { // each of them may fail
			store.last.Store(store.finds.Load() + n)
			assert.Equal(t, http.StatusServiceUnavailable, u.fetch(http.MethodGet, appOrigin+"/private/", "").StatusCode, "%s %d", flow, n)
			store.last.Store(0)
		}
	}
}

// A third record is written only where a server's unsigned message must find the session.
func TestNamesCost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	store := newBrittle(w.now)
	w.config.Store = store
	w.open()
	for flow, want := range map[string]int64{"oidc": 3, "cas": 3, "saml": 2, "oauth": 2} {
		before := store.keys.Load()
		w.signedIn("", flow)
		assert.Equal(t, want, store.keys.Load()-before, flow)
	}
}

// A mark outlives the longest session, and is written until the store is full of them.
func TestMarksLast(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.config.Absolute, w.config.Idle = 100*time.Hour, 99*time.Hour
	w.open()
	u := w.signedIn("", "oidc")
	_, err := w.realm.EndSessions(t.Context(), "")
	require.NoError(t, err)
	w.advance(98 * time.Hour)
	assert.False(t, u.alive())
}

// No request to an address of the server's logouts makes the Site panic or write a session.
func FuzzNotice(f *testing.F) {
	w := newWorld(f).open()
	w.config.OnEvent = nil
	paths := []string{"/auth/backchannel/oidc", "/auth/frontchannel/oidc", "/auth/slo/saml", "/auth/callback/cas", "/auth/loggedout/oidc", "/auth/loggedout", "/auth/logout", "/auth/slo/cas"}
	for i := range paths {
		f.Add(byte(i), "POST", "", "application/x-www-form-urlencoded", "logout_token=a.b.c&SAMLRequest=PHg+&logoutRequest=<x/>&RelayState=r&state=s")
		f.Add(byte(i), "GET", "iss=https%3A%2F%2Fid.test%2Foidc&sid=1&state=s&SAMLResponse=fVI%3D&RelayState=r", "", "")
		f.Add(byte(i), "POST", "", "text/xml", "<Envelope/>")
	}
	f.Fuzz(func(t *testing.T, at byte, method, query, contentType, body string) {
		r := httptest.NewRequest(http.MethodGet, appOrigin+paths[int(at)%len(paths)], nil)
		r.Method, r.URL.RawQuery, r.RequestURI = method, query, r.URL.Path+"?"+query
		r.Header.Set("Content-Type", contentType)
		r.Body = io.NopCloser(strings.NewReader(body))
		out := httptest.NewRecorder()
		w.site.ServeHTTP(out, r)
		for _, c := range out.Result().Cookies() {
			if c.Value != "" {
				t.Errorf("a cookie with a value: %s", c.Name)
			}
		}
	})
}
