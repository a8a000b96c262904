//go:build interop

package pysaml2

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop/samlparty"
	"github.com/seed6e7d3bb2/authing-go/saml"
)

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
		assert.Equal(t, saml.NameIDTransient, got.NameID.Format)
		assert.Equal(t, p.Config.EntityID, got.NameID.SPNameQualifier)
		assert.Equal(t, s.IDP.EntityID, got.NameID.NameQualifier)
		assert.NotEmpty(t, got.SessionIndex)
		assert.WithinDuration(t, time.Now(), got.AuthnInstant, time.Minute)
		assert.WithinDuration(t, time.Now().Add(8*time.Hour), got.SessionNotOnOrAfter, time.Minute)
		assert.Equal(t, "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport", got.AuthnContext)
		assert.ElementsMatch(t, []string{
			"urn:oid:0.9.2342.19200300.100.1.1=alice", "urn:oid:0.9.2342.19200300.100.1.3=alice@example.test",
			"urn:oid:2.16.840.1.113730.3.1.241=Alice <&> Example", "urn:oid:2.5.4.3=爱丽丝",
			"urn:oid:1.3.6.1.4.1.5923.1.1.1.1=member", "urn:oid:1.3.6.1.4.1.5923.1.1.1.1=staff",
			"urn:oid:1.3.6.1.4.1.5923.1.1.1.6=alice@example.test", "urn:oid:1.3.6.1.4.1.5923.1.1.1.10=",
		}, samlparty.Flat(got.Attributes))
		mail, ok := got.Attribute("urn:oid:0.9.2342.19200300.100.1.3")
		require.True(t, ok)
		assert.Equal(t, "mail", mail.FriendlyName)
		assert.Equal(t, "urn:oasis:names:tc:SAML:2.0:attrname-format:uri", mail.NameFormat)
		targeted, ok := got.Attribute("urn:oid:1.3.6.1.4.1.5923.1.1.1.10")
		require.True(t, ok)
		require.NotNil(t, targeted.Values[0].NameID)
		assert.Equal(t, "opaque-of-alice", targeted.Values[0].NameID.Value)
		assert.Equal(t, saml.NameIDPersistent, targeted.Values[0].NameID.Format)
		_, err = p.CompleteLogin(t.Context(), login, samlparty.Arrived(t, callback))
		require.ErrorIs(t, err, saml.CheckReplay)
	}
}

func policy(format string) saml.AuthorizeOptions {
	return saml.AuthorizeOptions{NameIDPolicy: &saml.NameIDPolicy{Format: format, AllowCreate: true}}
}

func TestLoginNameIDFormat(t *testing.T) {
	t.Parallel()
	s := site(t)
	p, q := s.Party(t, nil), s.Party(t, nil)
	first := p.Login(t, samlparty.Alice(t), policy(saml.NameIDPersistent))
	assert.Equal(t, saml.NameIDPersistent, first.NameID.Format)
	assert.Equal(t, first.NameID, p.Login(t, samlparty.Alice(t), policy(saml.NameIDPersistent)).NameID)
	assert.NotEqual(t, first.NameID.Value, q.Login(t, samlparty.Alice(t), policy(saml.NameIDPersistent)).NameID.Value)
	assert.Equal(t, saml.NameIDEmail, p.Login(t, samlparty.Alice(t), policy(saml.NameIDEmail)).NameID.Format)
}

// Asked for a persistent name after another kind, pysaml2 answers with the name that it made first.
func TestLoginOtherNameIDFormat(t *testing.T) {
	t.Parallel()
	p := site(t).Party(t, nil)
	p.Login(t, samlparty.Alice(t), policy(saml.NameIDEmail))
	login, callback := p.Begin(t, samlparty.Alice(t), policy(saml.NameIDPersistent))
	_, err := p.CompleteLogin(t.Context(), login, samlparty.Arrived(t, callback))
	require.ErrorIs(t, err, saml.CheckNameID)
	assert.ErrorContains(t, err, saml.NameIDEmail)
}

func TestLoginPassive(t *testing.T) {
	t.Parallel()
	s := site(t)
	for _, signed := range []bool{false, true} {
		p, who := s.Party(t, samlparty.Options{"sign_response": signed}), samlparty.Alice(t)
		login, callback := p.Begin(t, who, saml.AuthorizeOptions{IsPassive: true})
		_, err := p.CompleteLogin(t.Context(), login, samlparty.Arrived(t, callback))
		var status *saml.StatusError
		require.ErrorAs(t, err, &status)
		assert.Equal(t, []saml.StatusCode{saml.Responder, saml.NoPassive}, status.Codes)
		assert.Equal(t, "nobody is logged in", status.Message)
		p.Login(t, who, saml.AuthorizeOptions{})
		p.Login(t, who, saml.AuthorizeOptions{IsPassive: true})
	}
}

func TestLoginCancelled(t *testing.T) {
	t.Parallel()
	p, who := site(t).Party(t, nil), samlparty.Alice(t)
	who.Press = "abort"
	login, callback := p.Begin(t, who, saml.AuthorizeOptions{})
	_, err := p.CompleteLogin(t.Context(), login, samlparty.Arrived(t, callback))
	var status *saml.StatusError
	require.ErrorAs(t, err, &status)
	require.ErrorIs(t, err, saml.AuthnFailed)
	assert.Equal(t, "the user said <no> & left", status.Message)
	who.Press = "login"
	p.Login(t, who, saml.AuthorizeOptions{})
}

func TestLoginForced(t *testing.T) {
	t.Parallel()
	p, who := site(t).Party(t, nil), samlparty.Alice(t)
	first := p.Login(t, who, saml.AuthorizeOptions{})
	who.Password = "forgotten"
	assert.Equal(t, first.AuthnInstant, p.Login(t, who, saml.AuthorizeOptions{}).AuthnInstant)
	login, err := p.BeginLogin(t.Context(), saml.AuthorizeOptions{ForceAuthn: true})
	require.NoError(t, err)
	assert.Contains(t, samlparty.Refused(t, who, login.URL, login.Form), "wrong user or password")
	who.Password = "wonderland"
	p.Login(t, who, saml.AuthorizeOptions{ForceAuthn: true})
}

// The server ignores RequestedAuthnContext, so the client must compare the class.
func TestLoginContext(t *testing.T) {
	t.Parallel()
	p, who := site(t).Party(t, nil), samlparty.Alice(t)
	ask := func(class string) saml.AuthorizeOptions {
		return saml.AuthorizeOptions{RequestedAuthnContext: &saml.RequestedAuthnContext{Classes: []string{"urn:oasis:names:tc:SAML:2.0:ac:classes:" + class}}}
	}
	p.Login(t, who, ask("PasswordProtectedTransport"))
	login, callback := p.Begin(t, who, ask("X509"))
	_, err := p.CompleteLogin(t.Context(), login, samlparty.Arrived(t, callback))
	require.ErrorIs(t, err, saml.CheckAuthn)
}
