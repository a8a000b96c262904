package metadata_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// How long metadata is used before the server is asked again.
func TestSourceFreshness(t *testing.T) {
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
		"Cache-Control, two lines":        {"", "public|max-age=600", 10 * time.Minute},
		"Cache-Control, no-store behind":  {"", "max-age=7200|no-store", 5 * time.Minute},
		"Cache-Control, two ages":         {"", "max-age=600, max-age=7200", 10 * time.Minute},
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
				first, second, _ := strings.Cut(c.control, "|")
				cell.serve(mdDoc(t, span(" "+c.attributes)...), "Cache-Control", first, "Cache-Control", second)
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
	t.Run("until the group ends", func(t *testing.T) {
		t.Parallel()
		mdInCell(t, func(c *mdCell) {
			c.serve(mdGroup(`validUntil="2026-11-20T16:00:00Z" cacheDuration="P1D"`, mdPlain(t), mdNamed(t, "https://b.example/")))
			_, err := c.ask(idpID)
			require.NoError(t, err)
			c.dead()
			time.Sleep(3*time.Hour - time.Second)
			_, err = c.ask(idpID)
			require.NoError(t, err)
			assert.Equal(t, 1, c.mock.GetTotalCallCount())
			time.Sleep(time.Second)
			_, err = c.ask(idpID)
			require.NoError(t, err)
			assert.Equal(t, 1+3, c.mock.GetTotalCallCount())
			time.Sleep(time.Hour)
			_, err = c.ask(idpID)
			require.EqualError(t, err, "saml: metadata (fetch): GET https://idp.example/metadata.xml: connection refused")
		})
	})
	for name, row := range map[string]struct {
		group, own string
		change     func(*metadata.Config)
		fresh      time.Duration
	}{
		"of one in the group":            {`cacheDuration="PT2H"`, `cacheDuration="PT20M"`, func(c *metadata.Config) { c.EntityID = idpID }, 20 * time.Minute},
		"of the group around one":        {`cacheDuration="PT20M"`, `cacheDuration="PT2H"`, func(c *metadata.Config) { c.EntityID = idpID }, 20 * time.Minute},
		"of one alone that is not taken": {`cacheDuration="PT2H"`, `cacheDuration="PT20M"`, func(*metadata.Config) {}, 2 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mdInCell(t, func(c *mdCell) {
				c.serve(mdGroup(row.group, mdDoc(t, span(" "+row.own)...), mdNamed(t, "https://b.example/")))
				for _, n := range []int{1, 2} {
					for range 2 {
						_, err := c.ask(idpID)
						require.NoError(t, err)
					}
					assert.Equal(t, n, c.mock.GetTotalCallCount())
					time.Sleep(row.fresh - time.Second)
					_, err := c.ask(idpID)
					require.NoError(t, err)
					assert.Equal(t, n, c.mock.GetTotalCallCount())
					time.Sleep(time.Second)
				}
			}, row.change)
		})
	}
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
		}, func(cfg *metadata.Config) { cfg.MinRefresh, cfg.MaxRefresh = time.Minute, 10*time.Minute })
	})
}

// A server that says how is asked only for what is newer.
func TestSourceNotModified(t *testing.T) {
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

func TestSourceNotModifiedAtOdds(t *testing.T) {
	t.Parallel()
	mdInCell(t, func(c *mdCell) {
		c.answer(http.StatusNotModified, "")
		c.fails("saml: metadata (fetch): GET https://idp.example/metadata.xml: refused a redirect (status 304)", 1)
		time.Sleep(10 * time.Second)
		c.serve(mdDoc(t, "2026-11-21T12:00:00Z", "2026-11-20T13:00:00Z"), "ETag", `"v1"`)
		c.has(2)
		c.answer(http.StatusNotModified, "")
		time.Sleep(time.Hour)
		c.fails("saml: metadata (expired) at https://idp.example/metadata.xml: validUntil is past, and the server has nothing newer", 3)
		time.Sleep(10 * time.Second)
		c.serve(mdPlain(t), "ETag", "a\u0080b")
		c.has(4)
		time.Sleep(time.Hour)
		c.serve(mdPlain(t), "ETag", strings.Repeat("e", 1025))
		c.has(5)
		time.Sleep(time.Hour)
		c.has(6)
		c.serve(mdPlain(t), "ETag", `"first ~"`)
		time.Sleep(time.Hour)
		c.has(7)
		time.Sleep(time.Hour)
		c.has(8)
		assert.Equal(t, `"first ~"`, c.asked[7].Get("If-None-Match"), "the accepted twin")
		for _, sent := range c.asked[4:7] {
			assert.Empty(t, sent.Get("If-None-Match"), "what cannot be sent, or is too long, is not")
		}
	})
}

// A clock that is set back does not keep old metadata, nor a failure, for longer.
func TestSourceClockSetBack(t *testing.T) {
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
	}, func(cfg *metadata.Config) {
		now := cfg.Now
		cfg.Now = func() time.Time { return now().Add(-back) }
	})
}
