package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/option"
)

// ClientAuth authenticates the client on a request (RFC 6749 §2.3). Implement it to add a method;
// ClientSecretBasic, ClientSecretPost, None, TLSClientAuth, SelfSignedTLSClientAuth, PrivateKeyJWT, ClientSecretJWT and
// Assertion are built in. A ClientAuth may also be a NamedAuth, a SigningAuth or a MutualTLSAuth.
type ClientAuth interface {
	// Authenticate adds the client's credentials to r.Form or r.Header. When it returns an error, nothing is
	// sent.
	Authenticate(ctx context.Context, r *AuthRequest) error
}

// AuthRequest is the request that a ClientAuth completes.
type AuthRequest struct {
	// ClientID is Config.ClientID.
	ClientID string
	// ClientSecret is Config.ClientSecret, empty when none was configured.
	ClientSecret string
	// Issuer is the server's identifier, empty when it was not configured.
	Issuer string
	// Endpoint is the URL that the request goes to.
	Endpoint string
	// Time is when the request is made, by Config.Now; zero means time.Now.
	Time time.Time
	// Form is the body to send. It belongs to this request alone.
	Form url.Values
	// Header is the header to send. It belongs to this request alone.
	Header http.Header
}

// AuthMethod is a built-in ClientAuth. Its text is the method's registered name (RFC 7591 §2), so configuration can
// hold it. The empty method is ClientSecretBasic.
type AuthMethod string

const (
	// ClientSecretBasic sends id and secret in the Authorization header, each form-encoded first
	// (RFC 6749 §2.3.1).
	ClientSecretBasic AuthMethod = "client_secret_basic"
	// ClientSecretPost sends id and secret in the body (RFC 6749 §2.3.1).
	ClientSecretPost AuthMethod = "client_secret_post"
	// None sends the client id alone: a public client (RFC 7591 §2).
	None AuthMethod = "none"
	// TLSClientAuth sends the client id alone; the certificate of the TLS connection authenticates the client, and
	// the server trusts its issuer (RFC 8705 §2.1). The Transport of Config.HTTPClient has the certificate.
	TLSClientAuth AuthMethod = "tls_client_auth"
	// SelfSignedTLSClientAuth is TLSClientAuth with a certificate that is registered at the server (RFC 8705 §2.2). Use
	// GetClientCertificate of the tls.Config: package crypto/tls does not send one of Certificates to a server that asks
	// for certificates of other issuers.
	SelfSignedTLSClientAuth AuthMethod = "self_signed_tls_client_auth"
)

// Authenticate implements ClientAuth. A missing id or secret is an error.
func (m AuthMethod) Authenticate(_ context.Context, r *AuthRequest) error {
	if err := m.need(r.ClientID, r.ClientSecret); err != nil {
		return err
	}
	switch m.orDefault() {
	case ClientSecretBasic:
		r.Header.Set("Authorization", "Basic "+basic(url.QueryEscape(r.ClientID), url.QueryEscape(r.ClientSecret)))
	case ClientSecretPost:
		addValues(r.Form, "client_id", r.ClientID, "client_secret", r.ClientSecret)
	case None, TLSClientAuth, SelfSignedTLSClientAuth:
		r.Form.Set("client_id", r.ClientID)
	default:
		return m.check()
	}
	return nil
}

func (m AuthMethod) need(id, secret string) error {
	switch {
	case id == "":
		return errors.New("ClientID is not set")
	case m.sendsSecret() && secret == "":
		return fmt.Errorf("ClientSecret is not set, %s needs it", m.orDefault())
	}
	return nil
}

// preparedAuth is a ClientAuth that NewClient checks; the result replaces it.
type preparedAuth interface {
	prepare(c *Config) (ClientAuth, error)
}

// needAuth finds a missing id or secret before package oidc looks for the endpoint. It checks the built-in methods
// only: a custom ClientAuth checks what it needs.
func (c *Client) needAuth(a ClientAuth) error {
	if m, ok := a.(*configured).ClientAuth.(interface{ need(id, secret string) error }); ok {
		if err := m.need(c.cfg.ClientID, c.cfg.ClientSecret); err != nil {
			return option.Mistake(fmt.Errorf("oauth: %s: %w", a.(*configured).field, err))
		}
	}
	return nil
}

// explain adds to a refusal of the client's credentials what was sent, which field to change, and what the server's
// metadata lists. The ClientAuth of package authentication gives the field names of that package.
func explain(err error, auth ClientAuth) error {
	var refused *Error
	if !errors.As(err, &refused) || refused.Code != InvalidClient {
		return err
	}
	a := auth.(*configured)
	field, method := a.field, fmt.Sprintf("%T", a.ClientAuth)
	switch own := a.ClientAuth.(type) {
	case interface{ AuthName() (field, method string) }:
		field, method = own.AuthName()
	case NamedAuth:
		method = own.MethodName()
	}
	err = fmt.Errorf("%w; the client sent %s (%s): check id, secret and method", err, method, field)
	if a.offered != "" {
		err = fmt.Errorf("%w; the server's metadata lists %s", err, a.offered)
	}
	return err
}

func (m AuthMethod) sendsSecret() bool {
	return m.orDefault() == ClientSecretBasic || m == ClientSecretPost
}

func (m AuthMethod) orDefault() AuthMethod {
	if m == "" {
		return ClientSecretBasic
	}
	return m
}

func (m AuthMethod) check() error {
	switch m.orDefault() {
	case ClientSecretBasic, ClientSecretPost, None, TLSClientAuth, SelfSignedTLSClientAuth:
		return nil
	}
	return fmt.Errorf("unknown auth method %s, want client_secret_basic, client_secret_post, none, tls_client_auth or self_signed_tls_client_auth",
		httpcore.Quote(string(m)))
}

// readAuth refuses a nil pointer, whose methods would panic, and reads an AuthMethod behind a pointer.
func readAuth(a ClientAuth) (ClientAuth, error) {
	if a != nil && isNilPointer(a) {
		return nil, fmt.Errorf("it is a nil %T", a)
	}
	if m, ok := a.(*AuthMethod); ok {
		return *m, nil
	}
	return a, nil
}

// prepareAuth finds an unknown method, and None together with a secret.
func prepareAuth(a ClientAuth, c *Config) (ClientAuth, error) {
	if p, ok := a.(preparedAuth); ok {
		return p.prepare(c)
	}
	m, ok := a.(AuthMethod)
	if !ok {
		return a, nil
	}
	if err := m.check(); err != nil {
		return nil, err
	}
	if m == None && c.ClientSecret != "" {
		return nil, errors.New("none never sends a secret, but ClientSecret is set: remove one of them")
	}
	return m, nil
}
