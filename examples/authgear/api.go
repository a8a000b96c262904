package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/examples/internal/demo"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// api is the API that the application calls for its users.
type api struct {
	address string
	client  http.Client
}

// newAPI is the API that the environment names, or an embedded one.
func newAPI(d *demo.Demo, server *oidc.Client, audience string) (*api, error) {
	address := d.Getenv("AUTHGEAR_API_URL")
	if address == "" {
		origin, err := d.Listen(web.RequireToken(web.JWT(server, oidc.AccessTokenExpect{Audience: audience}))(http.HandlerFunc(orders)))
		if err != nil {
			return nil, err
		}
		address = origin + "/orders"
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, errors.New("AUTHGEAR_API_URL is not an address such as https://api.example/orders")
	}
	return &api{address, http.Client{Transport: &web.Transport{Origin: u.Scheme + "://" + u.Host}, Timeout: 10 * time.Second}}, nil
}

// orders is the embedded API.
func orders(w http.ResponseWriter, r *http.Request) {
	caller := web.CallerOf(r.Context())
	w.Header().Set("Content-Type", "application/json")
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	_ = enc.Encode(map[string]any{"user": caller.Subject, "client": caller.ClientID, "orders": []string{"tea", "cake"}})
}

type answer struct{ Address, Status, Body string }

// call calls the API. The client adds the token of the user of ctx, and refreshes it when the API refuses it.
func (a *api) call(ctx context.Context) (any, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.address, nil)
	if err != nil {
		return nil, err
	}
	res, err := a.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	return answer{a.address, res.Status, string(body)}, err
}
