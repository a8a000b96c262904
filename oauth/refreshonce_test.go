package oauth_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// rotating is a server that replaces each refresh token, and ends the session when it sees one twice (RFC 9700
// §4.14.2). Each reply takes a second.
type rotating struct {
	mu    sync.Mutex
	calls int
	ended bool
	now   string // the valid refresh token
	// fail, when set, is the reply instead, and uses up no token.
	fail func(*http.Request) (*http.Response, error)
	// keeps is a server that replaces no refresh token.
	keeps bool
	last  *http.Request
}

func newRotating() *rotating { return &rotating{now: "RT0"} }

func (s *rotating) RoundTrip(r *http.Request) (*http.Response, error) {
	select {
	case <-time.After(time.Second):
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	s.last = r
	_ = r.ParseForm()
	switch {
	case r.URL.Path == "/revoke":
		return jsonReply(200, `{}`)(r)
	case s.fail != nil:
		return s.fail(r)
	case s.ended || r.PostForm.Get("refresh_token") != s.now:
		s.ended = true
		return jsonReply(400, `{"error":"invalid_grant"}`)(r)
	case s.keeps:
		return jsonReply(200, fmt.Sprintf(`{"access_token":"AT%d","token_type":"Bearer","expires_in":60}`, s.calls))(r)
	}
	s.now = fmt.Sprint("RT", s.calls)
	return jsonReply(200, fmt.Sprintf(`{"access_token":"AT%d","token_type":"Bearer","refresh_token":%q,"expires_in":60}`, s.calls, s.now))(r)
}

// realTime is a client with the clock of the synctest bubble.
func (s *rotating) client(t testing.TB) *oauth.Client {
	return with(t, s, func(c *oauth.Config) { c.Now = time.Now })
}

func expired() *oauth.Token {
	return &oauth.Token{AccessToken: "AT0", RefreshToken: "RT0", Scope: "read", Expiry: time.Now().Add(-time.Second)}
}

func TestCaseOauthRefreshAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newRotating()
		c := s.client(t)
		old := expired()
		results := make(chan *oauth.Token, 20)
		for range 20 {
			go func() {
				next, err := c.RefreshIfExpired(t.Context(), old, time.Minute)
				assert.NoError(t, err)
				results <- next
			}()
		}
		seen := map[*oauth.Token]bool{}
		for range 20 {
			next := <-results
			assert.Equal(t, "AT1", next.AccessToken)
			assert.Equal(t, "RT1", next.RefreshToken)
			assert.Equal(t, "read", next.Scope)
			seen[next] = true
			next.AccessToken, next.Scope = "changed", "by its owner"
		}
		assert.Len(t, seen, 20, "each caller has its own token")
		assert.Equal(t, 1, s.calls)
		assert.False(t, s.ended)
	})
}

// R3: a caller with the replaced token gets the same result for 30 s. After that the server decides.
func TestR3SpentRefreshToken(t *testing.T) {
	t.Parallel()
	for late, shared := range map[time.Duration]bool{0: true, 30 * time.Second: true, 30*time.Second + 1: false} {
		synctest.Test(t, func(t *testing.T) {
			s := newRotating()
			c := s.client(t)
			old := expired()
			first, err := c.RefreshIfExpired(t.Context(), old, 0)
			require.NoError(t, err)
			time.Sleep(late)
			for name, again := range map[string]func() (*oauth.Token, error){
				"RefreshIfExpired":                func() (*oauth.Token, error) { return c.RefreshIfExpired(t.Context(), old, 0) },
				"RefreshIfExpired, long leeway":   func() (*oauth.Token, error) { return c.RefreshIfExpired(t.Context(), old, time.Hour) },
				"GetNewAccessTokenByRefreshToken": func() (*oauth.Token, error) { return c.GetNewAccessTokenByRefreshToken(t.Context(), "RT0") },
			} {
				next, err := again()
				assert.Equal(t, !shared, s.ended, name)
				if !shared {
					require.ErrorIs(t, err, oauth.InvalidGrant)
					continue
				}
				require.NoError(t, err)
				assert.Equal(t, "AT1", next.AccessToken)
				assert.NotSame(t, first, next)
			}
			if shared {
				assert.Equal(t, 1, s.calls)
				next, err := c.GetNewAccessTokenByRefreshToken(t.Context(), "RT1")
				require.NoError(t, err, "another token is another request")
				assert.Equal(t, "AT2", next.AccessToken)
			}
		})
	}
}

// Another scope or parameter is another request.
func TestR3OptionsAreTheirOwnQuestion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newRotating()
		s.keeps = true
		c := s.client(t)
		var all sync.WaitGroup
		for range 5 {
			for _, o := range []oauth.RefreshOptions{{}, {Scope: "read"}, {Scope: "write"}, {Extra: url.Values{"resource": {"read"}}}} {
				all.Go(func() {
					_, err := c.GetNewAccessTokenByRefreshToken(t.Context(), "RT0", o)
					assert.NoError(t, err)
				})
			}
		}
		all.Wait()
		assert.Equal(t, 4, s.calls)
	})
}

// A refresh token that stays valid is sent again by GetNewAccessTokenByRefreshToken, and by RefreshIfExpired only
// when the last result expires too soon.
func TestR5RefreshTokenThatStays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newRotating()
		s.keeps = true
		c := s.client(t)
		old := expired()
		get := func(f func() (*oauth.Token, error)) string {
			next, err := f()
			require.NoError(t, err)
			return next.AccessToken
		}
		ifExpired := func(token *oauth.Token, leeway time.Duration) string {
			return get(func() (*oauth.Token, error) { return c.RefreshIfExpired(t.Context(), token, leeway) })
		}
		assert.Equal(t, "AT1", ifExpired(old, 0))
		assert.Equal(t, "AT1", ifExpired(old, 0), "late")
		assert.Equal(t, "AT1", ifExpired(old, 59*time.Second-1), "it is valid for that long")
		assert.Equal(t, "AT2", ifExpired(old, 59*time.Second), "and no longer")
		assert.Equal(t, "AT3", get(func() (*oauth.Token, error) { return c.GetNewAccessTokenByRefreshToken(t.Context(), "RT0") }))
		held := &oauth.Token{AccessToken: "AT3", RefreshToken: "RT0", Expiry: time.Now()}
		assert.Equal(t, "AT4", ifExpired(held, 0), "the caller that holds the last token wants the next one")
	})
}

// K7: when the first caller's context ends, the others still get the token.
func TestK7CancelledFirstCaller(t *testing.T) {
	t.Parallel()
	type key struct{}
	synctest.Test(t, func(t *testing.T) {
		s := newRotating()
		c := s.client(t)
		old := expired()
		ctx, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, "trace"))
		failed := make(chan error, 1)
		begun := time.Now()
		go func() {
			_, err := c.RefreshIfExpired(ctx, old, 0)
			failed <- err
		}()
		synctest.Wait()
		second := make(chan error, 1)
		go func() {
			next, err := c.RefreshIfExpired(t.Context(), old, 0)
			if assert.NoError(t, err) {
				assert.Equal(t, "AT1", next.AccessToken)
			}
			second <- err
		}()
		synctest.Wait()
		cancel()
		err := <-failed
		require.ErrorIs(t, err, context.Canceled)
		require.EqualError(t, err, "oauth: refresh: context canceled")
		assert.Zero(t, time.Since(begun), "promptly")
		require.NoError(t, <-second)
		assert.Equal(t, 1, s.calls)
		assert.Equal(t, "trace", s.last.Context().Value(key{}), "the values of the first caller's context are kept")

		_, err = c.RefreshIfExpired(ctx, old, 0)
		require.ErrorIs(t, err, context.Canceled, "a caller who is gone gets nothing")
		_, err = c.GetNewAccessTokenByRefreshToken(ctx, "RT1")
		require.ErrorIs(t, err, context.Canceled)
		assert.Equal(t, 1, s.calls, "and sends nothing")
	})
}

// When all callers are gone, the next caller gets the new token.
func TestK7AllCallersGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newRotating()
		c := s.client(t)
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		_, err := c.RefreshIfExpired(ctx, expired(), 0)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		time.Sleep(10 * time.Second)
		next, err := c.RefreshIfExpired(t.Context(), expired(), 0)
		require.NoError(t, err)
		assert.Equal(t, "RT1", next.RefreshToken)
		assert.Equal(t, 1, s.calls)
	})
}

// R2: a failure is shared by waiting callers, and not kept.
func TestR2FailureIsNotRemembered(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(*http.Request) (*http.Response, error){
		"503":           jsonReply(503, `{}`),
		"reset":         func(*http.Request) (*http.Response, error) { return nil, errors.New("connection reset") },
		"invalid_grant": jsonReply(400, `{"error":"invalid_grant"}`),
		"panic":         func(*http.Request) (*http.Response, error) { panic("RT0") },
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newRotating()
			s.fail = fail
			c := s.client(t)
			var all sync.WaitGroup
			var mu sync.Mutex
			seen := map[*oauth.Error]bool{}
			for range 5 {
				all.Go(func() {
					_, err := c.RefreshIfExpired(t.Context(), expired(), 0)
					assert.ErrorContains(t, err, "oauth: ")
					assert.NotContains(t, err.Error(), "RT0")
					var refused *oauth.Error
					if errors.As(err, &refused) {
						mu.Lock()
						defer mu.Unlock()
						seen[refused] = true
					}
				})
			}
			all.Wait()
			assert.Equal(t, 1, s.calls, name)
			assert.True(t, len(seen) == 0 || len(seen) == 5, "each caller gets its own error value")
			s.fail = nil
			next, err := c.RefreshIfExpired(t.Context(), expired(), 0)
			require.NoError(t, err)
			assert.Equal(t, "RT2", next.RefreshToken)
		})
	}
}

// A revoked token is not given to late callers.
func TestR3RevokedTokenIsForgotten(t *testing.T) {
	t.Parallel()
	for token, forgotten := range map[string]bool{"RT1": true, "AT1": true, "RT7": false} {
		synctest.Test(t, func(t *testing.T) {
			s := newRotating()
			c := s.client(t)
			_, err := c.RefreshIfExpired(t.Context(), expired(), 0)
			require.NoError(t, err)
			require.NoError(t, c.RevokeToken(t.Context(), token))
			_, err = c.RefreshIfExpired(t.Context(), expired(), 0)
			assert.Equal(t, forgotten, errors.Is(err, oauth.InvalidGrant), token)
		})
	}
}

// The shared request ends when the server never answers.
func TestRefreshHasADeadlineOfItsOwn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		stuck := http.Client{Timeout: time.Hour, Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})}
		c := with(t, nil, func(c *oauth.Config) { c.Now, c.HTTPClient = time.Now, &stuck })
		begun := time.Now()
		_, err := c.RefreshIfExpired(t.Context(), expired(), 0)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, 2*time.Minute, time.Since(begun))
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
