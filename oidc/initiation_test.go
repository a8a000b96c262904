package oidc_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

const initiateURI = "https://app.example/login/begin"

// initiated are the two forms of the request.
func initiated(v url.Values) map[string]*http.Request {
	post := httptest.NewRequest(http.MethodPost, initiateURI, strings.NewReader(v.Encode()))
	post.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	return map[string]*http.Request{"GET": httptest.NewRequest(http.MethodGet, initiateURI+"?"+v.Encode(), nil), "POST": post}
}

func values(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

func TestA19Initiation(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	c := p.client(newTrial().config)
	for _, accepted := range []struct {
		v          url.Values
		hint, path string
	}{
		{values("iss", issuer), "", ""},
		{values("iss", issuer, "unknown", "x"), "", ""},
		{values("iss", issuer, "login_hint", "jané@example.com"), "jané@example.com", ""},
		{values("iss", issuer, "login_hint", strings.Repeat("h", 1024)), strings.Repeat("h", 1024), ""},
		{values("iss", issuer, "target_link_uri", "https://app.example/inbox?m=1#top"), "", "/inbox?m=1#top"},
		{values("iss", issuer, "target_link_uri", "https://app.example"), "", "/"},
		{values("iss", issuer, "target_link_uri", "HTTPS://APP.example:443/a%2Fb/"), "", "/a%2Fb/"},
		{values("iss", issuer, "target_link_uri", ""), "", ""},
	} {
		for method, r := range initiated(accepted.v) {
			begun, err := c.ReadInitiation(t.Context(), r)
			require.NoError(t, err, method)
			assert.Equal(t, &oidc.Initiation{Options: oidc.AuthorizeOptions{LoginHint: accepted.hint}, Return: accepted.path, Target: accepted.v.Get("target_link_uri")}, begun)
			login, err := c.BeginLogin(t.Context(), begun.Options)
			require.NoError(t, err)
			u, err := url.Parse(login.URL)
			require.NoError(t, err)
			assert.Equal(t, accepted.hint, u.Query().Get("login_hint"))
		}
	}
	assert.Equal(t, 1, p.total(), "only BeginLogin fetched something")
}

func TestA19InitiationIsRefused(t *testing.T) {
	t.Parallel()
	target := func(to string) url.Values { return values("iss", issuer, "target_link_uri", to) }
	p := newProvider(t)
	c := p.client(newTrial().config)
	for name, bad := range map[string]struct {
		check oauth.CallbackCheck
		v     url.Values
	}{
		"iss missing":          {oauth.CheckIssuer, values("login_hint", "x")},
		"iss empty":            {oauth.CheckIssuer, values("iss", "")},
		"iss with a slash":     {oauth.CheckIssuer, values("iss", issuer+"/")},
		"iss of another":       {oauth.CheckIssuer, values("iss", "https://attacker.example")},
		"iss in capitals":      {oauth.CheckIssuer, values("iss", strings.ToUpper(issuer))},
		"hint of 1025 bytes":   {oidc.CheckLoginHint, values("iss", issuer, "login_hint", strings.Repeat("h", 1025))},
		"hint is not UTF-8":    {oidc.CheckLoginHint, values("iss", issuer, "login_hint", "\xff")},
		"iss twice":            {oauth.CheckRepeated, values("iss", issuer, "iss", issuer)},
		"hint twice":           {oauth.CheckRepeated, values("iss", issuer, "login_hint", "a", "login_hint", "b")},
		"unknown twice":        {oauth.CheckRepeated, values("iss", issuer, "x", "a", "x", "b")},
		"over 16 KiB":          {oauth.CheckMalformed, values("iss", issuer, "x", strings.Repeat("x", 16<<10))},
		"another host":         {oidc.CheckTarget, target("https://evil.example/")},
		"a host below":         {oidc.CheckTarget, target("https://x.app.example/")},
		"a longer host":        {oidc.CheckTarget, target("https://app.example.evil.example/")},
		"another port":         {oidc.CheckTarget, target("https://app.example:8443/")},
		"another scheme":       {oidc.CheckTarget, target("http://app.example/")},
		"javascript":           {oidc.CheckTarget, target("javascript:alert(1)")},
		"a user":               {oidc.CheckTarget, target("https://app.example@evil.example/")},
		"a user of our host":   {oidc.CheckTarget, target("https://x@app.example/")},
		"a path only":          {oidc.CheckTarget, target("/inbox")},
		"no scheme":            {oidc.CheckTarget, target("//app.example/")},
		"two slashes":          {oidc.CheckTarget, target("https://app.example//evil.example")},
		"dots":                 {oidc.CheckTarget, target("https://app.example/..//evil.example")},
		"a backslash":          {oidc.CheckTarget, target(`https://app.example/\evil.example`)},
		"a backslash for host": {oidc.CheckTarget, target(`https:\\evil.example`)},
		"a new line":           {oidc.CheckTarget, target("https://app.example/\n")},
		"opaque":               {oidc.CheckTarget, target("https:app.example")},
	} {
		for method, r := range initiated(bad.v) {
			begun, err := c.ReadInitiation(t.Context(), r)
			require.ErrorIs(t, err, bad.check, "%s by %s", name, method)
			var refused *oauth.CallbackError
			require.ErrorAs(t, err, &refused)
			assert.Nil(t, begun)
			assert.True(t, strings.HasPrefix(err.Error(), "oidc: third-party initiated login: "), err)
			assert.Less(t, len(err.Error()), 600)
		}
	}
	assert.Zero(t, p.total(), "nothing is fetched")
}

func TestA19FormOfTheInitiation(t *testing.T) {
	t.Parallel()
	c := newProvider(t).client(newTrial().config)
	for name, bad := range map[string]struct {
		check  oauth.CallbackCheck
		change func(r *http.Request)
	}{
		"JSON":        {oauth.CheckMalformed, func(r *http.Request) { r.Header.Set("Content-Type", "application/json") }},
		"multipart":   {oauth.CheckMalformed, func(r *http.Request) { r.Header.Set("Content-Type", "multipart/form-data; boundary=x") }},
		"no type":     {oauth.CheckMalformed, func(r *http.Request) { r.Header.Del("Content-Type") }},
		"PUT":         {oauth.CheckMethod, func(r *http.Request) { r.Method = http.MethodPut }},
		"HEAD":        {oauth.CheckMethod, func(r *http.Request) { r.Method = http.MethodHead }},
		"only query":  {oauth.CheckIssuer, func(r *http.Request) { r.URL.RawQuery = "iss=" + issuer; r.Body = http.NoBody }},
		"bad escapes": {oauth.CheckMalformed, func(r *http.Request) { r.Method, r.URL.RawQuery = http.MethodGet, "iss=%zz" }},
	} {
		r := initiated(values("iss", issuer))["POST"]
		_, err := c.ReadInitiation(t.Context(), r)
		require.NoError(t, err, "the accepted twin")
		bad.change(r)
		_, err = c.ReadInitiation(t.Context(), r)
		require.ErrorIs(t, err, bad.check, name)
	}
	for _, r := range []*http.Request{nil, {}} {
		_, err := c.ReadInitiation(t.Context(), r)
		require.EqualError(t, err, "oidc: third-party initiated login: ReadInitiation needs the request")
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := c.ReadInitiation(ended, initiated(values("iss", issuer))["POST"])
	require.ErrorIs(t, err, context.Canceled)
}

// Without a RedirectURI nothing says which addresses are the application's own: no target_link_uri becomes a Return.
func TestA19WithoutRedirectURI(t *testing.T) {
	t.Parallel()
	for redirectURI, back := range map[string]string{"": "", "https://app.example/cb": "/x"} {
		cfg := newTrial().config
		cfg.RedirectURI = redirectURI
		begun, err := newProvider(t).client(cfg).ReadInitiation(t.Context(), initiated(values("iss", issuer, "target_link_uri", "https://app.example/x"))["GET"])
		require.NoError(t, err)
		assert.Equal(t, back, begun.Return)
		assert.Equal(t, "https://app.example/x", begun.Target)
	}
}

// A target_link_uri is compared with RedirectURI, and a family accepts its tenants alone.
func TestA19ByConfiguration(t *testing.T) {
	t.Parallel()
	read := func(change func(c *oidc.Config), v url.Values) error {
		cfg := newTrial().config
		change(&cfg)
		_, err := newProvider(t).client(cfg).ReadInitiation(t.Context(), initiated(v)["GET"])
		return err
	}
	target := values("iss", issuer, "target_link_uri", "http://localhost:3000/x")
	require.NoError(t, read(func(c *oidc.Config) { c.RedirectURI = "http://localhost:3000/cb" }, target))
	require.ErrorIs(t, read(func(c *oidc.Config) { c.RedirectURI = "http://localhost/cb" }, target), oidc.CheckTarget)
	plain := func(c *oidc.Config) { c.RedirectURI = "http://localhost/cb" }
	require.NoError(t, read(plain, values("iss", issuer, "target_link_uri", "http://localhost:80/x")))
	require.ErrorIs(t, read(plain, values("iss", issuer, "target_link_uri", "http://localhost:443/x")), oidc.CheckTarget)
	require.NoError(t, read(func(c *oidc.Config) { c.RedirectURI = "" }, values("iss", issuer)))
	family := func(c *oidc.Config) {
		c.IssuerFamily = &oidc.IssuerFamily{Template: issuer + "/{t}", TenantClaim: "tid", Tenants: []string{"a"}}
	}
	require.NoError(t, read(family, values("iss", issuer+"/a")))
	require.ErrorIs(t, read(family, values("iss", issuer+"/b")), oauth.CheckIssuer)
	require.ErrorIs(t, read(family, values("iss", issuer)), oauth.CheckIssuer)
}
