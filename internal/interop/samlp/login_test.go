//go:build interop

package samlp

import (
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop/samlparty"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

func site(t *testing.T) *samlparty.Site { return samlparty.Open(t, "samlp") }

func TestMetadata(t *testing.T) {
	t.Parallel()
	s := site(t)
	source, err := metadata.NewSource(metadata.Config{URL: s.Facts["METADATA_URL"], EntityID: s.IDP.EntityID})
	require.NoError(t, err)
	idp, err := source.IDP(t.Context(), s.IDP.EntityID)
	require.NoError(t, err)
	both := func(location string) []metadata.Endpoint {
		return []metadata.Endpoint{{Binding: saml.BindingRedirect, Location: location}, {Binding: saml.BindingPOST, Location: location}}
	}
	assert.Equal(t, both(s.Facts["BASE_URL"]+"/sso"), idp.SSO)
	assert.Equal(t, both(s.Facts["BASE_URL"]+"/slo"), idp.SLO)
	assert.Equal(t, []string{saml.NameIDEmail, saml.NameIDPersistent, saml.NameIDTransient}, idp.NameIDFormats)
	assert.Len(t, idp.Keys, 1)
	assert.False(t, idp.WantAuthnRequestsSigned, "it does not say so, and yet demands it")
	s.Party(t, nil, func(c *saml.Config) { c.IDP = source }).Login(t, samlparty.Alice(t), saml.AuthorizeOptions{})
}

func TestLogin(t *testing.T) {
	t.Parallel()
	s := site(t)
	p := s.Party(t, nil)
	for _, binding := range []saml.Binding{saml.BindingRedirect, saml.BindingPOST} {
		login, callback := p.Begin(t, samlparty.Alice(t), saml.AuthorizeOptions{Binding: binding})
		assert.Equal(t, binding == saml.BindingPOST, login.Form != nil)
		assert.Equal(t, p.Config.ACSURL, callback.URL.String())
		got, err := p.CompleteLogin(t.Context(), login, samlparty.Arrived(t, callback))
		require.NoError(t, err)
		assert.Equal(t, s.IDP.EntityID, got.Issuer)
		assert.Equal(t, login.RequestID, got.InResponseTo)
		assert.Equal(t, saml.NameID{Value: "alice", Format: saml.NameIDUnspecified}, got.NameID)
		assert.NotEmpty(t, got.SessionIndex)
		assert.WithinDuration(t, time.Now(), got.AuthnInstant, time.Minute)
		assert.Zero(t, got.SessionNotOnOrAfter)
		assert.Equal(t, "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport", got.AuthnContext)
		claims, more := "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/", "http://schemas.passportjs.com/"
		assert.Equal(t, []string{
			claims + "nameidentifier=alice", claims + "emailaddress=alice@example.test", claims + "name=爱丽丝 <&>",
			claims + "givenname=Alice", claims + "surname=Example",
			more + "groups=admin", more + "groups=dev", more + "active=true", more + "logins=7",
		}, samlparty.Flat(got.Attributes))
		types := map[string]string{"groups": "xs:string", "active": "xs:boolean", "logins": "xs:double"}
		for name, want := range types {
			a, ok := got.Attribute(more + name)
			require.True(t, ok)
			assert.Equal(t, want, a.Values[0].Type)
			assert.Equal(t, "urn:oasis:names:tc:SAML:2.0:attrname-format:uri", a.NameFormat)
		}
		_, err = p.CompleteLogin(t.Context(), login, samlparty.Arrived(t, callback))
		require.ErrorIs(t, err, saml.CheckReplay)
	}
}

// The server writes the format that its application chose, whatever the request asks for.
func TestLoginNameIDFormat(t *testing.T) {
	t.Parallel()
	s := site(t)
	policy := saml.AuthorizeOptions{NameIDPolicy: &saml.NameIDPolicy{Format: saml.NameIDPersistent}}
	got := s.Party(t, samlparty.Options{"nameIDFormat": saml.NameIDPersistent}).Login(t, samlparty.Alice(t), policy)
	assert.Equal(t, saml.NameIDPersistent, got.NameID.Format)

	p := s.Party(t, samlparty.Options{"nameIDFormat": saml.NameIDEmail})
	login, callback := p.Begin(t, samlparty.Alice(t), policy)
	_, err := p.CompleteLogin(t.Context(), login, samlparty.Arrived(t, callback))
	require.ErrorIs(t, err, saml.CheckNameID)
}

// The refusals of this server have the reason as the top level code, the text for people in an attribute that no
// specification has, and an InResponseTo only where its application adds it.
func TestLoginPassive(t *testing.T) {
	t.Parallel()
	s := site(t)
	for name, o := range map[string]samlparty.Options{
		"plain": nil, "signed": {"signResponse": true}, "for no request": {"noInResponseTo": true}, "signed, for no request": {"signResponse": true, "noInResponseTo": true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, who := s.Party(t, o), samlparty.Alice(t)
			login, callback := p.Begin(t, who, saml.AuthorizeOptions{IsPassive: true})
			_, err := p.CompleteLogin(t.Context(), login, samlparty.Arrived(t, callback))
			var status *saml.StatusError
			require.ErrorAs(t, err, &status)
			assert.Equal(t, []saml.StatusCode{saml.NoPassive}, status.Codes)
			assert.Empty(t, status.Message)
			if o["noInResponseTo"] == nil {
				p.Login(t, who, saml.AuthorizeOptions{})
				p.Login(t, who, saml.AuthorizeOptions{IsPassive: true})
			}
		})
	}
}

func TestLoginForced(t *testing.T) {
	t.Parallel()
	p, who := site(t).Party(t, nil), samlparty.Alice(t)
	p.Login(t, who, saml.AuthorizeOptions{})
	who.Password = "forgotten"
	p.Login(t, who, saml.AuthorizeOptions{})
	login, err := p.BeginLogin(t.Context(), saml.AuthorizeOptions{ForceAuthn: true})
	require.NoError(t, err)
	assert.Contains(t, samlparty.Refused(t, who, login.URL, login.Form), "wrong user or password")
	who.Password = "wonderland"
	p.Login(t, who, saml.AuthorizeOptions{ForceAuthn: true})
}

// Without the option destination samlp writes the audience as the address of the response.
func TestLoginElsewhere(t *testing.T) {
	t.Parallel()
	p := site(t).Party(t, samlparty.Options{"destination": ""})
	login, callback := p.Begin(t, samlparty.Alice(t), saml.AuthorizeOptions{})
	_, err := p.CompleteLogin(t.Context(), login, samlparty.Arrived(t, callback))
	require.ErrorIs(t, err, saml.CheckDestination)
	assert.ErrorContains(t, err, p.Config.EntityID)
	assert.ErrorContains(t, err, p.Config.ACSURL)
}

// A login that begins at the server, with a RelayState of its own.
func TestUnsolicited(t *testing.T) {
	t.Parallel()
	s := site(t)
	p, who := s.Party(t, nil), samlparty.Alice(t)
	p.Login(t, who, saml.AuthorizeOptions{})
	start := s.Facts["BASE_URL"] + "/unsolicited?" + url.Values{"sp": {p.Config.EntityID}, "RelayState": {"deep/link?a=1"}}.Encode()
	callback := samlparty.Visit(t, who, start, nil)
	_, err := p.CompleteLogin(t.Context(), nil, samlparty.Arrived(t, callback))
	require.ErrorIs(t, err, saml.CheckUnsolicited)
	assert.ErrorContains(t, err, "AllowUnsolicited")

	open := p.As(t, func(c *saml.Config) { c.AllowUnsolicited = true })
	mine, answer := open.Begin(t, samlparty.Alice(t), saml.AuthorizeOptions{})
	_, err = open.CompleteLogin(t.Context(), mine, samlparty.Posted(t, answer, samlparty.Message(t, callback)))
	require.ErrorIs(t, err, saml.CheckInResponseTo)
	got, err := open.CompleteLogin(t.Context(), nil, samlparty.Arrived(t, callback))
	require.NoError(t, err)
	assert.Equal(t, "deep/link?a=1", got.RelayState)
	assert.Empty(t, got.InResponseTo)
	_, err = open.CompleteLogin(t.Context(), nil, samlparty.Arrived(t, callback))
	require.ErrorIs(t, err, saml.CheckReplay)
	_, err = open.CompleteLogin(t.Context(), nil, samlparty.Arrived(t, answer))
	require.ErrorIs(t, err, saml.CheckInResponseTo, "the answer to a request")
}
