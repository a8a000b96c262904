package oauth

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	requestObjectType = "oauth-authz-req+jwt" // RFC 9101 §4
	requestLifetime   = 10 * time.Minute
	maxRequestLife    = time.Hour
	maxRequestURI     = 512 // RFC 9101 §5.2
)

// RequestObject signs authorization requests (RFC 9101 §4, OpenID Connect Core §6): all parameters are in a JWT, so that
// nobody on the way through the browser can change one. With Encrypt nobody there can read one, but for those that are also
// beside the JWT: see ClientIDOnly. The server must know the public keys, from the client's JWKS.
type RequestObject struct {
	// Keys are the client's keys. The first one signs; see PrivateKeyJWT. There is no request object without a signature.
	Keys []SigningKey
	// CurrentKey, when set, replaces Keys: it returns the key for one request.
	CurrentKey func(ctx context.Context) (SigningKey, error)
	// Lifetime is the time from iat to exp, in whole seconds; 0 means 10 minutes, and an hour is the most. The browser
	// must reach the server within it.
	Lifetime time.Duration
	// Host, when set, passes the object by reference: it keeps the object and returns the address where the server gets
	// it, the request_uri (RFC 9101 §5.2). RequestObjectHost.Host is such a function. nil passes the object itself, as does a
	// request that is pushed.
	Host func(ctx context.Context, object string) (requestURI string, err error)
	// Encrypt, when set, encrypts the signed object to a key of the server (RFC 9101 §6.1), and returns a compact JWE. Its
	// errors may not have the object. Package oidc sets it by Config.RequestObjectEncryptionAlg.
	Encrypt func(ctx context.Context, signed string) (encrypted string, err error)
	// HostIsRegistered says that the addresses of Host are in the client's request_uris. Package oidc needs it for a
	// server whose metadata has require_request_uri_registration.
	HostIsRegistered bool
	// ClientIDOnly sends only client_id beside the object, as RFC 9101 §5 permits. Otherwise response_type and scope are
	// beside it too, because OpenID Connect Core §6.1 demands them; a server of RFC 9101 ignores those.
	ClientIDOnly bool
}

// SigningAlg returns the algorithm of the key that signs; empty with CurrentKey.
func (o *RequestObject) SigningAlg() string { return o.keys().alg() }

func (o *RequestObject) keys() signingKeys { return signingKeys{o.Keys, o.CurrentKey} }

// prepared checks the settings and returns a copy of them.
func (o *RequestObject) prepared(issuer string) (*RequestObject, error) {
	keys, err := o.keys().checked()
	switch {
	case err != nil:
		return nil, err
	case o.Lifetime < 0 || o.Lifetime > maxRequestLife || o.Lifetime%time.Second != 0:
		return nil, errors.New("Lifetime must be whole seconds, at most an hour")
	case issuer == "":
		return nil, errors.New("Issuer is not set, and is the request object's audience")
	case strings.ContainsAny(issuer, "{}"):
		return nil, errors.New("the issuer has a placeholder for a tenant and cannot be the request object's audience")
	}
	made := *o
	made.Keys = keys.list
	if made.Lifetime == 0 {
		made.Lifetime = requestLifetime
	}
	return &made, nil
}

// requestClaims are the names that a request object has for itself, or must not have (RFC 9101 §4, §5): sub would make it
// look like a client assertion (RFC 9101 §10.8).
var requestClaims = []string{"iss", "aud", "exp", "iat", "nbf", "jti", "sub", "request", "request_uri"}

// claims puts the parameters into the object (RFC 9101 §4).
func (o *RequestObject) claims(cfg *Config, params url.Values) (map[string]any, error) {
	now := cfg.Now()
	claims := map[string]any{
		"iss": cfg.ClientID, "aud": cfg.Issuer, "client_id": cfg.ClientID, "jti": rand.Text(),
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(o.Lifetime).Unix(),
	}
	for name, values := range params {
		if slices.Contains(requestClaims, name) {
			return nil, fmt.Errorf("oauth: Extra must not set %s: RequestObject makes it", name)
		}
		switch {
		case len(values) == 1:
			claims[name] = requestValue(name, values[0])
		case len(values) > 1:
			claims[name] = values
		}
	}
	return claims, nil
}

// requestValue writes a parameter as JSON: numbers and objects as such, where the parameter is one (RFC 9101 §4, OpenID
// Connect Core §6.1, RFC 9396 §3).
func requestValue(name, value string) any {
	switch name {
	case "max_age", "claims", "authorization_details":
		if json.Valid([]byte(value)) {
			return json.RawMessage(value)
		}
	}
	return value
}

// sign makes the query of a request with these parameters, which the caller adds to the address. A pushed request has the
// object itself and nothing beside it (RFC 9126 §3).
func (o *RequestObject) sign(ctx context.Context, c *Client, params url.Values, pushed bool) (url.Values, error) {
	claims, err := o.claims(c.cfg, params)
	if err != nil {
		return nil, err
	}
	key, err := o.keys().one(ctx)
	if err != nil {
		return nil, fmt.Errorf("oauth: RequestObject: %w", err)
	}
	object, err := key.sign(requestObjectType, claims)
	if err != nil {
		return nil, fmt.Errorf("oauth: RequestObject: %w", err)
	}
	if object, err = o.encrypted(ctx, object); err != nil {
		return nil, err
	}
	query := url.Values{}
	if !o.ClientIDOnly && !pushed {
		query.Set("response_type", params.Get("response_type"))
		query.Set("scope", params.Get("scope"))
	}
	if o.Host == nil || pushed {
		query.Set("request", object)
		return query, nil
	}
	address, err := o.Host(ctx, object)
	if err == nil {
		err = c.checkRequestURI(address, maxRequestURI)
	}
	if err != nil {
		return nil, fmt.Errorf("oauth: RequestObject.Host: %w", err)
	}
	query.Set("request_uri", address)
	return query, nil
}

func (c *Client) checkRequestURI(address string, most int) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || !u.IsAbs():
		return errors.New("the request_uri is not an absolute URI")
	case len(address) > most || strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r > '~' }):
		return fmt.Errorf("the request_uri has more than %d characters, or one that is not ASCII (RFC 9101 §5.2)", most)
	}
	return c.http.CheckReturn("the request_uri", address)
}
