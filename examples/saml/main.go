// Command saml is a web application that logs in by SAML 2.0: log in, see the attributes, log out here or at the
// identity provider. Alone it brings its own identity provider:
//
//	go run ./examples/saml
//
// With these variables it runs against an application at Authing whose SAML is switched on; its console must know
// the callback address and the entity ID:
//
//	AUTHING_APP_ID, AUTHING_APP_HOST    the application
//
// or with any other identity provider, which must know this service provider's metadata: the application shows them
// at /saml/metadata, before the identity provider answers anything:
//
//	SAML_IDP_METADATA_URL    its metadata, such as https://idp.example/metadata
//
// and anywhere:
//
//	AUTHING_REDIRECT_URI    where responses come (the ACS); http://localhost:3000/saml/acs by default
//	SAML_ENTITY_ID    the name of this application; by default its address with the path /saml/metadata
//	SAML_CERT_FILE, SAML_KEY_FILE    its key, as PEM: it signs requests and decrypts. Single logout needs one,
//	                                 and so does Keycloak
//	AUTHING_EXAMPLE_ADDR    the address to listen on; by default that of AUTHING_REDIRECT_URI
//
// Responses come as a POST from another site. Browsers send the cookie of the login along only over https or to
// localhost.
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
		fmt.Fprintln(os.Stderr, "saml:", err)
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
