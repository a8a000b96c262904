package metadata_test

import (
	"context"
	"crypto"
	"crypto/rsa"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

const mdURL = "https://idp.example/metadata.xml"

// mdCell is a server of metadata and a source in a bubble of time, where waiting costs none.
type mdCell struct {
	t      *testing.T
	mock   *httpmock.MockTransport
	source *metadata.Source

	mu    sync.Mutex
	asked []http.Header
}

// mdInCell runs f in a bubble, whose clock starts at noon.
func mdInCell(t *testing.T, f func(c *mdCell), change ...func(*metadata.Config)) {
	t.Helper()
	mdDoc(t) // keys are made outside, because the time inside stops meanwhile
	otherKey()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		c := &mdCell{t: t, mock: httpmock.NewMockTransport()}
		cfg := metadata.Config{
			URL: mdURL, HTTPClient: &http.Client{Transport: c.mock}, Now: func() time.Time { return noon.Add(time.Since(start)) },
		}
		for _, f := range change {
			f(&cfg)
		}
		var err error
		c.source, err = metadata.NewSource(cfg)
		require.NoError(t, err)
		f(c)
	})
}

// serve answers with this text and these header fields.
func (c *mdCell) serve(text string, fields ...string) { c.answer(http.StatusOK, text, fields...) }

func (c *mdCell) answer(status int, text string, fields ...string) {
	c.on(func(*http.Request) (*http.Response, error) {
		res := httpmock.NewStringResponse(status, text)
		res.Header.Set("Content-Type", "application/samlmetadata+xml")
		for i := 0; i < len(fields); i += 2 {
			if fields[i] == "Cache-Control" {
				res.Header.Add(fields[i], fields[i+1])
				continue
			}
			res.Header.Set(fields[i], fields[i+1])
		}
		return res, nil
	})
}

func (c *mdCell) on(f httpmock.Responder) {
	c.mock.RegisterResponder(http.MethodGet, mdURL, func(r *http.Request) (*http.Response, error) {
		c.mu.Lock()
		c.asked = append(c.asked, r.Header.Clone())
		c.mu.Unlock()
		return f(r)
	})
}

// slowly answers after some time.
func (c *mdCell) slowly(wait time.Duration, text string) {
	c.on(func(r *http.Request) (*http.Response, error) {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-timer.C:
			return httpmock.NewStringResponse(http.StatusOK, text), nil
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	})
}

func (c *mdCell) dead() {
	c.on(func(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") })
}

func (c *mdCell) ask(entityID string) (*metadata.IDP, error) {
	return c.source.IDP(c.t.Context(), entityID)
}

// has wants the only identity provider.
func (c *mdCell) has(fetches int) *metadata.IDP {
	c.t.Helper()
	p, err := c.ask("")
	require.NoError(c.t, err)
	assert.Equal(c.t, fetches, c.mock.GetTotalCallCount())
	return p
}

// fails wants that error.
func (c *mdCell) fails(text string, fetches int) error {
	c.t.Helper()
	p, err := c.ask("")
	require.EqualError(c.t, err, text)
	assert.Nil(c.t, p)
	assert.Equal(c.t, fetches, c.mock.GetTotalCallCount())
	return err
}

// mdAtOnce runs f n times at the same time.
func mdAtOnce(n int, f func() error) []error {
	results := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { results[i] = f() })
	}
	all.Wait()
	return results
}

// mdPlain says nothing about its lifetime.
func mdPlain(t testing.TB, pairs ...string) string {
	t.Helper()
	return mdDoc(t, append([]string{` validUntil="2026-11-21T12:00:00Z" cacheDuration="PT2H"`, ""}, pairs...)...)
}

func TestNewSource(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]metadata.Config{
		"saml: metadata: URL must be an absolute URL such as https://example.com": {},
		"saml: metadata: URL must not carry a user name or password":              {URL: "https://a:b@idp.example/"},
		"saml: metadata: URL must not have a fragment":                            {URL: mdURL + "#x"},
		"saml: metadata: EntityID begins or ends with white space":                {URL: mdURL, EntityID: " a"},
		"saml: metadata: Keys[1] is nil":                                          {URL: mdURL, Keys: []crypto.PublicKey{otherKey().Public(), (*rsa.PublicKey)(nil)}},
		"saml: metadata: Keys[0] is nil":                                          {URL: mdURL, Keys: []crypto.PublicKey{nil}},
		"saml: metadata: MaxReply is negative":                                    {URL: mdURL, MaxReply: -1},
		"saml: metadata: MaxNodes is negative":                                    {URL: mdURL, MaxNodes: -1},
		"saml: metadata: MinRefresh is negative":                                  {URL: mdURL, MinRefresh: -1},
		"saml: metadata: MaxRefresh is shorter than MinRefresh":                   {URL: mdURL, MinRefresh: 2, MaxRefresh: 1},
		"saml: metadata: Cookie in Header is not allowed: each call sets its own": {URL: mdURL, Header: http.Header{"Cookie": {"x"}}},
		"saml: metadata: URL must be an https URL: http is for loopback hosts only (InsecureAllowHTTP lifts this, and lets anyone on the way read the secrets)": {URL: "http://idp.example/"},
	} {
		s, err := metadata.NewSource(c)
		require.EqualError(t, err, want)
		assert.Nil(t, s)
	}
	for _, c := range []metadata.Config{
		{URL: "http://127.0.0.1/"}, {URL: "http://idp.example/", InsecureAllowHTTP: true}, {URL: mdURL, MinRefresh: 48 * time.Hour},
	} {
		_, err := metadata.NewSource(c)
		require.NoError(t, err, "the accepted twins")
	}
}

func TestSource(t *testing.T) {
	t.Parallel()
	mdInCell(t, func(c *mdCell) {
		assert.Zero(t, c.mock.GetTotalCallCount(), "no network before it is needed")
		c.serve(mdPlain(t))
		p := c.has(1)
		assert.Equal(t, idpID, p.EntityID)
		assert.Equal(t, []crypto.PublicKey{idpKey().Public()}, p.Keys)
		again, err := c.ask(idpID)
		require.NoError(t, err)
		assert.Same(t, p, again)
		c.has(1)
		assert.Equal(t, "application/samlmetadata+xml, application/xml, text/xml, */*;q=0.1", c.asked[0].Get("Accept"))
		assert.Empty(t, c.asked[0].Get("If-None-Match"))
		assert.Equal(t, "1", c.asked[0].Get("X-Mine"))
	}, func(cfg *metadata.Config) { cfg.Header = http.Header{"X-Mine": {"1"}} })
}

func TestSourceColdWithAThousandAtOnce(t *testing.T) {
	t.Parallel()
	mdInCell(t, func(c *mdCell) {
		c.slowly(time.Second, mdPlain(t))
		for _, err := range mdAtOnce(1000, func() error { _, err := c.ask(""); return err }) {
			require.NoError(t, err)
		}
		c.has(1)
	})
}

// A fetch ends at its own deadline, and not with the caller who began it.
func TestSourceDeadlines(t *testing.T) {
	t.Parallel()
	mdInCell(t, func(c *mdCell) {
		c.slowly(time.Hour, mdPlain(t))
		begin := time.Now()
		_, err := c.ask("")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, 10*time.Second, time.Since(begin))
	})
	mdInCell(t, func(c *mdCell) {
		c.slowly(5*time.Second, mdPlain(t))
		ctx, cancel := context.WithCancel(c.t.Context())
		first := make(chan error)
		go func() {
			_, err := c.source.IDP(ctx, "")
			first <- err
		}()
		synctest.Wait()
		others := make(chan []error)
		go func() { others <- mdAtOnce(20, func() error { _, err := c.ask(""); return err }) }()
		synctest.Wait()
		cancel()
		require.ErrorIs(t, <-first, context.Canceled)
		for _, err := range <-others {
			require.NoError(t, err)
		}
		c.has(1)
	})
	mdInCell(t, func(c *mdCell) {
		c.serve(mdPlain(t))
		var none context.Context
		_, err := c.source.IDP(none, "")
		require.EqualError(t, err, "saml: metadata (configuration): the context is nil")
		_, err = c.source.Refresh(none, "")
		require.EqualError(t, err, "saml: metadata (configuration): the context is nil")
		assert.Zero(t, c.mock.GetTotalCallCount())
	})
}

// A source of one identity provider knows it by its entity ID too, and knows no other.
func TestSourceOfOne(t *testing.T) {
	t.Parallel()
	mdInCell(t, func(c *mdCell) {
		c.serve(mdGroup("", mdPlain(t), mdNamed(t, "https://b.example/")))
		for _, name := range []string{idpID, ""} {
			p, err := c.ask(name)
			require.NoError(t, err, name)
			assert.Equal(t, idpID, p.EntityID)
		}
		_, err := c.ask("https://b.example/")
		require.ErrorIs(t, err, metadata.CheckUnknown)
	}, func(cfg *metadata.Config) { cfg.EntityID = idpID })
}
