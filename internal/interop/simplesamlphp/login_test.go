//go:build interop

package simplesamlphp

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

func TestLogin(t *testing.T) {
	t.Parallel()
	s := server(t)
	p := s.party(t, nil)
	for _, binding := range []saml.Binding{"", saml.BindingRedirect, saml.BindingPOST} {
		login, callback := p.begin(t, person(t), saml.AuthorizeOptions{Binding: binding})
		assert.Equal(t, binding == saml.BindingPOST, login.Form != nil)
		assert.Equal(t, http.MethodPost+" "+p.config.ACSURL, callback.Method+" "+callback.URL.String())
		assert.Equal(t, login.Key, saml.LoginKey(arrived(t, callback)))
		got, err := p.CompleteLogin(t.Context(), login, arrived(t, callback))
		require.NoError(t, err)

		assert.Equal(t, s.entityID, got.Issuer)
		assert.Equal(t, login.RequestID, got.InResponseTo)
		assert.Equal(t, saml.NameIDTransient, got.NameID.Format)
		assert.Equal(t, p.config.EntityID, got.NameID.SPNameQualifier)
		assert.NotEmpty(t, got.SessionIndex)
		assert.WithinDuration(t, time.Now(), got.AuthnInstant, time.Minute)
		assert.WithinDuration(t, time.Now().Add(8*time.Hour), got.SessionNotOnOrAfter, time.Minute)
		assert.Equal(t, "urn:oasis:names:tc:SAML:2.0:ac:classes:Password", got.AuthnContext)
		assert.Equal(t, []string{
			"uid=alice", "mail=alice@example.test", "displayName=Alice <&> Example", "cn=爱丽丝",
			"groups=admin", "groups=dev", "nothing=",
		}, flat(got.Attributes))
		assert.Equal(t, "urn:oasis:names:tc:SAML:2.0:attrname-format:basic", got.Attributes[0].NameFormat)
		assert.Equal(t, "xs:string", got.Attributes[0].Values[0].Type)
	}
}

func flat(attributes []saml.Attribute) []string {
	var all []string
	for _, a := range attributes {
		for _, v := range a.Values {
			all = append(all, a.Name+"="+v.Text)
		}
	}
	return all
}

// A Login can be stored until the browser comes back.
func TestLoginStored(t *testing.T) {
	t.Parallel()
	s := server(t)
	p := s.party(t, nil)
	login, callback := p.begin(t, person(t), saml.AuthorizeOptions{})
	stored, err := json.Marshal(login)
	require.NoError(t, err)
	var read saml.Login
	require.NoError(t, json.Unmarshal(stored, &read))
	_, err = newClient(t, p.config).CompleteLogin(t.Context(), &read, arrived(t, callback)) // by another process
	require.NoError(t, err)
}

// One of several addresses, by its value and by its index in our metadata.
func TestLoginAtAnotherAddress(t *testing.T) {
	t.Parallel()
	s := server(t)
	p := s.party(t, nil, func(c *saml.Config) { c.MoreACSURLs = []string{c.ACSURL + "/2", c.ACSURL + "/3?a=1&b=2"} })
	for _, address := range p.config.MoreACSURLs {
		for _, index := range []bool{false, true} {
			login, callback := p.begin(t, person(t), saml.AuthorizeOptions{ACSURL: address, SendACSIndex: index})
			assert.Equal(t, address, callback.URL.String())
			_, err := p.CompleteLogin(t.Context(), login, arrived(t, callback))
			require.NoError(t, err)
		}
	}
}

func TestLoginPassive(t *testing.T) {
	t.Parallel()
	s := server(t)
	p, who := s.party(t, nil), person(t)
	login, callback := p.begin(t, who, saml.AuthorizeOptions{IsPassive: true})
	_, err := p.CompleteLogin(t.Context(), login, arrived(t, callback))
	var status *saml.StatusError
	require.ErrorAs(t, err, &status)
	require.ErrorIs(t, err, saml.NoPassive)

	p.login(t, who, saml.AuthorizeOptions{})
	p.login(t, who, saml.AuthorizeOptions{IsPassive: true})
}

func TestLoginForced(t *testing.T) {
	t.Parallel()
	s := server(t)
	p, who := s.party(t, nil), person(t)
	first := p.login(t, who, saml.AuthorizeOptions{})
	who.Password = "forgotten"
	again := p.login(t, who, saml.AuthorizeOptions{})
	assert.Equal(t, first.AuthnInstant, again.AuthnInstant)

	login, err := p.BeginLogin(t.Context(), saml.AuthorizeOptions{ForceAuthn: true})
	require.NoError(t, err)
	_, err = who.Visit(t.Context(), login.URL, parties)
	require.Error(t, err, "the login form comes back for ever")

	who.Password = "wonderland"
	p.login(t, who, saml.AuthorizeOptions{ForceAuthn: true})
}

func TestLoginTooOld(t *testing.T) {
	t.Parallel()
	s := server(t)
	p, who := s.party(t, nil), person(t)
	login, callback := p.begin(t, who, saml.AuthorizeOptions{MaxAge: time.Second})
	later := p.as(t, func(c *saml.Config) { c.Now = func() time.Time { return time.Now().Add(2 * time.Minute) } })
	_, err := later.CompleteLogin(t.Context(), login, arrived(t, callback))
	require.ErrorIs(t, err, saml.CheckAuthn)
	_, err = p.CompleteLogin(t.Context(), login, arrived(t, callback))
	require.NoError(t, err)
}

// The server ignores RequestedAuthnContext, so the client must compare the class.
func TestLoginContext(t *testing.T) {
	t.Parallel()
	s := server(t)
	p, who := s.party(t, nil), person(t)
	classes := "urn:oasis:names:tc:SAML:2.0:ac:classes:"
	p.login(t, who, saml.AuthorizeOptions{RequestedAuthnContext: &saml.RequestedAuthnContext{Classes: []string{classes + "X509", classes + "Password"}}})
	login, callback := p.begin(t, who, saml.AuthorizeOptions{RequestedAuthnContext: &saml.RequestedAuthnContext{Classes: []string{classes + "X509"}}})
	_, err := p.CompleteLogin(t.Context(), login, arrived(t, callback))
	require.ErrorIs(t, err, saml.CheckAuthn)
}

func TestLoginScoping(t *testing.T) {
	t.Parallel()
	s := server(t)
	p, count := s.party(t, nil), 0
	p.login(t, person(t), saml.AuthorizeOptions{Scoping: &saml.Scoping{
		ProxyCount: &count, IDPs: []string{s.entityID}, RequesterIDs: []string{"urn:a", "urn:b"},
	}})
}

func TestLoginWithAWrongPassword(t *testing.T) {
	t.Parallel()
	s := server(t)
	p, who := s.party(t, nil), person(t)
	who.Password = "wrong"
	login, err := p.BeginLogin(t.Context(), saml.AuthorizeOptions{})
	require.NoError(t, err)
	_, err = who.Visit(t.Context(), login.URL, parties)
	require.Error(t, err, "the form comes back for ever")
}
