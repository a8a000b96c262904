// Command cluster is one application that runs as two instances behind one address: a login that begins at one ends at
// the other, both know the session, one of them refreshes its token for both, and a logout ends it at both. Alone it
// brings its own identity server; usage.txt, which -h prints, has the variables with which it keeps the sessions in Redis
// or PostgreSQL, and logs in at a real server. It is a module of its own:
//
//	go run -C examples/cluster .
package main

import (
	"crypto/rand"
	"embed"
	"net/http"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/examples/internal/demo"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

//go:embed pages usage.txt
var files embed.FS

func main() { demo.Main(files, newApp) }

// newApp starts two instances, and is the proxy in front of them.
func newApp(d *demo.Demo) (http.Handler, error) {
	room, called, err := newRoom(d)
	if err != nil {
		return nil, err
	}
	site := web.Config{BaseURL: d.BaseURL, Options: options, Store: room, Keys: web.Keys{newKey()}}
	server, err := newServer(d, site)
	if err != nil {
		return nil, err
	}
	server.Replay = room
	front := new(proxy)
	for number := range 2 {
		app, err := newInstance(number+1, called, site, server)
		if err != nil {
			return nil, err
		}
		address, err := d.Listen(app)
		if err != nil {
			return nil, err
		}
		front.instances = append(front.instances, strings.TrimPrefix(address, "http://"))
	}
	return front.handler(), nil
}

// newKey seals the logins that are pending. It is made at the start because all instances start here; those of a real
// application read one that is kept with its other secrets.
func newKey() []byte {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	return key
}

// newServer is the identity server that the environment names, or an embedded one, whose tokens end after two minutes.
func newServer(d *demo.Demo, site web.Config) (oidc.Config, error) {
	at, err := site.Addresses("")
	if err != nil {
		return oidc.Config{}, err
	}
	d.Say("Logout tokens of the server (back-channel logout) come to %s\n", at.BackChannel)
	idp := &oidctest.Server{ExpiresIn: 2 * time.Minute, BackChannelLogoutURI: at.BackChannel, BackChannelLogoutSessionRequired: true}
	values, err := d.OIDC(site, idp, "OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
	if err != nil {
		return oidc.Config{}, err
	}
	return oidc.Config{Issuer: values[0], ClientID: values[1], ClientSecret: values[2]}, nil
}

// options ask for a refresh token, which many servers give only with the user's consent.
func options(*http.Request, string) (authentication.AuthorizeOptions, error) {
	return authentication.AuthorizeOptions{Scope: "openid profile email offline_access", Prompt: "consent"}, nil
}
