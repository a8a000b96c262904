package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/cas"
)

// settings are the settings from the environment.
type settings struct {
	options authentication.Options // an application at Authing
	server  cas.Config             // or any other CAS server
	addr    string
	// callbackURL is the service: the browser brings the ticket there, and the server its logouts.
	callbackURL string
	// homeURL is the address of the application, from callbackURL and never from a request.
	homeURL string
	demo    string // how to log in at the embedded server
}

const (
	defaultAddr  = "localhost:3000"
	callbackPath = "/auth/callback"
)

func readSettings(getenv func(string) string) (settings, error) {
	var shared bool
	switch value := getenv("CAS_ALLOW_SHARED_SERVICE"); value {
	case "", "false":
	case "true":
		shared = true
	default:
		return settings{}, fmt.Errorf("CAS_ALLOW_SHARED_SERVICE is %q, want true or false", value)
	}
	s := settings{
		options: authentication.Options{
			AppID: getenv("AUTHING_APP_ID"), AppHost: getenv("AUTHING_APP_HOST"),
			Protocol: authentication.CAS{AllowSharedService: shared},
		},
		server: cas.Config{
			ServerURL: getenv("CAS_SERVER_URL"), Version: cas.Version(getenv("CAS_VERSION")), AllowSharedService: shared,
		},
		addr: getenv("AUTHING_EXAMPLE_ADDR"),
	}
	if err := complete(getenv); err != nil {
		return s, err
	}
	if s.callbackURL = getenv("AUTHING_REDIRECT_URI"); s.server.ServerURL != "" {
		s.callbackURL = getenv("CAS_SERVICE_URL")
	}
	return s, s.place()
}

// complete refuses an incomplete configuration: otherwise the embedded server would replace the real one unnoticed.
func complete(getenv func(string) string) error {
	authing, noAuthing := split(getenv, "AUTHING_APP_HOST", "AUTHING_APP_ID", "AUTHING_REDIRECT_URI")
	other, noOther := split(getenv, "CAS_SERVER_URL", "CAS_SERVICE_URL")
	switch {
	case len(other) > 0 && len(authing) > 0:
		return fmt.Errorf("%s and %s are both set: name one server, Authing's or another", authing[0], other[0])
	case len(other) > 0 && len(noOther) > 0:
		return fmt.Errorf("%s is set, so %s must be set too", other[0], strings.Join(noOther, ", "))
	case len(other) == 0 && getenv("CAS_VERSION") != "":
		return errors.New("CAS_VERSION is set, so CAS_SERVER_URL, CAS_SERVICE_URL must be set too")
	case len(authing) > 0 && authing[0] != "AUTHING_REDIRECT_URI" && len(noAuthing) > 0: // it works with the embedded server too
		return fmt.Errorf("%s is set, so %s must be set too", authing[0], strings.Join(noAuthing, ", "))
	}
	return nil
}

func split(getenv func(string) string, names ...string) (set, missing []string) {
	for _, name := range names {
		if getenv(name) == "" {
			missing = append(missing, name)
		} else {
			set = append(set, name)
		}
	}
	return set, missing
}

// place decides where to listen: at the callback, when that is this machine.
func (s *settings) place() error {
	if s.callbackURL == "" {
		if s.addr == "" {
			s.addr = defaultAddr
		}
		return nil
	}
	u, err := url.Parse(s.callbackURL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || !freePath(u.Path) {
		return errors.New("the callback must be an address with its own path, such as http://localhost:3000/auth/callback: " +
			"see AUTHING_REDIRECT_URI, CAS_SERVICE_URL")
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
func freePath(path string) bool {
	switch path {
	case "", "/", "/login", "/user", "/logout":
		return false
	}
	return !strings.ContainsAny(path, "{} ") && !strings.HasPrefix(path, "/static/")
}

// follow completes the addresses when the port is known.
func (s *settings) follow(addr net.Addr) {
	if s.callbackURL == "" {
		host, _, _ := net.SplitHostPort(s.addr)
		_, port, _ := net.SplitHostPort(addr.String())
		if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
			host = "localhost" // listens on all addresses, opened at this one
		}
		s.callbackURL = "http://" + net.JoinHostPort(host, port) + callbackPath
	}
	u, _ := url.Parse(s.callbackURL) // place has parsed it
	s.homeURL = u.Scheme + "://" + u.Host + "/"
}

// embedded reports whether the application has its own server.
func (s *settings) embedded() bool { return s.options.AppHost == "" && s.server.ServerURL == "" }

func (s *settings) greeting() string { return fmt.Sprintf("Open %s\n%s", s.homeURL, s.demo) }
