package main

import (
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

// startEmbedded starts a fake Authing and points the settings at it. It listens on 127.0.0.1, which for
// browsers is another site than localhost, as a real identity provider is.
func startEmbedded(s *settings) (*http.Server, error) {
	if len(s.keys) == 0 { // one for this run is enough
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			return nil, err
		}
		s.keys = []saml.Key{{Signer: key, Decrypter: key}}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	idp := &authtest.Server{AppName: "SAML example", LogoutURIs: []string{s.homeURL}, SAMLApps: []samltest.App{{
		EntityID: s.entityID, ACSURLs: []string{s.acsURL}, SLOURL: s.sloURL, Key: s.keys[0].Signer.Public(), DemandSigned: true,
	}}}
	server := &http.Server{Handler: idp, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }() // ends when run closes the server

	s.options.AppID, s.options.AppHost = authtest.AppID, "http://"+listener.Addr().String()
	s.demo = fmt.Sprintf("The embedded identity provider is %s; sign in as %s with the password %s.\n",
		s.options.AppHost, idptest.Username, idptest.Password)
	return server, nil
}
