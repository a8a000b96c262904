package oidc

import (
	"errors"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// checkSecret finds, before discovery, that a login needs a secret and has none (RFC 6749 §2.3.1).
func (c *Client) checkSecret() error {
	if c.cfg.ClientSecret != "" {
		return nil
	}
	switch method := c.cfg.TokenAuth.(type) {
	case nil:
	case oauth.ClientSecretJWT, *oauth.ClientSecretJWT:
	case oauth.AuthMethod:
		if method != "" && method != oauth.ClientSecretBasic && method != oauth.ClientSecretPost {
			return nil
		}
	default:
		return nil
	}
	return errors.New("oidc: ClientSecret is not set: TokenAuth needs it, unless it is oauth.None")
}
