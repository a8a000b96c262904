package oauth

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

const defaultLoginLifetime = time.Hour

// checkIdentity checks what the server knows the client by (RFC 6749 §2.2, §3.1.2).
func (c *Config) checkIdentity(hc *httpcore.Client) error {
	for _, v := range []struct{ field, value string }{{"ClientID", c.ClientID}, {"ClientSecret", c.ClientSecret}} {
		if strings.ContainsFunc(v.value, unicode.IsControl) { // RFC 6749 A.1, A.2
			return fmt.Errorf("oauth: %s has a control character, such as the line end of a file", v.field)
		}
	}
	if c.RedirectURI == "" {
		return nil
	}
	return checkRedirectURI(hc, c.RedirectURI)
}

func checkRedirectURI(hc *httpcore.Client, raw string) error {
	u, err := url.Parse(raw)
	if err != nil || !u.IsAbs() || u.Opaque != "" || strings.Contains(raw, "#") {
		return errors.New("oauth: RedirectURI must be an absolute URI without a fragment (RFC 6749 §3.1.2)")
	}
	if err := hc.CheckReturn("RedirectURI", raw); err != nil {
		return fmt.Errorf("oauth: %w", err)
	}
	return nil
}

// checkKeys checks the keys that access tokens are bound to (RFC 9449 §5, RFC 8705 §3).
func (c *Config) checkKeys(hc *httpcore.Client) error {
	if c.DPoP != nil {
		if err := c.DPoP.made(); err != nil {
			return err
		}
	}
	if c.CertificateBoundTokens {
		c.UseMTLSAliases = true
		if _, err := thumbprintOf(hc); err != nil {
			return err
		}
	}
	if c.UseMTLSAliases && hc.LacksCertificate() {
		return errors.New("oauth: UseMTLSAliases: " + needCertificate)
	}
	return nil
}

// takeServer takes from Metadata what it says of the server itself.
func (c *Config) takeServer(hc *httpcore.Client) error {
	m := c.Metadata
	if m == nil {
		return nil
	}
	if c.Issuer == "" {
		c.Issuer = strings.Clone(m.Issuer) // not the whole document with it
	}
	if c.Issuer != m.Issuer {
		return fmt.Errorf("oauth: Issuer is %q and Metadata.Issuer is %q: they must be equal", c.Issuer, m.Issuer)
	}
	c.RequireIssuer = c.RequireIssuer || m.AuthorizationResponseIssParameterSupported
	return c.takeMetadata(hc)
}

func (c *Config) prepareRequestObject(*httpcore.Client) (err error) {
	if c.RequestObject == nil {
		return nil
	}
	if c.RequestObject, err = c.RequestObject.prepared(c.Issuer); err != nil {
		return fmt.Errorf("oauth: RequestObject: %w", err)
	}
	return nil
}

// complete checks the rest, and sets what is empty.
func (c *Config) complete(*httpcore.Client) error {
	switch {
	case c.RequireIssuer && c.Issuer == "":
		return errors.New("oauth: RequireIssuer needs Issuer")
	case c.ReadAuthorizationResponse != nil && c.Issuer == "":
		return errors.New("oauth: ReadAuthorizationResponse needs Issuer")
	case c.AllowIssuer != nil && c.Issuer == "":
		return errors.New("oauth: AllowIssuer needs Issuer")
	case c.LoginLifetime < 0:
		return errors.New("oauth: LoginLifetime is negative")
	case c.LoginLifetime == 0:
		c.LoginLifetime = defaultLoginLifetime
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return nil
}
