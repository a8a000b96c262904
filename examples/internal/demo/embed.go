package demo

import (
	"net"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// Embed serves a fake identity server, and returns its address.
func (d *Demo) Embed(idp http.Handler) (string, error) {
	address, err := d.Listen(idp)
	d.Say("The embedded identity server is %s; sign in as %s with the password %s.\n", address, idptest.Username, idptest.Password)
	return address, err
}

// Listen serves another server, and returns its address. It listens on 127.0.0.1, which for browsers is another site than
// localhost, as a real server is.
func (d *Demo) Listen(h http.Handler) (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := newServer(h)
	d.servers = append(d.servers, server)
	go func() { _ = server.Serve(listener) }() // ends when Serve closes it
	return "http://" + listener.Addr().String(), nil
}
