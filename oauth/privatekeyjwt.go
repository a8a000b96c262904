package oauth

import (
	"context"
	"fmt"
	"time"
)

// PrivateKeyJWT is the ClientAuth private_key_jwt: the client signs a short-lived assertion with its private key for
// each request (RFC 7523 §2.2, OpenID Connect Core §9). The server knows the public key: JWKSHandler publishes it.
type PrivateKeyJWT struct {
	// Keys are the client's keys. The first one signs. During a rotation the JWKS has the other ones too: put a new key
	// last, and move it to the front when the servers have read the JWKS again.
	Keys []SigningKey
	// CurrentKey, when set, replaces Keys: it returns the key for one request, so that a key can change while the client
	// is in use.
	CurrentKey func(ctx context.Context) (SigningKey, error)
	// Lifetime is the time from iat to exp, in whole seconds; 0 means 60 seconds, which is also the most.
	Lifetime time.Duration
	// Audience is the assertion's aud. Empty is the server's issuer, so that no other server can use the assertion
	// (draft-ietf-oauth-rfc7523bis §4). An older server may demand the address of its token endpoint: then write that
	// address here, as the server's operator gives it. Do not copy it from metadata, which another server may have
	// written.
	Audience string
	// Type is the header's typ. Empty is JWT, which all servers accept. draft-ietf-oauth-rfc7523bis has
	// client-authentication+jwt; servers that do not know it may refuse it.
	Type string
}

// Authenticate implements ClientAuth. When the issuer is unknown, or a key does not fit, nothing is sent.
func (p PrivateKeyJWT) Authenticate(ctx context.Context, r *AuthRequest) error {
	claims, err := p.assertion().claims(r)
	if err != nil {
		return fmt.Errorf("private_key_jwt: %w", err)
	}
	key, err := p.keys().one(ctx)
	if err != nil {
		return fmt.Errorf("private_key_jwt: %w", err)
	}
	signed, err := key.sign(p.assertion().header(), claims)
	if err != nil {
		return fmt.Errorf("private_key_jwt: %w", err)
	}
	return addAssertion(r, assertionTypeJWT, signed)
}

// MethodName implements NamedAuth.
func (PrivateKeyJWT) MethodName() string { return "private_key_jwt" }

// SigningAlg implements SigningAuth. It is empty with CurrentKey.
func (p PrivateKeyJWT) SigningAlg() string { return p.keys().alg() }

func (p PrivateKeyJWT) keys() signingKeys { return signingKeys{p.Keys, p.CurrentKey} }

func (p PrivateKeyJWT) assertion() clientAssertion {
	return clientAssertion{p.Lifetime, p.Audience, p.Type}
}

// prepare implements preparedAuth.
func (p PrivateKeyJWT) prepare(c *Config) (ClientAuth, error) {
	keys, err := p.keys().checked()
	if err != nil {
		return nil, fmt.Errorf("private_key_jwt: %w", err)
	}
	if _, err := p.assertion().check(c.Issuer); err != nil {
		return nil, fmt.Errorf("private_key_jwt: %w", err)
	}
	p.Keys = keys.list
	return p, nil
}
