package oauth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/flight"
)

const (
	// sourceDefault is how long a token is taken for good whose end the server does not say.
	sourceDefault = 5 * time.Minute
	// sourceLeeway is how long before its end a token is renewed, at most: a short life is renewed when a
	// fifth of it is left.
	sourceLeeway = time.Minute
	// sourceCoolDown lies between two tries to replace a token that still works, or that was just fetched.
	sourceCoolDown = 10 * time.Second
	// sourcePatience is how long anybody waits for a new token while the old one works.
	sourcePatience = 2 * time.Second
	sourceName     = "oauth: token source"
)

// TokenSource keeps the token of a machine, and renews it before its end (RFC 6749 §4.4.2): a minute before, or
// when a fifth of its life is left if that is later. A token whose end the server does not say is taken for one
// of five minutes. Make it once, with Client.TokenSource or NewTokenSource, and share it: callers at once
// share one request, which has at most two minutes. It is safe for concurrent use.
type TokenSource struct {
	state *tokenState // a pointer prints as an address, also where Format cannot be reached
}

type tokenState struct {
	get    func(context.Context) (*Token, error)
	now    func() time.Time
	flight flight.Group[*Token]

	mu            sync.Mutex
	token         *Token
	got, due, end time.Time // when it was asked for, when it is to be renewed, when it ends
	failed        time.Time // when it last could not be renewed
}

// NewTokenSource makes a TokenSource of any call that gets a Bearer token for this program. get has a context of
// its own, with the values of the first caller's. now nil is time.Now.
func NewTokenSource(get func(context.Context) (*Token, error), now func() time.Time) *TokenSource {
	if now == nil {
		now = time.Now
	}
	return &TokenSource{&tokenState{get: get, now: now}}
}

// TokenSource keeps a token of GetAccessTokenByClientCredentials with these options. A mistake in them is heard
// at the first Token.
func (c *Client) TokenSource(o ClientCredentialsOptions) *TokenSource {
	o.Extra = url.Values(http.Header(o.Extra).Clone())
	return NewTokenSource(func(ctx context.Context) (*Token, error) {
		return c.GetAccessTokenByClientCredentials(ctx, o)
	}, c.config().Now)
}

// Token returns a token that is good, from memory when it can; it is the caller's own. While the server gives no
// new one, the old one serves until its end; nobody waits longer than two seconds then.
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
	own := *t
	return &own, nil
}

// Drop forgets the token in use when it is this one, because a server refused it (RFC 6750 §3.1). One that was
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

// fresh returns the token when it need not be renewed, or cannot be just now.
func (s *tokenState) fresh() *Token {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if s.token != nil && (now.Before(s.due) || now.Before(s.end) && within(s.failed, now)) && !now.Before(s.got) {
		return s.token
	}
	return nil
}

// serving returns the token while it works, be it due or not.
func (s *tokenState) serving() *Token {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := s.now(); s.token != nil && now.Before(s.end) && !now.Before(s.got) {
		return s.token
	}
	return nil
}

// away is serving for whoever waited in vain, so that the next ones do not.
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
		return t, nil // somebody was quicker
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
