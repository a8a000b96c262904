package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/flight"
)

const (
	errNoToken  loginAgain = "oauth: there is no token for the API yet"
	errNoClient loginAgain = "oauth: the server does not know the registered client any more"
)

// Token returns the token of the API, a copy; shortly before its end a new one, where the server gave a refresh token
// (RFC 6749 §6). Without a token that can be had without the user it is ErrLoginAgain.
func (c *ResourceClient) Token(ctx context.Context) (*Token, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if err := flight.Begin(ctx, "oauth: resource client"); err != nil {
		return nil, err
	}
	g, err := c.load(ctx)
	if err != nil {
		return nil, err
	}
	if g == nil {
		return nil, errNoToken
	}
	now, life := c.cfg.Client.Now(), time.Duration(g.Token.ExpiresIn)*time.Second
	if g.Token.Expired(now, min(life/5, sourceLeeway)) {
		switch next, err := c.refresh(ctx, g, false); {
		case err == nil:
			g = next
		case next != nil || g.Token.Expired(now, 0):
			return nil, err
		}
	}
	own := *g.Token
	return &own, nil
}

// load returns the present grant, nil when there is none; the first caller reads it from the store.
func (c *ResourceClient) load(ctx context.Context) (*resourceGrant, error) {
	if g, loaded := c.state.current(); loaded {
		return g, nil
	}
	done, err := c.state.reading.take(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	if g, loaded := c.state.current(); loaded {
		return g, nil
	}
	text, err := c.cfg.Store.Load(ctx, tokenKey(c.cfg.Resource))
	if err != nil {
		return nil, fmt.Errorf("oauth: ResourceConfig.Store: %w", err)
	}
	var g *resourceGrant
	if len(text) > 0 && (json.Unmarshal(text, &g) != nil || g == nil || g.Token == nil || g.Token.AccessToken == "" ||
		!c.fits(g.Token) || !c.cfg.AllowIssuer(g.Issuer) || !slices.ContainsFunc(g.Resource, c.isOwn)) {
		g = nil // a new login replaces it
	}
	c.state.replace(nil, g)
	g, _ = c.state.current() // a login may have been faster
	return g, nil
}

// fits reports whether a stored token is of the present settings: of another type or key it cannot be sent (RFC 6749 §7.1,
// RFC 9449 §7.1).
func (c *ResourceClient) fits(t *Token) bool {
	if d := c.cfg.Client.DPoP; d != nil {
		return strings.EqualFold(t.TokenType, tokenTypeDPoP) && d.owns(t.Binding) == nil
	}
	return strings.EqualFold(t.TokenType, tokenTypeBearer)
}

// refresh replaces the token of a grant. Callers at the same time share one request. When only the store fails, the
// result is the error and the new grant, which this process uses. It goes on when the caller gives up: otherwise a refresh
// token that the server replaced would be lost, and the session with it.
func (c *ResourceClient) refresh(ctx context.Context, g *resourceGrant, mended bool) (*resourceGrant, error) {
	var own flight.Group[*resourceGrant]
	return own.Start(ctx, flight.Limit, func(ctx context.Context) (*resourceGrant, error) {
		return c.renew(ctx, g, mended)
	}).WaitAs(ctx, "oauth: resource client")
}

func (c *ResourceClient) renew(ctx context.Context, g *resourceGrant, mended bool) (*resourceGrant, error) {
	if g.Token.RefreshToken == "" {
		return nil, errNoRefreshToken
	}
	s, err := c.serverOf(ctx, g.Issuer)
	switch {
	case err != nil:
		return nil, err
	case s.client.cfg.ClientID != g.ClientID: // a refresh token is of one client (RFC 6749 §6)
		return nil, errNoRefreshToken
	}
	token, err := s.client.GetNewAccessTokenByRefreshToken(ctx, g.Token.RefreshToken, RefreshOptions{Binding: g.Token.Binding, Extra: url.Values{"resource": g.Resource}})
	switch {
	case errors.Is(err, InvalidClient) && s.own: // servers remove clients that registered themselves
		if err := c.forget(ctx, s); err != nil {
			return nil, err
		}
		return nil, errNoClient
	case err != nil:
		return nil, err
	}
	next := *g
	if next.Token = token; token.Scope == "" {
		token.Scope = g.Token.Scope // RFC 6749 §6: a missing scope is unchanged
	}
	next.got, next.mended = c.cfg.Client.Now(), mended
	if !c.state.replace(g, &next) {
		if g, _ := c.state.current(); g != nil {
			return g, nil
		}
		return nil, errNoToken
	}
	return &next, c.save(ctx, tokenKey(c.cfg.Resource), &next)
}
