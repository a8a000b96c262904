package main

import (
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// startEmbedded starts a fake Authing and points the settings at it. It listens on 127.0.0.1, which for
// browsers is another site than localhost, as a real server is.
func startEmbedded(s *settings) (*http.Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	idp := &authtest.Server{
		AppName:      "Web example",
		RedirectURIs: []string{s.options.RedirectURI}, LogoutURIs: []string{s.loggedOutURL},
	}
	if p, ok := s.options.Protocol.(authentication.OIDC); ok {
		idp.IDTokenSigningAlg = p.IDTokenSigningAlg
	}
	server := &http.Server{Handler: idp, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }() // ends when run closes the server

	s.options.AppID, s.options.Secret = authtest.AppID, authtest.Secret
	s.options.AppHost = "http://" + listener.Addr().String()
	s.demo = fmt.Sprintf("The embedded identity server is %s; sign in as %s with the password %s.\n",
		s.options.AppHost, idptest.Username, idptest.Password)
	return server, nil
}
