//go:build interop

package simplesamlphp

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

func TestUnsolicited(t *testing.T) {
	t.Parallel()
	s := server(t)
	p := s.party(t, nil)
	open := p.as(t, func(c *saml.Config) { c.AllowUnsolicited = true })
	start := s.sso + "?" + url.Values{"spentityid": {p.config.EntityID}, "RelayState": {"deep/link?a=1"}}.Encode()
	callback := visit(t, person(t), start, nil)
	assert.Equal(t, "deep/link?a=1", saml.LoginKey(arrived(t, callback)))

	_, err := p.CompleteLogin(t.Context(), nil, arrived(t, callback))
	require.ErrorIs(t, err, saml.CheckUnsolicited)
	assert.ErrorContains(t, err, "AllowUnsolicited")
	// A pending login accepts no other response, even when unsolicited responses are allowed.
	mine, err := open.BeginLogin(t.Context(), saml.AuthorizeOptions{})
	require.NoError(t, err)
	_, err = open.CompleteLogin(t.Context(), mine, arrived(t, callback))
	require.ErrorIs(t, err, saml.CheckRelayState)
	_, err = open.CompleteLogin(t.Context(), mine, withRelayState(t, arrived(t, callback), mine.Key))
	require.ErrorIs(t, err, saml.CheckInResponseTo)

	got, err := open.CompleteLogin(t.Context(), nil, arrived(t, callback))
	require.NoError(t, err)
	assert.Empty(t, got.InResponseTo)
	assert.Contains(t, flat(got.Attributes), "uid=alice")
	_, err = open.CompleteLogin(t.Context(), nil, arrived(t, callback))
	require.ErrorIs(t, err, saml.CheckReplay)
}

// A response to a request is not accepted as unsolicited.
func TestUnsolicitedAnswer(t *testing.T) {
	t.Parallel()
	s := server(t)
	p := s.party(t, nil, func(c *saml.Config) { c.AllowUnsolicited = true })
	login, callback := p.begin(t, person(t), saml.AuthorizeOptions{})
	_, err := p.CompleteLogin(t.Context(), nil, arrived(t, callback))
	require.ErrorIs(t, err, saml.CheckInResponseTo)
	_, err = p.CompleteLogin(t.Context(), login, arrived(t, callback))
	require.NoError(t, err)
}

func TestUsedTwice(t *testing.T) {
	t.Parallel()
	s := server(t)
	p := s.party(t, nil)
	login, callback := p.begin(t, person(t), saml.AuthorizeOptions{})
	_, err := p.CompleteLogin(t.Context(), login, arrived(t, callback))
	require.NoError(t, err)
	_, err = p.CompleteLogin(t.Context(), login, arrived(t, callback))
	require.ErrorIs(t, err, saml.CheckReplay)
}

// An attacker's response, or whole callback, in a browser that began its own login; and a response for another
// service provider.
func TestLoginOfAnother(t *testing.T) {
	t.Parallel()
	s := server(t)
	p, q := s.party(t, nil), s.party(t, nil)
	victim, callback := p.begin(t, person(t), saml.AuthorizeOptions{})
	_, foreign := p.begin(t, person(t), saml.AuthorizeOptions{})
	_, err := p.CompleteLogin(t.Context(), victim, arrived(t, foreign))
	require.ErrorIs(t, err, saml.CheckRelayState)
	_, err = p.CompleteLogin(t.Context(), victim, withRelayState(t, arrived(t, foreign), victim.Key))
	require.ErrorIs(t, err, saml.CheckInResponseTo)

	_, elsewhere := q.begin(t, person(t), saml.AuthorizeOptions{})
	_, err = p.CompleteLogin(t.Context(), victim, withRelayState(t, arrived(t, elsewhere), victim.Key))
	require.ErrorIs(t, err, saml.CheckDestination)

	_, err = p.CompleteLogin(t.Context(), victim, arrived(t, callback))
	require.NoError(t, err)
}

func withRelayState(t *testing.T, r *http.Request, value string) *http.Request {
	t.Helper()
	require.NoError(t, r.ParseForm())
	form := url.Values{"SAMLResponse": r.PostForm["SAMLResponse"], "RelayState": {value}}
	posted, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.URL.String(), strings.NewReader(form.Encode()))
	require.NoError(t, err)
	posted.Header = r.Header
	return posted
}
