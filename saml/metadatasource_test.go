package saml_test

import (
	"context"
	"crypto"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/saml"
)

const mdURL = "https://idp.example/metadata.xml"

// mdCell is a server of metadata and a source in a bubble of time, where waiting costs none.
type mdCell struct {
	t      *testing.T
	mock   *httpmock.MockTransport
	source *saml.MetadataSource

	mu    sync.Mutex
	asked []http.Header
}

// mdInCell runs f in a bubble, whose clock starts at noon.
func mdInCell(t *testing.T, f func(c *mdCell), change ...func(*saml.MetadataConfig)) {
	t.Helper()
	mdDoc(t) // its keys are made outside, for time stands still while they are
	spKey()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		c := &mdCell{t: t, mock: httpmock.NewMockTransport()}
		cfg := saml.MetadataConfig{
			URL: mdURL, HTTPClient: &http.Client{Transport: c.mock}, Now: func() time.Time { return noon.Add(time.Since(start)) },
		}
		for _, f := range change {
			f(&cfg)
		}
		var err error
		c.source, err = saml.NewMetadataSource(cfg)
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

func (c *mdCell) ask(entityID string) (*saml.IDP, error) {
	return c.source.IDP(c.t.Context(), entityID)
}

// has wants the only identity provider.
func (c *mdCell) has(fetches int) *saml.IDP {
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

func TestNewMetadataSource(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]saml.MetadataConfig{
		"saml: URL must be an absolute URL such as https://example.com": {},
		"saml: URL must not carry a user name or password":              {URL: "https://a:b@idp.example/"},
		"saml: URL must not have a fragment":                            {URL: mdURL + "#x"},
		"saml: EntityID begins or ends with white space":                {URL: mdURL, EntityID: " a"},
		"saml: Keys[0] is nil":                                          {URL: mdURL, Keys: []crypto.PublicKey{nil}},
		"saml: MaxReply is negative":                                    {URL: mdURL, MaxReply: -1},
		"saml: MaxNodes is negative":                                    {URL: mdURL, MaxNodes: -1},
		"saml: MinRefresh is negative":                                  {URL: mdURL, MinRefresh: -1},
		"saml: MaxRefresh is shorter than MinRefresh":                   {URL: mdURL, MinRefresh: 2, MaxRefresh: 1},
		"saml: Cookie in Header is not allowed: each call sets its own": {URL: mdURL, Header: http.Header{"Cookie": {"x"}}},
		"saml: URL must be an https URL: http is for loopback hosts only (InsecureAllowHTTP lifts this, and lets anyone on the way read the secrets)": {URL: "http://idp.example/"},
	} {
		s, err := saml.NewMetadataSource(c)
		require.EqualError(t, err, want)
		assert.Nil(t, s)
	}
	for _, c := range []saml.MetadataConfig{
		{URL: "http://127.0.0.1/"}, {URL: "http://idp.example/", InsecureAllowHTTP: true}, {URL: mdURL, MinRefresh: 48 * time.Hour},
	} {
		_, err := saml.NewMetadataSource(c)
		require.NoError(t, err, "the accepted twins")
	}
}

func TestMetadataSource(t *testing.T) {
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
	}, func(cfg *saml.MetadataConfig) { cfg.Header = http.Header{"X-Mine": {"1"}} })
}

func TestMetadataSourceColdWithAThousandAtOnce(t *testing.T) {
	t.Parallel()
	mdInCell(t, func(c *mdCell) {
		c.slowly(time.Second, mdPlain(t))
		for _, err := range mdAtOnce(1000, func() error { _, err := c.ask(""); return err }) {
			require.NoError(t, err)
		}
		c.has(1)
	})
}

// How long metadata are used before the server is asked again.
func TestMetadataSourceFreshness(t *testing.T) {
	t.Parallel()
	span := func(s string) []string {
		return []string{` validUntil="2026-11-21T12:00:00Z" cacheDuration="PT2H"`, s}
	}
	for name, c := range map[string]struct {
		attributes, control string
		fresh               time.Duration
	}{
		"silent":                          {"", "", time.Hour},
		"cacheDuration":                   {`cacheDuration="PT2H"`, "", 2 * time.Hour},
		"cacheDuration, short":            {`cacheDuration="PT1S"`, "", 5 * time.Minute},
		"cacheDuration, long":             {`cacheDuration="P1Y"`, "", 24 * time.Hour},
		"cacheDuration, negative":         {`cacheDuration="-PT2H"`, "", 5 * time.Minute},
		"cacheDuration, unreadable":       {`cacheDuration="soon"`, "", 5 * time.Minute},
		"Cache-Control":                   {"", "public, MAX-AGE=7200", 2 * time.Hour},
		"Cache-Control, quoted":           {"", `max-age="600"`, 10 * time.Minute},
		"Cache-Control, none":             {"", "no-store", 5 * time.Minute},
		"Cache-Control, no-cache":         {"", "no-cache, max-age=7200", 5 * time.Minute},
		"Cache-Control, unreadable":       {"", "max-age=soon", 5 * time.Minute},
		"Cache-Control, negative":         {"", "max-age=-1", 5 * time.Minute},
		"Cache-Control, huge":             {"", "max-age=999999999999", 24 * time.Hour},
		"Cache-Control, other":            {"", "private", time.Hour},
		"both, the server shorter":        {`cacheDuration="PT2H"`, "max-age=1800", 30 * time.Minute},
		"both, the document shorter":      {`cacheDuration="PT20M"`, "max-age=1800", 20 * time.Minute},
		"validUntil, far":                 {`validUntil="2027-11-20T12:00:00Z"`, "", 24 * time.Hour},
		"validUntil":                      {`validUntil="2026-11-20T16:00:00Z"`, "", 3 * time.Hour},
		"validUntil, near":                {`validUntil="2026-11-20T12:06:00Z"`, "", 5 * time.Minute},
		"validUntil, very near":           {`validUntil="2026-11-20T12:01:00Z"`, "", time.Minute},
		"validUntil before cacheDuration": {`validUntil="2026-11-20T16:00:00Z" cacheDuration="PT12H"`, "", 3 * time.Hour},
		"validUntil after cacheDuration":  {`validUntil="2026-11-20T16:00:00Z" cacheDuration="PT1H"`, "", time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mdInCell(t, func(cell *mdCell) {
				cell.serve(mdDoc(t, span(" "+c.attributes)...), "Cache-Control", c.control)
				cell.has(1)
				time.Sleep(c.fresh - time.Second)
				cell.has(1)
				cell.serve(mdPlain(t), "Cache-Control", c.control)
				time.Sleep(time.Second)
				cell.has(2)
			})
		})
	}
	t.Run("of the group", func(t *testing.T) {
		t.Parallel()
		mdInCell(t, func(c *mdCell) {
			c.serve(mdGroup(`cacheDuration="PT30M"`, mdPlain(t), mdNamed(t, "https://b.example/")))
			for range 2 {
				_, err := c.ask(idpID)
				require.NoError(t, err)
			}
			time.Sleep(30*time.Minute - time.Second)
			_, err := c.ask(idpID)
			require.NoError(t, err)
			assert.Equal(t, 1, c.mock.GetTotalCallCount())
			time.Sleep(time.Second)
			_, err = c.ask(idpID)
			require.NoError(t, err)
			assert.Equal(t, 2, c.mock.GetTotalCallCount())
		})
	})
	t.Run("configured", func(t *testing.T) {
		t.Parallel()
		mdInCell(t, func(c *mdCell) {
			c.serve(mdPlain(t), "Cache-Control", "max-age=5")
			c.has(1)
			time.Sleep(time.Minute - time.Second)
			c.has(1)
			time.Sleep(time.Second)
			c.serve(mdPlain(t))
			c.has(2)
			time.Sleep(10 * time.Minute)
			c.has(3)
		}, func(cfg *saml.MetadataConfig) { cfg.MinRefresh, cfg.MaxRefresh = time.Minute, 10*time.Minute })
	})
}

// A server that says how is asked only for what is newer.
func TestMetadataSourceNotModified(t *testing.T) {
	t.Parallel()
	mdInCell(t, func(c *mdCell) {
		const modified = "Fri, 20 Nov 2026 11:00:00 GMT"
		c.serve(mdPlain(t), "ETag", `W/"v1"`, "Last-Modified", modified, "Cache-Control", "max-age=600")
		first := c.has(1)
		c.answer(http.StatusNotModified, "")
		time.Sleep(10 * time.Minute)
		assert.Same(t, first, c.has(2), "nothing was read again")
		assert.Equal(t, `W/"v1"`, c.asked[1].Get("If-None-Match"))
		assert.Equal(t, modified, c.asked[1].Get("If-Modified-Since"))

		c.answer(http.StatusNotModified, "", "ETag", `"v2"`, "Cache-Control", "max-age=1200")
		time.Sleep(10*time.Minute - time.Second)
		c.has(2) // what the 304 left out stays as it was
		time.Sleep(time.Second)
		assert.Same(t, first, c.has(3))
		time.Sleep(20 * time.Minute)
		c.has(4)
		assert.Equal(t, `"v2"`, c.asked[3].Get("If-None-Match"))

		c.serve(mdPlain(t, "/sso/post", "/sso/put"))
		time.Sleep(20 * time.Minute)
		assert.NotSame(t, first, c.has(5))
		assert.Equal(t, "https://idp.example/sso/put?a=1&b=2", c.has(5).SSO[0].Location)
	})
}

func TestMetadataSourceNotModifiedAtOdds(t *testing.T) {
	t.Parallel()
	mdInCell(t, func(c *mdCell) {
		c.answer(http.StatusNotModified, "")
		c.fails("saml: metadata: GET https://idp.example/metadata.xml: refused a redirect (status 304)", 1)
		time.Sleep(10 * time.Second)
		c.serve(mdDoc(t, "2026-11-21T12:00:00Z", "2026-11-20T13:00:00Z"), "ETag", `"v1"`)
		c.has(2)
		c.answer(http.StatusNotModified, "")
		time.Sleep(time.Hour)
		c.fails("saml: refused (metadata): they have ended: validUntil is past, and the server has no newer ones", 3)
		time.Sleep(10 * time.Second)
		c.serve(mdDoc(t), "ETag", "a\u0080b")
		c.has(4)
		time.Sleep(2 * time.Hour)
		c.has(5)
		assert.Empty(t, c.asked[4].Get("If-None-Match"), "what cannot be sent is not")
	})
}

// mdBroken are answers that are no metadata, and what the error says. retried are the fetches of one failure.
var mdBroken = map[string]struct {
	status  int
	fields  []string
	text    func(t testing.TB) string
	message string
	retried int
	is      error
}{
	"not found":    {http.StatusNotFound, nil, nil, "saml: metadata: status 404, want 200", 1, nil},
	"server error": {http.StatusInternalServerError, nil, nil, "saml: metadata: status 500, want 200", 3, nil},
	"a page":       {http.StatusOK, []string{"Content-Type", "text/html"}, mdOf, "saml: metadata: GET https://idp.example/metadata.xml: status 200 with an HTML page (text/html): is the address right, is a proxy in the way?", 3, httpcore.HTML},
	"a redirect":   {http.StatusFound, []string{"Location", "https://evil.example/"}, nil, "saml: metadata: GET https://idp.example/metadata.xml: refused a redirect (status 302)", 1, httpcore.Redirect},
	"too large":    {http.StatusOK, nil, func(t testing.TB) string { return mdPlain(t) + strings.Repeat(" ", 8<<20) }, "saml: metadata: GET https://idp.example/metadata.xml: the reply is too large: over 8388608 bytes", 1, httpcore.TooLarge},
	"half":         {http.StatusOK, nil, func(testing.TB) string { return "<a>" }, "saml: refused (xml): the metadata: xml: not well-formed at byte 3", 1, saml.CheckXML},
	"empty":        {http.StatusOK, nil, func(testing.TB) string { return "" }, "saml: refused (xml): the metadata: xml: not exactly one root element at byte 0", 1, saml.CheckXML},
	"another":      {http.StatusOK, nil, func(t testing.TB) string { return mdNamed(t, "https://b.example/") }, `saml: refused (metadata): the metadata are of "https://b.example/", not of "https://idp.example/metadata"`, 1, saml.CheckMetadata},
	"ended":        {http.StatusOK, nil, func(t testing.TB) string { return mdDoc(t, "2026-11-21T", "2026-11-19T") }, "saml: refused (metadata): they have ended: validUntil is past", 1, saml.CheckMetadata},
	"a script":     {http.StatusOK, nil, func(t testing.TB) string { return mdPlain(t, "https://idp.example/slo\"", "javascript:alert(1)\"") }, "saml: refused (metadata): SingleLogoutService: Location must be an absolute URL such as https://example.com", 1, saml.CheckMetadata},
	"no keys": {http.StatusOK, nil, func(t testing.TB) string {
		return strings.Replace(mdWithKeys(t, ""), ` validUntil="2026-11-21T12:00:00Z"`, "", 1)
	}, "saml: refused (metadata): there is no key to verify with", 1, saml.CheckMetadata},
}

func mdOf(t testing.TB) string { return mdPlain(t) }

func TestMetadataSourceBrokenKeepsTheLastGood(t *testing.T) {
	t.Parallel()
	for name, b := range mdBroken {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := ""
			if b.text != nil {
				text = b.text(t)
			}
			mdInCell(t, func(c *mdCell) {
				n := b.retried
				c.answer(b.status, text, b.fields...)
				err := c.fails(b.message, n)
				if b.is != nil {
					require.ErrorIs(t, err, b.is)
				}
				c.fails(b.message, n) // the cool-down holds for an empty cache, too
				time.Sleep(10*time.Second - time.Millisecond)
				c.fails(b.message, n)
				time.Sleep(time.Second)
				c.serve(mdPlain(t))
				good := c.has(n + 1)

				c.answer(b.status, text, b.fields...)
				time.Sleep(time.Hour)
				assert.Same(t, good, c.has(2*n+1), "the old ones stand in")
				for range 50 {
					c.has(2*n + 1)
				}
				time.Sleep(12 * time.Second)
				c.has(3*n + 1)
				time.Sleep(24*time.Hour - time.Minute)
				c.has(4*n + 1)
				time.Sleep(2 * time.Minute)
				c.fails(b.message, 5*n+1) // for a day at most
				time.Sleep(12 * time.Second)
				c.serve(mdPlain(t))
				c.has(5*n + 2)
			}, func(cfg *saml.MetadataConfig) { cfg.EntityID = idpID })
		})
	}
}

// Metadata never stand in past their validUntil.
func TestMetadataSourceEnds(t *testing.T) {
	t.Parallel()
	mdInCell(t, func(c *mdCell) {
		c.serve(mdDoc(t, "2026-11-21T12:00:00Z", "2026-11-20T14:00:00Z"))
		c.has(1)
		c.answer(http.StatusNotFound, "")
		time.Sleep(90 * time.Minute)
		c.has(2)
		time.Sleep(30*time.Minute - time.Second)
		c.has(3)
		time.Sleep(time.Second)
		c.fails("saml: metadata: status 404, want 200", 3)
	})
	mdInCell(t, func(c *mdCell) { // one of a group ends before the group
		c.serve(mdGroup("", mdDoc(t, "2026-11-21T12:00:00Z", "2026-11-20T12:10:00Z"), mdNamed(t, "https://b.example/")))
		_, err := c.ask(idpID)
		require.NoError(t, err)
		time.Sleep(10 * time.Minute)
		p, err := c.ask(idpID)
		requireRefused(t, p, err, saml.CheckMetadata, "they have ended: validUntil is past")
		_, err = c.ask("https://b.example/")
		require.NoError(t, err)
	})
}

// The old ones stand in after a second; what comes late is taken all the same.
func TestMetadataSourceSlowServerHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	mdInCell(t, func(c *mdCell) {
		c.serve(mdPlain(t))
		old := c.has(1)
		c.slowly(5*time.Second, mdPlain(t, "/sso/post", "/sso/put"))
		time.Sleep(time.Hour)
		begin := time.Now()
		assert.Same(t, old, c.has(2))
		assert.Equal(t, time.Second, time.Since(begin))
		for range 20 {
			assert.Same(t, old, c.has(2))
		}
		assert.Equal(t, time.Second, time.Since(begin))
		time.Sleep(5 * time.Second)
		assert.Equal(t, "https://idp.example/sso/put?a=1&b=2", c.has(2).SSO[0].Location)
	})
}

// A fetch ends at its own deadline, and not with the caller who began it.
func TestMetadataSourceDeadlines(t *testing.T) {
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
		require.EqualError(t, err, "saml: the context is nil")
		_, err = c.source.Refresh(none, "")
		require.EqualError(t, err, "saml: the context is nil")
		assert.Zero(t, c.mock.GetTotalCallCount())
	})
}

// Names that are not there cause one fetch in ten seconds, however many there are.
func TestMetadataSourceUnknownNames(t *testing.T) {
	t.Parallel()
	mdInCell(t, func(c *mdCell) {
		const b = "https://b.example/"
		c.serve(mdGroup("", mdPlain(t), mdNamed(t, "https://sp.example/", "md:IDPSSO", "md:SPSSO")))
		_, err := c.ask(idpID)
		require.NoError(t, err)
		for i := range 50 {
			p, err := c.ask("https://random.example/" + strconv.Itoa(i))
			requireRefused(t, p, err, saml.CheckUnknownIDP, `"https://random.example/`+strconv.Itoa(i)+`" is not configured`)
		}
		assert.Equal(t, 2, c.mock.GetTotalCallCount(), "one fills the empty cache, one looks for the first name")
		p, err := c.ask("")
		requireRefused(t, p, err, saml.CheckMetadata, "there are 2 entities, and EntityID names none")
		p, err = c.ask("https://sp.example/")
		requireRefused(t, p, err, saml.CheckMetadata, `the entity "https://sp.example/" is no identity provider: it has no IDPSSODescriptor`)
		assert.Equal(t, 2, c.mock.GetTotalCallCount())

		c.serve(mdGroup("", mdPlain(t), mdNamed(t, b)))
		_, err = c.ask(b)
		require.ErrorIs(t, err, saml.CheckUnknownIDP, "still in the cool-down")
		time.Sleep(10 * time.Second)
		for _, err := range mdAtOnce(1000, func() error { _, err := c.ask(b); return err }) {
			require.NoError(t, err)
		}
		assert.Equal(t, 3, c.mock.GetTotalCallCount())
		c.dead()
		time.Sleep(10 * time.Second)
		_, err = c.ask("https://new.example/")
		require.EqualError(t, err, "saml: metadata: GET https://idp.example/metadata.xml: connection refused", "nobody knows")
		_, err = c.ask(b)
		require.NoError(t, err)
	})
	mdInCell(t, func(c *mdCell) {
		c.serve(mdPlain(t))
		_, err := c.ask("https://b.example/")
		require.ErrorIs(t, err, saml.CheckUnknownIDP)
		assert.Zero(t, c.mock.GetTotalCallCount(), "only one can be there")
	}, func(cfg *saml.MetadataConfig) { cfg.EntityID = idpID })
}

// One broken entity of a group costs the others nothing.
func TestMetadataSourceGroup(t *testing.T) {
	t.Parallel()
	const b = "https://b.example/"
	broken := mdNamed(t, b, "https://idp.example/sso\"", "javascript:alert(1)\"")
	mdInCell(t, func(c *mdCell) {
		c.serve(mdGroup("", mdPlain(t), broken))
		_, err := c.ask(idpID)
		require.NoError(t, err)
		p, err := c.ask(b)
		requireRefused(t, p, err, saml.CheckMetadata, "SingleSignOnService: Location must be an absolute URL such as https://example.com")
		assert.Equal(t, 1, c.mock.GetTotalCallCount())
	})
	mdInCell(t, func(c *mdCell) {
		c.serve(mdGroup("", broken, mdNamed(t, "https://sp.example/", "md:IDPSSO", "md:SPSSO")))
		_, err := c.ask(b)
		require.EqualError(t, err, "saml: refused (metadata): 2 entities: no identity provider can be used")
	})
}

func TestMetadataSourceSigned(t *testing.T) {
	t.Parallel()
	good := mdSigned(t, mdPlain(t), spKey(), "")
	other := mdSigned(t, mdPlain(t), idpKey(), "")
	mdInCell(t, func(c *mdCell) {
		c.serve(other)
		require.ErrorIs(t, c.fails("saml: refused (signature): the metadata: xmldsig: refused (value): it was not made by any of the keys", 1), saml.CheckSignature)
		time.Sleep(10 * time.Second)
		c.serve(good)
		p := c.has(2)
		for _, bad := range []string{other, mdPlain(t), strings.Replace(good, "/sso/post", "/sso/put", 1)} {
			c.serve(bad)
			time.Sleep(time.Hour)
			assert.Same(t, p, c.has(c.mock.GetTotalCallCount()+1), "the old ones stand in")
		}
	}, func(cfg *saml.MetadataConfig) { cfg.Keys = []crypto.PublicKey{spKey().Public()} })
}

// A clock that is set back does not keep old metadata, nor a failure, for longer.
func TestMetadataSourceClockSetBack(t *testing.T) {
	t.Parallel()
	var back time.Duration
	mdInCell(t, func(c *mdCell) {
		c.serve(mdPlain(t))
		c.has(1)
		back = 48 * time.Hour
		c.has(2)
		c.has(2)
		c.dead()
		time.Sleep(time.Hour)
		c.has(5)
		back = 96 * time.Hour
		c.serve(mdPlain(t))
		c.has(6)
	}, func(cfg *saml.MetadataConfig) {
		now := cfg.Now
		cfg.Now = func() time.Time { return now().Add(-back) }
	})
}
