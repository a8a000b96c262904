package oauth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/jws"
)

// ClientSecretJWT is the ClientAuth client_secret_jwt: the client secret is the key of an HMAC over a short-lived
// assertion for each request, and is not sent itself (RFC 7523 §2.2, OpenID Connect Core §9). Config.ClientSecret must
// have at least as many bytes as the hash: 32 for HS256, 48 for HS384, 64 for HS512 (RFC 7518 §3.2).
type ClientSecretJWT struct {
	// Alg is HS256, HS384 or HS512; empty is HS256.
	Alg string
	// Lifetime is the time from iat to exp, in whole seconds; 0 means 60 seconds, which is also the most.
	Lifetime time.Duration
	// Audience is the assertion's aud; empty is the server's issuer. See PrivateKeyJWT.
	Audience string
	// Type is the header's typ; empty is JWT. See PrivateKeyJWT.
	Type string
}

// Authenticate implements ClientAuth. When the issuer is unknown, or the secret is missing or too short, nothing is
// sent.
func (s ClientSecretJWT) Authenticate(_ context.Context, r *AuthRequest) error {
	if err := s.need(r.ClientID, r.ClientSecret); err != nil {
		return err
	}
	claims, err := s.assertion().claims(r)
	if err != nil {
		return fmt.Errorf("client_secret_jwt: %w", err)
	}
	signed, err := jws.MAC(jws.Header{Alg: s.SigningAlg(), Type: s.assertion().header()}, claims, r.ClientSecret)
	if err != nil {
		return fmt.Errorf("client_secret_jwt: %w", err)
	}
	return addAssertion(r, assertionTypeJWT, signed)
}

// MethodName implements NamedAuth.
func (ClientSecretJWT) MethodName() string { return "client_secret_jwt" }

// SigningAlg implements SigningAuth.
func (s ClientSecretJWT) SigningAlg() string {
	if s.Alg == "" {
		return "HS256"
	}
	return s.Alg
}

func (s ClientSecretJWT) assertion() clientAssertion {
	return clientAssertion{s.Lifetime, s.Audience, s.Type}
}

func (ClientSecretJWT) need(id, secret string) error {
	switch {
	case id == "":
		return errors.New("ClientID is not set")
	case secret == "":
		return errors.New("ClientSecret is not set, client_secret_jwt needs it")
	}
	return nil
}

// prepare implements preparedAuth. A missing secret is an error of the call that needs it.
func (s ClientSecretJWT) prepare(c *Config) (ClientAuth, error) {
	length := c.ClientSecret
	if length == "" {
		length = string(make([]byte, 64))
	}
	if err := jws.CheckSecret(s.SigningAlg(), length); err != nil {
		return nil, fmt.Errorf("client_secret_jwt: %w", err)
	}
	if _, err := s.assertion().check(c.Issuer); err != nil {
		return nil, fmt.Errorf("client_secret_jwt: %w", err)
	}
	return s, nil
}
