package authentication_test

import (
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/cas/castest"
	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
)

// A text that is not a logout request is refused with a typed error, without the ticket.
func TestCAS16HostileLogoutRequests(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, nil, with(authentication.CAS{}))
	const good = `<p:LogoutRequest xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" ID="LR-1" Version="2.0"><p:SessionIndex>ST-secret-1</p:SessionIndex></p:LogoutRequest>`
	post := func(form url.Values) *http.Request {
		return posted(strings.NewReader(form.Encode()), formType)
	}
	message := func(text string) *http.Request { return post(url.Values{"logoutRequest": {text}}) }
	notice, err := client.ReceiveLogout(t.Context(), message(good))
	require.NoError(t, err)
	assert.Equal(t, &authentication.LogoutNotice{Protocol: "cas", Issuer: testHost + "/cas-idp/" + testApp, SessionIDs: []string{"ST-secret-1"}, BackChannel: true, Unsigned: true}, notice)

	get := callback(t, url.Values{"logoutRequest": {good}})
	for name, c := range map[string]struct {
		r     *http.Request
		check cas.TicketCheck
	}{
		"by GET":          {get, cas.CheckMethod},
		"no parameter":    {post(url.Values{"logoutrequest": {good}}), cas.CheckMalformed},
		"twice":           {post(url.Values{"logoutRequest": {good, good}}), cas.CheckRepeated},
		"not a form":      {posted(strings.NewReader("logoutRequest="+url.QueryEscape(good)), "text/xml"), cas.CheckMalformed},
		"too long":        {message(good + strings.Repeat(" ", 64<<10)), cas.CheckMalformed},
		"no XML":          {message("ST-secret-1"), cas.CheckSyntax},
		"with a doctype":  {message("<!DOCTYPE x>" + good), cas.CheckSyntax},
		"another message": {message(strings.ReplaceAll(good, "LogoutRequest", "LogoutResponse")), cas.CheckRoot},
		"no namespace":    {message(strings.ReplaceAll(good, "SAML:2.0", "SAML:1.0")), cas.CheckRoot},
		"no session":      {message(strings.ReplaceAll(good, "SessionIndex", "Index")), cas.CheckSessionIndex},
	} {
		notice, err := client.ReceiveLogout(t.Context(), c.r)
		require.ErrorIs(t, err, c.check, name)
		assert.Equal(t, "refused", kind(err), name)
		assert.NotContains(t, err.Error(), "secret", name)
		assert.Nil(t, notice)
	}
	_, err = client.ReceiveLogout(t.Context(), nil)
	assert.Equal(t, "no answer", kind(err))
	read := message(good)
	require.NoError(t, read.ParseForm())
	_, err = client.ReceiveLogout(t.Context(), read)
	require.ErrorContains(t, err, "was parsed before")
	assert.Equal(t, "misconfigured", kind(err), "the application's mistake")
	_, err = client.ReceiveLogout(t.Context(), posted(io.MultiReader(strings.NewReader("logoutRequest="), failingReader{io.ErrUnexpectedEOF}), formType))
	assert.Equal(t, "no answer", kind(err))
}

// A wrong stored form is an error, as for a Login.
func TestLogoutJSON(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, nil, with(authentication.CAS{}))
	out, err := client.BeginLogout(t.Context(), &authentication.Identity{Protocol: "cas"}, authentication.LogoutOptions{})
	require.NoError(t, err)
	failsClosed(t, out, "authentication: stored logout: ", 7)
	back := stored(t, out)
	assert.Equal(t, out.URL, back.URL)
	assert.Equal(t, out.CreatedAt, back.CreatedAt)
	assert.Equal(t, back, stored(t, back))
}

// The message comes through the browser only when the client allows it.
func TestCASFrontChannelLogout(t *testing.T) {
	t.Parallel()
	for _, channel := range []castest.LogoutChannel{castest.FrontChannel, castest.FrontChannelRaw} {
		f, app := logoutFake(t, channel)
		flow := f.standardCAS(t, func(c *cas.Config) { c.AllowFrontChannelLogout = true })
		app.flow = flow.(authentication.LogoutFlow)
		who := f.browser(t)
		id := f.enter(t, who, flow)
		app.logIn(id)
		out, err := app.flow.BeginLogout(t.Context(), id, authentication.LogoutOptions{RedirectURI: localBye})
		require.NoError(t, err)
		assert.Equal(t, mockHost+"/cas/logout?service="+url.QueryEscape(localBye), out.URL)
		_, err = who.Visit(t.Context(), out.URL, localBye)
		var page *formlogin.PageError
		require.ErrorAs(t, err, &page)
		frames := regexp.MustCompile(`<iframe [^>]*src="([^"]*)"`).FindAllStringSubmatch(page.Body, -1)
		require.Len(t, frames, 1)
		brought, err := http.NewRequestWithContext(t.Context(), http.MethodGet, html.UnescapeString(frames[0][1]), nil)
		require.NoError(t, err)

		_, err = f.client.ReceiveLogout(t.Context(), brought)
		require.ErrorIs(t, err, cas.CheckMethod, "Authing documents none")
		assert.Equal(t, "refused", kind(err))
		_, err = app.RoundTrip(brought)
		require.NoError(t, err)
		assert.Equal(t, []error{nil}, app.errs)
		assert.Equal(t, mockHost+"/cas", app.notices[0].Issuer)
		assert.Empty(t, app.sessions)
	}
}
