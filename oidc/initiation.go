package oidc

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/seed6e7d3bb2/authing-go/internal/callback"
	"github.com/seed6e7d3bb2/authing-go/internal/localpath"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// The checks of ReadInitiation besides those of package oauth.
const (
	CheckTarget    oauth.CallbackCheck = "target_link_uri" // not an address of this application
	CheckLoginHint oauth.CallbackCheck = "login_hint"      // too long, or not text
)

// Initiation is the request of a third party to begin a login (OpenID Connect Core §4).
type Initiation struct {
	// Options are for BeginLogin: they have the LoginHint.
	Options AuthorizeOptions
	// Return is where to send the browser after the login: the path, query and fragment of target_link_uri; empty when
	// none was sent, and without Config.RedirectURI.
	Return string
	// Target is target_link_uri as it was sent. Without Config.RedirectURI nothing has checked that it is an address of
	// this application.
	Target string
}

const (
	maxInitiation = 16 << 10
	maxLoginHint  = 1 << 10
)

// ReadInitiation reads a request to the application's initiate_login_uri, by which the server or another site begins a
// login (OpenID Connect Core §4). It sends nothing and changes nothing: call BeginLogin with the result's Options, and
// end no session before that login is complete.
//
// Refused with an *oauth.CallbackError are: an iss other than the client's issuer; a target_link_uri that has another
// scheme, host or port than Config.RedirectURI, if that is set, or that a browser could read as an address of another
// site; a login_hint over 1 KiB; a repeated parameter; a method other than GET and POST; a POST that is no form; and more than
// 16 KiB. Other parameters are ignored. The form must not have been parsed before; reading it ends when ctx ends.
func (c *Client) ReadInitiation(ctx context.Context, r *http.Request) (*Initiation, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	begun, err := c.readInitiation(ctx, r)
	if err != nil {
		return nil, fmt.Errorf("oidc: third-party initiated login: %w", err)
	}
	return begun, nil
}

func (c *Client) readInitiation(ctx context.Context, r *http.Request) (*Initiation, error) {
	params, err := initiationParams(ctx, r)
	if err != nil {
		return nil, err
	}
	iss, hint := params.Get("iss"), params.Get("login_hint")
	switch {
	case !c.issuer.accepts(iss):
		return nil, refuseInitiation(oauth.CheckIssuer, "iss is %s, want %q", quote(nil, iss), c.issuer.name)
	case c.issuer.checkTenant(c.issuer.tenantOf(iss), nil) != nil:
		return nil, refuseInitiation(oauth.CheckIssuer, "iss is %s, whose tenant is not in IssuerFamily.Tenants", quote(nil, iss))
	case len(hint) > maxLoginHint:
		return nil, refuseInitiation(CheckLoginHint, "it has %d bytes, at most %d are allowed", len(hint), maxLoginHint)
	case !utf8.ValidString(hint):
		return nil, refuseInitiation(CheckLoginHint, "it is not UTF-8")
	}
	begun := &Initiation{Options: AuthorizeOptions{LoginHint: hint}, Target: params.Get("target_link_uri")}
	if begun.Target != "" && c.cfg.RedirectURI != "" {
		begun.Return, err = c.localTarget(begun.Target)
	}
	if err != nil {
		return nil, err
	}
	return begun, nil
}

// initiationParams reads the query, or the form of a POST, whose query is the application's own.
func initiationParams(ctx context.Context, r *http.Request) (url.Values, error) {
	if r == nil || r.URL == nil {
		return nil, errors.New("ReadInitiation needs the request")
	}
	text := r.URL.RawQuery
	switch r.Method {
	case http.MethodGet, "":
		if len(text) > maxInitiation {
			return nil, refuseInitiation(oauth.CheckMalformed, "the query is over %d bytes", maxInitiation)
		}
	case http.MethodPost:
		var err error
		text, err = callback.Form(ctx, r, maxInitiation)
		var fault callback.Fault
		switch {
		case errors.Is(err, callback.TooLarge):
			return nil, refuseInitiation(oauth.CheckMalformed, "the body is over %d bytes", maxInitiation)
		case errors.As(err, &fault):
			return nil, refuseInitiation(oauth.CheckMalformed, "%v", fault)
		case err != nil:
			return nil, err
		}
	default:
		return nil, refuseInitiation(oauth.CheckMethod, "the request came by %s, want GET or POST", callback.Method(r))
	}
	params, err := url.ParseQuery(text)
	if err != nil {
		return nil, refuseInitiation(oauth.CheckMalformed, "the parameters cannot be read")
	}
	for name, values := range params {
		if len(values) > 1 {
			return nil, refuseInitiation(oauth.CheckRepeated, "parameter %s appears %d times", quote(nil, name), len(values))
		}
	}
	return params, nil
}

// localTarget returns the path of a target_link_uri of this application. The others would make the application an
// open redirector.
func (c *Client) localTarget(raw string) (string, error) {
	own, err := url.Parse(c.cfg.RedirectURI)
	if err != nil {
		return "", fmt.Errorf("RedirectURI: %w", err)
	}
	target, err := url.Parse(raw)
	if err != nil || target.User != nil || !strings.EqualFold(target.Scheme, own.Scheme) || hostOf(target) != hostOf(own) {
		return "", refuseInitiation(CheckTarget, "it is not an address of %s://%s", own.Scheme, own.Host)
	}
	path := target.EscapedPath()
	if path == "" {
		path = "/"
	}
	if target.RawQuery != "" {
		path += "?" + target.RawQuery
	}
	if target.Fragment != "" {
		path += "#" + target.EscapedFragment()
	}
	if !localpath.Is(path) {
		return "", refuseInitiation(CheckTarget, "its path could lead to another site")
	}
	return path, nil
}

// hostOf is the host with its port, also the default one.
func hostOf(u *url.URL) string {
	port := u.Port()
	switch {
	case port != "":
	case strings.EqualFold(u.Scheme, "http"):
		port = "80"
	default:
		port = "443"
	}
	return strings.ToLower(u.Hostname()) + ":" + port
}

func refuseInitiation(check oauth.CallbackCheck, format string, args ...any) error {
	return &oauth.CallbackError{Check: check, Detail: fmt.Sprintf(format, args...)}
}
