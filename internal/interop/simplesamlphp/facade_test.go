//go:build interop

package simplesamlphp

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
	"github.com/seed6e7d3bb2/authing-go/saml"
)

// flow is all methods that an application needs.
type flow interface {
	authentication.LoginFlow
	authentication.LogoutFlow
	authentication.LogoutKeyFlow
}

// facades are two flows for p: Authing's client with this server's metadata in place of Authing's, and FromSAML.
func (p *party) facades(t *testing.T) map[string]flow {
	t.Helper()
	c, err := authentication.NewClient(authentication.Options{
		AppID: "APPID", AppHost: "https://app.authing.example", RedirectURI: p.config.ACSURL,
		Protocol: authentication.SAML{
			EntityID: p.config.EntityID, SLOURL: p.config.SLOURL, Keys: p.config.Keys,
			AllowUnsolicited: p.config.AllowUnsolicited, AllowSHA1: p.config.AllowSHA1, AllowCBC: p.config.AllowCBC,
		},
		Endpoints: authentication.Endpoints{SAMLMetadata: p.site.entityID},
	})
	require.NoError(t, err)
	from, ok := authentication.FromSAML(p.Client).(flow)
	require.True(t, ok)
	return map[string]flow{"SAML": c, "FromSAML": from}
}

// restored is a value after it was stored.
func restored[T any](t *testing.T, v *T) *T {
	t.Helper()
	text, err := json.Marshal(v)
	require.NoError(t, err)
	read := new(T)
	require.NoError(t, json.Unmarshal(text, read))
	return read
}

func facadeBegin(t *testing.T, f flow, who *formlogin.Person, o authentication.AuthorizeOptions) (*authentication.Login, *http.Request) {
	t.Helper()
	login, err := f.BeginLogin(t.Context(), o)
	require.NoError(t, err)
	callback := visit(t, who, login.URL, login.Form)
	require.Equal(t, login.Key, f.LoginKey(arrived(t, callback)))
	return restored(t, login), callback
}

func facadeLogin(t *testing.T, f flow, who *formlogin.Person) *authentication.Identity {
	t.Helper()
	login, callback := facadeBegin(t, f, who, authentication.AuthorizeOptions{})
	id, err := f.CompleteLogin(t.Context(), login, arrived(t, callback))
	require.NoError(t, err)
	require.Equal(t, id, restored(t, id))
	return id
}

func TestFacadeLogin(t *testing.T) {
	t.Parallel()
	s := server(t)
	for name, f := range s.party(t, options{"NameIDFormat": saml.NameIDPersistent}).facades(t) {
		login, callback := facadeBegin(t, f, person(t), authentication.AuthorizeOptions{})
		id, err := f.CompleteLogin(t.Context(), login, arrived(t, callback))
		require.NoError(t, err, name)
		assert.Equal(t, "saml "+s.entityID, id.Protocol+" "+id.Issuer)
		assert.NotEmpty(t, id.SessionID)
		assert.False(t, id.Expiry.IsZero())
		assert.Equal(t, map[string]any{
			"uid": "alice", "mail": "alice@example.test", "displayName": "Alice <&> Example", "cn": "爱丽丝",
			"groups": []any{"admin", "dev"}, "nothing": "",
		}, id.Claims)
		assert.Equal(t, id.Key(), facadeLogin(t, f, person(t)).Key(), "the same user")

		_, err = f.CompleteLogin(t.Context(), login, arrived(t, callback))
		require.ErrorIs(t, err, authentication.ErrRefused, "used")
		require.ErrorIs(t, err, saml.CheckReplay)
		assert.NotContains(t, err.Error(), id.Subject)
	}
}

func TestFacadeRefused(t *testing.T) {
	t.Parallel()
	s := server(t)
	for name, f := range s.party(t, nil).facades(t) {
		who := person(t)
		login, callback := facadeBegin(t, f, who, authentication.AuthorizeOptions{Prompt: "none"})
		_, err := f.CompleteLogin(t.Context(), login, arrived(t, callback))
		require.ErrorIs(t, err, authentication.ErrDenied, name)
		require.ErrorIs(t, err, saml.NoPassive)

		login, callback = facadeBegin(t, f, who, authentication.AuthorizeOptions{})
		_, foreign := facadeBegin(t, f, person(t), authentication.AuthorizeOptions{})
		_, err = f.CompleteLogin(t.Context(), login, arrived(t, foreign))
		require.ErrorIs(t, err, authentication.ErrRefused)
		require.ErrorIs(t, err, saml.CheckRelayState)
		_, err = f.CompleteLogin(t.Context(), login, withRelayState(t, arrived(t, foreign), login.Key))
		require.ErrorIs(t, err, authentication.ErrRefused)
		require.ErrorIs(t, err, saml.CheckInResponseTo)
		_, err = f.CompleteLogin(t.Context(), nil, arrived(t, callback))
		require.ErrorIs(t, err, authentication.ErrRefused)
		_, err = f.CompleteLogin(t.Context(), login, arrived(t, callback))
		require.NoError(t, err)
	}
	for name, f := range s.party(t, options{algorithm: sha1}).facades(t) {
		login, callback := facadeBegin(t, f, person(t), authentication.AuthorizeOptions{})
		_, err := f.CompleteLogin(t.Context(), login, arrived(t, callback))
		require.ErrorIs(t, err, authentication.ErrRefused, name)
		assert.ErrorContains(t, err, "AllowSHA1")
	}
}

func TestFacadeAllowed(t *testing.T) {
	t.Parallel()
	s := server(t)
	p := s.party(t, options{algorithm: sha1, encryptAssertion: true}, func(c *saml.Config) {
		c.AllowSHA1, c.AllowCBC, c.AllowUnsolicited = true, true, true
	})
	for name, f := range p.facades(t) {
		facadeLogin(t, f, person(t))
		callback := visit(t, person(t), s.sso+"?"+url.Values{"spentityid": {p.config.EntityID}}.Encode(), nil)
		id, err := f.CompleteLogin(t.Context(), nil, arrived(t, callback))
		require.NoError(t, err, name)
		assert.Equal(t, "alice", id.Claims["uid"])
	}
}

// The password is asked again, although the server has a session.
func TestFacadePrompt(t *testing.T) {
	t.Parallel()
	s := server(t)
	for name, f := range s.party(t, nil).facades(t) {
		who := person(t)
		facadeLogin(t, f, who)
		who.Password = "forgotten"
		facadeLogin(t, f, who)
		login, err := f.BeginLogin(t.Context(), authentication.AuthorizeOptions{Prompt: "login"})
		require.NoError(t, err)
		_, err = who.Visit(t.Context(), login.URL, parties)
		require.Error(t, err, name)
		var page *formlogin.PageError
		require.False(t, errors.As(err, &page), "the login form comes back for ever")
	}
}

// Two applications: one begins a logout, and the server notifies the other.
func TestFacadeLogout(t *testing.T) {
	t.Parallel()
	s := server(t)
	others := s.party(t, nil).facades(t)
	for name, f := range s.party(t, nil).facades(t) {
		who, other := person(t), others[name]
		id, there := facadeLogin(t, f, who), facadeLogin(t, other, who)
		out, err := f.BeginLogout(t.Context(), restored(t, id), authentication.LogoutOptions{})
		require.NoError(t, err, name)
		asked := visit(t, who, out.URL, out.Form)
		assert.Empty(t, other.LogoutKey(arrived(t, asked)))
		notice, err := other.ReceiveLogout(t.Context(), arrived(t, asked))
		require.NoError(t, err)
		assert.Equal(t, there.Protocol+there.Issuer+there.Subject, notice.Protocol+notice.Issuer+notice.Subject)
		assert.Equal(t, []string{there.SessionID}, notice.SessionIDs)
		_, err = other.ReceiveLogout(t.Context(), arrived(t, asked))
		require.ErrorIs(t, err, authentication.ErrRefused)

		back := visit(t, who, notice.URL, notice.Form)
		assert.Equal(t, out.Key, f.LogoutKey(arrived(t, back)))
		require.ErrorIs(t, f.CompleteLogout(t.Context(), nil, arrived(t, back)), authentication.ErrRefused)
		require.NoError(t, f.CompleteLogout(t.Context(), restored(t, out), arrived(t, back)))
		login, callback := facadeBegin(t, f, who, authentication.AuthorizeOptions{Prompt: "none"})
		_, err = f.CompleteLogin(t.Context(), login, arrived(t, callback))
		require.ErrorIs(t, err, saml.NoPassive, "the session at the server has ended")
	}
}
