package web_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

// Requests of other sites that could change something are refused, with and without a session, after the Site's own
// addresses, where servers post logins.
func TestCrossOrigin(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, func(g *guarded) { g.config.MoreBaseURLs = []string{"https://tenant.example"} })
	cookie := g.signIn()
	for name, c := range map[string]struct {
		method string
		header []string
		want   int
	}{
		"a form of another site": {"POST", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		"of a sibling":           {"POST", []string{"Sec-Fetch-Site", "same-site"}, 403},
		"of another origin":      {"POST", []string{"Origin", "https://other.example"}, 403},
		"a link of another site": {"GET", []string{"Sec-Fetch-Site", "cross-site"}, 200},
		"a form of the site":     {"POST", []string{"Sec-Fetch-Site", "same-origin"}, 200},
		"of the tenant's site":   {"POST", []string{"Origin", "https://tenant.example", "Sec-Fetch-Site", "cross-site"}, 200},
		"a program":              {"POST", nil, 200},
		"by the user":            {"POST", []string{"Sec-Fetch-Site", "none"}, 200},
	} {
		w := ask(g.site.RequireLogin(hello), c.method, appOrigin+"/a", cookie, c.header...)
		assert.Equal(t, c.want, w.Code, name)
		assert.Equal(t, c.want, ask(g.site.LoadLogin(hello), c.method, appOrigin+"/a", nil, c.header...).Code, name)
		if c.want == http.StatusForbidden {
			assert.Contains(t, w.Body.String(), "This request came from another site", name)
			assert.NotContains(t, w.Body.String(), "hello", name)
		}
	}
	assert.Contains(t, g.kinds(), web.EventError)
	assert.NotEqual(t, http.StatusForbidden, ask(g.site.RequireLogin(hello), "POST", appOrigin+"/auth/callback", nil, "Sec-Fetch-Site", "cross-site").Code)
}

// The application's own protection decides, and answers where it has an answer.
func TestCrossOriginOfTheApplication(t *testing.T) {
	t.Parallel()
	own := http.NewCrossOriginProtection()
	require.NoError(t, own.AddTrustedOrigin("https://partner.example"))
	g := newGuarded(t, func(g *guarded) { g.config.CrossOrigin = own })
	h := g.site.RequireLogin(hello)
	cookie := g.signIn()
	post := func(origin string) int {
		return ask(h, "POST", appOrigin+"/a", cookie, "Origin", origin, "Sec-Fetch-Site", "cross-site").Code
	}
	assert.Equal(t, http.StatusOK, post("https://partner.example"))
	assert.Equal(t, http.StatusForbidden, post("https://other.example"))
	own.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	assert.Equal(t, http.StatusTeapot, post("https://other.example"))
	assert.Equal(t, http.StatusOK, post("https://partner.example"))
}
