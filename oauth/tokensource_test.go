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

// machine counts the tokens that it issues. Each takes a second and has the lifetime life.
type machine struct {
	mu    sync.Mutex
	calls int
	life  string // the member expires_in, with its comma
	fail  error
	scope string
}

func (m *machine) RoundTrip(r *http.Request) (*http.Response, error) {
	time.Sleep(time.Second)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls++
	_ = r.ParseForm()
	m.scope = r.PostForm.Get("scope") + r.PostForm.Get("resource")
	if m.fail != nil {
		return nil, m.fail
	}
	return jsonReply(200, fmt.Sprintf(`{"access_token":"AT%d","token_type":"Bearer"%s}`, m.calls, m.life))(r)
}

func (m *machine) source(t testing.TB) *oauth.TokenSource {
	return with(t, m, func(c *oauth.Config) { c.Now = time.Now }).TokenSource(oauth.ClientCredentialsOptions{Scope: "s"})
}

func get(t testing.TB, s *oauth.TokenSource) string {
	t.Helper()
	token, err := s.Token(t.Context())
	require.NoError(t, err)
	return token.AccessToken
}

// A token is renewed a minute before its end, or when a fifth of a short lifetime is left.
func TestTokenSourceRenewsBeforeTheEnd(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		life string
		good time.Duration // since it was requested
	}{
		"an hour":        {`,"expires_in":3600`, 59 * time.Minute},
		"five minutes":   {`,"expires_in":300`, 4 * time.Minute},
		"a minute":       {`,"expires_in":60`, 48 * time.Second},
		"ten seconds":    {`,"expires_in":10`, 8 * time.Second},
		"not said":       {``, 4 * time.Minute},
		"null":           {`,"expires_in":null`, 4 * time.Minute},
		"over at once":   {`,"expires_in":0`, time.Second},
		"a hundred year": {`,"expires_in":3153600000`, 3153600000*time.Second - time.Minute},
	} {
		synctest.Test(t, func(t *testing.T) {
			m := &machine{life: c.life}
			source := m.source(t)
			assert.Equal(t, "AT1", get(t, source), name)
			time.Sleep(c.good - time.Second - 1) // the call took a second
			if c.good > time.Second {
				assert.Equal(t, "AT1", get(t, source), name)
				time.Sleep(time.Nanosecond)
			}
			assert.Equal(t, "AT2", get(t, source), name)
		})
	}
}

func TestTokenSourceIsOneRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &machine{life: `,"expires_in":60`}
		source := m.source(t)
		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		all.Go(func() {
			_, err := source.Token(ctx)
			assert.ErrorIs(t, err, context.Canceled, "K7")
			assert.EqualError(t, err, "oauth: token source: context canceled")
		})
		synctest.Wait()
		for range 20 {
			all.Go(func() {
				token, err := source.Token(t.Context())
				assert.NoError(t, err)
				assert.Equal(t, "AT1", token.AccessToken)
				token.AccessToken = "changed by its caller"
			})
		}
		synctest.Wait()
		cancel()
		all.Wait()
		assert.Equal(t, 1, m.calls)
		_, err := source.Token(ctx)
		require.ErrorIs(t, err, context.Canceled)
	})
}

// While the server gives no new token, the old one is used until its end, and the server is asked every ten seconds.
func TestTokenSourceWhileTheServerIsAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &machine{life: `,"expires_in":300`}
		source := m.source(t)
		assert.Equal(t, "AT1", get(t, source))
		begun := time.Now().Add(-time.Second)
		m.fail = errors.New("away")
		time.Sleep(4 * time.Minute)
		for time.Since(begun) < 5*time.Minute-2*time.Second {
			assert.Equal(t, "AT1", get(t, source))
			time.Sleep(time.Second / 2)
		}
		assert.Equal(t, 1+6, m.calls, "at 241, 252, 263, 274, 285 and 296 seconds")
		time.Sleep(2 * time.Second)
		_, err := source.Token(t.Context())
		require.ErrorIs(t, err, m.fail, "it is over")
		m.fail = nil
		assert.Equal(t, "AT9", get(t, source))
	})
}

// A server that hangs, or a RoundTripper that panics, does not take away a token that still works.
func TestTokenSourceWaitsTwoSecondsWhileTheOldTokenWorks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		take   time.Duration // of the server; 0 panics
		waited time.Duration
		want   string
	}{
		"in time": {2*time.Second - 1, 2*time.Second - 1, "AT2"}, "too late": {2*time.Second + 1, 2 * time.Second, "AT1"},
		"hangs": {time.Hour, 2 * time.Second, "AT1"}, "panics": {0, 0, "AT1"},
	} {
		synctest.Test(t, func(t *testing.T) {
			calls := 0
			source := oauth.NewTokenSource(func(ctx context.Context) (*oauth.Token, error) {
				if calls++; calls == 1 {
					return &oauth.Token{AccessToken: "AT1", TokenType: "Bearer", Expiry: time.Now().Add(time.Hour)}, nil
				}
				if c.take == 0 {
					panic("odd")
				}
				select {
				case <-ctx.Done():
					return nil, ctx.Err()
				case <-time.After(c.take):
					return &oauth.Token{AccessToken: "AT2", TokenType: "Bearer", Expiry: time.Now().Add(time.Hour)}, nil
				}
			}, nil)
			get(t, source)
			time.Sleep(59 * time.Minute)
			began := time.Now()
			assert.Equal(t, c.want, get(t, source), name)
			assert.Equal(t, c.waited, time.Since(began), name)
			assert.Equal(t, c.want, get(t, source), name)
			assert.Equal(t, c.waited, time.Since(began), "%s: the next one does not wait again", name)
			time.Sleep(time.Minute)
			if c.take == time.Hour {
				_, err := source.Token(t.Context())
				assert.ErrorIs(t, err, context.DeadlineExceeded, "it is over")
			}
		})
	}
}

// A server refused the token: only a token that is at least ten seconds old is replaced.
func TestTokenSourceDrop(t *testing.T) {
	t.Parallel()
	for age, dropped := range map[time.Duration]bool{10*time.Second - 1: false, 10 * time.Second: true} {
		synctest.Test(t, func(t *testing.T) {
			m := &machine{life: `,"expires_in":3600`}
			source := m.source(t)
			assert.Equal(t, "AT1", get(t, source))
			time.Sleep(age - time.Second)
			source.Drop("AT0")
			assert.Equal(t, "AT1", get(t, source), "another was refused")
			source.Drop("AT1")
			assert.Equal(t, dropped, get(t, source) == "AT2", age)
		})
	}
}

func TestTokenSourceMisuse(t *testing.T) {
	t.Parallel()
	want := "oauth: token source: it was not made by NewTokenSource or a client"
	for _, s := range []*oauth.TokenSource{nil, {}, oauth.NewTokenSource(nil, nil)} {
		_, err := s.Token(t.Context())
		require.EqualError(t, err, want)
		s.Drop("AT")
	}
	//lint:ignore SA1012 what a careless caller does must not panic
	_, err := (&machine{}).source(t).Token(nil)
	require.EqualError(t, err, "oauth: token source: the context is nil")
	for name, get := range map[string]func(context.Context) (*oauth.Token, error){
		"oauth: token source: no token came":                       func(context.Context) (*oauth.Token, error) { return nil, nil },
		"oauth: token source: a panic with a value of type string": func(context.Context) (*oauth.Token, error) { panic("SECRET") },
	} {
		_, err := oauth.NewTokenSource(get, nil).Token(t.Context())
		require.EqualError(t, err, name)
	}
	_, err = oauth.NewTokenSource(func(context.Context) (*oauth.Token, error) { return &oauth.Token{}, nil }, nil).Token(t.Context())
	require.Error(t, err)
	_, err = newClient(t, silent(t)).TokenSource(oauth.ClientCredentialsOptions{Extra: url.Values{"scope": {"s"}}}).Token(t.Context())
	require.EqualError(t, err, "oauth: Extra must not set scope: use its field instead")
}

func TestTokenSourceOwnsItsOptions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &machine{}
		extra := url.Values{"resource": {"https://a"}}
		source := with(t, m, func(*oauth.Config) {}).TokenSource(oauth.ClientCredentialsOptions{Scope: "s ", Extra: extra})
		extra["resource"][0] = "changed"
		get(t, source)
		assert.Equal(t, "s https://a", m.scope)
	})
}

func TestS12TokenSourcePrintsNoToken(t *testing.T) {
	t.Parallel()
	source := oauth.NewTokenSource(func(context.Context) (*oauth.Token, error) {
		return &oauth.Token{AccessToken: marker, TokenType: "Bearer"}, nil
	}, nil)
	get(t, source)
	for _, v := range []any{source, *source, &oauth.Transport{Source: source}, []any{source}, struct{ s *oauth.TokenSource }{source}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x"} {
			assert.NotContains(t, fmt.Sprintf(verb, v), marker)
		}
	}
	assert.Equal(t, "oauth.TokenSource{[redacted]}", source.LogValue().String())
	assert.Equal(t, "oauth.TokenSource{[redacted]}", fmt.Sprint(source))
}

// A token that was fetched in the future, by a clock that was set back, is not new.
func TestTokenSourceDropAfterTheClockWasSetBack(t *testing.T) {
	t.Parallel()
	for back, dropped := range map[time.Duration]bool{0: false, 1: true} {
		clock, asked := now, 0
		source := oauth.NewTokenSource(func(context.Context) (*oauth.Token, error) {
			asked++
			return &oauth.Token{AccessToken: "AT", TokenType: "Bearer", Expiry: now.Add(time.Hour)}, nil
		}, func() time.Time { return clock })
		get(t, source)
		clock = now.Add(-back)
		source.Drop("AT")
		clock = now
		get(t, source)
		assert.Equal(t, dropped, asked == 2, back)
	}
}

// When the clock was set back, the token's end is unknown.
func TestTokenSourceWhoseClockWasSetBack(t *testing.T) {
	t.Parallel()
	for back, calls := range map[time.Duration]int{0: 1, 1: 2} {
		clock, asked := now, 0
		source := oauth.NewTokenSource(func(context.Context) (*oauth.Token, error) {
			asked++
			return &oauth.Token{AccessToken: "AT", TokenType: "Bearer", Expiry: now.Add(time.Hour)}, nil
		}, func() time.Time { return clock })
		get(t, source)
		clock = now.Add(-back)
		get(t, source)
		assert.Equal(t, calls, asked, back)
	}
}
