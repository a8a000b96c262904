package oidc

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/discovery"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

const defaultSkew = 60 * time.Second

// complete checks what concerns one setting alone, sets what is empty, and copies the lists.
func (c *Config) complete(*httpcore.Client) error {
	if c.Now == nil {
		c.Now = time.Now
	}
	switch {
	case c.Skew == 0:
		c.Skew = defaultSkew
	case c.Skew == NoSkew:
		c.Skew = 0
	case c.Skew < 0:
		return errors.New("oidc: Skew is negative: use NoSkew for none")
	}
	if c.MaxIDToken < 0 {
		return errors.New("oidc: MaxIDToken is negative")
	}
	if err := c.AccessTokenCache.check(); err != nil {
		return err
	}
	if err := c.KeyFetch.complete(); err != nil {
		return err
	}
	switch {
	case c.IDTokenMaxAge < 0:
		return errors.New("oidc: IDTokenMaxAge is negative")
	case c.LogoutTokenMaxAge < 0:
		return errors.New("oidc: LogoutTokenMaxAge is negative")
	case c.LogoutTokenMaxAge == 0:
		c.LogoutTokenMaxAge = defaultLogoutTokenMaxAge
	}
	c.TrustedAudiences = slices.Clone(c.TrustedAudiences)
	c.OlderClientSecrets, c.DecryptionKeys = slices.Clone(c.OlderClientSecrets), slices.Clone(c.DecryptionKeys)
	return nil
}

// takeServer checks where the server's metadata comes from (OpenID Connect Discovery §4).
func (c *Config) takeServer(hc *httpcore.Client) error {
	if c.Metadata != nil {
		if c.Issuer != "" && c.Issuer != c.Metadata.Issuer {
			return fmt.Errorf("oidc: Issuer is %q and Metadata.Issuer is %q: they must be equal", c.Issuer, c.Metadata.Issuer)
		}
		c.Issuer, c.Metadata = c.Metadata.Issuer, c.Metadata.Clone()
	}
	if err := checkIssuer(hc, c.Issuer); err != nil {
		return err
	}
	if err := c.Endpoints.check(hc); err != nil {
		return err
	}
	if where, err := place(c.Discovery); err != nil {
		return err
	} else if where != discovery.OpenIDFirst && c.Metadata != nil {
		return errors.New("oidc: Discovery and Metadata contradict each other")
	}
	return nil
}
