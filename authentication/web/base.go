package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode"
)

// base is one of the addresses of the application.
type base struct {
	url    string // without a slash at the end
	origin string
	host   string // in lower case, with a port that is not the scheme's own
	path   string // "" or "/app"
	plain  bool   // http
}

func parseBase(field, raw string, allowHTTP bool) (*base, error) {
	u, err := url.Parse(raw)
	switch {
	case raw == "":
		return nil, fmt.Errorf("web: %s is not set", field)
	case err != nil || u.Host == "" || u.Hostname() == "":
		return nil, fmt.Errorf("web: %s must be an absolute URL such as https://app.example.com", field)
	case strings.HasSuffix(u.Host, ":") || strings.ContainsFunc(u.Host, func(c rune) bool { return c > unicode.MaxASCII }):
		return nil, fmt.Errorf("web: %s must have its host as browsers send it: without an empty port, and a name of other letters as xn--", field)
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.Contains(raw, "#"):
		return nil, fmt.Errorf("web: %s must have no user, query or fragment", field)
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, fmt.Errorf("web: %s must begin with https", field)
	case u.Scheme == "http" && !loopback(u.Host) && !allowHTTP:
		return nil, fmt.Errorf("web: %s must begin with https, or be http to a loopback host; InsecureAllowHTTP allows http", field)
	}
	path := strings.TrimRight(u.EscapedPath(), "/")
	if path != "" && !ownPath(path) {
		return nil, fmt.Errorf("web: %s has a path with characters that an address does not keep", field)
	}
	origin := u.Scheme + "://" + hostOf(u.Host, u.Scheme)
	return &base{url: origin + path, origin: origin, host: hostOf(u.Host, u.Scheme), path: path, plain: u.Scheme == "http"}, nil
}

// ownPath reports whether browsers and proxies keep a path as it is.
func ownPath(path string) bool {
	for _, segment := range strings.Split(path, "/")[1:] {
		if segment == "" || strings.Trim(segment, ".") == "" || strings.ContainsFunc(segment, func(c rune) bool {
			return !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.ContainsRune("-._~", c))
		}) {
			return false
		}
	}
	return strings.HasPrefix(path, "/")
}

// hostOf is a host as browsers send it: without the port of the scheme.
func hostOf(host, scheme string) string {
	host = strings.ToLower(host)
	if scheme == "https" {
		return strings.TrimSuffix(host, ":443")
	}
	return strings.TrimSuffix(host, ":80")
}

// baseOf returns the address that a request is for. It reads the Host only to choose among several.
func (s *Site) baseOf(r *http.Request) *base {
	if len(s.bases) == 1 {
		return s.bases[0]
	}
	for _, b := range s.bases {
		if hostOf(r.Host, b.origin[:strings.Index(b.origin, ":")]) == b.host {
			return b
		}
	}
	return nil
}
