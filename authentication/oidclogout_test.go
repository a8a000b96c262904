package authentication_test

import (
	"context"
	"errors"
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
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
	"github.com/seed6e7d3bb2/authing-go/saml"
)

// trip calls a handler as a transport.
type trip struct{ http.Handler }

func (s trip) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	in := r.Clone(r.Context())
	if in.Host = r.URL.Host; in.Body == nil {
		in.Body = http.NoBody
	}
	s.ServeHTTP(w, in)
	return w.Result(), nil
}

// site is an application with sessions on the server, at a standard OpenID Provider whose logouts it receives.
type site struct {
	idp      *oidctest.Server
	flow     authentication.LoginFlow
	logout   authentication.LogoutFlow
	sessions []*authentication.Identity
	fail     error // why the sessions cannot be ended
	answers  []*httptest.ResponseRecorder
	errs     []error
}

func newSite(t testing.TB, change func(*oidctest.Server)) *site {
	t.Helper()
	s := &site{}
	s.idp = &oidctest.Server{
		Realm:      &idptest.Realm{BaseURL: "https://op.example", HTTPClient: &http.Client{Transport: trip{s}}},
		SigningKey: fakeKey(), BackChannelLogoutURI: "https://app.example/backchannel", BackChannelLogoutSessionRequired: true,
		LogoutURIs: []string{"https://app.example/bye"},
	}
	if change != nil {
		change(s.idp)
	}
	client, err := oidc.NewClient(oidc.Config{
		Issuer: "https://op.example", ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, RedirectURI: localBack,
		HTTPClient: &http.Client{Transport: trip{s.idp}},
	})
	require.NoError(t, err)
	s.flow = authentication.FromOIDC(client)
	s.logout = s.flow.(authentication.LogoutFlow)
	return s
}

// ServeHTTP is the handler of an application for the server's messages.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	notice, err := s.logout.ReceiveLogout(r.Context(), r)
	if err == nil && s.fail != nil {
		err = s.fail
	}
	if err == nil {
		var left []*authentication.Identity
		for _, id := range s.sessions {
			if !notice.Ends(id) {
				left = append(left, id)
			}
		}
		s.sessions = left
		err = web.AnswerLogout(w, r, notice)
	}
	web.Error(w, r, err)
	answer, ok := w.(*httptest.ResponseRecorder)
	if ok {
		s.answers = append(s.answers, answer)
	}
	s.errs = append(s.errs, err)
}

func (s *site) enter(t testing.TB, browser *idptest.Browser) *authentication.Identity {
	t.Helper()
	login, err := s.flow.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
	require.NoError(t, err)
	r, err := browser.Open(t.Context(), login.URL, nil)
	require.NoError(t, err)
	id, err := s.flow.CompleteLogin(t.Context(), login, r)
	require.NoError(t, err)
	id = stored(t, id)
	s.sessions = append(s.sessions, id)
	return id
}

func (s *site) browser(t testing.TB) *idptest.Browser {
	t.Helper()
	browser, err := s.idp.Browser("")
	require.NoError(t, err)
	return browser
}

// A logout that begins here: the server tells this application too, and the browser comes back with the state.
func TestJourneyOIDCLogout(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	browser := s.browser(t)
	id := s.enter(t, browser)
	stays := s.enter(t, s.browser(t))
	require.NotEqual(t, id.SessionID, stays.SessionID)
	assert.WithinDuration(t, time.Now(), id.IssuedAt, time.Minute)

	out, err := s.logout.BeginLogout(t.Context(), id, authentication.LogoutOptions{RedirectURI: "https://app.example/bye"})
	require.NoError(t, err)
	_, query, err := cut(out.URL)
	require.NoError(t, err)
	assert.Equal(t, url.Values{"id_token_hint": {id.Token.IDToken}, "post_logout_redirect_uri": {"https://app.example/bye"}, "state": {out.Key}}, query)
	assert.NotContains(t, string(out.Data), id.Token.IDToken, "a cookie keeps the Logout")
	r, err := browser.Open(t.Context(), out.URL, nil)
	require.NoError(t, err)
	key := s.flow.(authentication.LogoutKeyFlow)
	assert.Equal(t, out.Key, key.LogoutKey(r))
	require.NoError(t, s.logout.CompleteLogout(t.Context(), stored(t, out), r))
	assert.Equal(t, []error{nil}, s.errs)
	assert.Equal(t, []*authentication.Identity{stays}, s.sessions)

	for _, foreign := range []*authentication.Logout{nil, {}, {Protocol: "cas"}, {Protocol: "oidc", Key: out.Key}} {
		assert.Equal(t, "refused", kind(s.logout.CompleteLogout(t.Context(), foreign, r)))
	}
	_, err = s.logout.BeginLogout(t.Context(), nil, authentication.LogoutOptions{})
	assert.Equal(t, "misconfigured", kind(err))
	_, err = s.logout.BeginLogout(t.Context(), id, authentication.LogoutOptions{State: "s", RedirectURI: "https://app.example/bye"})
	require.EqualError(t, err, "authentication: LogoutOptions.State is not an option of this protocol")
	stay, err := s.logout.BeginLogout(t.Context(), id, authentication.LogoutOptions{})
	require.NoError(t, err)
	assert.Empty(t, stay.Key)
	require.NoError(t, s.logout.CompleteLogout(t.Context(), stay, r), "nothing comes back to compare")
}

// L10: the state is compared when the browser returns.
func TestL10ReturnFromALogout(t *testing.T) {
	t.Parallel()
	for fault, check := range map[idptest.Fault]oauth.CallbackCheck{
		"": "", idptest.WrongState: oauth.CheckState, idptest.NoState: oauth.CheckState, idptest.RepeatedParameter: oauth.CheckRepeated,
	} {
		s := newSite(t, nil)
		browser := s.browser(t)
		id := s.enter(t, browser)
		if fault != "" {
			s.idp.Break(fault)
		}
		out, err := s.logout.BeginLogout(t.Context(), id, authentication.LogoutOptions{RedirectURI: "https://app.example/bye"})
		require.NoError(t, err)
		r, err := browser.Open(t.Context(), out.URL, nil)
		require.NoError(t, err)
		err = s.logout.CompleteLogout(t.Context(), out, r)
		if fault == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorIs(t, err, check)
		assert.Equal(t, "refused", kind(err))
	}
}

// A logout that the server begins ends the sessions that it names, and the answer is 200 or 400, without a page.
func TestL9BackChannelAnswers(t *testing.T) {
	t.Parallel()
	for fault, c := range map[idptest.Fault]struct {
		check error
		ends  bool
	}{
		"":                           {nil, true},
		oidctest.WrongSession:        {nil, false},
		oidctest.MissingEvent:        {oidc.CheckEvents, false},
		oidctest.AlgNone:             {oidc.CheckAlgorithm, false},
		oidctest.RepeatedLogoutToken: {oidc.CheckReplay, true},
	} {
		s := newSite(t, nil)
		s.enter(t, s.browser(t))
		if fault != "" {
			s.idp.Break(fault)
		}
		_, err := s.idp.EndSessions(t.Context(), "")
		require.NoError(t, err)
		last, answer := s.errs[len(s.errs)-1], s.answers[len(s.answers)-1]
		assert.Equal(t, c.ends, len(s.sessions) == 0, "%s", fault)
		assert.Equal(t, "no-store", answer.Header().Get("Cache-Control"))
		if c.check == nil {
			require.NoError(t, last)
			assert.Equal(t, http.StatusOK, answer.Code)
			continue
		}
		require.ErrorIs(t, last, c.check)
		require.ErrorIs(t, last, authentication.ErrLogoutFailed)
		assert.Equal(t, "refused", kind(last))
		assert.Equal(t, http.StatusBadRequest, answer.Code)
		assert.Equal(t, "application/json", answer.Header().Get("Content-Type"))
		assert.JSONEq(t, `{"error":"invalid_request"}`, answer.Body.String())
	}
}

// A store that fails leaves the token unused: sent again it ends the session.
func TestL7LogoutAfterAFailure(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	s.enter(t, s.browser(t))
	var sent string
	s.idp.Realm.HTTPClient = &http.Client{Transport: trip{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.NoError(t, r.ParseForm())
		sent = r.PostForm.Encode()
	})}}
	_, err := s.idp.EndSessions(t.Context(), "")
	require.NoError(t, err)
	send := func() *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, posted(strings.NewReader(sent), formType))
		return w
	}
	s.fail = errors.Join(authentication.ErrLogoutFailed, errors.New("the store is down"))
	w := send()
	assert.Equal(t, http.StatusBadRequest, w.Code)
	assert.JSONEq(t, `{"error":"server_error"}`, w.Body.String())
	assert.Len(t, s.sessions, 1)
	s.fail = nil
	assert.Equal(t, http.StatusOK, send().Code)
	assert.Empty(t, s.sessions)
	assert.Equal(t, http.StatusBadRequest, send().Code)
	require.ErrorIs(t, s.errs[2], oidc.CheckReplay)
}

// L11: the browser opens a frame, without cookies; only a session that exists ends, and only the issuer may show the answer.
func TestL11FrontChannelAnswers(t *testing.T) {
	t.Parallel()
	for fault, c := range map[idptest.Fault]struct {
		check oauth.CallbackCheck
		ends  bool
	}{
		"": {"", true}, oidctest.RawSession: {"", true}, oidctest.WrongSession: {"", false},
		oidctest.WrongIssuer: {oauth.CheckIssuer, false}, oidctest.MissingSessions: {oauth.CheckMalformed, false}, idptest.RepeatedParameter: {oauth.CheckRepeated, false},
	} {
		s := newSite(t, func(idp *oidctest.Server) {
			idp.BackChannelLogoutURI, idp.BackChannelLogoutSessionRequired = "", false
			idp.FrontChannelLogoutURI, idp.FrontChannelLogoutSessionRequired = "https://app.example/frontchannel", true
		})
		if fault == oidctest.RawSession {
			s.idp.Break(fault)
		}
		browser := s.browser(t)
		id := s.enter(t, browser)
		if fault != "" {
			s.idp.Break(fault)
		}
		out, err := s.logout.BeginLogout(t.Context(), id, authentication.LogoutOptions{})
		require.NoError(t, err)
		_, err = browser.Open(t.Context(), out.URL, nil)
		require.NoError(t, err)
		frames := browser.Frames()
		require.Len(t, frames, 1)
		assert.True(t, s.flow.(authentication.NoticeFlow).HasNotice(frames[0]) || fault == oidctest.MissingSessions)
		w := httptest.NewRecorder()
		w.Header().Set("X-Frame-Options", "DENY")
		s.ServeHTTP(w, frames[0])
		assert.Equal(t, c.ends, len(s.sessions) == 0, "%s", fault)
		assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
		if c.check != "" {
			require.ErrorIs(t, s.errs[0], c.check)
			assert.Equal(t, http.StatusBadRequest, w.Code)
			continue
		}
		require.NoError(t, s.errs[0])
		assert.Equal(t, http.StatusOK, w.Code)
		assert.Equal(t, "default-src 'none'; frame-ancestors https://op.example", w.Header().Get("Content-Security-Policy"))
		assert.Empty(t, w.Header().Get("X-Frame-Options"))
		notice, err := s.logout.ReceiveLogout(t.Context(), frames[0])
		require.NoError(t, err)
		assert.True(t, notice.Unsigned)
		assert.False(t, notice.BackChannel)
		assert.True(t, notice.IssuedAt.IsZero())
	}
}

// At Authing a logout goes to its own page, or with Expert to that of OpenID Connect with a state.
func TestAuthingOIDCLogout(t *testing.T) {
	t.Parallel()
	f := newFake(t, authentication.OIDC{}, nil)
	id, err := f.complete(t, authentication.AuthorizeOptions{})
	require.NoError(t, err)
	out, err := f.client.BeginLogout(t.Context(), id, authentication.LogoutOptions{RedirectURI: localBye})
	require.NoError(t, err)
	assert.Equal(t, mockHost+"/login/profile/logout?redirect_uri="+url.QueryEscape(localBye), out.URL)
	assert.Empty(t, out.Key)
	back := httptest.NewRequest(http.MethodGet, localBye, nil)
	require.NoError(t, f.client.CompleteLogout(t.Context(), stored(t, out), back))

	out, err = f.client.BeginLogout(t.Context(), id, authentication.LogoutOptions{Expert: true, RedirectURI: localBye})
	require.NoError(t, err)
	path, query, err := cut(out.URL)
	require.NoError(t, err)
	assert.Equal(t, "/oidc/session/end", path)
	assert.Equal(t, url.Values{"id_token_hint": {id.Token.IDToken}, "post_logout_redirect_uri": {localBye}, "state": {out.Key}}, query)
	require.ErrorIs(t, f.client.CompleteLogout(t.Context(), stored(t, out), back), oauth.CheckState)
	back.URL.RawQuery = "state=" + out.Key
	assert.Equal(t, out.Key, f.client.LogoutKey(back))
	require.NoError(t, f.client.CompleteLogout(t.Context(), stored(t, out), back))
	back.Method = http.MethodPost
	assert.Empty(t, f.client.LogoutKey(back))

	bare := &authentication.Identity{Protocol: "oidc", Data: []byte("{}")}
	for message, c := range map[string]struct {
		id *authentication.Identity
		o  authentication.LogoutOptions
	}{
		"authentication: the identity is not from an OIDC login":                                      {&authentication.Identity{Protocol: "cas"}, authentication.LogoutOptions{}},
		"authentication: the identity has lost the Data of its login":                                 {&authentication.Identity{Protocol: "oidc"}, authentication.LogoutOptions{Expert: true}},
		"authentication: RedirectURI must be an absolute URL":                                         {id, authentication.LogoutOptions{Expert: true, RedirectURI: "/bye"}},
		"authentication: LogoutOptions.IDToken is not an option of this protocol":                     {id, authentication.LogoutOptions{Expert: true, IDToken: "x"}},
		"authentication: LogoutOptions.State needs Expert":                                            {id, authentication.LogoutOptions{State: "x"}},
		"authentication: LogoutOptions.RedirectURI needs the identity's ID token in an expert logout": {bare, authentication.LogoutOptions{Expert: true, RedirectURI: localBye}},
	} {
		out, err := f.client.BeginLogout(t.Context(), c.id, c.o)
		require.EqualError(t, err, message)
		assert.Equal(t, "misconfigured", kind(err))
		assert.Nil(t, out)
	}
	_, err = f.client.ReceiveLogout(t.Context(), posted(strings.NewReader("logout_token=a.b.c"), formType))
	require.EqualError(t, err, "authentication: ReceiveLogout is not a call of protocol oidc: unsupported operation", "Authing sends none")
}

// An identity without a token keeps the ID token as the hint of a logout.
func TestOIDCLogoutHintWithoutToken(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	browser := s.browser(t)
	login, err := s.flow.BeginLogin(t.Context(), authentication.AuthorizeOptions{ResponseType: oidc.ResponseTypeIDToken, ResponseMode: oauth.ResponseModeFormPost})
	require.NoError(t, err)
	r, err := browser.Open(t.Context(), login.URL, nil)
	require.NoError(t, err)
	id, err := s.flow.CompleteLogin(t.Context(), login, r)
	require.NoError(t, err)
	out, err := s.logout.BeginLogout(t.Context(), stored(t, id), authentication.LogoutOptions{})
	require.NoError(t, err)
	_, query, err := cut(out.URL)
	require.NoError(t, err)
	assert.Equal(t, 2, strings.Count(query.Get("id_token_hint"), "."))
	_, err = browser.Open(t.Context(), out.URL, nil)
	require.NoError(t, err)
	assert.Equal(t, []error{nil}, s.errs)
}

// The time of the login is the server's, and refreshes keep it.
func TestIdentityIssuedAt(t *testing.T) {
	t.Parallel()
	f := newFake(t, authentication.OIDC{}, nil)
	id, err := f.complete(t, authentication.AuthorizeOptions{Scope: "openid offline_access"})
	require.NoError(t, err)
	require.False(t, id.IssuedAt.IsZero())
	begun := id.IssuedAt.Add(-time.Hour) // as if the login had been an hour ago
	id.IssuedAt = begun
	next, err := f.client.Refresh(t.Context(), stored(t, id))
	require.NoError(t, err)
	assert.True(t, next.IssuedAt.Equal(begun), "%s", next.IssuedAt)
	assert.True(t, stored(t, next).IssuedAt.Equal(begun))
}

// Whom a notice ends, of every protocol.
func TestWhomALogoutNoticeEnds(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	id := func(protocol, subject, session string, offset time.Duration) *authentication.Identity {
		return &authentication.Identity{Protocol: protocol, Issuer: "i", Subject: subject, SessionID: session, IssuedAt: at.Add(offset)}
	}
	unknown := id("oidc", "u", "1", 0)
	unknown.IssuedAt = time.Time{}
	notice := func(protocol, subject string, sessions ...string) *authentication.LogoutNotice {
		return &authentication.LogoutNotice{Protocol: protocol, Issuer: "i", Subject: subject, SessionIDs: sessions, IssuedAt: at}
	}
	for name, c := range map[string]struct {
		notice *authentication.LogoutNotice
		id     *authentication.Identity
		want   bool
	}{
		"a user":                             {notice("oidc", "u"), id("oidc", "u", "1", -time.Second), true},
		"a user, at the same time":           {notice("oidc", "u"), id("oidc", "u", "1", 0), true},
		"a user, later":                      {notice("oidc", "u"), id("oidc", "u", "1", time.Second), false},
		"a user, at an unknown time":         {notice("oidc", "u"), unknown, true},
		"another user":                       {notice("oidc", "u"), id("oidc", "v", "1", -time.Second), false},
		"a session":                          {notice("oidc", "", "0", "1"), id("oidc", "u", "1", time.Second), true},
		"another session":                    {notice("oidc", "", "2"), id("oidc", "u", "1", 0), false},
		"a session without an ID":            {notice("oidc", "", "2"), id("oidc", "u", "", 0), false},
		"nobody":                             {notice("oidc", ""), id("oidc", "", "", 0), false},
		"a session of a user":                {notice("oidc", "u", "1"), id("oidc", "u", "1", time.Second), true},
		"a session of another user":          {notice("oidc", "v", "1"), id("oidc", "u", "1", 0), false},
		"SAML: a session of a user":          {notice("saml", "u", "1"), id("saml", "u", "1", 0), true},
		"SAML: the same index, another user": {notice("saml", "u", "1"), id("saml", "v", "1", 0), false},
		"SAML: the same index, later":        {notice("saml", "u", "1"), id("saml", "u", "1", time.Millisecond), false},
		"SAML: all of a user":                {notice("saml", "u"), id("saml", "u", "7", 0), true},
		"CAS: a ticket":                      {notice("cas", "", "ST-1"), id("cas", "u", "ST-1", time.Hour), true},
		"another protocol":                   {notice("oauth", "u"), id("oidc", "u", "1", 0), false},
		"no identity":                        {notice("oidc", "u"), nil, false},
	} {
		assert.Equal(t, c.want, c.notice.Ends(c.id), name)
	}
}

// HasNotice tells the server's messages from callbacks, by every protocol, and leaves the body unread.
func TestHasNotice(t *testing.T) {
	t.Parallel()
	get := func(query string) *http.Request { return httptest.NewRequest(http.MethodGet, localBack+"?"+query, nil) }
	post := func(body string) *http.Request { return posted(strings.NewReader(body), formType) }
	for name, c := range map[string]struct {
		p    authentication.Protocol
		yes  []*http.Request
		none []*http.Request
	}{
		"oidc":    {fixed{"oidc", newSite(t, nil).flow}, []*http.Request{post("logout_token=x"), get("iss=i&sid=s")}, []*http.Request{get("code=c&state=s&sid=x"), get("state=s"), post("state=s&code=c"), get("logout_token=x")}},
		"authing": {authentication.OIDC{}, nil, []*http.Request{post("logout_token=x"), get("iss=i&sid=s")}},
		"cas":     {authentication.CAS{}, []*http.Request{post("logoutRequest=x"), get("SAMLRequest=x"), get("logoutRequest=x")}, []*http.Request{get("ticket=ST-1&login=k"), post("SAMLRequest=x")}},
		"page":    {authentication.SAML{EntityID: samlEntity}, nil, []*http.Request{get("SAMLRequest=x"), posted(strings.NewReader("<a/>"), "text/xml")}},
		"saml":    {authentication.SAML{EntityID: samlEntity, SLOURL: samlSLO, Keys: []saml.Key{samlKey(t)}}, []*http.Request{get("SAMLRequest=x"), post("SAMLRequest=x"), posted(strings.NewReader("<a/>"), "text/xml")}, []*http.Request{post("SAMLResponse=x&RelayState=k"), get("SAMLResponse=x")}},
		"oauth":   {authentication.OAuth{}, nil, []*http.Request{get("iss=i&sid=s"), post("logout_token=x")}},
	} {
		client := newTestClient(t, nil, with(c.p))
		for _, r := range c.yes {
			assert.True(t, client.HasNotice(r), "%s %s", name, r.URL)
			if r.Header.Get("Content-Type") == formType {
				require.NoError(t, r.ParseForm())
				assert.NotEmpty(t, r.PostForm)
			}
		}
		for _, r := range append(c.none, nil) {
			assert.False(t, client.HasNotice(r), name)
		}
	}
	assert.False(t, (*authentication.Client)(nil).HasNotice(get("iss=i&sid=s")))
}

// A Confirm that fails is the error of the answer, and nothing was written.
func TestAnswerLogoutConfirms(t *testing.T) {
	t.Parallel()
	full := errors.New("the store is full")
	called := 0
	notice := &authentication.LogoutNotice{Protocol: "toy", Issuer: "https://toy.example", BackChannel: true, Confirm: func(context.Context) error {
		called++
		return full
	}}
	w := httptest.NewRecorder()
	require.ErrorIs(t, web.AnswerLogout(w, httptest.NewRequest(http.MethodPost, "/", nil), notice), full)
	assert.Equal(t, 1, called)
	assert.Empty(t, w.Header())
	notice.Unanswered = errors.New("unanswered")
	require.ErrorIs(t, web.AnswerLogout(w, httptest.NewRequest(http.MethodPost, "/", nil), notice), notice.Unanswered)
	assert.Equal(t, 1, called)
}

// OmitIDToken leaves out the ID token, wherever the identity has it.
func TestOIDCLogoutOmitsIDToken(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	for _, o := range []authentication.AuthorizeOptions{{}, {ResponseType: oidc.ResponseTypeIDToken, ResponseMode: oauth.ResponseModeFormPost}} {
		login, err := s.flow.BeginLogin(t.Context(), o)
		require.NoError(t, err)
		r, err := s.browser(t).Open(t.Context(), login.URL, nil)
		require.NoError(t, err)
		id, err := s.flow.CompleteLogin(t.Context(), login, r)
		require.NoError(t, err)
		out, err := s.logout.BeginLogout(t.Context(), id, authentication.LogoutOptions{RedirectURI: "https://app.example/bye", OmitIDToken: true})
		require.NoError(t, err)
		_, query, err := cut(out.URL)
		require.NoError(t, err)
		assert.Equal(t, url.Values{"client_id": {oidctest.ClientID}, "post_logout_redirect_uri": {"https://app.example/bye"}, "state": {out.Key}}, query)
	}
}
