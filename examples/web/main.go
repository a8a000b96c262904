// Command web is the regular web application of Authing's guide in net/http: log in, see the claims,
// refresh, log out. Alone it brings its own identity server:
//
//	go run ./examples/web
//
// With these variables it runs against a real application; the callback address must be registered
// there, and the application's home page as the address to return to after a logout:
//
//	AUTHING_APP_ID, AUTHING_APP_SECRET, AUTHING_APP_HOST   the application
//	AUTHING_REDIRECT_URI    its callback, such as http://localhost:3000/auth/callback
//	AUTHING_PROTOCOL        oidc (default) or oauth
//	AUTHING_ID_TOKEN_ALG    how ID tokens are signed: HS256 (default), RS256, ...
//	AUTHING_LOGOUT          authing (default) or expert, the logout of OpenID Connect
//	AUTHING_LOGOUT_REDIRECT_URI    where a logout returns to; the home page by default
//	AUTHING_EXAMPLE_ADDR    the address to listen on; localhost:3000 by default
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Getenv, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "web:", err)
		os.Exit(1)
	}
}

// run serves the application until ctx ends.
func run(ctx context.Context, getenv func(string) string, out io.Writer) error {
	s, err := readSettings(getenv)
	if err != nil {
		return err
	}
	listener, err := listen(s.addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	s.follow(listener.Addr())
	if s.embedded() {
		idp, err := startEmbedded(&s)
		if err != nil {
			return err
		}
		defer idp.Close()
	}
	app, err := newApp(s)
	if err != nil {
		return err
	}
	fmt.Fprint(out, s.greeting())
	return serve(ctx, listener, app.routes())
}

func listen(addr string) (net.Listener, error) {
	listener, err := net.Listen("tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is taken by another program: stop it, or set AUTHING_EXAMPLE_ADDR to another address", addr)
	}
	return listener, err
}

func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return server.Shutdown(grace)
}
