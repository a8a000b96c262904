// Command auth0 is the application of Auth0's guide for web applications whose page calls their own backend: the server
// posts an ID token to the application, and there is no secret and no access token. Alone it brings its own server;
// usage.txt, which -h prints, has the variables with which it runs against a real one:
//
//	go run ./examples/auth0
package main

import (
	"embed"
	"encoding/json"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/examples/internal/demo"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

//go:embed pages static usage.txt
var files embed.FS

func main() { demo.Main(files, newApp) }

// newApp is the application: a page for everybody, and the API and the profile for users.
func newApp(d *demo.Demo) (http.Handler, error) {
	config := web.Config{BaseURL: d.BaseURL, Options: options}
	at, err := d.OIDC(config, &oidctest.Server{}, "AUTH0_ISSUER", "AUTH0_CLIENT_ID")
	if err != nil {
		return nil, err
	}
	server, err := oidc.NewClient(oidc.Config{Issuer: at[0], ClientID: at[1], TokenAuth: oauth.None})
	if err != nil {
		return nil, err
	}
	config.Flow = authentication.FromOIDC(server)
	site, err := web.New(config)
	if err != nil {
		return nil, err
	}
	pages := demo.NewPages(files)
	show := func(name string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { pages.Show(w, r, http.StatusOK, name, nil) })
	}
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", show("home"))
	mux.Handle("GET /api", site.RequireLogin(http.HandlerFunc(api)))
	mux.Handle("GET /profile", site.RequireLogin(show("profile")))
	mux.Handle("/", pages)
	return site.LoadLogin(mux), nil
}

// options ask for an ID token alone, by a POST of the browser (OAuth 2.0 Form Post Response Mode). No token is in an
// address, and the nonce binds it to this browser.
func options(*http.Request, string) (authentication.AuthorizeOptions, error) {
	return authentication.AuthorizeOptions{
		ResponseType: oidc.ResponseTypeIDToken, ResponseMode: oauth.ResponseModeFormPost, Scope: "openid profile email",
	}, nil
}

// api is what the page's script calls. It never runs for nobody: RequireLogin answers a script with 401 and the address of
// the login, and redirects only a user who opens a page.
func api(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{"message": "Hello, " + demo.Name(web.Identity(r.Context())) + "!"})
}
