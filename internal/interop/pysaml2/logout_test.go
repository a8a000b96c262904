//go:build interop

package pysaml2

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop/samlparty"
	"github.com/seed6e7d3bb2/authing-go/saml"
)

// by makes the server ask the service provider for logouts by that binding.
func by(binding saml.Binding) samlparty.Options {
	return samlparty.Options{"logout": string(binding[strings.LastIndex(string(binding), ":")+1:])}
}

var browser = []saml.Binding{saml.BindingRedirect, saml.BindingPOST}

func TestLogout(t *testing.T) {
	t.Parallel()
	p := site(t).Party(t, nil)
	for _, binding := range browser {
		who := samlparty.Alice(t)
		logout, r := p.Leave(t, who, p.Login(t, who, saml.AuthorizeOptions{}), binding)
		require.Equal(t, logout.Key, saml.LogoutKey(samlparty.Arrived(t, r)))
		require.NoError(t, p.CompleteLogout(t.Context(), logout, samlparty.Arrived(t, r)))
		require.ErrorIs(t, p.CompleteLogout(t.Context(), logout, samlparty.Arrived(t, r)), saml.CheckReplay)
		p.Over(t, who)
	}
}

// The server logs out the second service provider before it answers the first.
func TestLogoutOfTwo(t *testing.T) {
	t.Parallel()
	s := site(t)
	for _, binding := range browser {
		p, q := s.Party(t, nil), s.Party(t, by(binding))
		for _, status := range []saml.StatusCode{saml.Success, saml.RequestDenied} {
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
	for _, binding := range browser {
		p, q, who := s.Party(t, by(binding)), s.Party(t, by(binding)), samlparty.Alice(t)
		first, second := p.Login(t, who, saml.AuthorizeOptions{}), q.Login(t, who, saml.AuthorizeOptions{})
		reply := q.Answer(t, samlparty.Visit(t, who, s.Facts["BASE_URL"]+"/logout", nil), second, saml.Success)
		reply = p.Answer(t, samlparty.Visit(t, who, reply.URL, reply.Form), first, saml.Success)
		assert.Contains(t, samlparty.Refused(t, who, reply.URL, reply.Form), "logged out")
		p.Over(t, who)
	}
}

// By SOAP the server itself asks, without a browser.
func TestLogoutBySOAP(t *testing.T) {
	t.Parallel()
	s := site(t)
	for _, status := range []saml.StatusCode{saml.Success, saml.PartialLogout} {
		var told *samlparty.Party
		var mu sync.Mutex
		var requests []*saml.LogoutRequest
		home := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			request, err := told.ReceiveLogout(r.Context(), r)
			if !assert.NoError(t, err) {
				w.WriteHeader(http.StatusForbidden)
				return
			}
			mu.Lock()
			requests = append(requests, request)
			mu.Unlock()
			reply, err := told.RespondLogout(r.Context(), request, status)
			assert.NoError(t, err)
			assert.NoError(t, reply.Send(w))
		}))
		t.Cleanup(home.Close)
		told = s.Party(t, by(saml.BindingSOAP), func(c *saml.Config) { c.SOAPLogoutURL = home.URL + "/slo" })
		asks, who := s.Party(t, nil), samlparty.Alice(t)
		at := told.Login(t, who, saml.AuthorizeOptions{})
		logout, r := asks.Leave(t, who, asks.Login(t, who, saml.AuthorizeOptions{}), saml.BindingRedirect)
		err := asks.CompleteLogout(t.Context(), logout, r)
		if status == saml.Success {
			require.NoError(t, err)
		} else {
			require.ErrorIs(t, err, saml.PartialLogout)
		}
		mu.Lock()
		require.Len(t, requests, 1)
		assert.Equal(t, saml.BindingSOAP, requests[0].Binding)
		assert.Equal(t, at.NameID, requests[0].NameID)
		assert.Equal(t, []string{at.SessionIndex}, requests[0].SessionIndexes)
		mu.Unlock()
		asks.Over(t, who)
	}
}

// Logout messages that were changed, or made by another key.
func TestLogoutOfOthers(t *testing.T) {
	t.Parallel()
	s := site(t)
	p, q, who := s.Party(t, nil), s.Party(t, by(saml.BindingRedirect)), samlparty.Alice(t)
	at := q.Login(t, who, saml.AuthorizeOptions{})
	user := p.Login(t, who, saml.AuthorizeOptions{})

	thief := p.As(t, func(c *saml.Config) { c.Keys = []saml.Key{samlparty.NewKey(t)} })
	forged, err := thief.BeginLogout(t.Context(), saml.LogoutOptions{NameID: user.NameID, SessionIndexes: []string{user.SessionIndex}})
	require.NoError(t, err)
	assert.Contains(t, samlparty.Refused(t, who, forged.URL, forged.Form), "not signed correctly")

	logout, r := p.Leave(t, who, user, saml.BindingRedirect)
	_, err = p.ReceiveLogout(t.Context(), samlparty.Moved(t, r, p.Config.SLOURL+"?"+r.URL.RawQuery))
	require.ErrorIs(t, err, saml.CheckDestination)
	_, err = q.ReceiveLogout(t.Context(), samlparty.Moved(t, r, strings.Replace(r.URL.String(), "RelayState=", "RelayState=x", 1)))
	require.ErrorIs(t, err, saml.CheckSignature)
	reply := q.Answer(t, r, at, saml.Success)
	require.NoError(t, p.CompleteLogout(t.Context(), logout, samlparty.Visit(t, who, reply.URL, reply.Form)))
}
