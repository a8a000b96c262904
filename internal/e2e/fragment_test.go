//go:build interop

package e2e

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// Logins of each response type, whose response comes in the fragment or by form_post.
func TestFragmentLogin(t *testing.T) {
	b := startBrowser(t)
	server := httptest.NewServer(&oidctest.Server{})
	t.Cleanup(server.Close)
	s := newRP(t, func(string) oidc.Config {
		return oidc.Config{Issuer: server.URL, ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, AllowFrontChannelAccessToken: true}
	})
	s.server = &loginPages{user: "#username", password: "#password", submit: "button[value=login]", name: idptest.Username, secret: idptest.Password}
	for _, responseType := range []oauth.ResponseType{
		oauth.ResponseTypeCode, oidc.ResponseTypeIDToken, oidc.ResponseTypeIDTokenToken, oidc.ResponseTypeCodeIDToken,
		oidc.ResponseTypeCodeToken, oidc.ResponseTypeCodeIDTokenToken,
	} {
		for _, mode := range []oauth.ResponseMode{oauth.ResponseModeFragment, oauth.ResponseModeFormPost} {
			t.Run(string(responseType)+" "+string(mode), func(t *testing.T) {
				s.responseType, s.mode = responseType, mode
				who := b.profile(t)
				s.signIn(who)
				who.see("#subject")
				assert.Equal(t, idptest.Subject, who.text("#subject"))
				assert.Equal(t, s.origin+"/", who.location())
				for _, entry := range history(t, who) {
					assert.NotContains(t, entry, "#", "the history has a fragment")
					assert.NotContains(t, entry, "state=", "the history has a response")
				}
			})
		}
	}
}

// history are the addresses that the back button leads to, and the present one.
func history(t *testing.T, who *tab) []string {
	t.Helper()
	got, err := chromedp.Call(who.ctx, page.GetNavigationHistory, struct{}{})
	require.NoError(t, err)
	var all []string
	for _, entry := range got.Entries {
		all = append(all, entry.URL)
	}
	return all
}

// The page posts any text of a fragment, and says so when there is none.
func TestFragmentPage(t *testing.T) {
	b := startBrowser(t)
	posts := make(chan *http.Request, 1)
	var address string
	server := httptest.NewServer(web.FragmentPage(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && r.ParseForm() == nil {
			posts <- r
		}
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<p id=posted>posted</p>"))
	})))
	t.Cleanup(server.Close)
	address = server.URL + "//callback?tab=1"
	who := b.profile(t)
	for _, want := range []url.Values{
		{"state": {`a+b c&d=e#f%2B"<'>é😀`}, "id_token": {"e30.e30.c2ln"}},
		{"submit": {"1"}, "action": {"https://evil.example"}, "method": {"get"}, "target": {"x"}, "length": {"2"}, "elements": {"y"}},
		{"__proto__": {"x"}, "constructor": {"y"}, "empty": {"</form></script><script>document.title=1</script>"}},
		{"error_description": {"%zz % %"}, "state": {strings.Repeat("s", 30000)}},
		{"twice": {"1", "2"}},
	} {
		who.open("about:blank") // else only the fragment changes, and nothing is loaded
		who.open(address + "#" + want.Encode())
		who.see("#posted")
		r := <-posts
		assert.Equal(t, want, r.PostForm)
		assert.Equal(t, "/"+"/callback?tab=1", r.URL.RequestURI())
		assert.Equal(t, []string{"same-origin", server.URL, address}, []string{r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Origin"), r.Header.Get("Referer")})
		assert.Equal(t, address, who.location())
	}
	who.open("about:blank")
	who.open(address + "#id_token=%zz%&state=%") // no escapes of a form
	who.see("#posted")
	assert.Equal(t, url.Values{"id_token": {"%zz%"}, "state": {"%"}}, (<-posts).PostForm)
	for _, none := range []string{"", "#"} {
		who.open("about:blank")
		who.open(address + none)
		who.read("#empty", "There is no sign-in to complete here.")
		assert.Equal(t, address, who.location())
	}
	assert.Empty(t, posts)
}
