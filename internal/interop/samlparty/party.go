//go:build interop

package samlparty

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
	"github.com/seed6e7d3bb2/authing-go/saml"
)

// Party is a service provider of a test.
type Party struct {
	*saml.Client
	// Config is what Client was made of.
	Config saml.Config
	// Site is the identity provider.
	Site *Site
}

// As returns the same service provider with another configuration of the client.
func (p *Party) As(t *testing.T, change ...func(*saml.Config)) *Party {
	t.Helper()
	other := *p
	for _, f := range change {
		f(&other.Config)
	}
	var err error
	other.Client, err = saml.NewClient(other.Config)
	require.NoError(t, err)
	return &other
}

// Document is its metadata.
func (p *Party) Document(t *testing.T, o saml.MetadataDocOptions) []byte {
	t.Helper()
	document, err := p.Metadata(t.Context(), o)
	require.NoError(t, err)
	return document
}

// Begin sends the user to the identity provider, and returns what the browser brings back.
func (p *Party) Begin(t *testing.T, who *formlogin.Person, o saml.AuthorizeOptions) (*saml.Login, *http.Request) {
	t.Helper()
	login, err := p.BeginLogin(t.Context(), o)
	require.NoError(t, err)
	return login, Visit(t, who, login.URL, login.Form)
}

// Login logs the user in.
func (p *Party) Login(t *testing.T, who *formlogin.Person, o saml.AuthorizeOptions) *saml.Assertion {
	t.Helper()
	login, callback := p.Begin(t, who, o)
	require.Equal(t, login.Key, saml.LoginKey(Arrived(t, callback)))
	user, err := p.CompleteLogin(t.Context(), login, Arrived(t, callback))
	require.NoError(t, err)
	return user
}

// Leave begins a logout, and returns what the browser brings to the next service provider, or back.
func (p *Party) Leave(t *testing.T, who *formlogin.Person, user *saml.Assertion, binding saml.Binding) (*saml.Logout, *http.Request) {
	t.Helper()
	logout, err := p.BeginLogout(t.Context(), saml.LogoutOptions{
		IDP: user.Issuer, NameID: user.NameID, SessionIndexes: []string{user.SessionIndex}, Binding: binding,
	})
	require.NoError(t, err)
	assert.Equal(t, binding == saml.BindingPOST, logout.Form != nil)
	return logout, Visit(t, who, logout.URL, logout.Form)
}

// Answer ends the session that the identity provider's request names, and returns our answer.
func (p *Party) Answer(t *testing.T, r *http.Request, user *saml.Assertion, status saml.StatusCode) *saml.LogoutReply {
	t.Helper()
	require.Equal(t, p.Config.SLOURL, strings.SplitN(r.URL.String(), "?", 2)[0])
	require.Empty(t, saml.LogoutKey(Arrived(t, r)))
	request, err := p.ReceiveLogout(t.Context(), Arrived(t, r))
	require.NoError(t, err)
	assert.Equal(t, user.Issuer, request.Issuer)
	assert.Equal(t, user.NameID, request.NameID)
	assert.Equal(t, []string{user.SessionIndex}, request.SessionIndexes)
	_, err = p.ReceiveLogout(t.Context(), Arrived(t, r))
	require.ErrorIs(t, err, saml.CheckReplay)
	reply, err := p.RespondLogout(t.Context(), request, status)
	require.NoError(t, err)
	return reply
}

// Over checks that the user has no session at the identity provider.
func (p *Party) Over(t *testing.T, who *formlogin.Person) {
	t.Helper()
	login, callback := p.Begin(t, who, saml.AuthorizeOptions{IsPassive: true})
	_, err := p.CompleteLogin(t.Context(), login, Arrived(t, callback))
	require.ErrorIs(t, err, saml.NoPassive)
}

// Visit goes from our message to the next service provider as the user would.
func Visit(t *testing.T, who *formlogin.Person, address string, form url.Values) *http.Request {
	t.Helper()
	r, err := walk(t, who, address, form)
	require.NoError(t, err)
	return r
}

// Refused goes from our message to a page of the identity provider, and returns its text.
func Refused(t *testing.T, who *formlogin.Person, address string, form url.Values) string {
	t.Helper()
	_, err := walk(t, who, address, form)
	var page *formlogin.PageError
	require.ErrorAs(t, err, &page)
	return page.Body
}

func walk(t *testing.T, who *formlogin.Person, address string, form url.Values) (*http.Request, error) {
	t.Helper()
	if form == nil {
		return who.Visit(t.Context(), address, Home)
	}
	return who.Submit(t.Context(), address, form, Home)
}
