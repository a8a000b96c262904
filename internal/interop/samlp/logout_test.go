//go:build interop

package samlp

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop/samlparty"
	"github.com/seed6e7d3bb2/authing-go/saml"
)

// by makes the server send its logout messages to the service provider by that binding.
func by(binding saml.Binding) samlparty.Options {
	_, name, _ := strings.Cut(string(binding), ":HTTP-")
	return samlparty.Options{"binding": name}
}

func TestLogout(t *testing.T) {
	t.Parallel()
	s := site(t)
	for _, sent := range []saml.Binding{saml.BindingRedirect, saml.BindingPOST} {
		for _, answered := range []saml.Binding{saml.BindingRedirect, saml.BindingPOST} {
			p, who := s.Party(t, by(answered)), samlparty.Alice(t)
			logout, r := p.Leave(t, who, p.Login(t, who, saml.AuthorizeOptions{}), sent)
			assert.Equal(t, answered == saml.BindingPOST, r.Method == "POST")
			require.Equal(t, logout.Key, saml.LogoutKey(samlparty.Arrived(t, r)))
			require.NoError(t, p.CompleteLogout(t.Context(), logout, samlparty.Arrived(t, r)))
			require.ErrorIs(t, p.CompleteLogout(t.Context(), logout, samlparty.Arrived(t, r)), saml.CheckReplay)
			p.Over(t, who)
		}
	}
}

// The server logs out the second service provider before it answers the first.
func TestLogoutOfTwo(t *testing.T) {
	t.Parallel()
	s := site(t)
	for _, binding := range []saml.Binding{saml.BindingRedirect, saml.BindingPOST} {
		p, q := s.Party(t, by(binding)), s.Party(t, by(binding))
		for _, status := range []saml.StatusCode{saml.Success, saml.Responder} {
			who := samlparty.Alice(t)
			at := q.Login(t, who, saml.AuthorizeOptions{})
			logout, r := p.Leave(t, who, p.Login(t, who, saml.AuthorizeOptions{}), binding)
			reply := q.Answer(t, r, at, status)
			assert.Equal(t, binding == saml.BindingPOST, reply.Form != nil)
			err := p.CompleteLogout(t.Context(), logout, samlparty.Visit(t, who, reply.URL, reply.Form))
			if status == saml.Success {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, saml.PartialLogout)
			}
			p.Over(t, who)
		}
	}
}

func TestLogoutAtTheServer(t *testing.T) {
	t.Parallel()
	s := site(t)
	for _, binding := range []saml.Binding{saml.BindingRedirect, saml.BindingPOST} {
		p, q, who := s.Party(t, by(binding)), s.Party(t, by(binding)), samlparty.Alice(t)
		first, second := p.Login(t, who, saml.AuthorizeOptions{}), q.Login(t, who, saml.AuthorizeOptions{})
		reply := p.Answer(t, samlparty.Visit(t, who, s.Facts["BASE_URL"]+"/logout", nil), first, saml.Success)
		reply = q.Answer(t, samlparty.Visit(t, who, reply.URL, reply.Form), second, saml.Success)
		assert.Equal(t, "OK", samlparty.Refused(t, who, reply.URL, reply.Form), "its last page")
		p.Over(t, who)
	}
}

// Logout messages that were changed, or are for another service provider.
func TestLogoutOfOthers(t *testing.T) {
	t.Parallel()
	s := site(t)
	p, q, who := s.Party(t, by(saml.BindingRedirect)), s.Party(t, by(saml.BindingRedirect)), samlparty.Alice(t)
	at := q.Login(t, who, saml.AuthorizeOptions{})
	user := p.Login(t, who, saml.AuthorizeOptions{})

	thief := p.As(t, func(c *saml.Config) { c.Keys = []saml.Key{samlparty.NewKey(t)} })
	forged, err := thief.BeginLogout(t.Context(), saml.LogoutOptions{NameID: user.NameID, SessionIndexes: []string{user.SessionIndex}})
	require.NoError(t, err)
	assert.Contains(t, samlparty.Refused(t, who, forged.URL, forged.Form), "Signature check errors")

	logout, r := p.Leave(t, who, user, saml.BindingRedirect)
	_, err = p.ReceiveLogout(t.Context(), samlparty.Moved(t, r, p.Config.SLOURL+"?"+r.URL.RawQuery))
	require.ErrorIs(t, err, saml.CheckDestination)
	_, err = q.ReceiveLogout(t.Context(), samlparty.Moved(t, r, strings.Replace(r.URL.String(), "RelayState=", "RelayState=x", 1)))
	require.ErrorIs(t, err, saml.CheckSignature)
	reply := q.Answer(t, r, at, saml.Success)
	require.NoError(t, p.CompleteLogout(t.Context(), logout, samlparty.Visit(t, who, reply.URL, reply.Form)))
}

// Without its option deflate samlp sends base64 alone by redirect, with a signature inside the message and none of the
// query. SAML Bindings §3.4.4 has no such encoding.
func TestLogoutNotDeflated(t *testing.T) {
	t.Parallel()
	for _, deflate := range []bool{false, true} {
		o := by(saml.BindingRedirect)
		o["deflate"] = deflate
		p, who := site(t).Party(t, o), samlparty.Alice(t)
		logout, r := p.Leave(t, who, p.Login(t, who, saml.AuthorizeOptions{}), saml.BindingRedirect)
		err := p.CompleteLogout(t.Context(), logout, r)
		if deflate {
			require.NoError(t, err)
		} else {
			require.ErrorIs(t, err, saml.CheckMalformed)
			assert.ErrorContains(t, err, "not deflated")
		}
	}
}
