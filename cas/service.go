package cas

import (
	"errors"
	"fmt"
	"net/url"
	"unicode/utf8"
)

// checkService refuses a service that is no absolute URL; the server compares the rest of it (CAS §2.1.1).
func checkService(field, service string) error {
	u, err := url.Parse(service)
	if err != nil || !u.IsAbs() || u.Host == "" || !utf8.ValidString(service) {
		return fmt.Errorf("cas: %s must be an absolute URL such as https://app.example/callback", field)
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
