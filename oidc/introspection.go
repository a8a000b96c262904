package oidc

import (
	"context"
	"errors"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/jose"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// IntrospectToken asks whether a token is active; see oauth.Client. With Config.IntrospectionSigningAlg the reply is a
// JWT, whose form, pinned algorithm, signature, typ, iss, aud and iat are checked (RFC 9701 §5), after decryption with IntrospectionEncryptionAlg: a *TokenError says
// which failed; CheckUnsigned is a reply that is no such JWT.
func (c *Client) IntrospectToken(ctx context.Context, token string, opts ...oauth.TokenOptions) (*oauth.Introspection, error) {
	if err := c.demands().introspect(); err != nil {
		return nil, err
	}
	return call(ctx, c, func(o *oauth.Client) (*oauth.Introspection, error) {
		return o.IntrospectToken(ctx, token, opts...)
	})
}

// introspectionMaxAge limits how long an answer counts: an old one may be about a token that was revoked since.
const introspectionMaxAge = 10 * time.Minute

// initIntrospection sets c.introspection when the client registered signed introspections (RFC 9701 §6).
func (c *Client) initIntrospection() error {
	v := &verifier{
		field: "IntrospectionSigningAlg", alg: c.cfg.IntrospectionSigningAlg, encryptionField: "IntrospectionEncryptionAlg", max: jose.MaxToken,
	}
	var err error
	v.encryption, err = c.cfg.newEncryption("Introspection", c.cfg.IntrospectionEncryptionAlg, c.cfg.IntrospectionEncryptionEnc)
	switch {
	case err != nil:
		return err
	case v.alg == "" && v.encryption != nil:
		return errors.New("oidc: IntrospectionEncryptionAlg needs IntrospectionSigningAlg: what is encrypted is signed before (RFC 9701 §5)")
	case v.alg == "":
		return nil
	case c.cfg.ClientID == "":
		return errors.New("oidc: IntrospectionSigningAlg needs a ClientID: it is the audience of the replies")
	}
	c.introspection = v
	return nil
}

// introspectionReader is nil when the replies are JSON.
func (c *Client) introspectionReader() func(ctx context.Context, mediaType, body string) (string, error) {
	if c.introspection == nil {
		return nil
	}
	return c.readIntrospection
}

// readIntrospection returns the claim token_introspection. The media type must say what the reply is, so that no other
// JWT of the server is read here.
func (c *Client) readIntrospection(ctx context.Context, mediaType, raw string) (string, error) {
	v := c.introspection
	if want := "application/token-introspection+jwt"; mediaType != want {
		return "", refuse(CheckUnsigned, "the introspection has the media type %q, and %s is %s: want %s", httpcore.Clean(mediaType), v.field, v.alg, want)
	}
	raw, header, err := v.encryption.signed(raw, v.max, kindIntrospection)
	if err != nil {
		return "", err
	}
	keys := c.cfg.Keys
	if keys == nil {
		s, err := c.resolve(ctx)
		if err != nil {
			return "", err
		}
		keys = s.keys
	}
	token, members, err := v.open(ctx, v.alg, raw, keys, nil)
	if err != nil {
		return "", err
	}
	if !kindIntrospection.has(token.Header.Type) {
		return "", kindIntrospection.refuseTyp(token.Header.Type)
	}
	var cl claims
	if err := cl.read(members, nil); err != nil {
		return "", err
	}
	if err := kindIntrospection.refuseOthers(members); err != nil {
		return "", err
	}
	if err := c.issuer.check(&cl, members); err != nil {
		return "", err
	}
	if err := cl.checkAudience(c.cfg.ClientID); err != nil {
		return "", err
	}
	if err := checkRepeated(header, &cl); err != nil {
		return "", err
	}
	now := c.cfg.Now()
	if err := cl.checkOptionalTimes(now, c.cfg.Skew); err != nil {
		return "", err
	}
	switch {
	case cl.iat.IsZero():
		return "", refuse(CheckIssuedAt, "iat is missing")
	case now.Sub(cl.iat) > introspectionMaxAge+c.cfg.Skew:
		return "", refuse(CheckIssuedAt, "issued at %s, which is too old", cl.iat.Format(time.RFC3339))
	}
	content := claim(members, "token_introspection")
	if content.Kind() != strictjson.Object {
		return "", refuse(CheckFormat, "token_introspection is missing, or is no object")
	}
	return content.Raw(), nil
}
