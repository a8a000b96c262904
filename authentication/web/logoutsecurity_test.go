package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

// casLogout is a logoutRequest about these tickets.
func casLogout(name string, tickets ...string) string {
	request := `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"` +
		` ID="r1" Version="2.0" IssueInstant="2027-01-15T08:00:00Z"><saml:NameID>` + name + `</saml:NameID>`
	for _, t := range tickets {
		request += "<samlp:SessionIndex>" + t + "</samlp:SessionIndex>"
	}
	return url.Values{"logoutRequest": {request + "</samlp:LogoutRequest>"}}.Encode()
}

// A logout of CAS names tickets, never a user, and may come again.
func TestCAS16LogoutByTheTicketAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var tickets []string
	flow := &ticketSpy{LoginFlow: w.casFlow(), tickets: &tickets}
	w.config.Flows["cas"] = flow
	w.open()
	first, second, third := w.signedIn("", "cas"), w.signedIn("", "cas"), w.signedIn("", "cas")
	require.Len(t, tickets, 3)
	send := func(body string) int { return w.post("/auth/callback/cas", body).Code }
	assert.Equal(t, http.StatusOK, send(casLogout(idptest.Subject, "ST-unknown")), "an unknown ticket is a quiet 200")
	assert.Equal(t, http.StatusOK, send(casLogout(idptest.Username, "ST-unknown")))
	assert.True(t, first.alive())
	for range 2 {
		assert.Equal(t, http.StatusOK, send(casLogout("somebody", tickets[0], "ST-unknown", tickets[1])))
		assert.False(t, first.alive())
		assert.False(t, second.alive())
		assert.True(t, third.alive())
	}
	for name, body := range map[string]string{
		"no ticket": casLogout("alice"), "no XML": "logoutRequest=x", "a DOCTYPE": "logoutRequest=" + url.QueryEscape("<!DOCTYPE x><x/>"),
		"too long": casLogout(strings.Repeat("x", 1<<20), tickets[2]),
	} {
		assert.Equal(t, http.StatusUnauthorized, send(body), name)
		assert.True(t, third.alive(), name)
	}
}

// ticketSpy sees the tickets of logins. As a Client, it has the methods of every flow, and tells which flow is inside.
type ticketSpy struct {
	authentication.LoginFlow
	inside  authentication.Flow // nil is LoginFlow
	tickets *[]string
}

func (s *ticketSpy) Flow() authentication.Flow {
	if s.inside != nil {
		return s.inside
	}
	return s.LoginFlow
}

func (s *ticketSpy) CompleteLogin(ctx context.Context, l *authentication.Login, r *http.Request) (*authentication.Identity, error) {
	id, err := s.LoginFlow.CompleteLogin(ctx, l, r)
	if err == nil {
		*s.tickets = append(*s.tickets, id.SessionID)
	}
	return id, err
}

func (s *ticketSpy) logout() authentication.LogoutFlow {
	return s.LoginFlow.(authentication.LogoutFlow)
}

func (s *ticketSpy) notices() authentication.NoticeFlow {
	return s.LoginFlow.(authentication.NoticeFlow)
}

func (s *ticketSpy) BeginLogout(ctx context.Context, id *authentication.Identity, o authentication.LogoutOptions) (*authentication.Logout, error) {
	return s.logout().BeginLogout(ctx, id, o)
}

func (s *ticketSpy) CompleteLogout(ctx context.Context, l *authentication.Logout, r *http.Request) error {
	return s.logout().CompleteLogout(ctx, l, r)
}

func (s *ticketSpy) ReceiveLogout(ctx context.Context, r *http.Request) (*authentication.LogoutNotice, error) {
	return s.logout().ReceiveLogout(ctx, r)
}

func (s *ticketSpy) HasNotice(r *http.Request) bool { return s.notices().HasNotice(r) }
func (s *ticketSpy) UnsignedNotices() bool          { return s.notices().UnsignedNotices() }

// A LogoutRequest that nobody, or somebody else, signed ends nothing.
func TestSAML53LogoutRequests(t *testing.T) {
	t.Parallel()
	for fault, ends := range map[idptest.Fault]bool{
		"": true, samltest.LogoutUnsigned: false, samltest.LogoutBadSignature: false, samltest.LogoutWrongDestination: false,
		samltest.LogoutWrongIssuer: false, samltest.LogoutExpired: false, samltest.LogoutWrongName: false,
	} {
		w := newWorld(t)
		w.saml.Apps[0].SLOBinding = samltest.BindingPOST
		w.open()
		u := w.signedIn("", "saml")
		if fault != "" {
			w.saml.Break(fault)
		}
		r, err := u.person.Open(t.Context(), idOrigin+"/cas/logout", nil)
		require.NoError(t, err, fault)
		require.NoError(t, r.ParseForm())
		out := w.post("/auth/slo/saml", r.PostForm.Encode())
		assert.Equal(t, !ends, u.alive(), fault)
		switch {
		case ends, fault == samltest.LogoutWrongName: // somebody without a session here
			assert.Equal(t, http.StatusOK, out.Code, fault)
		default:
			assert.Equal(t, http.StatusUnauthorized, out.Code, fault)
			assert.ErrorIs(t, w.happened(web.EventNotice)[0].Err, authentication.ErrRefused, fault)
		}
		if ends {
			assert.Equal(t, http.StatusUnauthorized, w.post("/auth/slo/saml", r.PostForm.Encode()).Code, "it comes again")
		}
	}
}

// The address after the logout must be absolute; a wrong one keeps nobody logged in.
func TestL12PostLogoutRedirect(t *testing.T) {
	t.Parallel()
	for to, good := range map[string]bool{appOrigin + "/auth/loggedout/oidc": true, "/bye": false, "//app.example/bye": false, "javascript:alert(1)": false} {
		w := newWorld(t)
		w.config.LogoutOptions = func(string, *authentication.Identity) authentication.LogoutOptions {
			return authentication.LogoutOptions{RedirectURI: to}
		}
		w.open()
		u := w.signedIn("", "oidc")
		u.at = appOrigin
		p := u.submit("/auth/logout", url.Values{})
		assert.False(t, u.alive(), to)
		err := w.happened(web.EventLogout)[0].Err
		if good {
			assert.NoError(t, err)
			assert.Contains(t, p.body, confirmedOut)
			continue
		}
		assert.ErrorIs(t, err, authentication.ErrMisconfigured, to)
		assert.Contains(t, p.body, signedOut, to)
	}
}

// With InCookies a server's logout is an error, but for the session of the browser that brings it.
func TestInCookiesLosesLogouts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.config.Store, w.config.AllowLostLogouts = web.InCookies, true
	w.open()
	u := w.signedIn("", "oidc")
	e := w.happened(web.EventLogin)[0]
	assert.ErrorIs(t, w.site.EndSessions(t.Context(), e.Issuer, e.Subject), authentication.ErrMisconfigured)
	box := w.holdPosts("/auth/backchannel")
	_, err := w.realm.EndSessions(t.Context(), "")
	require.NoError(t, err)
	out := w.post("/auth/backchannel/oidc", box.one(t))
	assert.Equal(t, http.StatusBadRequest, out.Code)
	assert.True(t, u.alive())

	bySAML, other := w.signedIn("", "saml"), w.signedIn("", "saml")
	for _, b := range []*userAgent{bySAML, other} {
		r, err := b.person.Open(t.Context(), idOrigin+"/cas/logout", nil)
		require.NoError(t, err)
		bySAML.at = idOrigin
		bySAML.hold = func(r *http.Request) bool { return originOf(r.URL) == idOrigin }
		p := bySAML.navigate(r)
		assert.Equal(t, b == bySAML, p.held != nil, "it goes back to the server with the answer")
		if p.held == nil {
			assert.Equal(t, http.StatusInternalServerError, p.StatusCode)
		}
		assert.False(t, bySAML.alive())
		assert.True(t, other.alive())
	}

	u.at = appOrigin // the user's own logout works
	assert.Equal(t, http.StatusOK, u.submit("/auth/logout", url.Values{}).StatusCode)
	assert.False(t, u.alive())
	assert.Nil(t, u.jar.find("__Host-Http-session.0"))
}
