package oidc

import (
	"context"
	"errors"
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// refuseWeak names a setting that weakens what the profile demands (FAPI 2.0 Security Profile §5.2, §5.3.3).
func (c *Config) refuseWeak() error {
	for _, s := range [...]struct {
		field   string
		set     bool
		section string
	}{
		{"InsecureAllowHTTP", c.InsecureAllowHTTP, "§5.2.1"},
		{"ClientSecret", c.ClientSecret != "", "§5.3.3.1"},
		{"Endpoints", c.Endpoints != Endpoints{}, "§5.3.3.1"},
		{"IssuerFamily", c.IssuerFamily != nil, "§5.3.3.1"},
		{"AllowNoPKCE", c.AllowNoPKCE, "§5.3.3.2"},
		{"InsecureAllowCodeInjection", c.InsecureAllowCodeInjection, "§5.3.3.2"},
		{"AllowFrontChannelAccessToken", c.AllowFrontChannelAccessToken, "§5.3.3.2"},
		{"PushNever", c.PushedAuthorization == oauth.PushNever, "§5.3.3.2"},
		{"MaxPushedLifetime of 600 seconds or more", c.MaxPushedLifetime > fapiPushed, "§5.3.2.2"},
		{"RequestObject.Host", c.RequestObject != nil && c.RequestObject.Host != nil, "§5.3.3.2"},
	} {
		if s.set {
			return fmt.Errorf("%s must not be set (FAPI 2.0 Security Profile %s)", s.field, s.section)
		}
	}
	if c.Metadata != nil && c.Metadata.Claims(&map[string]any{}) != nil {
		return errors.New("Metadata must be read from the server's document, by oauth.ParseMetadata (FAPI 2.0 Security Profile §5.3.3.1)")
	}
	return nil
}

// getsTokens is false for a resource server, which has no way to get one.
func (c *Config) getsTokens() bool {
	return c.ClientID != "" && (c.TokenAuth != nil || c.IntrospectionAuth == nil)
}

// needParts names a part that the profile demands of a client (FAPI 2.0 Security Profile §5.3.3.1, FAPI 2.0 Message Signing
// §5.3.2, §5.5.2).
func (c *Config) needParts() error {
	switch signed := c.rules.signed; {
	case c.getsTokens() && c.DPoP == nil && !c.CertificateBoundTokens:
		return errors.New("DPoP or CertificateBoundTokens must be set (FAPI 2.0 Security Profile §5.3.3.1)")
	case c.getsTokens() && signed && c.RequestObject == nil:
		return errors.New("RequestObject must be set (FAPI 2.0 Message Signing §5.3.2)")
	case signed && c.IntrospectionAuth != nil && c.IntrospectionSigningAlg == "":
		return errors.New("IntrospectionSigningAlg must be set (FAPI 2.0 Message Signing §5.5.2)")
	}
	return nil
}

// takeAuths checks how the client authenticates, and sets the methods of the other endpoints (FAPI 2.0 Security Profile
// §5.3.3.1).
func (c *Config) takeAuths() error {
	if c.getsTokens() && c.TokenAuth == nil {
		return errors.New("TokenAuth must be set: " + wantAuth)
	}
	for _, a := range [...]struct {
		field string
		auth  *oauth.ClientAuth
	}{{"TokenAuth", &c.TokenAuth}, {"IntrospectionAuth", &c.IntrospectionAuth}, {"RevocationAuth", &c.RevocationAuth}} {
		if *a.auth == nil {
			*a.auth = c.TokenAuth
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

// checkAlgs checks the algorithms of what the client receives (FAPI 2.0 Security Profile §5.4.1).
func (c *Config) checkAlgs() error {
	for _, pin := range [...]struct{ field, alg string }{
		{"IDTokenSigningAlg", c.IDTokenSigningAlg}, {"UserInfoSigningAlg", c.UserInfoSigningAlg}, {"AccessTokenSigningAlg", c.AccessTokenSigningAlg},
		{"IntrospectionSigningAlg", c.IntrospectionSigningAlg},
	} {
		if pin.alg == "" {
			continue
		}
		if err := c.rules.checkAlg(pin.field, pin.alg); err != nil {
			return err
		}
	}
	for i, p := range c.ClaimsProviders { // empty is RS256
		if err := c.rules.checkAlg(fmt.Sprintf("ClaimsProviders[%d].SigningAlg", i), p.SigningAlg); err != nil {
			return err
		}
	}
	return nil
}
