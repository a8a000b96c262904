package web_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

// New names the setting that is wrong. Each refused setting stands beside one that is accepted.
func TestNewChecksSettings(t *testing.T) {
	t.Parallel()
	type change = func(*web.Config)
	baseURL := func(address string) change { return func(c *web.Config) { c.BaseURL = address } }
	more := func(address string) change { return func(c *web.Config) { c.MoreBaseURLs = []string{address} } }
	name := func(name string) change { return func(c *web.Config) { c.Name = name } }
	flows := func(name string) change {
		return func(c *web.Config) { c.Flows = map[string]authentication.LoginFlow{name: deaf{}} }
	}
	store := web.NewMemory(time.Now)
	for _, c := range []struct {
		want      string
		bad, good change
	}{
		{"Config.BaseURL is not set", baseURL(""), baseURL("https://app.example")},
		{"Config.BaseURL must be an absolute URL", baseURL("app.example"), baseURL("https://app.example:8443")},
		{"Config.BaseURL must be an absolute URL", baseURL("https://:443"), baseURL("https://app.example:443")},
		{"Config.BaseURL must have its host as browsers send it", baseURL("https://app.example:"), baseURL("https://app.example:8443")},
		{"Config.BaseURL must have its host as browsers send it", baseURL("https://bücher.example"), baseURL("https://xn--bcher-kva.example")},
		{"Config.BaseURL must begin with https", baseURL("ftp://localhost"), baseURL("http://localhost")},
		{"Config.BaseURL must begin with https, or be http to a loopback host", baseURL("http://app.example"), baseURL("http://127.0.0.1:3000")},
		{"InsecureAllowHTTP allows http", baseURL("http://10.0.0.1"), func(c *web.Config) { c.BaseURL, c.InsecureAllowHTTP = "http://10.0.0.1", true }},
		{"Config.BaseURL must have no user, query or fragment", baseURL("https://u@app.example"), baseURL("https://app.example/u")},
		{"Config.BaseURL must have no user, query or fragment", baseURL("https://app.example?x"), baseURL("https://app.example/x/")},
		{"Config.BaseURL must have no user, query or fragment", baseURL("https://app.example/#"), baseURL("https://app.example/")},
		{"Config.BaseURL has a path with characters", baseURL("https://app.example/a/../b"), baseURL("https://app.example/a/..b/b")},
		{"Config.BaseURL has a path with characters", baseURL("https://app.example/a%2fb"), baseURL("https://app.example/a-b")},
		{"Config.MoreBaseURLs[0] has the host of another base URL", more("https://APP.example:443"), more("https://app.example:444")},
		{"Config.MoreBaseURLs[0] must begin with https", more("http://other.example"), more("https://other.example")},
		{"Config has no flow", func(c *web.Config) { c.Flow = nil }, func(c *web.Config) { flows("a")(c); c.Flow = nil }},
		{"Config.Name may have letters", name("a.b"), name("a-B")},
		{"Config.Name may have letters", name(strings.Repeat("a", 33)), name(strings.Repeat("a", 32))},
		{"Config.Idle and Config.Absolute must not be negative", func(c *web.Config) { c.Idle = -1 }, func(c *web.Config) { c.Idle = time.Hour }},
		{"Config.Idle and Config.Absolute must not be negative", func(c *web.Config) { c.Absolute = -1 }, func(c *web.Config) { c.Absolute = time.Hour }},
		{"Config.Store needs Config.Keys", func(c *web.Config) { c.Store = store }, func(c *web.Config) { c.Store, c.Keys = store, web.Keys{keyA} }},
		{"Config.Keys[1] has 31 bytes, want 32", func(c *web.Config) { c.Keys = web.Keys{keyA, keyB[:31]} }, func(c *web.Config) { c.Keys = web.Keys{keyA, keyB} }},
		{`Config.Flows has the name "A"`, flows("A"), flows("a")},
		{`Config.Flows has the name ""`, flows(""), flows("0")},
		{`Config.Flows has the name "seen"`, flows("seen"), flows("seen-")},
		{`1 to 32`, flows(strings.Repeat("a", 33)), flows(strings.Repeat("a", 32))},
		{`Config.Flows["a"] is nil`, func(c *web.Config) { c.Flows = map[string]authentication.LoginFlow{"a": nil} }, flows("a")},
	} {
		config := func(change change) web.Config {
			made := web.Config{BaseURL: appOrigin, Flow: deaf{}}
			change(&made)
			return made
		}
		_, err := web.New(config(c.good))
		require.NoError(t, err, c.want)
		site, err := web.New(config(c.bad))
		require.ErrorContains(t, err, "web: ")
		require.ErrorContains(t, err, c.want)
		assert.ErrorIs(t, err, authentication.ErrMisconfigured, c.want)
		assert.Nil(t, site)
	}
}
