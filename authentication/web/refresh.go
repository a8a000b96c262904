package web

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/internal/flight"
	"github.com/seed6e7d3bb2/authing-go/internal/session"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

const (
	refreshLimit = time.Minute            // for the lock, the server and the store together; also how long a lock lasts
	rereadLimit  = 2 * time.Second        // how long the record of the winner may be late
	rereadPause  = 100 * time.Millisecond // between two looks
)

// refresher refreshes the tokens of one session. Whoever needs the same at once in this process shares its work.
type refresher struct {
	site *Site
	flow authentication.LoginFlow // an able RefreshFlow
	// session is as some request read it; the record is read again before anything is sent.
	session *session.Session
	// good reports whether tokens need no refresh.
	good func(*authentication.Identity) bool
	// report gets events of the session.
	report func(Event)
}

// refresh returns an identity with tokens that are good, from another request, another instance, or the server.
func (f *refresher) refresh(ctx context.Context, id *authentication.Identity) (*authentication.Identity, error) {
	var next *authentication.Identity
	var err error
	for range 2 { // the work that is shared may be of a request that found other tokens good
		next, err = f.site.refreshes.Do(ctx, flight.NewKey(f.session.Key), f.good, func(ctx context.Context) (*authentication.Identity, error) {
			ctx, cancel := context.WithTimeout(ctx, refreshLimit)
			defer cancel()
			return f.alone(ctx, id)
		})
		if err != nil || f.good(next) {
			break
		}
	}
	return next, err
}

// alone is the only one in this process, and with a Locker in all instances.
func (f *refresher) alone(ctx context.Context, id *authentication.Identity) (*authentication.Identity, error) {
	if err := f.site.writing.take(ctx, f.session.Key); err != nil {
		return nil, err
	}
	defer f.site.writing.give(f.session.Key)
	unlock, locked, err := f.lock(ctx)
	if err != nil {
		return f.without(err, id)
	}
	defer unlock()
	now, err := f.site.keeps.again(ctx, f.session)
	switch {
	case err != nil:
		return f.without(err, id)
	case now == nil:
		return nil, ErrNoSession
	}
	if id, err = f.newest(ctx, now); err != nil || f.good(id) {
		return id, err
	}
	if id.Token == nil || id.Token.AccessToken == "" || id.Token.RefreshToken == "" {
		return nil, errNoRefresh
	}
	next, err := f.flow.(authentication.RefreshFlow).Refresh(ctx, id)
	if err == nil {
		err = sameUser(id, next)
	}
	switch kept := (*authentication.RefreshError)(nil); {
	case err == nil:
		return f.keepLiving(ctx, now, id, next)
	case errors.Is(err, oidc.CheckSessionExpiry):
		return nil, f.end(ctx, err)
	case errors.As(err, &kept) && kept != nil && kept.Identity != nil:
		f.keep(ctx, now, id, unverified(kept, f.site.config.Now()))
	case errors.Is(err, oauth.ErrLoginAgain):
		if winner := f.winner(ctx, id, locked); winner != nil {
			return winner, nil
		}
		f.site.successors.fail(now.Key, id, err)
	}
	f.report(Event{Kind: EventRefreshFailed, Err: err})
	return nil, err
}

// keepLiving keeps new tokens of a session that has not ended meanwhile; otherwise nobody would have them any more, and they
// are revoked.
func (f *refresher) keepLiving(ctx context.Context, now *session.Session, spent, next *authentication.Identity) (*authentication.Identity, error) {
	f.keep(ctx, now, spent, next)
	again, err := f.site.keeps.again(ctx, now)
	if err == nil && again == nil {
		if err := f.site.revoke(ctx, f.flow, next); err != nil {
			f.report(Event{Kind: EventRefreshFailed, Err: err})
		}
		return nil, ErrNoSession
	}
	f.report(Event{Kind: EventRefresh})
	return next, nil
}

// end ends a session whose end the server demands with a refresh, or says in a form that nobody understands.
func (f *refresher) end(ctx context.Context, why error) error {
	if err := f.site.keeps.end(ctx, f.session.Key); err != nil {
		f.report(Event{Kind: EventStore, Err: err})
		return fmt.Errorf("web: the session's store: %w", err)
	}
	f.report(Event{Kind: EventEnded, Err: why})
	return ErrNoSession
}

func (f *refresher) lock(ctx context.Context) (unlock func(), locked bool, err error) {
	keeper := f.site.keeps.marks()
	if keeper == nil {
		return func() {}, false, nil
	}
	return keeper.Lock(ctx, f.session.Key, refreshLimit)
}

// newest returns the newest tokens of a record. Where this process has already replaced them, the new ones are written once
// more.
func (f *refresher) newest(ctx context.Context, now *session.Session) (*authentication.Identity, error) {
	id := identityOf(now)
	next, err := f.site.successors.of(now.Key, id)
	if next == nil || err != nil {
		return id, err
	}
	f.keep(ctx, now, nil, next)
	return next, nil
}

// without is what this process knows while the store fails.
func (f *refresher) without(failure error, id *authentication.Identity) (*authentication.Identity, error) {
	f.report(Event{Kind: EventStore, Err: failure})
	if next, err := f.site.successors.of(f.session.Key, id); err == nil && next != nil && f.good(next) {
		return next, nil
	}
	return nil, fmt.Errorf("web: the session's store: %w", failure)
}

// keep writes new tokens, and remembers them in this process for the case that the store fails or is late.
func (f *refresher) keep(ctx context.Context, now *session.Session, spent, next *authentication.Identity) {
	if spent != nil {
		f.site.successors.put(now.Key, spent, next)
	}
	changed, content, err := renewed(now, next)
	if err == nil {
		err = f.site.keeps.save(ctx, changed, content)
	}
	if err != nil {
		f.report(Event{Kind: EventStore, Err: err})
	}
}

// renewed is a session after a refresh, with its content.
func renewed(now *session.Session, next *authentication.Identity) (*session.Session, []byte, error) {
	changed := *now
	if !next.SessionExpiry.IsZero() && next.SessionExpiry.Before(changed.End) {
		changed.End = next.SessionExpiry
	}
	content, err := pack(next)
	return &changed, content, err
}

// winner waits for the tokens of another instance, which has spent the refresh token of id: its record may be late. With
// the lock there is no other.
func (f *refresher) winner(ctx context.Context, id *authentication.Identity, locked bool) *authentication.Identity {
	if locked {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, rereadLimit)
	defer cancel()
	for {
		switch now, err := f.site.keeps.again(ctx, f.session); {
		case err == nil && now == nil:
			return nil
		case err == nil:
			if next := identityOf(now); next.Token != nil && next.Token.RefreshToken != id.Token.RefreshToken {
				return next
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(rereadPause):
		}
	}
}

func sameUser(id, next *authentication.Identity) error {
	if next == nil || next.Token == nil || next.Issuer != id.Issuer || next.Subject != id.Subject {
		return fmt.Errorf("%w: web: the refreshed identity has no token, or is not the same user's", authentication.ErrRefused)
	}
	return nil
}

// unverified are the tokens of a refresh that went wrong after the server had given them. They are kept, because the old
// refresh token may be revoked. The access token is not used: what proves whose it is was refused, or could not be
// checked. The next refresh checks it again; one that was refused is kept for the revocation at the logout only.
func unverified(e *authentication.RefreshError, now time.Time) *authentication.Identity {
	id := *e.Identity
	if id.Token == nil {
		return &id
	}
	token := *id.Token
	token.Expiry = now
	if errors.Is(e, authentication.ErrRefused) {
		token.AccessToken = ""
	}
	id.Token, id.Expiry = &token, now
	return &id
}

// errNoRefresh is an access token that has ended, and nothing to get another one with.
var errNoRefresh = fmt.Errorf("web: the access token has ended, and the session has none to refresh it with: %w", oauth.ErrLoginAgain)
