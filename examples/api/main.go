// Command api is an API that takes access tokens, and a machine that calls it. The machine knows the address of the API
// alone: the 401 leads it to the metadata of the API, and from there to the authorization server, as in MCP. usage.txt,
// which -h prints, has the variables for a real authorization server:
//
//	go run ./examples/api
package main

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/examples/internal/demo"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

//go:embed pages usage.txt
var files embed.FS

func main() { demo.Program(files, run) }

// run serves the API until ctx ends. At its beginning a machine calls it.
func run(ctx context.Context, getenv func(string) string, out io.Writer) error {
	return demo.Serve(ctx, getenv, out, func(d *demo.Demo) (http.Handler, error) {
		api, caller, err := newAPI(d)
		d.Ready = func() {
			if err := caller.walk(ctx, out); err != nil && ctx.Err() == nil {
				fmt.Fprintln(out, "The machine gives up:", err)
			}
		}
		return api, err
	})
}

// newAPI is the API, and a machine that is registered at its authorization server.
func newAPI(d *demo.Demo) (http.Handler, *machine, error) {
	address := d.BaseURL + "/orders"
	plain := d.Choice("API_PLAIN_JWT", "false", "true") == "true"
	at := d.Group("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
	if at == nil {
		issuer, err := d.Listen(&oidctest.Server{AccessTokenAudience: address, Scopes: []string{"openid", readOrders}})
		if err != nil {
			return nil, nil, err
		}
		at = []string{issuer, oidctest.ClientID, oidctest.ClientSecret}
	}
	resource, err := web.NewResource(web.ResourceMetadata{
		Resource: address, AuthorizationServers: at[:1], ScopesSupported: []string{readOrders}, ResourceName: "Orders",
	})
	if err != nil {
		return nil, nil, err
	}
	server, err := oidc.NewClient(oidc.Config{Issuer: at[0]})
	if err != nil {
		return nil, nil, err
	}
	guard := web.TokenGuard{
		Verifier: web.JWT(server, oidc.AccessTokenExpect{Audience: address, AllowPlainJWT: plain}),
		Scopes:   []string{readOrders}, Resource: resource,
	}
	fresh := guard // for the card the user must have logged in just now
	fresh.Fresh = web.Freshness{MaxAge: 5 * time.Minute}

	pages := demo.NewPages(files)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		pages.Show(w, r, http.StatusOK, "home", map[string]any{"API": address, "Metadata": resource.URL(), "Server": at[0]})
	})
	mux.Handle(resource.Path(), resource)
	mux.Handle("GET /orders", guard.Handler(http.HandlerFunc(orders)))
	mux.Handle("GET /orders/card", fresh.Handler(http.HandlerFunc(card)))
	mux.Handle("/", pages)
	return mux, &machine{api: address, issuer: at[0], id: at[1], secret: at[2]}, nil
}

// readOrders is the scope that the API wants.
const readOrders = "orders:read"

func orders(w http.ResponseWriter, r *http.Request) {
	caller := web.CallerOf(r.Context())
	reply(w, map[string]any{"client": caller.ClientID, "subject": caller.Subject, "orders": []string{"tea", "cake"}})
}

func card(w http.ResponseWriter, _ *http.Request) { reply(w, map[string]any{"card": "**** 4242"}) }

func reply(w http.ResponseWriter, body map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body)
}
