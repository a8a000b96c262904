package oauth

import "context"

// RevokeToken ends an access or refresh token (RFC 7009 §2.1). A token that the server does not know
// is a success; any 2xx reply is, unless it carries an error.
func (c *Client) RevokeToken(ctx context.Context, token string, opts ...TokenOptions) error {
	form, err := tokenForm(token, opts)
	if err != nil {
		return err
	}
	if err := c.needAuth(c.cfg.RevocationAuth); err != nil {
		return err
	}
	if err := needEndpoint("Revocation", c.cfg.Endpoints.Revocation); err != nil {
		return err
	}
	_, err = c.post(ctx, c.cfg.Endpoints.Revocation, c.cfg.RevocationAuth, form)
	return err
}
