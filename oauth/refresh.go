package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

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
// token the old one stays good, and stands in the result. It is sent once: an answer that is lost may
// have rotated it.
func (c *Client) GetNewAccessTokenByRefreshToken(ctx context.Context, refreshToken string, opts ...RefreshOptions) (*Token, error) {
	o, err := option.One(opts)
	if err != nil {
		return nil, fmt.Errorf("oauth: %w", err)
	}
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
	t, err := c.grant(ctx, "refresh_token", form)
	if err != nil {
		return nil, err
	}
	if t.RefreshToken == "" {
		t.RefreshToken = refreshToken
	}
	return t, nil
}

// RefreshIfExpired returns t itself while it is good for longer than leeway, else a new token. Callers
// that share a token must not refresh it at the same time: a server that rotates refresh tokens may end
// the session of whoever comes second.
func (c *Client) RefreshIfExpired(ctx context.Context, t *Token, leeway time.Duration) (*Token, error) {
	switch {
	case t == nil:
		return nil, errors.New("oauth: token is nil")
	case !t.Expired(c.cfg.Now(), leeway):
		return t, nil
	case t.RefreshToken == "":
		return nil, errors.New("oauth: the token is expired and has no refresh token")
	}
	next, err := c.GetNewAccessTokenByRefreshToken(ctx, t.RefreshToken)
	if err == nil && next.Scope == "" {
		next.Scope = t.Scope // RFC 6749 §6: left out, it is unchanged
	}
	return next, err
}
