package authentication

import (
	"context"
	"errors"
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// Refresh renews the user's tokens without the user. The result is the same user's, and replaces id
// before anything else is done: a server that rotates refresh tokens has ended the old one. An identity of
// another issuer is ErrRefused, and its refresh token is not sent. In a handler, ctx should outlive the
// request (context.WithoutCancel): a browser that goes away must not take the new refresh token with it.
func (c *Client) Refresh(ctx context.Context, id *Identity) (*Identity, error) {
	flow, ok := c.flow.(RefreshFlow)
	if !ok {
		return nil, unsupported("Refresh", c.name)
	}
	return flow.Refresh(ctx, id)
}

func checkRefresh(id *Identity, protocol string) error {
	switch {
	case id == nil:
		return errors.New("authentication: the identity is nil")
	case id.Protocol != protocol:
		return fmt.Errorf("authentication: the identity is of protocol %q, this is %q", id.Protocol, protocol)
	case id.Token == nil || id.Token.RefreshToken == "":
		return errors.New("authentication: the identity has no refresh token")
	}
	return nil
}

// keepScope fills in a scope that the reply left out: it is unchanged (RFC 6749 §6).
func keepScope(t *oauth.Token, before *Identity) {
	if t.Scope == "" {
		t.Scope = before.Token.Scope
	}
}
