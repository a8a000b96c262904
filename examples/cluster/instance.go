package main

import (
	"errors"
	"log"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/examples/internal/demo"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// instance is one of several, each with a Site of its own.
type instance struct {
	*demo.Pages
	site   *web.Site
	number int
	room   string // what the page calls it
}

func newInstance(number int, room string, config web.Config, server oidc.Config) (http.Handler, error) {
	client, err := oidc.NewClient(server)
	if err != nil {
		return nil, err
	}
	config.Flow = authentication.FromOIDC(client)
	site, err := web.New(config)
	if err != nil {
		return nil, err
	}
	app := &instance{demo.NewPages(files), site, number, room}
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", app)
	mux.Handle("GET /account", site.RequireLogin(app))
	mux.Handle("/", app.Pages)
	return site.LoadLogin(mux), nil
}

// view is what the page shows besides the user. It leaves the token itself out.
type view struct {
	Instance int
	Room     string
	Token    *oauth.Token
}

func (i *instance) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	shown := view{Instance: i.number, Room: i.room}
	var err error
	if web.Identity(r.Context()) != nil {
		shown.Token, err = web.Token(r.Context()) // fresh
	}
	switch {
	case errors.Is(err, oauth.ErrLoginAgain): // the refresh token has ended
		i.site.Login(w, r, "", authentication.AuthorizeOptions{})
	case err != nil:
		log.Print("token: ", err)
		web.Error(w, r, err)
	default:
		i.Show(w, r, http.StatusOK, "content", shown)
	}
}
