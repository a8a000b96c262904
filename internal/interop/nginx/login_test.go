//go:build interop

package nginx

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/internal/interop"
	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
)

// The sessions are in cookies, with some claims: their size is what a proxy may stumble over.
func TestLoginBehindNginx(t *testing.T) {
	t.Parallel()
	facts, err := interop.Facts("nginx")
	require.NoError(t, err)
	for name, seen := range map[string]string{"ROOT": "/orders", "KEEPS": "/shop/orders", "STRIPS": "/orders"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base := facts[name+"_URL"]
			idp := httptest.NewServer(&authtest.Server{RedirectURIs: []string{base + "/auth/callback"}})
			t.Cleanup(idp.Close)
			listen(t, facts[name+"_APP"], application(t, base, idp))
			user, err := formlogin.New(idptest.Username, idptest.Password, &http.Transport{TLSClientConfig: trust(t, facts["CA_FILE"])})
			require.NoError(t, err)

			page := open(t, user, base+"/orders?page=2")
			assert.Equal(t, http.StatusOK, page.Status, page.Body)
			assert.Equal(t, base+"/orders?page=2", page.URL)
			path, cookies, _ := strings.Cut(page.Body, " ")
			assert.Equal(t, seen, path, "what the application sees")
			for cookie := range strings.FieldsSeq(cookies) {
				assert.True(t, strings.HasPrefix(cookie, "__Host-Http-"), cookie)
			}
			assert.Contains(t, cookies, "__Host-Http-session")

			assert.Equal(t, http.StatusNotFound, open(t, user, base+"/auth/unknown").Status)
		})
	}
}

// application says what it sees of a request.
func application(t *testing.T, base string, idp *httptest.Server) http.Handler {
	t.Helper()
	client, err := authentication.NewClient(authentication.Options{
		AppID: authtest.AppID, Secret: authtest.Secret, AppHost: idp.URL, HTTPClient: idp.Client(),
	})
	require.NoError(t, err)
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	site, err := web.New(web.Config{
		BaseURL: base, Flow: client, Store: web.InCookies, Keys: web.Keys{key}, OnEvent: func(context.Context, web.Event) {},
		OnLogin: func(_ context.Context, in *web.LoggedIn) error {
			in.Identity.Claims["groups"] = strings.Repeat("g", 1000)
			return nil
		},
	})
	require.NoError(t, err)
	return site.RequireLogin(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.URL.Path)
		for _, c := range r.Cookies() {
			fmt.Fprint(w, " ", c.Name)
		}
	}))
}

func listen(t *testing.T, address string, app http.Handler) {
	t.Helper()
	l, err := net.Listen("tcp", address)
	require.NoError(t, err)
	server := &httptest.Server{Listener: l, Config: &http.Server{Handler: app}}
	server.Start()
	t.Cleanup(server.Close)
}

func trust(t *testing.T, file string) *tls.Config {
	t.Helper()
	ca, err := os.ReadFile(file)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	require.True(t, pool.AppendCertsFromPEM(ca))
	return &tls.Config{RootCAs: pool}
}

// open goes to an address, fills in what comes, and returns the page at which the way ends.
func open(t *testing.T, user *formlogin.Person, address string) *formlogin.PageError {
	t.Helper()
	_, err := user.Visit(t.Context(), address, "nowhere")
	var page *formlogin.PageError
	require.ErrorAs(t, err, &page)
	return page
}
