package oauth

import (
	"context"
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
	// Extra adds parameters. One that the call sets itself is an error.
	Extra url.Values
}

// GetNewAccessTokenByRefreshToken gets a new token (RFC 6749 §6). When the server returns no refresh
// token the old one stays good, and stands in the result.
//
// Callers at once with one refresh token and the same options share one request, and whoever comes within 30
// seconds with a refresh token that the server replaced gets the same new token: a server that rotates
// refresh tokens may end the session of whoever sends one twice (RFC 9700 §4.14.2). The request has at most
// two minutes, and a caller whose ctx ends leaves it to the others and to those who come later. Of the
// results the last 1000 are kept, by this client alone: between processes a lock of the application's is
// needed. A failure is not kept, and the request is never sent again by itself.
func (c *Client) GetNewAccessTokenByRefreshToken(ctx context.Context, refreshToken string, opts ...RefreshOptions) (*Token, error) {
	o, err := option.One(opts)
	if err != nil {
		return nil, fmt.Errorf("oauth: %w", err)
	}
	return c.refresh(ctx, refreshToken, o, func(next *Token) bool { return next.RefreshToken != refreshToken })
}

// refresh sends the refresh token, unless good takes the result that somebody else had a moment ago.
func (c *Client) refresh(ctx context.Context, refreshToken string, o RefreshOptions, good func(*Token) bool) (*Token, error) {
	if refreshToken == "" {
		return nil, errors.New("oauth: refresh token is empty")
	}
	form := url.Values{"refresh_token": {refreshToken}}
	if err := checkExtra(o.Extra, "scope"); err != nil {
		return nil, err
	}
	if o.Scope != "" {
		form.Set("scope", o.Scope)
	}
	if err := merge(form, o.Extra); err != nil {
		return nil, err
	}
	if err := c.needGrant(); err != nil {
		return nil, err
	}
	t, err := c.refreshes.Do(ctx, flight.NewKey(form.Encode()), good, func(ctx context.Context) (*Token, error) {
		t, err := c.grant(ctx, "refresh_token", form)
		if err == nil && t.RefreshToken == "" {
			t.RefreshToken = refreshToken
		}
		return t, err
	})
	if refused, ok := err.(*Error); ok {
		own := *refused // the others have theirs
		return nil, &own
	}
	if err != nil {
		return nil, err
	}
	own := *t
	return &own, nil
}

// RefreshIfExpired returns t itself while it is good for longer than leeway, else a new token. Callers at
// once, and those who come late with a refresh token that the server replaced, share one request as in
// GetNewAccessTokenByRefreshToken.
func (c *Client) RefreshIfExpired(ctx context.Context, t *Token, leeway time.Duration) (*Token, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	switch {
	case t == nil:
		return nil, errors.New("oauth: token is nil")
	case !t.Expired(c.cfg.Now(), leeway):
		return t, nil
	case t.RefreshToken == "":
		return nil, errors.New("oauth: the token is expired and has no refresh token")
	}
	next, err := c.refresh(ctx, t.RefreshToken, RefreshOptions{}, func(next *Token) bool {
		// A refresh token that stays may be sent again, but need not while its last result is good.
		return next.RefreshToken != t.RefreshToken || next.AccessToken != t.AccessToken && !next.Expired(c.cfg.Now(), leeway)
	})
	if err == nil && next.Scope == "" {
		next.Scope = t.Scope // RFC 6749 §6: left out, it is unchanged
	}
	return next, err
}
