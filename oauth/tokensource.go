package oauth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/flight"
)

const (
	// sourceDefault is the assumed lifetime of a token whose lifetime the server does not say.
	sourceDefault = 5 * time.Minute
	// sourceLeeway is how long before its end a token is renewed. A token with a short lifetime is renewed when a
	// fifth of it is left.
	sourceLeeway = time.Minute
	// sourceCoolDown is the time between two tries to replace a token that still works, or that was just fetched.
	sourceCoolDown = 10 * time.Second
	// sourcePatience is how long a caller waits for a new token while the old one works.
	sourcePatience = 2 * time.Second
	sourceName     = "oauth: token source"
)

// TokenSource keeps the token of a program without a user, and renews it before its end (RFC 6749 §4.4.2): a minute
// before, or when a fifth of its lifetime is left if that is later. Without a lifetime from the server, five minutes
// are assumed. Make it once, with Client.TokenSource or NewTokenSource, and share it: simultaneous callers share one
// request, which takes at most two minutes. It is safe for concurrent use.
type TokenSource struct {
	state *tokenState // package fmt prints a pointer as an address where it cannot call Format
}

type tokenState struct {
	get    func(context.Context) (*Token, error)
	now    func() time.Time
	flight flight.Group[*Token]

	mu            sync.Mutex
	token         *Token
	got, due, end time.Time // when it was requested, when it is due for renewal, when it ends
	failed        time.Time // the last failed renewal
}

// NewTokenSource makes a TokenSource from any call that gets a token for this program. The context of get is
// not the caller's, but has the values of the first caller's context. now is the clock; nil is time.Now.
func NewTokenSource(get func(context.Context) (*Token, error), now func() time.Time) *TokenSource {
	if now == nil {
		now = time.Now
	}
	return &TokenSource{&tokenState{get: get, now: now}}
}

// TokenSource keeps a token of GetAccessTokenByClientCredentials with these options. The first call of Token reports
// a mistake in them.
func (c *Client) TokenSource(o ClientCredentialsOptions) *TokenSource {
	o.Extra, o.AuthorizationDetails = url.Values(http.Header(o.Extra).Clone()), slices.Clone(o.AuthorizationDetails)
	return NewTokenSource(func(ctx context.Context) (*Token, error) {
		return c.GetAccessTokenByClientCredentials(ctx, o)
	}, c.config().Now)
}

// Token returns a valid token, from memory when possible; it is a copy for the caller. While the server gives no new
// token, Token returns the old one until it expires, and waits at most two seconds.
func (s *TokenSource) Token(ctx context.Context) (*Token, error) {
	if s == nil || s.state == nil || s.state.get == nil {
		return nil, errors.New(sourceName + ": it was not made by NewTokenSource or a client")
	}
	if err := flight.Begin(ctx, sourceName); err != nil {
		return nil, err
	}
	t := s.state.fresh()
	if t == nil {
		wait := ctx
		if s.state.serving() != nil {
			patience, cancel := context.WithTimeout(ctx, sourcePatience)
			defer cancel()
			wait = patience
		}
		var err error
		t, err = s.state.flight.Start(ctx, flight.Limit, s.state.renew).WaitAs(wait, sourceName)
		if err != nil && ctx.Err() == nil {
			if old := s.state.away(); old != nil {
				t, err = old, nil
			}
		}
		if err != nil {
			return nil, err
		}
	}
	return t.clone(), nil
}

// Drop forgets the current token when it is this one, because a server refused it (RFC 6750 §3.1). A token that was
// fetched in the last ten seconds stays: a server that refuses a new token would refuse the next one too.
func (s *TokenSource) Drop(accessToken string) {
	if s == nil || s.state == nil {
		return
	}
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	t := s.state.token
	if t != nil && t.AccessToken == accessToken && !within(s.state.got, s.state.now()) {
		s.state.token = nil
	}
}

// fresh returns the token when it is not due for renewal, or the last try failed a moment ago.
func (s *tokenState) fresh() *Token {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if s.token != nil && (now.Before(s.due) || now.Before(s.end) && within(s.failed, now)) && !now.Before(s.got) {
		return s.token
	}
	return nil
}

// serving returns the token while it works, also when it is due for renewal.
func (s *tokenState) serving() *Token {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := s.now(); s.token != nil && now.Before(s.end) && !now.Before(s.got) {
		return s.token
	}
	return nil
}

// away is serving after a wait in vain; it makes later callers not wait.
func (s *tokenState) away() *Token {
	old := s.serving()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed = s.now()
	return old
}

func within(begin, now time.Time) bool {
	since := now.Sub(begin)
	return 0 <= since && since < sourceCoolDown
}

func (s *tokenState) renew(ctx context.Context) (*Token, error) {
	if t := s.fresh(); t != nil {
		return t, nil // another caller was faster
	}
	got := s.now()
	t, err := s.get(ctx)
	if err == nil && (t == nil || t.AccessToken == "") {
		err = errors.New(sourceName + ": no token came")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.failed = s.now()
		return nil, err
	}
	own := *t
	s.token, s.got, s.end = &own, got, own.Expiry
	if s.end.IsZero() {
		s.end = got.Add(sourceDefault)
	}
	s.due = s.end.Add(-min(s.end.Sub(got)/5, sourceLeeway))
	return s.token, nil
}

// Format prints no token, whatever the verb.
func (s TokenSource) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprint(f, "oauth.TokenSource{[redacted]}")
}

// LogValue logs no token.
func (s TokenSource) LogValue() slog.Value { return slog.StringValue("oauth.TokenSource{[redacted]}") }
