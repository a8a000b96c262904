package httpcore

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"unicode"
)

// CheckURL refuses an endpoint that is not an absolute https URL without user information and
// fragment, and one with blanks or any of <>", which no URL has (RFC 3986 §2): something was pasted, or a placeholder
// was not filled in. Plain http is accepted to a loopback host as written (localhost, 127.0.0.0/8, ::1), and to
// any host with InsecureAllowHTTP. The error names field.
func (c *Client) CheckURL(field, raw string) error {
	if strings.ContainsFunc(raw, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`<>"`, r) }) {
		return fmt.Errorf("%s must not have blanks or any of <>\"", field)
	}
	u, err := url.Parse(raw)
	if err != nil {
		return fmt.Errorf("%s is not a URL", field)
	}
	if err := c.check(u); err != nil {
		return fmt.Errorf("%s %w", field, err)
	}
	if u.Fragment != "" || strings.Contains(raw, "#") {
		return fmt.Errorf("%s must not have a fragment", field)
	}
	return nil
}

// WithoutQuery is an address as an error names it: without user information, query and fragment. It is empty for what
// is no URL.
func WithoutQuery(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return address(u)
}

// CheckReturn refuses an address where the browser brings a code, a ticket or an assertion, by CheckURL's rule for plain
// http: who is on the way would read it, and could use it first. What else it must be is for its protocol to say; a
// scheme of an application's own passes (RFC 8252 §7.1). The error names field.
func (c *Client) CheckReturn(field, raw string) error {
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return fmt.Errorf("%s is not a URL", field)
	case u.Scheme != "https" && u.Scheme != "http":
		return nil
	}
	if err := c.check(u); err != nil {
		return fmt.Errorf("%s %w", field, err)
	}
	return nil
}

func (c *Client) check(u *url.URL) error {
	switch {
	case u == nil || u.Scheme == "" || u.Host == "" || u.Hostname() == "":
		return errors.New("must be an absolute URL such as https://example.com")
	case u.Opaque != "": // it would stand in the request, in place of the host that was checked
		return errors.New("must not be opaque")
	case u.User != nil:
		return errors.New("must not carry a user name or password")
	case u.Scheme == "https":
		return nil
	case u.Scheme != "http":
		return errors.New("must be an https URL")
	case c.allowHTTP || IsLoopback(u.Hostname()):
		return nil
	}
	return errors.New("must be an https URL: http is for loopback hosts only (InsecureAllowHTTP lifts this, and lets anyone on the way read the secrets)")
}

// IsLoopback tells whether host, as written and without a port, is this machine: localhost,
// 127.0.0.0/8 or ::1. Nothing is looked up.
func IsLoopback(host string) bool {
	if strings.ToLower(host) == "localhost" { // EqualFold would also take "localhoſt"
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && (addr.Is4() && addr.IsLoopback() || addr == netip.IPv6Loopback())
}
