package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"path"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// settings are the settings from the environment.
type settings struct {
	options authentication.Options
	addr    string
	// homeURL is the address of the application, from the redirect URI and never from a request.
	homeURL, loggedOutURL string
	expertLogout          bool
	demo                  string // how to log in at the embedded server
}

const (
	defaultAddr  = "localhost:3000"
	callbackPath = "/auth/callback"
)

func readSettings(getenv func(string) string) (settings, error) {
	s := settings{
		options: authentication.Options{
			AppID: getenv("AUTHING_APP_ID"), Secret: getenv("AUTHING_APP_SECRET"),
			AppHost: getenv("AUTHING_APP_HOST"), RedirectURI: getenv("AUTHING_REDIRECT_URI"),
		},
		addr: getenv("AUTHING_EXAMPLE_ADDR"), loggedOutURL: getenv("AUTHING_LOGOUT_REDIRECT_URI"),
	}
	switch name := getenv("AUTHING_PROTOCOL"); name {
	case "", "oidc":
		s.options.Protocol = authentication.OIDC{IDTokenSigningAlg: getenv("AUTHING_ID_TOKEN_ALG"), UserInfo: true}
	case "oauth":
		s.options.Protocol = authentication.OAuth{}
	default:
		return s, fmt.Errorf("AUTHING_PROTOCOL is %q, want oidc or oauth", name)
	}
	switch mode := getenv("AUTHING_LOGOUT"); {
	case mode == "" || mode == "authing":
	case mode == "expert" && s.options.Protocol.Name() == "oidc":
		s.expertLogout = true
	default:
		return s, fmt.Errorf("AUTHING_LOGOUT is %q, want authing, or expert with AUTHING_PROTOCOL oidc", mode)
	}
	if err := s.complete(); err != nil {
		return s, err
	}
	if err := s.checkLogoutURL(); err != nil {
		return s, err
	}
	return s, s.place()
}

// complete refuses an incomplete configuration: otherwise the embedded server would replace the real one unnoticed.
func (s *settings) complete() error {
	values := []struct{ name, value string }{
		{"AUTHING_APP_HOST", s.options.AppHost}, {"AUTHING_APP_ID", s.options.AppID},
		{"AUTHING_APP_SECRET", s.options.Secret}, {"AUTHING_REDIRECT_URI", s.options.RedirectURI},
	}
	var set, missing []string
	for _, v := range values {
		if v.value == "" {
			missing = append(missing, v.name)
		} else if v.name != "AUTHING_REDIRECT_URI" { // it works with the embedded server too
			set = append(set, v.name)
		}
	}
	if len(set) > 0 && len(missing) > 0 {
		return fmt.Errorf("%s is set, so %s must be set too", set[0], strings.Join(missing, ", "))
	}
	return nil
}

// checkLogoutURL refuses an address to which no server can return after a logout.
func (s *settings) checkLogoutURL() error {
	u, err := url.Parse(s.loggedOutURL)
	if s.loggedOutURL != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "") {
		return errors.New("AUTHING_LOGOUT_REDIRECT_URI must be an address such as http://localhost:3000/")
	}
	return nil
}

// place decides where to listen: at the redirect URI, when that is this machine.
func (s *settings) place() error {
	if s.options.RedirectURI == "" {
		if s.addr == "" {
			s.addr = defaultAddr
		}
		return nil
	}
	u, err := url.Parse(s.options.RedirectURI)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || !freePath(u.Path) {
		return errors.New("AUTHING_REDIRECT_URI must be an address with its own path, such as http://localhost:3000/auth/callback")
	}
	if s.addr == "" {
		s.addr = defaultAddr
		if u.Scheme == "http" && u.Port() != "" {
			s.addr = u.Host
		}
	}
	return nil
}

// freePath reports whether the callback can have this path, next to the other pages.
func freePath(p string) bool {
	switch p {
	case "", "/", "/login", "/user", "/session", "/403":
		return false
	}
	written := strings.TrimSuffix(p, "/")
	return path.Clean(p) == written && !strings.ContainsAny(p, "{} ") && !strings.HasPrefix(p, "/static/")
}

// follow completes the addresses when the port is known.
func (s *settings) follow(addr net.Addr) {
	if s.options.RedirectURI == "" {
		host, _, _ := net.SplitHostPort(s.addr)
		_, port, _ := net.SplitHostPort(addr.String())
		if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
			host = "localhost" // listens on all addresses, opened at this one
		}
		s.options.RedirectURI = "http://" + net.JoinHostPort(host, port) + callbackPath
	}
	u, _ := url.Parse(s.options.RedirectURI) // place has parsed it
	s.homeURL = u.Scheme + "://" + u.Host + "/"
	if s.loggedOutURL == "" {
		s.loggedOutURL = s.homeURL
	}
}

// embedded reports whether the application has its own identity server.
func (s *settings) embedded() bool { return s.options.AppHost == "" }

func (s *settings) greeting() string {
	return fmt.Sprintf("Open %s\n%s", s.homeURL, s.demo)
}
