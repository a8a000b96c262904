//go:build interop

package keycloak

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
	"github.com/seed6e7d3bb2/authing-go/saml"
)

// byServer makes Keycloak tell the service provider of a logout by itself.
var byServer = map[string]any{"frontchannelLogout": false}

func soap(c *saml.Config) { c.SOAPLogoutURL = c.SLOURL }

// leave begins a logout at p, and returns what the browser brings to the next service provider, or back.
func (p *party) leave(t *testing.T, who *formlogin.Person, user *saml.Assertion, binding saml.Binding, stop string) (*saml.Logout, *http.Request) {
	t.Helper()
	out, err := p.BeginLogout(t.Context(), saml.LogoutOptions{NameID: user.NameID, SessionIndexes: []string{user.SessionIndex}, Binding: binding})
	require.NoError(t, err)
	return out, send(t, who, out.URL, out.Form, stop)
}

func send(t *testing.T, who *formlogin.Person, address string, form map[string][]string, stop string) *http.Request {
	t.Helper()
	if form == nil {
		return visit(t, who, address, stop)
	}
	r, err := who.Submit(t.Context(), address, form, stop)
	require.NoError(t, err)
	return r
}

// over checks that the user has no session at Keycloak.
func (p *party) over(t *testing.T, who *formlogin.Person) {
	t.Helper()
	l, r := p.begin(t, who, saml.AuthorizeOptions{IsPassive: true})
	_, err := p.CompleteLogin(t.Context(), l, r)
	require.Error(t, err)
}

// The user logs out at another service provider, and Keycloak tells the first one by SOAP. Keycloak does not pass on that
// the first one could not end all.
func TestSAMLLogoutBySOAP(t *testing.T) {
	t.Parallel()
	k := server(t)
	for _, status := range []saml.StatusCode{saml.Success, saml.PartialLogout} {
		told, asks, who := k.samlParty(t, byServer, nil, soap), k.samlParty(t, nil, nil), k.alice(t)
		told.status = status
		at := told.login(t, who, saml.AuthorizeOptions{})
		out, back := asks.leave(t, who, asks.login(t, who, saml.AuthorizeOptions{}), "", asks.config.SLOURL)
		require.NoError(t, asks.CompleteLogout(t.Context(), out, back))
		told.toldOf(t, at)
		asks.over(t, who)
	}
}

// toldOf wants one request by SOAP, for that session.
func (p *party) toldOf(t *testing.T, user *saml.Assertion) {
	t.Helper()
	requests, refused := p.received()
	require.Empty(t, refused)
	require.Len(t, requests, 1)
	assert.Equal(t, saml.BindingSOAP, requests[0].Binding)
	assert.Equal(t, user.Issuer, requests[0].Issuer)
	assert.Equal(t, user.NameID, requests[0].NameID)
	assert.Equal(t, []string{user.SessionIndex}, requests[0].SessionIndexes)
}

// The administrator ends the sessions of a user. There is no browser at all.
func TestSAMLLogoutByTheAdministrator(t *testing.T) {
	t.Parallel()
	k := server(t)
	p, who := k.samlParty(t, byServer, nil, soap), k.person(t, "bob", "builder")
	user := p.login(t, who, saml.AuthorizeOptions{})
	var found []struct {
		ID string `json:"id"`
	}
	require.NoError(t, json.Unmarshal(k.call(t, "/interop/users?exact=true&username=bob", nil), &found))
	require.Len(t, found, 1)
	k.call(t, "/interop/users/"+found[0].ID+"/logout", map[string]any{})
	p.toldOf(t, user)
}

// Without a signature a request by SOAP is refused, whatever is allowed by the browser.
func TestSAMLLogoutBySOAPUnsigned(t *testing.T) {
	t.Parallel()
	k := server(t)
	told := k.samlParty(t, byServer, attributes{"saml.server.signature": "false", "saml.assertion.signature": "true"}, soap, func(c *saml.Config) { c.AllowUnsignedLogout = true })
	asks, who := k.samlParty(t, nil, nil), k.alice(t)
	told.login(t, who, saml.AuthorizeOptions{})
	asks.leave(t, who, asks.login(t, who, saml.AuthorizeOptions{}), "", asks.config.SLOURL)
	requests, refused := told.received()
	assert.Empty(t, requests)
	require.Len(t, refused, 1)
	require.ErrorIs(t, refused[0], saml.CheckSignature)
}

// By way of the browser: Keycloak sends a request to the other service provider before it answers the first.
func TestSAMLLogoutByTheBrowser(t *testing.T) {
	t.Parallel()
	k := server(t)
	for binding, known := range map[saml.Binding]attributes{ // Keycloak prefers POST
		saml.BindingRedirect: {"saml_single_logout_service_url_post": "", "saml.force.post.binding": "false"}, saml.BindingPOST: nil,
	} {
		first, second, who := k.samlParty(t, nil, known), k.samlParty(t, nil, known), k.alice(t)
		at := second.login(t, who, saml.AuthorizeOptions{})
		out, r := first.leave(t, who, first.login(t, who, saml.AuthorizeOptions{}), binding, "http://127.0.0.1:")
		require.Equal(t, second.config.SLOURL, second.home+r.URL.Path)
		require.Empty(t, saml.LogoutKey(r))
		request, err := second.ReceiveLogout(t.Context(), r)
		require.NoError(t, err)
		assert.Equal(t, binding, request.Binding)
		assert.Equal(t, at.NameID, request.NameID)
		assert.Equal(t, []string{at.SessionIndex}, request.SessionIndexes)
		_, err = second.ReceiveLogout(t.Context(), r)
		require.ErrorIs(t, err, saml.CheckReplay)
		reply, err := second.RespondLogout(t.Context(), request, saml.Success)
		require.NoError(t, err)
		back := send(t, who, reply.URL, reply.Form, first.config.SLOURL)
		require.Equal(t, out.Key, saml.LogoutKey(back))
		require.NoError(t, first.CompleteLogout(t.Context(), out, back))
		first.over(t, who)
	}
}

// Keycloak's metadata has no key for encryption, so that a name cannot be hidden from the browser.
func TestSAMLLogoutWithAnEncryptedName(t *testing.T) {
	t.Parallel()
	k := server(t)
	p := k.samlParty(t, nil, nil, func(c *saml.Config) { c.EncryptNameID = true })
	user := p.login(t, k.alice(t), saml.AuthorizeOptions{})
	_, err := p.BeginLogout(t.Context(), saml.LogoutOptions{NameID: user.NameID})
	require.ErrorContains(t, err, "EncryptNameID")
}
