package oidc_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// Security S11: an ID token whose session is over, or whose end of the session cannot be read, is refused. Milliseconds
// would be thousands of years.
func TestS11SessionExpiry(t *testing.T) {
	t.Parallel()
	soon := unix(time.Second)
	refuses(t, oidc.CheckSessionExpiry, set("session_expiry", soon), eachOf("session_expiry",
		unix(0), unix(-time.Second), 0, -1, soon*1000, "soon", "1782907201", float64(soon)+0.5, 1e300, true, []int64{soon}, map[string]any{"at": soon}))

	tr := newTrial()
	tr.claims["session_expiry"] = soon
	id, err := tr.verify(t)
	require.NoError(t, err)
	assert.Equal(t, now().Add(time.Second), id.SessionExpiry)
	tr.claims["session_expiry"] = nil
	id, err = tr.verify(t)
	require.NoError(t, err, "null is absent, as for every claim")
	assert.Zero(t, id.SessionExpiry)
}

// Security S11: a refresh does not carry a session over its end. The user must log in again, and the new tokens are kept,
// so that they can be revoked.
func TestS11RefreshedSessionExpiry(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		value   any
		refused bool
	}{
		"later":        {unix(time.Hour), false},
		"earlier":      {unix(time.Minute), false},
		"absent":       {nil, false},
		"over":         {unix(0), true},
		"milliseconds": {unix(time.Hour) * 1000, true},
		"text":         {"1782907201", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result, err := refresh(t, set("session_expiry", unix(30*time.Minute)), set("session_expiry", c.value))
			if !c.refused {
				require.NoError(t, err)
				assert.Equal(t, c.value == nil, result.IDToken.SessionExpiry.IsZero())
				return
			}
			assert.Nil(t, result)
			require.ErrorIs(t, err, oidc.CheckSessionExpiry)
			require.ErrorIs(t, err, oauth.ErrLoginAgain)
			var kept *oidc.RefreshError
			require.ErrorAs(t, err, &kept)
			assert.Equal(t, "RT2", kept.Token.RefreshToken)
		})
	}
}

// Security S11: after the end of the session its refresh token is not sent any more.
func TestS11NoRefreshAfterTheSession(t *testing.T) {
	t.Parallel()
	for end, over := range map[time.Duration]bool{-time.Hour: true, 0: true, time.Second: false} {
		p := spent(t, newTrial())
		previous := before()
		previous.SessionExpiry = now().Add(end)
		result, err := p.client(newTrial().config).Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: "RT1", Previous: previous})
		assert.Equal(t, over, result == nil)
		assert.Equal(t, over, p.total() == 0, "nothing is sent")
		assert.Equal(t, over, errors.Is(err, oidc.CheckSessionExpiry))
		assert.Equal(t, over, errors.Is(err, oauth.ErrLoginAgain))
	}
}
