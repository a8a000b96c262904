package metadata_test

import (
	"crypto"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// How errors of a Source with an EntityID begin.
const (
	mdWhere = ` of "https://idp.example/metadata" at https://idp.example/metadata.xml: `
	mdFetch = `saml: metadata (fetch) of "https://idp.example/metadata": GET https://idp.example/metadata.xml: `
)

// mdBroken are answers that cannot be used, and what the error says. retried is how many fetches one failure takes.
var mdBroken = map[string]struct {
	status  int
	fields  []string
	text    func(t testing.TB) string
	message string
	retried int
	is      error
}{
	"not found":    {http.StatusNotFound, nil, nil, mdFetch + "status 404, want 200", 1, metadata.CheckFetch},
	"server error": {http.StatusInternalServerError, nil, nil, mdFetch + "status 500, want 200", 3, metadata.CheckFetch},
	"a page":       {http.StatusOK, []string{"Content-Type", "text/html"}, mdOf, mdFetch + "status 200 with an HTML page (text/html): is the address right, is a proxy in the way?", 3, httpcore.HTML},
	"a redirect":   {http.StatusFound, []string{"Location", "https://evil.example/"}, nil, mdFetch + "refused a redirect (status 302) to https://evil.example", 1, httpcore.Redirect},
	"too large":    {http.StatusOK, nil, func(t testing.TB) string { return mdPlain(t) + strings.Repeat(" ", 8<<20) }, mdFetch + "the reply is too large: over 8388608 bytes (MaxReply)", 1, httpcore.TooLarge},
	"half":         {http.StatusOK, nil, func(testing.TB) string { return "<a>" }, `saml: metadata (xml)` + mdWhere + "xml: not well-formed at byte 3", 1, metadata.CheckXML},
	"empty":        {http.StatusOK, nil, func(testing.TB) string { return "" }, `saml: metadata (xml)` + mdWhere + "xml: not exactly one root element at byte 0", 1, metadata.CheckXML},
	"another":      {http.StatusOK, nil, func(t testing.TB) string { return mdNamed(t, "https://b.example/") }, `saml: metadata (entity)` + mdWhere + `the document is of "https://b.example/"`, 1, metadata.CheckEntity},
	"ended":        {http.StatusOK, nil, func(t testing.TB) string { return mdDoc(t, "2026-11-21T", "2026-11-19T") }, `saml: metadata (expired)` + mdWhere + "validUntil is past", 1, metadata.CheckExpired},
	"a script":     {http.StatusOK, nil, func(t testing.TB) string { return mdPlain(t, "https://idp.example/slo\"", "javascript:alert(1)\"") }, `saml: metadata (endpoint)` + mdWhere + "SingleLogoutService: Location must be an absolute URL such as https://example.com", 1, metadata.CheckEndpoint},
	"no keys": {http.StatusOK, nil, func(t testing.TB) string {
		return strings.Replace(mdWithKeys(t, ""), ` validUntil="2026-11-21T12:00:00Z"`, "", 1)
	}, `saml: metadata (key)` + mdWhere + "there is no key to verify with", 1, metadata.CheckKey},
}

func mdOf(t testing.TB) string { return mdPlain(t) }

func TestSourceBrokenKeepsTheLastGood(t *testing.T) {
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
				var bad *metadata.Error
				require.ErrorAs(t, err, &bad)
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
				assert.Same(t, good, c.has(2*n+1), "the old metadata is used")
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
			}, func(cfg *metadata.Config) { cfg.EntityID = idpID })
		})
	}
}

// Metadata is never used after its validUntil.
func TestSourceEnds(t *testing.T) {
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
		c.fails("saml: metadata (fetch): GET https://idp.example/metadata.xml: status 404, want 200", 3)
	})
	mdInCell(t, func(c *mdCell) { // one of a group ends before the group
		c.serve(mdGroup("", mdDoc(t, "2026-11-21T12:00:00Z", "2026-11-20T12:10:00Z"), mdNamed(t, "https://b.example/")))
		_, err := c.ask(idpID)
		require.NoError(t, err)
		time.Sleep(10 * time.Minute)
		p, err := c.ask(idpID)
		requireRefused(t, p, err, metadata.CheckExpired, "validUntil is past")
		_, err = c.ask("https://b.example/")
		require.NoError(t, err)
	})
}

// The old metadata is used after a second; what comes late is used from then on.
func TestSourceSlowServerHoldsNobodyUp(t *testing.T) {
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

func TestSourceSigned(t *testing.T) {
	t.Parallel()
	good := mdSigned(t, mdPlain(t), otherKey(), "")
	other := mdSigned(t, mdPlain(t), idpKey(), "")
	mdInCell(t, func(c *mdCell) {
		c.serve(other)
		require.ErrorIs(t, c.fails("saml: metadata (signature) at https://idp.example/metadata.xml: xmldsig: refused (value): it was not made by any of the keys", 1), metadata.CheckSignature)
		time.Sleep(10 * time.Second)
		c.serve(good)
		p := c.has(2)
		for _, bad := range []string{other, mdPlain(t), strings.Replace(good, "/sso/post", "/sso/put", 1)} {
			c.serve(bad)
			time.Sleep(time.Hour)
			assert.Same(t, p, c.has(c.mock.GetTotalCallCount()+1), "the old metadata is used")
		}
	}, func(cfg *metadata.Config) { cfg.Keys = []crypto.PublicKey{otherKey().Public()} })
}

// The address is named without its query, which may hold a token.
func TestErrorsNameTheAddress(t *testing.T) {
	t.Parallel()
	mock := httpmock.NewMockTransport()
	mock.RegisterNoResponder(httpmock.NewStringResponder(http.StatusNotFound, ""))
	s, err := metadata.NewSource(metadata.Config{
		URL: "https://idp.example/app/metadata?token=s3cret", HTTPClient: &http.Client{Transport: mock},
	})
	require.NoError(t, err)
	_, err = s.IDP(t.Context(), "")
	require.EqualError(t, err, "saml: metadata (fetch): GET https://idp.example/app/metadata: status 404, want 200")
	assert.NotContains(t, err.Error(), "s3cret")
}
