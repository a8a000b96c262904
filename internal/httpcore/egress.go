package httpcore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// PrivateAddress is the refusal of Config.RefusePrivateAddresses.
const PrivateAddress Refusal = "refused an address that is not public"

// publicOnly sends requests to public addresses only. A request through a proxy is different: there the proxy resolves
// the name, so that only an address in the URL can be checked here. The address of the proxy is the operator's choice.
type publicOnly struct {
	transport *http.Transport
	proxy     func(*http.Request) (*url.URL, error)
}

func newPublicOnly(rt http.RoundTripper) (*publicOnly, error) {
	if p, ok := rt.(*publicOnly); ok {
		return p, nil // clients that share it share its connections
	}
	t, ok := rt.(*http.Transport)
	if !ok {
		return nil, fmt.Errorf("RefusePrivateAddresses needs an *http.Transport in HTTPClient: where a %T connects cannot be seen", rt)
	}
	own := t.Clone()
	//lint:ignore SA1019 a deprecated dial function would go around the check too
	if own.DialTLSContext != nil || own.DialTLS != nil || own.Dial != nil {
		return nil, errors.New("RefusePrivateAddresses needs an http.Transport without Dial, DialTLS and DialTLSContext: DialContext may be set")
	}
	p := &publicOnly{transport: own, proxy: own.Proxy}
	own.Proxy = chosenProxy // asked once for each request: another answer must not lead to another kind of connection
	// The dialer of http.DefaultTransport, with a check between the lookup and the connection.
	guarded := (&net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second, Control: controlPublic}).DialContext
	free := own.DialContext
	switch {
	case free == nil:
		free = (&net.Dialer{}).DialContext
	case rt != http.DefaultTransport:
		guarded = checkedAfter(free)
	}
	own.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if proxyIn(ctx) != nil {
			return free(ctx, network, address)
		}
		if ap, err := netip.ParseAddrPort(address); err == nil { // a mapped address does not reach the checks below
			if err := checkPublic(ap.Addr()); err != nil {
				return nil, err
			}
		}
		return guarded(ctx, network, address)
	}
	return p, nil
}

// RoundTrip implements http.RoundTripper.
func (p *publicOnly) RoundTrip(req *http.Request) (*http.Response, error) {
	proxy, err := p.proxyFor(req)
	if err != nil {
		if req.Body != nil {
			_ = req.Body.Close()
		}
		return nil, err
	}
	return p.transport.RoundTrip(req.WithContext(context.WithValue(req.Context(), proxyKey{}, proxy)))
}

// proxyFor returns the proxy of a request, nil when there is none.
func (p *publicOnly) proxyFor(req *http.Request) (*url.URL, error) {
	if p.proxy == nil {
		return nil, nil
	}
	proxy, err := p.proxy(req)
	if err != nil || proxy == nil {
		return nil, err
	}
	host := strings.TrimSuffix(strings.ToLower(req.URL.Hostname()), ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return nil, own("%w: %s", PrivateAddress, host)
	}
	if address, err := netip.ParseAddr(host); err == nil {
		return proxy, checkPublic(address)
	}
	if EndsInNumber(host) {
		return nil, own("%w: %s", PrivateAddress, Clean(host))
	}
	return proxy, nil
}

type proxyKey struct{}

func proxyIn(ctx context.Context) *url.URL {
	proxy, _ := ctx.Value(proxyKey{}).(*url.URL)
	return proxy
}

func chosenProxy(req *http.Request) (*url.URL, error) { return proxyIn(req.Context()), nil }

// controlPublic is called after the name was resolved, for each address before the connection to it. So a name that
// resolves to another address the next time changes nothing.
func controlPublic(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return own("%w: its form is unknown", PrivateAddress)
	}
	return checkPublic(ap.Addr())
}

// checkedAfter checks a connection of the application's own dial function before anything is sent through it.
func checkedAfter(dial func(context.Context, string, string) (net.Conn, error)) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		remote, ok := conn.RemoteAddr().(*net.TCPAddr)
		if !ok {
			err = own("%w: its form is unknown", PrivateAddress)
		} else {
			err = checkPublic(remote.AddrPort().Addr().Unmap())
		}
		if err != nil {
			_ = conn.Close()
			return nil, err
		}
		return conn, nil
	}
}

func checkPublic(a netip.Addr) error {
	if isPublic(a) {
		return nil
	}
	return own("%w: %s", PrivateAddress, a.WithZone(""))
}

// isPublic follows the special-purpose registries (RFC 6890). Of IPv6 only global unicast is public. This excludes
// addresses with an IPv4 address inside: mapped ones (RFC 4291 §2.5.5), NAT64 (RFC 6052 §2.1), 6to4 and Teredo.
func isPublic(a netip.Addr) bool {
	for _, p := range notPublic {
		if p.Contains(a) {
			return false
		}
	}
	return a.Is4() || globalUnicast.Contains(a)
}

var (
	globalUnicast = netip.MustParsePrefix("2000::/3")
	notPublic     = [...]netip.Prefix{
		netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"),
		netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("169.254.0.0/16"), netip.MustParsePrefix("172.16.0.0/12"),
		netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("192.88.99.0/24"),
		netip.MustParsePrefix("192.168.0.0/16"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"),
		netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("224.0.0.0/4"), netip.MustParsePrefix("240.0.0.0/4"),
		netip.MustParsePrefix("2001::/23"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"),
		netip.MustParsePrefix("3fff::/20"),
	}
)
