// Command cas is a web application that logs in by CAS: log in, see the attributes, log out here or at the
// server. Alone it brings its own CAS server; usage.txt, which -h prints, has the variables with which it runs
// against a real one:
//
//	go run ./examples/cas
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
	switch done, err := asked(os.Args[1:], os.Stdout); {
	case err != nil:
		fmt.Fprintln(os.Stderr, "cas:", err)
		os.Exit(2)
	case done:
		return
	}
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

// addressInUse is the error of Windows for an address in use (WSAEADDRINUSE), for which package syscall has no name.
const addressInUse = syscall.Errno(10048)

// listen returns an error of one line when the address is wrong.
func listen(addr string) (net.Listener, error) {
	listener, err := net.Listen("tcp", addr)
	var wrong *net.OpError
	switch {
	case errors.Is(err, syscall.EADDRINUSE), errors.Is(err, addressInUse):
		return nil, fmt.Errorf("%s is used by another program: stop it, or set AUTHING_EXAMPLE_ADDR to another address", addr)
	case errors.As(err, &wrong):
		return nil, fmt.Errorf("cannot listen on %q (%w): set AUTHING_EXAMPLE_ADDR to a host and a port of this machine, such as %s", addr, wrong.Err, defaultAddr)
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
