package authentication_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

// Security S11: the end of the session that an ID token demands is in the Identity, apart from that of the access token;
// one that is past or no whole number of seconds refuses the login.
func TestS11LoginSessionExpiry(t *testing.T) {
	t.Parallel()
	const begin = int64(1700000000)
	for name, c := range map[string]struct {
		value any
		end   int64 // 0 is none
		ok    bool
	}{
		"none":         {nil, 0, true},
		"ahead":        {begin + 1, begin + 1, true},
		"over":         {begin, 0, false},
		"milliseconds": {(begin + 1) * 1000, 0, false},
		"fraction":     {float64(begin) + 1.5, 0, false},
		"text":         {"1700000001", 0, false},
	} {
		s := newSigned(t, authentication.OIDC{}, "")
		id, err := s.login(t, map[string]any{"session_expiry": c.value})
		if !c.ok {
			require.ErrorIs(t, err, oidc.CheckSessionExpiry, name)
			assert.Equal(t, "refused", kind(err), name)
			assert.Nil(t, id)
			continue
		}
		require.NoError(t, err, name)
		assert.Equal(t, begin+3600, id.Expiry.Unix(), name)
		assert.Equal(t, c.end == 0, id.SessionExpiry.IsZero(), name)
		if c.end != 0 {
			assert.Equal(t, c.end, id.SessionExpiry.Unix())
			assert.True(t, id.SessionExpiry.Equal(stored(t, id).SessionExpiry))
		}
	}
}

// Security S11: a refreshed ID token may move the end of the session; a refresh without one, or without an ID token,
// keeps it, and past it no refresh token is sent.
func TestS11RefreshSessionExpiry(t *testing.T) {
	t.Parallel()
	const begin, end = int64(1700000000), int64(1700000600)
	for name, c := range map[string]struct {
		claims map[string]any
		want   int64
		ok     bool
	}{
		"no ID token":  {nil, end, true},
		"absent":       {map[string]any{}, end, true},
		"later":        {map[string]any{"session_expiry": end + 60}, end + 60, true},
		"earlier":      {map[string]any{"session_expiry": end - 60}, end - 60, true},
		"over":         {map[string]any{"session_expiry": begin}, 0, false},
		"milliseconds": {map[string]any{"session_expiry": end * 1000}, 0, false},
	} {
		s := newSigned(t, authentication.OIDC{}, "")
		id, err := s.login(t, map[string]any{"session_expiry": end})
		require.NoError(t, err)
		s.reply(t, c.claims, map[string]any{"refresh_token": "RT-2"})
		next, err := s.client.Refresh(t.Context(), stored(t, id))
		if !c.ok {
			require.ErrorIs(t, err, oidc.CheckSessionExpiry, name)
			require.ErrorIs(t, err, oauth.ErrLoginAgain, name)
			assert.Equal(t, "refused", kind(err), name)
			var kept *authentication.RefreshError
			require.ErrorAs(t, err, &kept, name)
			assert.Equal(t, end, kept.Identity.SessionExpiry.Unix(), "the refused end does not count")
			continue
		}
		require.NoError(t, err, name)
		assert.Equal(t, c.want, next.SessionExpiry.Unix(), name)

		s.now, s.wire.sent = next.SessionExpiry, nil
		again, err := s.client.Refresh(t.Context(), stored(t, next))
		require.ErrorIs(t, err, oauth.ErrLoginAgain, name)
		assert.Equal(t, "refused", kind(err), name)
		assert.Nil(t, again)
		assert.Empty(t, s.wire.sent, name)
	}
}

// Security S11: SessionNotOnOrAfter ends a SAML session, which has no tokens.
func TestS11SAMLSessionExpiry(t *testing.T) {
	t.Parallel()
	for _, lifetime := range []time.Duration{0, time.Hour} {
		f := newSAML(t, authentication.SAML{}, func(_ *authtest.Server, a *samltest.App) { a.SessionLifetime = lifetime })
		id, err := f.complete(t, authentication.AuthorizeOptions{})
		require.NoError(t, err)
		assert.Equal(t, id.Expiry, id.SessionExpiry)
		assert.Equal(t, lifetime == 0, id.SessionExpiry.IsZero())
		if lifetime != 0 {
			assert.WithinDuration(t, id.IssuedAt.Add(lifetime), id.SessionExpiry, time.Minute)
		}
	}
}
