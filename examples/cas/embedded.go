package main

import (
	"fmt"
	"net"
	"net/http"
	"time"

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
	idp := &authtest.Server{AppName: "CAS example", RedirectURIs: []string{s.callbackURL}, LogoutURIs: []string{s.homeURL}}
	server := &http.Server{Handler: idp, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }() // ends when run closes the server

	s.options.AppID, s.options.AppHost = authtest.AppID, "http://"+listener.Addr().String()
	base := s.options.AppHost + "/cas-idp/" + authtest.AppID
	s.demo = fmt.Sprintf("The embedded CAS server is %s; sign in as %s with the password %s.\n"+
		"Sign out there, at %s/logout, and you are signed out here too.\n", base, idptest.Username, idptest.Password, base)
	return server, nil
}
