package authentication

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/flight"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// Refresh renews the user's tokens without the user. The result is of the same user. Store it in place of id at once:
// a server that rotates refresh tokens has revoked the old one. An identity of another issuer is ErrRefused, and its
// refresh token is not sent.
//
// Simultaneous callers with the same identity share one request. A caller that comes up to 30 seconds later with a
// replaced refresh token gets the same result; the last 1000 are kept. The reason: a server that rotates refresh
// tokens may end the session when it sees one twice (RFC 9700 §4.14.2). This holds for one Client; several processes
// need a lock of their own. The request takes at most two minutes. It continues for other and later callers when the
// ctx of one caller ends, for example because its browser went away. An application that must not lose the result
// stores it under context.WithoutCancel.
//
// A failure after the server gave new tokens is a *RefreshError, which has them. errors.Is(err, oauth.ErrLoginAgain)
// says that the refresh token cannot be used any more, and the user must log in. After any other error, such as an
// outage, keep the identity.
func (c *Client) Refresh(ctx context.Context, id *Identity) (*Identity, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	return c.refresh(ctx, id, func(*Identity) bool { return false })
}

// refresh asks the flow, unless another caller just got a result with another refresh token, or a result that good
// accepts.
func (c *Client) refresh(ctx context.Context, id *Identity, good func(*Identity) bool) (*Identity, error) {
	flow, ok := c.flow.(RefreshFlow)
	switch {
	case !ok:
		return nil, unsupported("Refresh", c.name)
	case id == nil:
		return nil, errNoIdentity
	}
	id = id.clone() // the flight may last longer than the call
	next, err := c.refreshes.Do(ctx, id.refreshKey(), func(next *Identity) bool {
		return next.refreshToken() != id.refreshToken() || !bytes.Equal(next.Data, id.Data) || good(next)
	}, func(ctx context.Context) (*Identity, error) {
		next, err := flow.Refresh(ctx, id)
		if err != nil {
			return nil, err
		}
		return next, c.sameUser(id, next)
	})
	if kept, ok := err.(*RefreshError); ok && kept != nil {
		return nil, &RefreshError{Identity: kept.Identity.clone(), Err: kept.Err}
	}
	if err != nil {
		return nil, err
	}
	return next.clone(), nil
}

// RefreshIfExpired returns id itself while its tokens are valid for longer than leeway, or have no known end, and
// else the result of Refresh. It works for any protocol. When the protocol cannot refresh, the error at the end of
// the tokens wraps errors.ErrUnsupported.
func (c *Client) RefreshIfExpired(ctx context.Context, id *Identity, leeway time.Duration) (*Identity, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if id == nil {
		return nil, errNoIdentity
	}
	if !id.expired(c.options.Now(), leeway) {
		return id, nil
	}
	return c.refresh(ctx, id, func(next *Identity) bool { return !next.expired(c.options.Now(), leeway) })
}

func (c *Client) sameUser(id, next *Identity) error {
	switch {
	case next == nil:
		return fmt.Errorf("authentication: protocol %s returned no identity from a refresh", c.name)
	case next.Issuer != id.Issuer || next.Subject != id.Subject:
		return refused(errors.New("the refreshed identity is another user's"))
	}
	return nil
}

// refreshKey is equal for identities that can share one refresh.
func (i *Identity) refreshKey() flight.Key {
	return flight.NewKey(i.Protocol, i.Issuer, i.Subject, i.SessionID, i.refreshToken(), string(i.Data))
}

func (i *Identity) refreshToken() string {
	if i.Token == nil {
		return ""
	}
	return i.Token.RefreshToken
}

func (i *Identity) expired(now time.Time, leeway time.Duration) bool {
	end := oauth.Token{Expiry: i.Expiry}
	return end.Expired(now, leeway) || i.Token != nil && i.Token.Expired(now, leeway)
}

var errNoIdentity = misconfigured(errors.New("authentication: the identity is nil"))

func checkRefresh(id *Identity, protocol string) error {
	switch {
	case id == nil:
		return errNoIdentity
	case id.Protocol != protocol:
		return misconfigured(fmt.Errorf("authentication: the identity is of protocol %q, want %q", id.Protocol, protocol))
	case id.Token == nil || id.Token.RefreshToken == "":
		return misconfigured(errors.New("authentication: the identity has no refresh token: OpenID Connect gives one for the scope offline_access"))
	}
	return nil
}

// keepScope sets the old scope when the reply has none: it is unchanged (RFC 6749 §6).
func keepScope(t *oauth.Token, before *Identity) {
	if t.Scope == "" {
		t.Scope = before.Token.Scope
	}
}

// withToken is the identity with the tokens of a refresh that had no new ID token. A later logout sends the last
// verified ID token as its hint.
func (i *Identity) withToken(t *oauth.Token) *Identity {
	next := i.clone()
	token := *t
	keepScope(&token, i)
	token.IDToken = i.Token.IDToken
	next.Token, next.Expiry = &token, token.Expiry
	return next
}
