package web

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// plainLoopback tells whether the browser speaks plain http to this very machine. Anything that looks
// like a proxy means that it may speak https to somewhere else; then the cookies are Secure. HTTP/1.0 is
// such a sign: no browser speaks it, and nginx does as it comes, with its upstream's address as the Host.
func plainLoopback(r *http.Request) bool {
	return r.TLS == nil && r.ProtoAtLeast(1, 1) && !forwarded(r.Header) && loopback(r.Host)
}

// secureContext tells whether browsers keep a Secure cookie of this address. The forwarded scheme is
// believed: a lie in it can only lose the liar's own login.
func secureContext(r *http.Request) bool {
	return r.TLS != nil || plainLoopback(r) || forwardedHTTPS(r.Header)
}

// loopback reads the host as written; a name that only resolves to this machine is none.
func loopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}
