package oidc

import (
	"context"
	"errors"
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// takeAuths checks how the client authenticates (FAPI 2.0 Security Profile §5.3.3.1).
func (c *Config) takeAuths() error {
	if c.getsTokens() && c.TokenAuth == nil {
		return errors.New("TokenAuth must be set: " + wantAuth)
	}
	for _, a := range [...]struct {
		field string
		auth  *oauth.ClientAuth
	}{{"TokenAuth", &c.TokenAuth}, {"IntrospectionAuth", &c.IntrospectionAuth}, {"RevocationAuth", &c.RevocationAuth}} {
		if *a.auth == nil {
			*a.auth = unsetAuth(a.field)
			continue
		}
		auth, err := c.takeAuth(*a.auth)
		if err != nil {
			return fmt.Errorf("%s: %w", a.field, err)
		}
		*a.auth = auth
	}
	return nil
}

const wantAuth = "want oauth.PrivateKeyJWT, oauth.TLSClientAuth or oauth.SelfSignedTLSClientAuth (FAPI 2.0 Security Profile §5.3.3.1)"

// unsetAuth is the field of an authentication that is not set: a call that needs it says so, and sends nothing.
type unsetAuth string

func (a unsetAuth) Authenticate(context.Context, *oauth.AuthRequest) error {
	return errors.New(string(a) + " must be set: " + wantAuth)
}

func (c *Config) takeAuth(a oauth.ClientAuth) (oauth.ClientAuth, error) {
	switch own := a.(type) {
	case *oauth.PrivateKeyJWT:
		if own != nil {
			return c.takeAuth(*own)
		}
	case oauth.AuthMethod:
		if own.UsesMutualTLS() {
			return own, nil
		}
	case oauth.PrivateKeyJWT:
		issuer := c.Issuer
		if c.Metadata != nil {
			issuer = c.Metadata.Issuer
		}
		if own.Audience != "" && own.Audience != issuer {
			return nil, errors.New("PrivateKeyJWT.Audience must be empty, which is the issuer (FAPI 2.0 Security Profile §5.3.3.1)")
		}
		var err error
		own.CurrentKey, err = c.rules.takeKeys(own.SigningAlg(), own.CurrentKey)
		return own, err
	}
	return nil, errors.New(wantAuth)
}

// takeKeys checks the algorithm of keys that sign, at each use where a function returns them.
func (r *rules) takeKeys(alg string, current func(context.Context) (oauth.SigningKey, error)) (func(context.Context) (oauth.SigningKey, error), error) {
	if current == nil {
		if alg == "" { // the keys are not usable, and package oauth says why
			return nil, nil
		}
		return nil, r.checkAlg("the Alg of its key", alg)
	}
	return func(ctx context.Context) (oauth.SigningKey, error) {
		key, err := current(ctx)
		if err != nil {
			return key, err
		}
		public, err := key.JWK()
		if err == nil {
			err = r.checkAlg("the Alg of its key", public.Alg)
		}
		key.ID, key.Alg = public.ID, public.Alg
		return key, err
	}, nil
}

// takeSigners checks the other keys of the client (FAPI 2.0 Security Profile §5.4.1).
func (c *Config) takeSigners() (err error) {
	if c.DPoP != nil && c.DPoP.SigningAlg() != "" {
		if err := c.rules.checkAlg("the Alg of DPoP", c.DPoP.SigningAlg()); err != nil {
			return err
		}
	}
	if c.RequestObject == nil {
		return nil
	}
	object := *c.RequestObject
	if object.CurrentKey, err = c.rules.takeKeys(object.SigningAlg(), object.CurrentKey); err != nil {
		return fmt.Errorf("RequestObject: %w", err)
	}
	c.RequestObject = &object
	return nil
}
