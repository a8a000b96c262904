package httpcore

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// CheckURL refuses an endpoint that is not an absolute https URL without user information and fragment. It also
// refuses spaces and <>", which no URL has (RFC 3986 §2) and which come from a bad paste or from a placeholder. Plain
// http is accepted for a loopback host as written (localhost, 127.0.0.0/8, ::1), and for any host with
// InsecureAllowHTTP. The error names field.
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

// CheckName is CheckURL for an address that is also a name, which parties compare byte for byte, such as that of an API:
// it has one spelling, so no query, no escapes, and no segment that is empty or of dots. The error names field.
func (c *Client) CheckName(field, raw string) (*url.URL, error) {
	if err := c.CheckURL(field, raw); err != nil {
		return nil, err
	}
	u, err := url.Parse(raw)
	switch {
	case err != nil || strings.ContainsFunc(raw, notNameChar):
		return nil, fmt.Errorf("%s may have only letters, digits and the characters -._~!$&'()*+,;=:@/[]", field)
	case strings.Contains(u.Path, "//"), slices.ContainsFunc(strings.Split(u.Path, "/"), func(s string) bool { return s == "." || s == ".." }):
		return nil, fmt.Errorf("%s has an empty segment, . or .. in its path", field)
	}
	return u, nil
}

// notNameChar is every character but those of an address without escapes, query and fragment (RFC 3986 §3). A quoted
// string of a header and a pattern of http.ServeMux have them as they are.
func notNameChar(c rune) bool {
	return !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.ContainsRune("-._~!$&'()*+,;=:@/[]", c))
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

// CheckReturn checks an address where the browser brings a code, a ticket or an assertion, by CheckURL's rule for
// plain http: an attacker on the network could read the secret and use it first. Its protocol checks the rest; a
// private scheme of an application is accepted (RFC 8252 §7.1). The error names field.
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
	case u.Opaque != "": // the request would use it in place of the checked host
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

// EndsInNumber reports whether the last label of host, as written and without a port, is a number. No name in the DNS
// has such a label, but many resolvers read 127.1, 0x7f.1 and 2130706433 as the address 127.0.0.1.
func EndsInNumber(host string) bool {
	last := strings.ToLower(host[strings.LastIndexByte(host, '.')+1:])
	if hex, ok := strings.CutPrefix(last, "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return last != "" && strings.Trim(last, "0123456789") == ""
}

// IsLoopback reports whether host, as written and without a port, is this machine: localhost, 127.0.0.0/8 or ::1. It
// does no DNS lookup.
func IsLoopback(host string) bool {
	if strings.ToLower(host) == "localhost" { // EqualFold would also accept "localhoſt"
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && (addr.Is4() && addr.IsLoopback() || addr == netip.IPv6Loopback())
}
