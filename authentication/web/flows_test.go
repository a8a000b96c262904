package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

const appOrigin = "https://app.example"

// direct is a transport that calls a handler.
type direct struct{ http.Handler }

func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	in := r.Clone(r.Context())
	if in.Body == nil {
		in.Body = http.NoBody
	}
	d.ServeHTTP(w, in)
	return w.Result(), nil
}

// standardApp is an application with one login at a standard server: /begin starts it, /cb completes it.
func standardApp(t *testing.T, server *oidctest.Server, o authentication.AuthorizeOptions, onLost func(error), configure ...func(*oidc.Config)) http.Handler {
	t.Helper()
	config := oidc.Config{
		Issuer: server.Realm.BaseURL, ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, RedirectURI: appOrigin + "/cb",
		HTTPClient: &http.Client{Transport: direct{server}}, AllowFrontChannelAccessToken: true,
	}
	for _, c := range configure {
		c(&config)
	}
	client, err := oidc.NewClient(config)
	require.NoError(t, err)
	flow := authentication.FromOIDC(client)
	pending := &web.Pending{OnLost: func(_ *http.Request, err error) { onLost(err) }}
	mux := http.NewServeMux()
	mux.HandleFunc("/begin", func(w http.ResponseWriter, r *http.Request) {
		login, err := flow.BeginLogin(r.Context(), o)
		if err == nil {
			err = pending.Send(w, r, login)
		}
		web.Error(w, r, err)
	})
	mux.Handle("/cb", web.FragmentPage(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		login := pending.Take(w, r, flow.LoginKey(r))
		id, err := flow.CompleteLogin(r.Context(), login, r)
		if err != nil {
			web.Error(w, r, err)
			return
		}
		fmt.Fprint(w, "hello ", id.Subject)
	})))
	return mux
}

// tab is a browser at the application, with the rules of SameSite.
type tab struct {
	app     http.Handler
	cookies map[string]*http.Cookie
}

// visit sends a request; by POST from another site only SameSite=None cookies go with it (RFC 6265bis §5.8.3).
func (b *tab) visit(r *http.Request, site string) *httptest.ResponseRecorder {
	r.Header.Set("Sec-Fetch-Site", site)
	r.Header.Set("Sec-Fetch-Mode", "navigate")
	for _, c := range b.cookies {
		if site == "same-origin" || r.Method == http.MethodGet || c.SameSite == http.SameSiteNoneMode {
			r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
		}
	}
	w := httptest.NewRecorder()
	b.app.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if b.cookies[c.Name] = c; c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	return w
}

// comesBack is the way back from the server, with the page that posts a fragment.
func (b *tab) comesBack(t *testing.T, from *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	fragment := from.URL.EscapedFragment()
	in := httptest.NewRequest(from.Method, appOrigin+from.URL.RequestURI(), from.Body)
	in.Header = from.Header.Clone()
	w := b.visit(in, "cross-site")
	if fragment == "" {
		return w
	}
	require.Equal(t, http.StatusOK, w.Code)
	require.Regexp(t, regexp.MustCompile(`<form method="post"></form>`), w.Body.String())
	assert.Len(t, b.cookies, 1, "the page is no callback")
	post := httptest.NewRequest(http.MethodPost, appOrigin+from.URL.RequestURI(), strings.NewReader(fragment))
	post.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	post.Header.Set("Origin", appOrigin)
	return b.visit(post, "same-origin")
}

// A login of each response type in each mode, with cookies: through FromOIDC, Pending and FragmentPage. The browser of
// another person is the refused twin (A5).
func TestFlowsWithCookies(t *testing.T) {
	t.Parallel()
	realm := &idptest.Realm{BaseURL: "https://id.example"}
	server := &oidctest.Server{Realm: realm, RedirectURIs: []string{appOrigin + "/cb"}}
	for _, responseType := range []oauth.ResponseType{
		oauth.ResponseTypeCode, oidc.ResponseTypeIDToken, oidc.ResponseTypeIDTokenToken, oidc.ResponseTypeCodeIDToken, oidc.ResponseTypeCodeToken,
		oidc.ResponseTypeCodeIDTokenToken,
	} {
		for _, mode := range []oauth.ResponseMode{"", oauth.ResponseModeFragment, oauth.ResponseModeFormPost} {
			var lost error
			app := standardApp(t, server, authentication.AuthorizeOptions{ResponseType: responseType, ResponseMode: mode}, func(err error) { lost = err })
			person, other := &tab{app, map[string]*http.Cookie{}}, &tab{app, map[string]*http.Cookie{}}
			at, err := realm.Browser("", server)
			require.NoError(t, err)
			callback := func() *http.Request {
				begun := person.visit(httptest.NewRequest(http.MethodGet, appOrigin+"/begin", nil), "none")
				require.Equal(t, http.StatusSeeOther, begun.Code, begun.Body)
				r, err := at.Open(t.Context(), begun.Header().Get("Location"), nil)
				require.NoError(t, err)
				return r
			}
			w := person.comesBack(t, callback())
			assert.Equal(t, "hello "+idptest.Subject, w.Body.String(), "%s %s: %v", responseType, mode, lost)
			assert.Empty(t, person.cookies)
			require.NoError(t, lost)

			r := callback()
			other.visit(httptest.NewRequest(http.MethodGet, appOrigin+"/begin", nil), "none")
			w = other.comesBack(t, r)
			assert.Equal(t, http.StatusUnauthorized, w.Code)
			require.ErrorIs(t, lost, web.LostState)
		}
	}
}

// Responses that are JWTs (JARM), signed or encrypted too: the login is found by the state in the JWT.
func TestJWTResponsesWithCookies(t *testing.T) {
	t.Parallel()
	realm := &idptest.Realm{BaseURL: "https://id.example"}
	for _, encryption := range []string{"", "dir"} {
		server := &oidctest.Server{Realm: realm, RedirectURIs: []string{appOrigin + "/cb"}, AuthorizationSigningAlg: "RS256", AuthorizationEncryptionAlg: encryption}
		jarm := func(c *oidc.Config) { c.AuthorizationSigningAlg, c.AuthorizationEncryptionAlg = "RS256", encryption }
		for _, c := range []struct {
			responseType oauth.ResponseType
			mode         oauth.ResponseMode
		}{
			{"code", ""}, {"code", "jwt"}, {"code", "query.jwt"}, {"code", "form_post.jwt"}, {"code", "fragment.jwt"},
			{"code id_token", ""}, {"code id_token", "jwt"}, {"id_token token", "form_post.jwt"}, {"code id_token token", "fragment.jwt"},
		} {
			var lost error
			app := standardApp(t, server, authentication.AuthorizeOptions{ResponseType: c.responseType, ResponseMode: c.mode}, func(err error) { lost = err }, jarm)
			at, err := realm.Browser("", server)
			require.NoError(t, err)
			callback := func(person *tab) *http.Request {
				begun := person.visit(httptest.NewRequest(http.MethodGet, appOrigin+"/begin", nil), "none")
				require.Equal(t, http.StatusSeeOther, begun.Code, begun.Body)
				r, err := at.Open(t.Context(), begun.Header().Get("Location"), nil)
				require.NoError(t, err)
				return r
			}
			person, other := &tab{app, map[string]*http.Cookie{}}, &tab{app, map[string]*http.Cookie{}}
			w := person.comesBack(t, callback(person))
			assert.Equal(t, "hello "+idptest.Subject, w.Body.String(), "%v: %v", c, lost)
			assert.Empty(t, person.cookies)
			require.NoError(t, lost)

			r := callback(person)
			callback(other)
			w = other.comesBack(t, r)
			assert.Equal(t, http.StatusUnauthorized, w.Code)
			require.ErrorIs(t, lost, web.LostState)

			lost = nil
			server.Break(oidctest.SecondAudience)
			third := &tab{app, map[string]*http.Cookie{}}
			w = third.comesBack(t, callback(third))
			server.Break()
			assert.Equal(t, http.StatusUnauthorized, w.Code, "the JWT is refused: no outage")
			require.NoError(t, lost)
		}
	}
}
