package oidc

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
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
		{"PushedAuthorization: PushNever", c.PushedAuthorization == oauth.PushNever, "§5.3.3.2"},
		{"RequestObject.Host", c.RequestObject != nil && c.RequestObject.Host != nil, "§5.3.3.2"},
	} {
		if s.set {
			return fmt.Errorf("%s must not be set (FAPI 2.0 Security Profile %s)", s.field, s.section)
		}
	}
	switch {
	case c.MaxPushedLifetime > fapiPushed:
		return errors.New("MaxPushedLifetime must be less than 600 seconds (FAPI 2.0 Security Profile §5.3.2.2)")
	case c.AuthorizationMaxLifetime > defaultAuthorizationMaxLifetime:
		return errors.New("AuthorizationMaxLifetime must be at most 10 minutes (JARM §2.1)")
	}
	return nil
}

// refuseWeakTLS finds settings of HTTPClient under which connections are not safe (FAPI 2.0 Security Profile §5.2.1).
func refuseWeakTLS(hc *httpcore.Client) error {
	switch {
	case hc.TrustsAnyServer():
		return errors.New("HTTPClient must not have InsecureSkipVerify without VerifyConnection (FAPI 2.0 Security Profile §5.2.1)")
	case hc.AllowsOldTLS():
		return errors.New("HTTPClient must not have a MinVersion before TLS 1.2 (FAPI 2.0 Security Profile §5.2.1)")
	}
	return nil
}

// refuseMetadata refuses metadata that the application wrote, or changed after it was read (FAPI 2.0 Security Profile §5.3.3.1).
func (c *Config) refuseMetadata() error {
	if c.Metadata == nil {
		return nil
	}
	var read oauth.Metadata
	switch {
	case c.Metadata.Claims(&read) != nil:
		return errors.New("Metadata must be read from the server's document, by oauth.ParseMetadata (FAPI 2.0 Security Profile §5.3.3.1)")
	case !reflect.DeepEqual(&read, c.Metadata):
		return errors.New("Metadata must not be changed after oauth.ParseMetadata (FAPI 2.0 Security Profile §5.3.3.1)")
	}
	return nil
}

// getsTokens is false for a resource server, which has no way to get one.
func (c *Config) getsTokens() bool {
	return c.ClientID != "" && (c.TokenAuth != nil || c.IntrospectionAuth == nil)
}

// needParts names a part that the profile demands of a client (FAPI 2.0 Security Profile §5.3.3.1, FAPI 2.0 Message Signing
// §5.3.2, §5.4.2, §5.5.2).
func (c *Config) needParts() error {
	switch signed := c.rules.signed; {
	case c.getsTokens() && c.DPoP == nil && !c.CertificateBoundTokens:
		return errors.New("DPoP or CertificateBoundTokens must be set (FAPI 2.0 Security Profile §5.3.3.1)")
	case c.getsTokens() && signed && c.RequestObject == nil:
		return errors.New("RequestObject must be set (FAPI 2.0 Message Signing §5.3.2)")
	case c.getsTokens() && signed && c.AuthorizationSigningAlg == "":
		return errors.New("AuthorizationSigningAlg must be set (FAPI 2.0 Message Signing §5.4.2)")
	case signed && c.IntrospectionAuth != nil && c.IntrospectionSigningAlg == "":
		return errors.New("IntrospectionSigningAlg must be set (FAPI 2.0 Message Signing §5.5.2)")
	}
	return nil
}

// checkAlgs checks the algorithms of what the client receives (FAPI 2.0 Security Profile §5.4.1).
func (c *Config) checkAlgs() error {
	for _, pin := range [...]struct{ field, alg string }{
		{"IDTokenSigningAlg", c.IDTokenSigningAlg}, {"UserInfoSigningAlg", c.UserInfoSigningAlg}, {"AccessTokenSigningAlg", c.AccessTokenSigningAlg},
		{"IntrospectionSigningAlg", c.IntrospectionSigningAlg}, {"AuthorizationSigningAlg", c.AuthorizationSigningAlg},
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
