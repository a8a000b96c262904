package authtest

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

func (s *Server) appID() string     { return either(s.AppID, AppID) }
func (s *Server) secret() string    { return either(s.Secret, Secret) }
func (s *Server) appName() string   { return either(s.AppName, "Demo application") }
func (s *Server) accessKey() string { return either(s.AccessKey, AccessKey) }
func (s *Server) secretKey() string { return either(s.SecretKey, SecretKey) }

func (s *Server) machineScopes() []string {
	if len(s.MachineScopes) > 0 {
		return s.MachineScopes
	}
	return []string{"openid", "profile", "email", "phone", "address", "user", "orders:read", "orders:write"}
}

func either(value, otherwise string) string {
	if value != "" {
		return value
	}
	return otherwise
}

// base is the address the server is reached under, without a slash at its end.
func (s *Server) base(r *http.Request) string {
	if s.BaseURL != "" {
		return strings.TrimRight(s.BaseURL, "/")
	}
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// basePath is the path of BaseURL, without a slash at its end.
func (s *Server) basePath() string {
	u, err := url.Parse(s.BaseURL)
	if err != nil {
		return ""
	}
	return strings.TrimRight(u.Path, "/")
}

// rebase strips BaseURL's path from the request's.
func (s *Server) rebase(r *http.Request) *http.Request {
	base := s.basePath()
	if base == "" || !strings.HasPrefix(r.URL.Path, base+"/") {
		return r
	}
	u := *r.URL
	u.Path, u.RawPath = strings.TrimPrefix(u.Path, base), strings.TrimPrefix(u.RawPath, base)
	copied := *r
	copied.URL = &u
	return &copied
}

func (s *Server) issuer(r *http.Request, p protocol) string {
	return s.base(r) + "/" + string(p)
}

// redirectAllowed compares byte for byte (RFC 9700 §2.1), or admits any loopback
// address when nothing is registered (RFC 8252 §7.3).
func redirectAllowed(registered []string, uri string) bool {
	if len(registered) > 0 {
		return slices.Contains(registered, uri)
	}
	return loopback(uri)
}

// serviceAllowed leaves the query out: a CAS client adds its own key to the service.
func serviceAllowed(registered []string, service string) bool {
	if len(registered) == 0 {
		return loopback(service)
	}
	bare, _, _ := strings.Cut(service, "?")
	return slices.Contains(registered, service) || slices.Contains(registered, bare)
}

func loopback(uri string) bool {
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
