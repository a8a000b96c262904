// Command cas is a web application that logs in by CAS: log in, see the attributes, log out here or at the
// server. Alone it brings its own CAS server:
//
//	go run ./examples/cas
//
// With these variables it runs against an application at Authing whose CAS is switched on; the callback
// address must be registered there:
//
//	AUTHING_APP_ID, AUTHING_APP_HOST    the application
//	AUTHING_REDIRECT_URI    its callback, such as http://localhost:3000/auth/callback
//
// or with any other CAS server, where the service must be allowed to ask for tickets:
//
//	CAS_SERVER_URL     the server, such as https://cas.example/cas
//	CAS_SERVICE_URL    the service: the callback, such as http://localhost:3000/auth/callback
//	CAS_VERSION        3.0 (default), or 2.0 for a server without /p3/serviceValidate
//
// and anywhere:
//
//	CAS_ALLOW_SHARED_SERVICE    true for a server that takes no service with a query; see cas.Config
//	AUTHING_EXAMPLE_ADDR        the address to listen on; localhost:3000 by default
//
// A server with single logout tells of logouts by a POST to the callback: it must be able to reach it.
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
		fmt.Fprintln(os.Stderr, "cas:", err)
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
		server, err := startEmbedded(&s)
		if err != nil {
			return err
		}
		defer server.Close()
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
