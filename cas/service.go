package cas

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// keyParam is the parameter of the service that binds a ticket to its login.
const keyParam = "login"

// checkService refuses a service that is not an absolute URL; the server compares the rest of it (CAS §2.1.1).
func checkService(field, service string) error {
	u, err := url.Parse(service)
	if err != nil || !u.IsAbs() || u.Host == "" || !utf8.ValidString(service) {
		return fmt.Errorf("cas: %s must be an absolute URL such as https://app.example/callback", field)
	}
	return nil
}

// checkReturn is for the service that the browser returns to with a ticket.
func checkReturn(hc *httpcore.Client, service string) error {
	if err := checkService("Service", service); err != nil {
		return err
	}
	if err := hc.CheckReturn("Service", service); err != nil {
		return fmt.Errorf("cas: %w", err)
	}
	return nil
}

// checkWebService is for services that a browser goes to.
func checkWebService(field, service string) error {
	if err := checkService(field, service); err != nil {
		return err
	}
	if u, err := url.Parse(service); err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return fmt.Errorf("cas: %s must be an http or https URL", field)
	}
	return nil
}

// service returns the service of a call that needs one.
func (c *Client) service(given string) (string, error) {
	if given == "" {
		given = c.cfg.Service
	}
	if given == "" {
		return "", errors.New("cas: Service is not set")
	}
	return given, checkService("Service", given)
}

// loginService returns the service of a login, with key appended. The rest is unchanged: the server compares it byte
// by byte with the service of the validation.
func loginService(service, key string) (string, error) {
	if err := checkWebService("Service", service); err != nil {
		return "", err
	}
	// A browser does not send a fragment, and a server might append the ticket to it.
	if strings.Contains(service, "#") {
		return "", errors.New("cas: Service of a login must not have a fragment")
	}
	_, query, _ := strings.Cut(service, "?")
	if has(query, "ticket") {
		return "", errors.New("cas: Service of a login must not have a parameter ticket: the server adds it")
	}
	if key == "" {
		return service, nil
	}
	if has(query, keyParam) {
		return "", errors.New("cas: Service of a login must not have a parameter " + keyParam + ": BeginLogin adds it")
	}
	switch {
	case !strings.Contains(service, "?"):
		service += "?"
	case query != "" && !strings.HasSuffix(query, "&"):
		service += "&"
	}
	return service + keyParam + "=" + key, nil
}
