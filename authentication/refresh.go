package authentication

import (
	"context"
	"errors"
)

// Refresh renews the user's tokens without the user. The result is the same user's, and replaces id
// before anything else is done: a server that rotates refresh tokens has ended the old one.
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
		return errors.New("authentication: the identity is of protocol " + id.Protocol + ", this is " + protocol)
	case id.Token == nil || id.Token.RefreshToken == "":
		return errors.New("authentication: the identity has no refresh token")
	}
	return nil
}
