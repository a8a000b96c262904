package web

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// plainLoopback reports whether the browser uses plain http to this machine. Any sign of a proxy means that the
// browser may use https to another host; then the cookies are Secure. HTTP/1.0 is such a sign: no browser uses it,
// and nginx does by default, with its upstream's address as the Host.
func plainLoopback(r *http.Request) bool {
	return r.TLS == nil && r.ProtoAtLeast(1, 1) && !forwarded(r.Header) && loopback(r.Host)
}

// secureContext reports whether browsers keep a Secure cookie of this address. The forwarded scheme is trusted: a
// false one only loses the sender's own login.
func secureContext(r *http.Request) bool {
	return r.TLS != nil || plainLoopback(r) || forwardedHTTPS(r.Header)
}

// plain reports whether a Secure cookie would be lost: with a Site its base URL decides, and no header.
func (p *Pending) plain(r *http.Request) bool {
	if p.base == nil {
		return plainLoopback(r)
	}
	return p.base(r).plain
}

// secure reports whether browsers keep a Secure cookie of this address.
func (p *Pending) secure(r *http.Request) bool {
	if p.base == nil {
		return secureContext(r)
	}
	b := p.base(r)
	return !b.plain || loopback(b.host)
}

// loopback compares the host as written; a name that resolves to this machine does not count.
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
