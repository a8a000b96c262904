package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// browser is the user's own browser: it comes back to a listener on this machine (RFC 8252 §7.3).
type browser struct {
	out         io.Writer
	redirectURI string
	server      *http.Server
	back        chan *http.Request
}

func newBrowser(out io.Writer) (*browser, error) {
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	b := &browser{out: out, redirectURI: "http://" + listener.Addr().String() + "/callback", back: make(chan *http.Request, 1)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /callback", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Referrer-Policy", "no-referrer")
		select {
		case b.back <- r.Clone(context.WithoutCancel(r.Context())):
			fmt.Fprintln(w, "You can close this page.")
		default: // another one came before; its state decides
			http.Error(w, "no login is waiting", http.StatusConflict)
		}
	})
	b.server = &http.Server{Handler: mux}
	go func() { _ = b.server.Serve(listener) }()
	return b, nil
}

// Close ends the listener.
func (b *browser) Close() { _ = b.server.Close() }

// login is oauth.ResourceConfig.Login.
func (b *browser) login(ctx context.Context, login *oauth.Login) (*http.Request, error) {
	fmt.Fprintf(b.out, "Open this page to log in:\n%s\n", login.URL)
	for {
		select {
		case r := <-b.back:
			if r.URL.Query().Get("state") == login.State { // else any page could end the login
				return r, nil
			}
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
