package oauth

import (
	"context"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// RevokeToken revokes an access or refresh token (RFC 7009 §2.1). A token that the server does not know is a success.
// So is any 2xx reply, whatever its body (RFC 7009 §2.2), unless ReplyError finds an error other than invalid_token
// in it.
func (c *Client) RevokeToken(ctx context.Context, token string, opts ...TokenOptions) error {
	if err := c.made(); err != nil {
		return err
	}
	if c.found != nil {
		_, err := via(ctx, c, func(c *Client) (struct{}, error) { return struct{}{}, c.RevokeToken(ctx, token, opts...) })
		return err
	}
	o, err := tokenOptions(token, opts)
	if err != nil {
		return err
	}
	if err := c.needAuth(c.cfg.RevocationAuth); err != nil {
		return err
	}
	if err := c.needEndpoint("Revocation", c.cfg.Endpoints.Revocation); err != nil {
		return err
	}
	if cache := c.cfg.IntrospectionCache; cache != nil && cache.state != nil {
		defer cache.state.drop(token)
	}
	// A late caller with the previous refresh token must not get it any more.
	defer c.refreshes.Forget(func(t *Token) bool { return t.RefreshToken == token || t.AccessToken == token })
	// Some servers answer with an empty page. ReplyError must see the whole body.
	reply, err := c.send(ctx, &httpcore.Request{
		URL: c.cfg.Endpoints.Revocation, Form: o.form(token), AllowHTML: true, AnyBody: c.cfg.ReplyError == nil,
	}, c.cfg.RevocationAuth)
	if err != nil {
		return err
	}
	if !reply.OK() {
		_, _, err = c.read(reply, nil)
		return explain(err, c.cfg.RevocationAuth)
	}
	if c.cfg.ReplyError == nil {
		return nil
	}
	if e := c.cfg.ReplyError(reply.StatusCode, reply.Bytes()); e != nil && e.Code != InvalidToken {
		return explain((&answer{Reply: reply}).refused(e), c.cfg.RevocationAuth)
	}
	return nil
}
