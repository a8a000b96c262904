package idptest

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
)

// Base is the address the servers are reached under, without a slash at its end.
func (r *Realm) Base(request *http.Request) string {
	if r.BaseURL != "" {
		return strings.TrimRight(r.BaseURL, "/")
	}
	if request.TLS != nil {
		return "https://" + request.Host
	}
	return "http://" + request.Host
}

// basePath is the path of BaseURL, without a slash at its end.
func (r *Realm) basePath() string {
	u, err := url.Parse(r.BaseURL)
	if err != nil {
		return ""
	}
	return strings.TrimRight(u.Path, "/")
}

// rebase strips the path of BaseURL from the request's.
func (r *Realm) rebase(request *http.Request) *http.Request {
	base := r.basePath()
	if base == "" || !strings.HasPrefix(request.URL.Path, base+"/") {
		return request
	}
	u := *request.URL
	u.Path, u.RawPath = strings.TrimPrefix(u.Path, base), strings.TrimPrefix(u.RawPath, base)
	copied := *request
	copied.URL = &u
	return &copied
}

// Registered compares byte for byte (RFC 9700 §2.1), or admits any loopback address when nothing is registered
// (RFC 8252 §7.3).
func Registered(registered []string, uri string) bool {
	if len(registered) > 0 {
		return slices.Contains(registered, uri)
	}
	return Loopback(uri)
}

// Loopback says whether uri is an http or https address on a loopback host, without user information and fragment.
func Loopback(uri string) bool {
	u, err := url.Parse(uri)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.User != nil || strings.Contains(uri, "#") {
		return false
	}
	if u.Hostname() == "localhost" {
		return true
	}
	ip := net.ParseIP(u.Hostname())
	return ip != nil && ip.IsLoopback()
}

// CleanPath says whether a path can stand in a URL and in a pattern of http.ServeMux as it is: it begins with a slash, does
// not end with one, and needs no encoding.
func CleanPath(p string) bool {
	u, err := url.Parse(p)
	return err == nil && strings.HasPrefix(p, "/") && p != "/" && path.Clean(p) == p && u.EscapedPath() == p && !strings.ContainsAny(p, "{}")
}

// AddQuery adds a query to an address and keeps the query that it has (RFC 6749 §3.1.2), byte for byte.
func AddQuery(uri, query string) string {
	switch {
	case query == "":
		return uri
	case !strings.Contains(uri, "?"):
		return uri + "?" + query
	case strings.HasSuffix(uri, "?"), strings.HasSuffix(uri, "&"):
		return uri + query
	}
	return uri + "&" + query
}

// SendTo sends the browser to an address: by 303 after a form, so that the browser does not post it again, otherwise
// by 302.
func SendTo(w http.ResponseWriter, request *http.Request, address string) {
	status := http.StatusFound
	if request.Method == http.MethodPost {
		status = http.StatusSeeOther
	}
	w.Header().Set("Location", ascii(address))
	w.WriteHeader(status)
}

// ascii percent-encodes what a header must not carry.
func ascii(uri string) string {
	var b strings.Builder
	for i := range len(uri) {
		if c := uri[i]; c <= ' ' || c >= 0x7f {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
