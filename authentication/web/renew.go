package web

import (
	"context"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// Refresh is Token with new tokens, though the old ones may be good for longer: for a change at the server, such as of what
// the user may do or of the claims. The next request sees the new claims. Whoever asks at the same time shares one refresh,
// and a failure leaves the old tokens.
func Refresh(ctx context.Context) (*oauth.Token, error) {
	g := guestOf(ctx)
	if g == nil {
		return nil, ErrNoSession
	}
	old, err := g.token(ctx, func(*oauth.Token) bool { return true }) // says why there is none
	if err != nil {
		return nil, err
	}
	next, err := g.refresh(ctx, g.identity(), func(t *oauth.Token) bool { return t.AccessToken != old.AccessToken && g.site.usable(t) })
	if err != nil {
		return nil, err
	}
	shown := *next.Token
	shown.RefreshToken = ""
	return &shown, nil
}
