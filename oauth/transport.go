package oauth

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// Transport is an http.RoundTripper that adds the token of Source to each request (RFC 6750 §2.1), and with DPoP a proof
// (RFC 9449 §7.1). It sends requests
// only to Origin: a redirect to another origin ends in an error, and the token is not sent.
//
// Status 401 drops the token, so that the next request has a new one. The refused request is not sent again: the
// caller decides about that. The caller's request is not changed; a request with an Authorization header is an error.
type Transport struct {
	// Source gives the token; it must be set.
	Source *TokenSource
	// Origin is scheme, host and port of the one server that gets the token, such as https://api.example.com:8443. It
	// must be set. The default port is 443, or 80 with http. http is for loopback hosts.
	Origin string
	// DPoP has the key of the tokens; it is that of the Source's client. nil is for Bearer tokens alone. A token of another key,
	// or of another certificate than that of Base, is ErrBinding and is not sent.
	DPoP *DPoP
	// Base sends the requests; nil is http.DefaultTransport.
	Base http.RoundTripper
	// InsecureAllowHTTP permits an Origin with http on hosts other than loopback. Anyone on the way can then
	// read the token and use it.
	InsecureAllowHTTP bool
}

// RoundTrip implements http.RoundTripper.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	token, err := t.token(r)
	if err != nil {
		if r != nil && r.Body != nil {
			_ = r.Body.Close() // as an http.RoundTripper must
		}
		return nil, err
	}
	base := t.Base
	if base == nil {
		base = http.DefaultTransport
	}
	res, err := t.send(base, r, token)
	if err == nil && res != nil && res.StatusCode == http.StatusUnauthorized && !wantsNonce(res) {
		t.Source.Drop(token.AccessToken)
	}
	return res, err
}

func (t *Transport) send(base http.RoundTripper, r *http.Request, token *Token) (*http.Response, error) {
	if t.DPoP != nil {
		return t.DPoP.Send(base, r, token)
	}
	own := r.Clone(r.Context())
	if own.Header == nil {
		own.Header = http.Header{}
	}
	own.Header.Set("Authorization", "Bearer "+token.AccessToken)
	return base.RoundTrip(own)
}

// token checks where the request goes before it gets the token.
func (t *Transport) token(r *http.Request) (*Token, error) {
	if t == nil {
		return nil, errors.New("oauth: Transport is nil")
	}
	want, err := t.origin()
	if err != nil {
		return nil, err
	}
	if err := checkTarget("Transport", "Origin", want, r); err != nil {
		return nil, err
	}
	return t.bearer(r.Context())
}

// checkTarget checks that a request goes to the origin that a field names, and brings no credentials of its own.
func checkTarget(name, field, want string, r *http.Request) error {
	if r == nil || r.URL == nil {
		return fmt.Errorf("oauth: %s: the request has no URL", name)
	}
	if r.URL.Opaque != "" { // a proxy, or a server for several hosts, would use it instead of Host
		return fmt.Errorf("oauth: %s: the request has an opaque URL: nothing was sent", name)
	}
	if got := originOf(r.URL.Scheme, r.URL.Host); got != want {
		return fmt.Errorf("oauth: %s.%s is %s, and the request goes to %s: nothing was sent", name, field, want, httpcore.Clean(got))
	}
	// A server for several hosts chooses the host by this header.
	if got := originOf(r.URL.Scheme, r.Host); r.Host != "" && got != want {
		return fmt.Errorf("oauth: %s.%s is %s, and the request is for host %s: nothing was sent", name, field, want, httpcore.Clean(r.Host))
	}
	if hasAuthorization(r.Header) || r.URL.User != nil {
		return fmt.Errorf("oauth: %s: the request already has an Authorization header", name)
	}
	return nil
}

// hasAuthorization also finds a name that is not in the canonical form of http.Header.
func hasAuthorization(h http.Header) bool {
	for name := range h {
		if strings.EqualFold(name, "Authorization") {
			return true
		}
	}
	return false
}

func (t *Transport) bearer(ctx context.Context) (*Token, error) {
	token, err := t.Source.Token(ctx)
	if err != nil {
		return nil, err
	}
	if t.DPoP == nil && !strings.EqualFold(token.TokenType, tokenTypeBearer) {
		return nil, errors.New("oauth: Transport: the token is not a Bearer token")
	}
	if token.Binding.X5T != "" {
		hc, err := httpcore.New(httpcore.Config{HTTPClient: &http.Client{Transport: t.Base}})
		if err == nil {
			err = ownsCertificate(hc, token.Binding)
		}
		if err != nil {
			return nil, err
		}
	}
	return token, nil
}

func (t *Transport) origin() (string, error) {
	guard, err := httpcore.New(httpcore.Config{InsecureAllowHTTP: t.InsecureAllowHTTP})
	if err == nil {
		err = guard.CheckURL("Transport.Origin", t.Origin)
	}
	if err != nil {
		return "", fmt.Errorf("oauth: %w", err)
	}
	u, err := url.Parse(t.Origin)
	if err != nil || u.Path != "" || strings.Contains(t.Origin, "?") {
		return "", errors.New("oauth: Transport.Origin must be scheme, host and port alone, such as https://api.example.com")
	}
	return originOf(u.Scheme, u.Host), nil
}

// originOf writes an origin in one form (RFC 6454 §4): the host in lower case, always with the port.
func originOf(scheme, host string) string {
	u := url.URL{Host: host}
	port := u.Port()
	switch {
	case port != "":
	case scheme == "https":
		port = "443"
	case scheme == "http":
		port = "80"
	}
	// Only ASCII letters: other letters that fold to ASCII make another host.
	name := strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r - 'A' + 'a'
		}
		return r
	}, u.Hostname())
	return scheme + "://" + net.JoinHostPort(name, port)
}
