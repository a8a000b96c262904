package saml_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// turning is a clock that tests turn on.
type turning struct {
	mu sync.Mutex
	at time.Time
}

func (c *turning) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *turning) turn(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// slowly makes the body of r take that long, as its sender can.
func slowly(r *http.Request, c *turning, d time.Duration) *http.Request {
	r.Body = io.NopCloser(io.MultiReader(&pause{c, d}, r.Body))
	return r
}

type pause struct {
	clock *turning
	d     time.Duration
}

func (p *pause) Read([]byte) (int, error) {
	p.clock.turn(p.d)
	return 0, io.EOF
}

// The sender decides how long the body takes: the times are judged after it has arrived.
func TestSAML49ABodyThatTakesItsTime(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		m    message
		wait time.Duration
	}{
		"nobody asked": {unasked(), 20 * time.Minute},
		"a login":      {signedAssertion(), 3 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := &turning{at: clock}
			m := row.m
			with(func(cfg *saml.Config) { cfg.Now, cfg.Replay = c.now, nil })(&m)
			sp, doc := m.client(t), m.xml(t)
			_, err := sp.CompleteLogin(t.Context(), m.pending(), m.present(doc))
			require.NoError(t, err)
			got, err := sp.CompleteLogin(t.Context(), m.pending(), slowly(m.present(doc), c, row.wait))
			require.Error(t, err, "the store has forgotten it")
			assert.Nil(t, got)
		})
	}
	c := &turning{at: clock}
	m := signedAssertion()
	with(func(cfg *saml.Config) { cfg.Now = c.now })(&m)
	sp, doc := m.client(t), m.xml(t)
	_, err := sp.CompleteLogin(t.Context(), m.pending(), slowly(m.present(doc), c, time.Minute))
	require.NoError(t, err)
	_, err = sp.CompleteLogin(t.Context(), m.pending(), slowly(m.present(doc), c, 10*time.Minute))
	require.ErrorIs(t, err, saml.CheckConfirmation)
	_, err = sp.CompleteLogin(t.Context(), m.pending(), slowly(m.present(doc), c, 2*time.Hour))
	require.ErrorIs(t, err, saml.CheckExpired)
}

// The store reads its clock later than the checks do.
func TestSAML49TheStoreKeepsLongerThanTheChecksAccept(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]message{"nobody asked": unasked(), "a login": signedAssertion()} {
		kept := &store{}
		with(func(c *saml.Config) { c.Replay = kept })(&m)
		_, err := m.complete(t)
		require.NoError(t, err, name)
		last := kept.until[len(kept.until)-1]
		over := m
		with(func(c *saml.Config) { c.Now = func() time.Time { return last.Add(-30 * time.Second) } })(&over)
		over.login = func(l *saml.Login) { l.CreatedAt = last.Add(-time.Minute) }
		_, err = over.complete(t)
		require.ErrorIs(t, err, saml.CheckConfirmation, name)
	}
}

// An assertion with a confirmation for each of two requests, or for one and for none, is used once, too.
func TestSAML49AnAssertionOfTwoRequests(t *testing.T) {
	t.Parallel()
	until := strings.Replace(plainConfirmed, "2026-11-20T09:35:00Z", "2026-11-21T09:30:00Z", 1)
	valid := says(`NotOnOrAfter="2026-11-20T09:36:00Z"`, `NotOnOrAfter="2026-11-21T09:30:00Z"`)
	for name, other := range map[string]string{"": ``, "_other": ` InResponseTo="_other"`} {
		m := signedAssertion()
		all(valid, says(plainConfirmed, until+strings.Replace(until, ` InResponseTo="_request"`, other, 1)))(&m)
		c := &turning{at: clock}
		sp := client(t, func(cfg *saml.Config) { cfg.Now, cfg.Replay, cfg.AllowUnsolicited = c.now, nil, true })
		doc := m.xml(t)
		first := pending()
		first.CreatedAt = clock.Add(-50 * time.Minute) // the user was slow at the identity provider
		_, err := sp.CompleteLogin(t.Context(), first, m.present(doc))
		require.NoError(t, err)

		c.turn(15 * time.Minute) // the first login has ended
		var second *saml.Login
		replacement := ""
		if name != "" {
			second = pending()
			second.RequestID, replacement = name, other
		}
		doc = strings.Replace(doc, ` InResponseTo="_request">`, replacement+`>`, 1) // the response is not signed
		got, err := sp.CompleteLogin(t.Context(), second, m.present(doc))
		require.ErrorIs(t, err, saml.CheckReplay, name)
		assert.Nil(t, got)
	}
}
