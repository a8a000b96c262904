package web_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

// EndSessions ends all that a user has begun, by each protocol, in each browser and on each instance, and nothing else.
func TestEndSessions(t *testing.T) {
	t.Parallel()
	for flow, issuer := range map[string]string{
		"oidc": idOrigin + "/oidc", "oauth": idOrigin + "/oauth", "saml": idOrigin, "cas": idOrigin + "/cas",
	} {
		w := newWorld(t)
		w.realm.Users = aliceAndBob()
		w.config.Store = newBrittle(w.now)
		w.open()
		second, err := web.New(w.config) // an instance with the same Store
		require.NoError(t, err)
		here, there, bob := w.signedIn("alice", flow), w.signedIn("alice", flow), w.signedIn("bob", flow)
		events := w.happened(web.EventLogin)
		require.Equal(t, issuer, events[0].Issuer, flow)
		subject := events[0].Subject

		require.NoError(t, second.EndSessions(t.Context(), issuer+"x", subject))
		require.NoError(t, second.EndSessions(t.Context(), issuer, subject+"x"))
		assert.True(t, here.alive(), flow)
		require.NoError(t, second.EndSessions(t.Context(), issuer, subject))
		assert.False(t, here.alive(), flow)
		assert.False(t, there.alive(), flow)
		assert.True(t, bob.alive(), flow)

		w.advance(time.Millisecond) // within the same second
		here.login(flow)
		assert.True(t, here.alive(), flow)
	}
}

// A notice of the server and EndSessions do not undo each other.
func TestEndSessionsBesideANotice(t *testing.T) {
	t.Parallel()
	for name, order := range map[string][2]int{"notice first": {0, 1}, "notice last": {1, 0}} {
		w := newWorld(t)
		w.oidc.BackChannelLogoutSessionRequired = false
		w.open()
		u := w.signedIn("", "oidc")
		e := w.happened(web.EventLogin)[0]
		box := w.holdPosts("/auth/backchannel")
		_, err := w.realm.EndSessions(t.Context(), "")
		require.NoError(t, err)
		form := box.one(t)
		w.advance(time.Second)
		later := w.signedIn("", "oidc") // the notice does not end it
		do := [2]func(){
			func() { w.post("/auth/backchannel/oidc", form) },
			func() { require.NoError(t, w.site.EndSessions(t.Context(), e.Issuer, e.Subject)) },
		}
		do[order[0]]()
		w.advance(time.Second)
		do[order[1]]()
		assert.False(t, u.alive(), name)
		assert.False(t, later.alive(), name)
	}
}

func TestEndSessionsErrors(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	store := newBrittle(w.now)
	w.config.Store = store
	w.open()
	assert.ErrorIs(t, w.site.EndSessions(t.Context(), "", "alice"), authentication.ErrMisconfigured)
	assert.ErrorIs(t, w.site.EndSessions(t.Context(), idOrigin, ""), authentication.ErrMisconfigured)
	store.fails.Store(true)
	err := w.site.EndSessions(t.Context(), idOrigin, "alice")
	assert.ErrorIs(t, err, errBrittle)
	assert.NotErrorIs(t, err, authentication.ErrMisconfigured)
	store.fails.Store(false)
	assert.NoError(t, w.site.EndSessions(t.Context(), idOrigin, "alice"))
}
