package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/saml"
)

// settings are the settings from the environment.
type settings struct {
	options     authentication.Options // an application at Authing
	metadataURL string                 // or any other identity provider
	addr        string
	entityID    string
	keys        []saml.Key
	// acsURL is where responses come. homeURL is the address of the application, and sloURL is where logout
	// messages come: both are made from acsURL and never from a request.
	acsURL, homeURL, sloURL string
	demo                    string // how to log in at the embedded identity provider
}

const (
	defaultAddr  = "localhost:3000"
	acsPath      = "/saml/acs"
	sloPath      = "/saml/slo"
	metadataPath = "/saml/metadata"
)

func readSettings(getenv func(string) string) (settings, error) {
	s := settings{
		options:     authentication.Options{AppID: getenv("AUTHING_APP_ID"), AppHost: getenv("AUTHING_APP_HOST")},
		metadataURL: getenv("SAML_IDP_METADATA_URL"),
		addr:        getenv("AUTHING_EXAMPLE_ADDR"), entityID: getenv("SAML_ENTITY_ID"), acsURL: getenv("AUTHING_REDIRECT_URI"),
	}
	// An incomplete configuration is refused: otherwise the embedded identity provider would replace the real one unnoticed.
	switch {
	case (s.options.AppID == "") != (s.options.AppHost == ""):
		return s, errors.New("AUTHING_APP_ID and AUTHING_APP_HOST must be set together")
	case s.options.AppID != "" && s.metadataURL != "":
		return s, errors.New("AUTHING_APP_ID and SAML_IDP_METADATA_URL are both set: name one server, Authing's or another")
	}
	if err := s.readKey(getenv("SAML_CERT_FILE"), getenv("SAML_KEY_FILE")); err != nil {
		return s, err
	}
	return s, s.place()
}

func (s *settings) readKey(certFile, keyFile string) error {
	switch {
	case certFile == "" && keyFile == "":
		return nil
	case certFile == "" || keyFile == "":
		return errors.New("SAML_CERT_FILE and SAML_KEY_FILE must be set together")
	}
	pair, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		return fmt.Errorf("SAML_CERT_FILE, SAML_KEY_FILE: %w", err)
	}
	key, err := saml.NewKey(pair)
	s.keys = []saml.Key{key}
	return err
}

// place decides where to listen: where responses come, when that is this machine.
func (s *settings) place() error {
	if s.acsURL == "" {
		if s.addr == "" {
			s.addr = defaultAddr
		}
		return nil
	}
	u, err := url.Parse(s.acsURL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || !freePath(u.Path) {
		return errors.New("AUTHING_REDIRECT_URI must be an address with its own path, such as http://localhost:3000" + acsPath)
	}
	if s.addr == "" {
		s.addr = defaultAddr
		if u.Scheme == "http" && u.Port() != "" {
			s.addr = u.Host
		}
	}
	return nil
}

// freePath reports whether the ACS can have this path, next to the other pages.
func freePath(path string) bool {
	switch path {
	case "", "/", "/login", "/user", "/logout", sloPath, metadataPath:
		return false
	}
	return !strings.ContainsAny(path, "{} ") && !strings.HasPrefix(path, "/static/")
}

// follow completes the addresses when the port is known.
func (s *settings) follow(addr net.Addr) {
	if s.acsURL == "" {
		host, _, _ := net.SplitHostPort(s.addr)
		_, port, _ := net.SplitHostPort(addr.String())
		if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
			host = "localhost" // listens on all addresses, opened at this one
		}
		s.acsURL = "http://" + net.JoinHostPort(host, port) + acsPath
	}
	u, _ := url.Parse(s.acsURL) // place has parsed it
	home := u.Scheme + "://" + u.Host
	s.homeURL = home + "/"
	if len(s.keys) > 0 || s.embedded() { // logout messages must be signed
		s.sloURL = home + sloPath
	}
	if s.entityID == "" {
		s.entityID = home + metadataPath
	}
}

// embedded reports whether the application has its own identity provider.
func (s *settings) embedded() bool { return s.options.AppHost == "" && s.metadataURL == "" }

func (s *settings) greeting() string { return fmt.Sprintf("Open %s\n%s", s.homeURL, s.demo) }
