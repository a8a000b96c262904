//go:build interop

package simplesamlphp

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
	"github.com/seed6e7d3bb2/authing-go/saml"
)

const (
	validateLogout = "validate.logout"
	logoutByUser   = "urn:oasis:names:tc:SAML:2.0:logout:user"
)

// leave sends the user to the server with a logout of their session at p.
func (p *party) leave(t *testing.T, who *formlogin.Person, user *saml.Assertion, binding saml.Binding) (*saml.Logout, *http.Request) {
	t.Helper()
	logout, err := p.BeginLogout(t.Context(), saml.LogoutOptions{
		IDP: user.Issuer, NameID: user.NameID, SessionIndexes: []string{user.SessionIndex}, Binding: binding, Reason: logoutByUser,
	})
	require.NoError(t, err)
	assert.Equal(t, binding == saml.BindingPOST, logout.Form != nil)
	return logout, visit(t, who, logout.URL, logout.Form)
}

// answer ends the session in the server's request at p, and sends the user back.
func (p *party) answer(t *testing.T, who *formlogin.Person, r *http.Request, user *saml.Assertion, status saml.StatusCode) *http.Request {
	t.Helper()
	require.Equal(t, p.config.SLOURL, strings.SplitN(r.URL.String(), "?", 2)[0])
	assert.Empty(t, saml.LogoutKey(arrived(t, r)))
	request, err := p.ReceiveLogout(t.Context(), arrived(t, r))
	require.NoError(t, err)
	assert.Equal(t, user.Issuer, request.Issuer)
	assert.Equal(t, user.NameID, request.NameID)
	assert.Equal(t, []string{user.SessionIndex}, request.SessionIndexes)
	if !p.config.AllowUnsignedLogout { // data that anyone may send is not kept
		_, err = p.ReceiveLogout(t.Context(), arrived(t, r))
		require.ErrorIs(t, err, saml.CheckReplay)
	}
	reply, err := p.RespondLogout(t.Context(), request, status)
	require.NoError(t, err)
	assert.Equal(t, request.Binding == saml.BindingPOST, reply.Form != nil)
	return visit(t, who, reply.URL, reply.Form)
}

// over checks that the user no longer has a session at the server.
func (p *party) over(t *testing.T, who *formlogin.Person) {
	t.Helper()
	login, callback := p.begin(t, who, saml.AuthorizeOptions{IsPassive: true})
	_, err := p.CompleteLogin(t.Context(), login, arrived(t, callback))
	require.ErrorIs(t, err, saml.NoPassive)
}

func TestLogout(t *testing.T) {
	t.Parallel()
	s := server(t)
	p := s.party(t, options{validateLogout: true})
	for _, binding := range []saml.Binding{saml.BindingRedirect, saml.BindingPOST} {
		who := person(t)
		logout, r := p.leave(t, who, p.login(t, who, saml.AuthorizeOptions{}), binding)
		assert.Equal(t, logout.Key, saml.LogoutKey(arrived(t, r)))
		require.NoError(t, p.CompleteLogout(t.Context(), logout, arrived(t, r)))
		require.ErrorIs(t, p.CompleteLogout(t.Context(), logout, arrived(t, r)), saml.CheckReplay)
		p.over(t, who)
	}
}

// The server logs out the second service provider before it answers the first.
func TestLogoutOfTwo(t *testing.T) {
	t.Parallel()
	s := server(t)
	p := s.party(t, options{validateLogout: true})
	for _, binding := range []saml.Binding{saml.BindingRedirect, saml.BindingPOST} {
		q := s.only(t, binding, options{validateLogout: true})
		for _, status := range []saml.StatusCode{saml.Success, saml.Responder, saml.PartialLogout, saml.RequestDenied} {
			who := person(t)
			at := q.login(t, who, saml.AuthorizeOptions{})
			logout, r := p.leave(t, who, p.login(t, who, saml.AuthorizeOptions{}), binding)
			last := q.answer(t, who, r, at, status)
			err := p.CompleteLogout(t.Context(), logout, arrived(t, last))
			if status == saml.Success {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, saml.PartialLogout)
			}
			p.over(t, who)
		}
	}
}

// The user logs out at the server, which sends a request to each service provider.
func TestLogoutAtTheServer(t *testing.T) {
	t.Parallel()
	s := server(t)
	p := s.party(t, options{validateLogout: true})
	for _, binding := range []saml.Binding{saml.BindingRedirect, saml.BindingPOST} {
		q, who := s.only(t, binding, options{validateLogout: true}), person(t)
		first, second := p.login(t, who, saml.AuthorizeOptions{}), q.login(t, who, saml.AuthorizeOptions{})
		r := visit(t, who, s.slo+"?"+url.Values{"ReturnTo": {s.entityID}}.Encode(), nil)
		if strings.HasPrefix(r.URL.String(), q.config.SLOURL) {
			r = q.answer(t, who, r, second, saml.Success)
			p.last(t, who, r, first)
		} else {
			r = p.answer(t, who, r, first, saml.Success)
			q.last(t, who, r, second)
		}
		p.over(t, who)
	}
}

// last answers the last request of a logout; then the server shows the requested page.
func (p *party) last(t *testing.T, who *formlogin.Person, r *http.Request, user *saml.Assertion) {
	t.Helper()
	request, err := p.ReceiveLogout(t.Context(), arrived(t, r))
	require.NoError(t, err)
	assert.Equal(t, user.NameID, request.NameID)
	reply, err := p.RespondLogout(t.Context(), request, saml.Success)
	require.NoError(t, err)
	if reply.Form == nil {
		_, err = who.Visit(t.Context(), reply.URL, parties)
	} else {
		_, err = who.Submit(t.Context(), reply.URL, reply.Form, parties)
	}
	var page *formlogin.PageError
	require.ErrorAs(t, err, &page)
	assert.Equal(t, p.site.entityID, page.URL)
}

// only is a service provider whose metadata has one binding for logouts.
func (s *site) only(t *testing.T, binding saml.Binding, o options) *party {
	t.Helper()
	p := &party{config: s.config(t), site: s}
	p.Client = newClient(t, p.config)
	other := saml.BindingPOST
	if binding == other {
		other = saml.BindingRedirect
	}
	s.register(t, without(t, p.metadata(t), `<md:SingleLogoutService Binding="`+string(other)+`"`), o)
	return p
}

// Messages without a signature, or with a wrong one. An option makes the server send them unsigned.
func TestLogoutUnsigned(t *testing.T) {
	t.Parallel()
	s := server(t)
	p, q := s.party(t, options{"redirect.sign": false}), s.party(t, options{"redirect.sign": false})
	for _, allowed := range []bool{false, true} {
		allow := func(c *saml.Config) { c.AllowUnsignedLogout = allowed }
		p, q, who := p.as(t, allow), q.as(t, allow), person(t)
		at := q.login(t, who, saml.AuthorizeOptions{})
		logout, r := p.leave(t, who, p.login(t, who, saml.AuthorizeOptions{}), saml.BindingRedirect)
		require.False(t, r.URL.Query().Has("Signature"))
		if allowed {
			last := q.answer(t, who, r, at, saml.Success)
			require.NoError(t, p.CompleteLogout(t.Context(), logout, arrived(t, last)))
			continue
		}
		_, err := q.ReceiveLogout(t.Context(), arrived(t, r))
		require.ErrorIs(t, err, saml.CheckSignature)
		assert.ErrorContains(t, err, "AllowUnsignedLogout")
	}
}

// The server requires signatures; without them it shows a page and sends no requests.
func TestLogoutUnsignedByUs(t *testing.T) {
	t.Parallel()
	s := server(t)
	p, who := s.party(t, options{validateLogout: true, "redirect.validate": true}), person(t)
	user := p.login(t, who, saml.AuthorizeOptions{})
	bare := p.as(t, func(c *saml.Config) { c.Keys, c.AllowUnsignedLogout = nil, true })
	logout, err := bare.BeginLogout(t.Context(), saml.LogoutOptions{NameID: user.NameID, SessionIndexes: []string{user.SessionIndex}})
	require.NoError(t, err)
	_, err = who.Visit(t.Context(), logout.URL, parties)
	var page *formlogin.PageError
	require.ErrorAs(t, err, &page)
	assert.Contains(t, page.Body, "no signature found on message")
	p.login(t, who, saml.AuthorizeOptions{IsPassive: true})
}

// The server's logout messages, changed or sent to another service provider.
func TestLogoutOfOthers(t *testing.T) {
	t.Parallel()
	s := server(t)
	p, q, who := s.party(t, nil), s.party(t, nil), person(t)
	at := q.login(t, who, saml.AuthorizeOptions{})
	logout, r := p.leave(t, who, p.login(t, who, saml.AuthorizeOptions{}), saml.BindingRedirect)

	_, err := p.ReceiveLogout(t.Context(), moved(t, r, p.config.SLOURL+"?"+r.URL.RawQuery))
	require.ErrorIs(t, err, saml.CheckDestination)
	_, err = q.ReceiveLogout(t.Context(), moved(t, r, strings.Replace(r.URL.String(), "RelayState=", "RelayState=x", 1)))
	require.ErrorIs(t, err, saml.CheckSignature)
	_, err = q.ReceiveLogout(t.Context(), moved(t, r, strings.Replace(r.URL.String(), "rsa-sha256", "rsa-sha512", 1)))
	require.ErrorIs(t, err, saml.CheckSignature)
	late := q.as(t, func(c *saml.Config) { c.Now = func() time.Time { return time.Now().Add(time.Hour) } })
	_, err = late.ReceiveLogout(t.Context(), arrived(t, r))
	require.ErrorIs(t, err, saml.CheckLogout)

	last := q.answer(t, who, r, at, saml.Success)
	other, err := p.BeginLogout(t.Context(), saml.LogoutOptions{NameID: at.NameID})
	require.NoError(t, err)
	require.ErrorIs(t, p.CompleteLogout(t.Context(), other, arrived(t, last)), saml.CheckRelayState)
	other.Key = logout.Key
	require.ErrorIs(t, p.CompleteLogout(t.Context(), other, arrived(t, last)), saml.CheckInResponseTo)
	require.NoError(t, p.CompleteLogout(t.Context(), logout, arrived(t, last)))
}

func moved(t *testing.T, r *http.Request, address string) *http.Request {
	t.Helper()
	require.NotEqual(t, r.URL.String(), address)
	u, err := url.Parse(address)
	require.NoError(t, err)
	c := r.Clone(t.Context())
	c.URL = u
	return c
}

func TestLogoutOfAnEncryptedName(t *testing.T) {
	t.Parallel()
	s := server(t)
	cbc := func(c *saml.Config) { c.AllowCBC = true }
	p, q, who := s.party(t, nil), s.party(t, options{encryptNameID: true}, cbc), person(t)
	at := q.login(t, who, saml.AuthorizeOptions{})
	logout, r := p.leave(t, who, p.login(t, who, saml.AuthorizeOptions{}), saml.BindingRedirect)
	last := q.answer(t, who, r, at, saml.Success)
	require.NoError(t, p.CompleteLogout(t.Context(), logout, arrived(t, last)))
}
