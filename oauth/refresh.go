package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/flight"
	"github.com/seed6e7d3bb2/authing-go/internal/option"
)

// RefreshOptions complete a refresh.
type RefreshOptions struct {
	// Scope narrows the scope; empty keeps it (RFC 6749 §6).
	Scope string
	// Binding is Token.Binding of the token before. The refresh token of a public client is bound to the same key (RFC 9449
	// §5): with another one, nothing is sent, and the error is ErrBinding and ErrLoginAgain.
	Binding Binding
	// AuthorizationDetails say what the token is for, where a scope is not exact enough (RFC 9396 §6); see AuthorizeOptions. Empty
	// sends none.
	AuthorizationDetails json.RawMessage
	// Extra adds parameters. A parameter that the call sets itself is an error.
	Extra url.Values
}

// GetNewAccessTokenByRefreshToken gets a new token (RFC 6749 §6). When the server returns no refresh token, the old
// one stays valid and is in the result.
//
// Simultaneous callers with the same refresh token and options share one request. A caller that comes up to 30
// seconds later with a refresh token that the server replaced gets the same new token. The reason: a server that
// rotates refresh tokens may end the session when it sees one twice (RFC 9700 §4.14.2). The request takes at most two
// minutes; it continues for other and later callers when the ctx of one caller ends. This client keeps the last 1000
// results; several processes need a lock of their own. A failure is not kept, and the request is never repeated
// automatically: errors.Is(err, ErrLoginAgain) says that it would be in vain, and that the user must log in.
func (c *Client) GetNewAccessTokenByRefreshToken(ctx context.Context, refreshToken string, opts ...RefreshOptions) (*Token, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if c.found != nil {
		return via(ctx, c, func(c *Client) (*Token, error) { return c.GetNewAccessTokenByRefreshToken(ctx, refreshToken, opts...) })
	}
	o, err := option.One(opts)
	if err != nil {
		return nil, fmt.Errorf("oauth: %w", err)
	}
	return c.refresh(ctx, refreshToken, o, func(next *Token) bool { return next.RefreshToken != refreshToken })
}

// refresh sends the refresh token, unless good accepts the recent result of another caller.
func (c *Client) refresh(ctx context.Context, refreshToken string, o RefreshOptions, good func(*Token) bool) (*Token, error) {
	if refreshToken == "" {
		return nil, errors.New("oauth: refresh token is empty")
	}
	form := newForm("grant_type", "refresh_token", "refresh_token", refreshToken, "scope", o.Scope)
	if err := c.addDetails(form, o.AuthorizationDetails); err != nil {
		return nil, err
	}
	if err := checkExtra(o.Extra, "scope", detailsParam); err != nil {
		return nil, err
	}
	if err := merge(form, o.Extra); err != nil {
		return nil, err
	}
	if err := c.canRefresh(o.Binding); err != nil {
		return nil, err
	}
	if err := c.needGrant(); err != nil {
		return nil, err
	}
	t, err := c.refreshes.Do(ctx, flight.NewKey(form.Encode()), good, func(ctx context.Context) (*Token, error) {
		t, err := c.grant(ctx, form)
		if err == nil && t.RefreshToken == "" {
			t.RefreshToken = refreshToken
		}
		return t, err
	})
	if refused, ok := err.(*Error); ok {
		return nil, refused.ofRefresh()
	}
	if err != nil {
		return nil, err
	}
	return t.clone(), nil
}

// RefreshIfExpired returns t itself while it is valid for longer than leeway and bound to no other key than the client's,
// and else a new token. Simultaneous
// callers, and later ones with a refresh token that the server replaced, share one request as in
// GetNewAccessTokenByRefreshToken. An expired token without a refresh token is ErrLoginAgain.
func (c *Client) RefreshIfExpired(ctx context.Context, t *Token, leeway time.Duration) (*Token, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if c.found != nil {
		return via(ctx, c, func(c *Client) (*Token, error) { return c.RefreshIfExpired(ctx, t, leeway) })
	}
	if t == nil {
		return nil, errors.New("oauth: token is nil")
	}
	unfit := c.canUse(t.Binding)
	if c.precedesKey(t) {
		unfit = ErrBinding
	}
	switch {
	case unfit == nil && !t.Expired(c.cfg.Now(), leeway):
		return t, nil
	case unfit != nil && t.RefreshToken == "":
		return nil, lostKey{unfit}
	case t.RefreshToken == "":
		return nil, errNoRefreshToken
	}
	next, err := c.refresh(ctx, t.RefreshToken, RefreshOptions{Binding: t.Binding}, func(next *Token) bool {
		// A refresh token that was not replaced may be sent again, but need not while its last result is valid.
		return next.RefreshToken != t.RefreshToken || next.AccessToken != t.AccessToken && !next.Expired(c.cfg.Now(), leeway)
	})
	if err == nil && next.Scope == "" {
		next.Scope = t.Scope // RFC 6749 §6: a missing scope is unchanged
	}
	return next, err
}
