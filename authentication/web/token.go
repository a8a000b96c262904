package web

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// ErrNoSession is the error of Token and Transport without a session: nobody is logged in, or the session has ended
// meanwhile. errors.Is(err, oauth.ErrLoginAgain) is true for it too.
const ErrNoSession noSession = "web: the request has no session"

type noSession string

func (e noSession) Error() string { return string(e) }

// Is adds oauth.ErrLoginAgain: the user must log in.
func (e noSession) Is(target error) bool { return target == oauth.ErrLoginAgain }

// tokenLeeway is how long before its end a token is refreshed; half of its life when that is shorter.
const tokenLeeway = 30 * time.Second

// Token returns the access token of the user of a request, without the refresh token. It is refreshed 30 seconds before
// its end: once for all requests of the session in this process, and where the Store is a Locker once for all instances.
// While a refresh fails, the old token is returned until it ends.
//
// errors.Is(err, oauth.ErrLoginAgain) says that there is no token any more until the user logs in again; the session goes
// on. Without a session it is ErrNoSession too, and without tokens, as after a login by SAML or CAS, errors.ErrUnsupported.
// Any other error means that there was no usable answer of the server or the store.
func Token(ctx context.Context) (*oauth.Token, error) {
	g := guestOf(ctx)
	if g == nil {
		return nil, ErrNoSession
	}
	token, err := g.token(ctx, g.site.lives)
	if err != nil {
		return nil, err
	}
	shown := *token
	shown.RefreshToken = ""
	return &shown, nil
}

// lives reports whether a token need not be refreshed.
func (s *Site) lives(t *oauth.Token) bool {
	leeway := tokenLeeway
	if t.ExpiresIn > 0 {
		leeway = min(leeway, time.Duration(t.ExpiresIn)*time.Second/2)
	}
	return !t.Expired(s.config.Now(), leeway)
}

// usable reports whether a token has not ended.
func (s *Site) usable(t *oauth.Token) bool {
	return !t.Expired(s.config.Now(), 0)
}

// token returns the user's token, refreshed when it is not good, and the old one when that fails.
func (g *guest) token(ctx context.Context, good func(*oauth.Token) bool) (*oauth.Token, error) {
	switch {
	case g.err != nil:
		return nil, fmt.Errorf("web: the session's store: %w", g.err)
	case g.session == nil:
		return nil, ErrNoSession
	}
	id := g.identity()
	switch {
	case id.Token == nil:
		return nil, fmt.Errorf("web: the login of protocol %s gave no access token: %w", id.Protocol, errors.ErrUnsupported)
	case good(id.Token):
		return id.Token, nil
	}
	next, err := g.refresh(ctx, id, good)
	switch {
	case err == nil:
		return next.Token, nil
	case !errors.Is(err, ErrNoSession) && g.site.usable(id.Token):
		return id.Token, nil
	}
	return nil, err
}

func (g *guest) refresh(ctx context.Context, id *authentication.Identity, good func(*oauth.Token) bool) (*authentication.Identity, error) {
	flow, err := g.site.flow(g.r, g.session.Flow)
	if err != nil {
		return nil, err
	}
	if _, ok := able[authentication.RefreshFlow](flow); !ok {
		return nil, errNoRefresh
	}
	f := &refresher{
		site: g.site, flow: flow, session: g.session,
		good:   func(id *authentication.Identity) bool { return id.Token != nil && good(id.Token) },
		report: func(e Event) { g.site.report(g.r, g.site.about(g.session, e)) },
	}
	next, err := f.refresh(ctx, id)
	if jar, ok := g.site.keeps.(*cookieJar); ok {
		g.carry(jar, id, err)
	}
	if err != nil {
		return nil, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.latest = next
	return next, nil
}

// carry gives the browser the newest tokens after those of id, also when the refresh failed: the server may have replaced
// the refresh token. A session that the refresh has ended leaves the browser.
func (g *guest) carry(jar *cookieJar, id *authentication.Identity, failure error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if errors.Is(failure, ErrNoSession) {
		jar.forget(g.at(g.w, g.r))
		return
	}
	newest, _ := g.site.successors.of(g.session.Key, id)
	if newest == nil {
		return
	}
	changed, content, err := renewed(g.session, newest)
	if err == nil {
		err = jar.carry(g.at(g.w, g.r), changed, content)
	}
	if err != nil {
		g.site.report(g.r, g.site.about(g.session, Event{Kind: EventStore, Err: err}))
	}
}

// identity is the user with the tokens as this request knows them. Nobody may change it.
func (g *guest) identity() *authentication.Identity {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.latest == nil {
		g.latest = identityOf(g.session)
	}
	return g.latest
}
