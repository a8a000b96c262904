package oauth

import (
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"
)

const (
	assertionTypeJWT  = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	assertionLifetime = 60 * time.Second
)

// clientAssertion is what PrivateKeyJWT and ClientSecretJWT have in common (RFC 7523 §3).
type clientAssertion struct {
	lifetime      time.Duration
	audience, typ string
}

// check finds mistakes, and returns the audience.
func (a clientAssertion) check(issuer string) (aud string, err error) {
	if a.lifetime < 0 || a.lifetime > assertionLifetime || a.lifetime%time.Second != 0 {
		return "", errors.New("Lifetime must be whole seconds, at most 60")
	}
	return a.aud(issuer)
}

// aud is one string: a server that accepts a list would accept an assertion that another server can use too
// (draft-ietf-oauth-rfc7523bis §4).
func (a clientAssertion) aud(issuer string) (string, error) {
	switch {
	case a.audience != "":
		return a.audience, nil
	case issuer == "":
		return "", errors.New("Issuer is not set, and is the assertion's audience: set it, or Audience")
	case strings.ContainsAny(issuer, "{}"):
		return "", errors.New("the issuer has a placeholder for a tenant and cannot be the assertion's audience: set Audience")
	}
	return issuer, nil
}

// claims are those of one assertion (RFC 7523 §3, OpenID Connect Core §9).
func (a clientAssertion) claims(r *AuthRequest) (map[string]any, error) {
	if r.ClientID == "" {
		return nil, errors.New("ClientID is not set")
	}
	aud, err := a.check(r.Issuer)
	if err != nil {
		return nil, err
	}
	now, lifetime := r.Time, a.lifetime
	if now.IsZero() {
		now = time.Now()
	}
	if lifetime == 0 {
		lifetime = assertionLifetime
	}
	return map[string]any{
		"iss": r.ClientID, "sub": r.ClientID, "aud": aud, "jti": rand.Text(),
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(lifetime).Unix(),
	}, nil
}

func (a clientAssertion) header() string {
	if a.typ == "" {
		return "JWT"
	}
	return a.typ
}

// addAssertion adds an assertion to a request (RFC 7521 §4.2).
func addAssertion(r *AuthRequest, typ, assertion string) error {
	if bad := unfitAssertion(assertion); bad != "" {
		return fmt.Errorf("the client assertion %s", bad)
	}
	r.Form.Set("client_id", r.ClientID)
	r.Form.Set("client_assertion_type", typ)
	r.Form.Set("client_assertion", assertion)
	return nil
}

const maxAssertion = 64 << 10

// unfitAssertion says what is wrong with an assertion, and never quotes it.
func unfitAssertion(assertion string) string {
	switch {
	case assertion == "":
		return "is empty"
	case len(assertion) > maxAssertion:
		return fmt.Sprintf("has %d bytes, at most %d are sent", len(assertion), maxAssertion)
	case strings.ContainsFunc(assertion, func(r rune) bool { return r <= ' ' || r > '~' }):
		return "has a blank, a control character, or one that is not ASCII"
	}
	return ""
}
