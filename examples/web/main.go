// Command web is a web application that logs in by OpenID Connect, OAuth 2.0, SAML and CAS: at its own identity server, or
// with the variables that -h prints at real ones.
package main

import (
	"embed"
	"errors"
	"log"
	"net/http"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/examples/internal/demo"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

//go:embed pages usage.txt
var files embed.FS

func main() { demo.Main(files, newApp) }

// newApp is the application: a Site, and one page for whom it knows and for nobody.
func newApp(d *demo.Demo) (http.Handler, error) {
	config := web.Config{BaseURL: d.BaseURL, LoginPage: "/", Options: d.LoginOptions, LogoutOptions: d.LogoutOptions}
	var err error
	if config.Flows, err = flows(d, config.Addresses); err != nil {
		return nil, err
	}
	site, err := web.New(config)
	if err != nil {
		return nil, err
	}
	page := page{demo.NewPages(files), config.Flows}
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", page)
	mux.Handle("GET /user", site.RequireLogin(page))
	mux.Handle("GET /confirm", site.RequireFresh(web.Freshness{MaxAge: time.Minute})(page))
	mux.Handle("POST /refresh", site.RequireLogin(http.HandlerFunc(refresh)))
	mux.Handle("/", page.Pages)
	return site.LoadLogin(mux), nil
}

// flows are a client of Authing for each protocol, and those of other servers. Each has a callback of its own.
func flows(d *demo.Demo, addresses demo.Addresses) (map[string]authentication.LoginFlow, error) {
	flows, err := d.Servers(addresses)
	if err != nil {
		return nil, err
	}
	options, protocols, err := d.Authing(addresses, flows)
	for _, p := range protocols {
		at, err := addresses(p.Name())
		if err != nil {
			return nil, err
		}
		options.Protocol, options.RedirectURI = p, at.Callback
		if flows[p.Name()], err = authentication.NewClient(options); err != nil {
			return nil, err
		}
	}
	return flows, err
}

// page shows who the user is, and lets nobody choose a protocol.
type page struct {
	*demo.Pages
	flows map[string]authentication.LoginFlow
}

// view is what the page shows besides the user. It leaves the token itself out.
type view struct {
	Flows  map[string]authentication.LoginFlow
	Return string // where the login comes back
	Token  *oauth.Token
}

func (p page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token, err := web.Token(r.Context()) // fresh; SAML and CAS have none
	if err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, web.ErrNoSession) {
		log.Print("token: ", err) // the page goes on without
	}
	p.Show(w, r, http.StatusOK, "content", view{p.flows, r.URL.Query().Get("return"), token})
}

// refresh gets new tokens. A user whose login has ended at the server logs in again.
func refresh(w http.ResponseWriter, r *http.Request) {
	_, err := web.Refresh(r.Context())
	switch {
	case errors.Is(err, oauth.ErrLoginAgain):
		http.Redirect(w, r, "/auth/login/"+web.Identity(r.Context()).Protocol+"?return=/user", http.StatusSeeOther)
	case err != nil:
		log.Print("refresh: ", err)
		web.Error(w, r, err)
	default:
		http.Redirect(w, r, "/user", http.StatusSeeOther)
	}
}
