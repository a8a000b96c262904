package web_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// rotating is a flow whose server replaces a refresh token, and takes each one once.
type rotating struct {
	authentication.LoginFlow
	now func() time.Time

	mu      sync.Mutex
	calls   int
	current map[string]bool // by refresh token
	takes   time.Duration   // how long the server works
	err     error           // what the server answers instead
	kept    bool            // err comes after new tokens: a RefreshError
	change  func(*authentication.Identity)
	revoked []string
}

// RevokeToken is what a logout calls.
func (f *rotating) RevokeToken(_ context.Context, token string, _ ...oauth.TokenOptions) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.revoked = append(f.revoked, token)
	return nil
}

func (f *rotating) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls
}

// Refresh implements RefreshFlow.
func (f *rotating) Refresh(ctx context.Context, id *authentication.Identity) (*authentication.Identity, error) {
	f.mu.Lock()
	f.calls++
	n, takes := f.calls+1, f.takes
	f.mu.Unlock()
	if takes > 0 {
		select {
		case <-time.After(takes):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err != nil && !f.kept {
		return nil, f.err
	}
	spent := id.Token.RefreshToken
	if spent != "refresh-1" && !f.current[spent] || spent == "refresh-1" && f.current["spent"] {
		return nil, fmt.Errorf("the server: %w: %w", oauth.InvalidGrant, oauth.ErrLoginAgain)
	}
	delete(f.current, spent)
	next, token := *id, *id.Token
	token.AccessToken, token.RefreshToken = fmt.Sprint("access-", n), fmt.Sprint("refresh-", n)
	token.Expiry = f.now().Add(time.Hour)
	next.Token, next.Expiry = &token, token.Expiry
	f.current["spent"], f.current[token.RefreshToken] = true, true
	if f.err != nil {
		return nil, &authentication.RefreshError{Identity: &next, Err: f.err}
	}
	if f.change != nil {
		f.change(&next)
	}
	return &next, nil
}

// withTokens is a Site whose flow refreshes, and serves what Token returns.
func withTokens(t testing.TB, change ...func(*guarded)) (*guarded, *rotating) {
	flow := &rotating{current: map[string]bool{}}
	g := newGuarded(t, append([]func(*guarded){func(g *guarded) {
		flow.now, g.config.Flow = g.now, flow
	}}, change...)...)
	return g, flow
}

// tokens and renews are handlers that say what Token and Refresh return.
var tokens, renews = says(web.Token), says(web.Refresh)

func says(get func(context.Context) (*oauth.Token, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, err := get(r.Context())
		switch {
		case errors.Is(err, web.ErrNoSession):
			fmt.Fprint(w, "no session")
		case errors.Is(err, errors.ErrUnsupported):
			fmt.Fprint(w, "unsupported")
		case errors.Is(err, oauth.ErrLoginAgain):
			fmt.Fprint(w, "login again")
		case err != nil:
			fmt.Fprint(w, "error: ", err)
		default:
			fmt.Fprint(w, token.AccessToken, token.RefreshToken)
		}
	})
}

func (g *guarded) token(cookie *http.Cookie) string {
	return ask(g.site.RequireLogin(tokens), "GET", "/", cookie).Body.String()
}

// A token is refreshed from 30 s before its end, or from half of its life; the refresh token stays here.
func TestTokenIsRefreshedBeforeItsEnd(t *testing.T) {
	t.Parallel()
	for lifetime, leeway := range map[int64]time.Duration{3600: 30 * time.Second, 20: 10 * time.Second} {
		g, flow := withTokens(t)
		id := alice(g.now())
		id.Token.ExpiresIn, id.Token.Expiry = lifetime, g.now().Add(time.Duration(lifetime)*time.Second)
		cookie := g.site.SignIn(t, "", id)
		g.advance(time.Duration(lifetime)*time.Second - leeway - time.Nanosecond)
		assert.Equal(t, "access-1", g.token(cookie), lifetime)
		assert.Zero(t, flow.count())
		g.advance(time.Nanosecond)
		assert.Equal(t, "access-2", g.token(cookie), lifetime)
		assert.Equal(t, "access-2", g.token(cookie), lifetime)
		assert.Equal(t, 1, flow.count())
		assert.Equal(t, []web.EventKind{web.EventRefresh}, g.kinds())
	}
	g, _ := withTokens(t)
	id := alice(g.now())
	id.Token.Expiry, id.Token.ExpiresIn = time.Time{}, 0
	cookie := g.site.SignIn(t, "", id)
	g.advance(23 * time.Hour)
	assert.Equal(t, "access-1", g.token(cookie), "without a known end it goes on")
}

// Without a token the error says what can be done.
func TestTokenErrors(t *testing.T) {
	t.Parallel()
	_, err := web.Token(t.Context())
	require.ErrorIs(t, err, web.ErrNoSession)
	require.ErrorIs(t, err, oauth.ErrLoginAgain)
	for name, c := range map[string]struct {
		change func(*authentication.Identity)
		flow   authentication.LoginFlow
		before string
		want   error
	}{
		"no tokens":        {func(id *authentication.Identity) { id.Token = nil }, nil, "", errors.ErrUnsupported},
		"no refresh token": {func(id *authentication.Identity) { id.Token.RefreshToken = "" }, nil, "access-1", oauth.ErrLoginAgain},
		"no refresh":       {func(*authentication.Identity) {}, deaf{}, "access-1", oauth.ErrLoginAgain},
		"another user's":   {func(id *authentication.Identity) { id.Subject = "bob" }, nil, "access-1", oauth.ErrLoginAgain},
	} {
		synctest.Test(t, func(t *testing.T) {
			g, flow := withTokens(t)
			if c.flow != nil {
				g, _ = withTokens(t, func(g *guarded) { g.config.Flow = c.flow })
			}
			id := alice(g.now())
			if name == "another user's" {
				flow.change = c.change
			} else {
				c.change(id)
			}
			cookie := g.site.SignIn(t, "", id)
			var got error
			h := g.site.RequireLogin(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				token, err := web.Token(r.Context())
				if got = err; err == nil {
					fmt.Fprint(w, token.AccessToken)
				}
			}))
			g.advance(59*time.Minute + 30*time.Second)
			assert.Equal(t, c.before, ask(h, "GET", "/", cookie).Body.String(), name)
			g.advance(30 * time.Second)
			assert.Empty(t, ask(h, "GET", "/", cookie).Body.String(), name)
			require.ErrorIs(t, got, c.want, name)
			require.NotErrorIs(t, got, web.ErrNoSession, name)
			if name == "another user's" {
				assert.ErrorIs(t, g.events[0].Err, authentication.ErrRefused)
			}
		})
	}
}

// What a handler sees and changes in Identity has no tokens, and is nobody else's.
func TestIdentityIsTheRequests(t *testing.T) {
	t.Parallel()
	g, _ := withTokens(t)
	cookie := g.signIn()
	for range 2 {
		ask(g.site.RequireLogin(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			id := web.Identity(r.Context())
			assert.Same(t, id, web.Identity(r.Context()))
			assert.Nil(t, id.Token)
			assert.Nil(t, id.Data)
			assert.Equal(t, "Alice", id.Claims["name"])
			id.Claims["name"], id.Subject = "Mallory", "mallory"
			id.Claims["groups"].([]any)[0] = "admin"
			_, err := web.Token(r.Context()) // which writes the session
			assert.NoError(t, err)
		})), "GET", "/", cookie)
		g.advance(time.Hour)
	}
}

// Security R3: requests at once on a session whose token has ended cause one refresh in a process.
func TestR3OneRefreshInAProcess(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, flow := withTokens(t)
		flow.takes = time.Second
		cookie := g.signIn()
		g.advance(2 * time.Hour)
		var all sync.WaitGroup
		for range 200 {
			all.Go(func() { assert.Equal(t, "access-2", g.token(cookie)) })
		}
		all.Wait()
		assert.Equal(t, 1, flow.count())
	})
}

// lockingStore locks in the memory of this process, for two Sites.
type lockingStore struct {
	web.Store
	mu    sync.Mutex
	taken map[string]chan struct{}
}

func (s *lockingStore) Lock(ctx context.Context, key string, _ time.Duration) (func(), error) {
	for {
		s.mu.Lock()
		other := s.taken[key]
		if other == nil {
			mine := make(chan struct{})
			s.taken[key] = mine
			s.mu.Unlock()
			return func() {
				s.mu.Lock()
				defer s.mu.Unlock()
				delete(s.taken, key)
				close(mine)
			}, nil
		}
		s.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// two are two instances of one application, with one store. slow is how late a Commit of the first one is.
func two(t testing.TB, locks bool, slow *time.Duration) (first, second *guarded, flow *rotating) {
	var fast web.Store
	first, flow = withTokens(t, func(g *guarded) { g.config.Store, fast = storesOfTwo(g.now, locks, slow) })
	second = newGuarded(t, func(g *guarded) { g.config.Store, g.config.Flow, g.config.Now = fast, flow, first.now })
	return first, second, flow
}

// storesOfTwo are one store, whose Commit comes late for the first instance.
func storesOfTwo(now func() time.Time, locks bool, slow *time.Duration) (late, fast web.Store) {
	memory := web.NewMemory(now)
	late, fast = lateStore{memory, slow}, lateStore{memory, new(time.Duration)}
	if locks {
		locker := &lockingStore{Store: memory, taken: map[string]chan struct{}{}}
		return lateLockingStore{lateStore{memory, slow}, locker}, locker
	}
	return late, fast
}

type lateStore struct {
	web.Store
	slow *time.Duration
}

func (s lateStore) Commit(token string, b []byte, expiry time.Time) error {
	time.Sleep(*s.slow)
	return s.Store.Commit(token, b, expiry)
}

type lateLockingStore struct {
	lateStore
	web.Locker
}

// Security R3: with a Locker, 200 requests at two instances cause one refresh.
func TestR3OneRefreshWithALocker(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var slow time.Duration
		first, second, flow := two(t, true, &slow)
		flow.takes = time.Second
		cookie := first.signIn()
		first.advance(2 * time.Hour)
		slow = 500 * time.Millisecond
		var all sync.WaitGroup
		for i := range 200 {
			all.Go(func() { assert.Equal(t, "access-2", []*guarded{first, second}[i%2].token(cookie)) })
		}
		all.Wait()
		assert.Equal(t, 1, flow.count())
	})
}

// Security R4: without a Locker, the instance whose refresh the server refuses takes the tokens of the one that was first,
// even when they are in the store a moment later. Its refusal ends no session.
func TestR4AdoptsTheWinnersTokens(t *testing.T) {
	t.Parallel()
	for late, want := range map[time.Duration]string{500 * time.Millisecond: "access-2", 3 * time.Second: "login again"} {
		synctest.Test(t, func(t *testing.T) {
			var slow time.Duration
			first, second, flow := two(t, false, &slow)
			cookie := first.signIn()
			first.advance(59*time.Minute + 20*time.Second)
			assert.Equal(t, "access-1", first.token(cookie)) // it writes that a request came, so that the next one need not
			first.advance(50 * time.Second)
			slow = late
			var all sync.WaitGroup
			all.Go(func() { assert.Equal(t, "access-2", first.token(cookie), "it has the new tokens before the store") })
			time.Sleep(late / 10)
			assert.Equal(t, want, second.token(cookie), late)
			all.Wait()
			slow = 0
			assert.Equal(t, "access-2", second.token(cookie), late)
			assert.Equal(t, "access-2", first.token(cookie), late)
			assert.Equal(t, 2, flow.count(), late)
			assert.Equal(t, http.StatusOK, ask(second.site.RequireLogin(hello), "GET", "/", cookie).Code)
		})
	}
}

// A session that has ended has no token, though the old one would be good for some seconds more.
func TestTokenOfAnEndedSession(t *testing.T) {
	t.Parallel()
	g, flow := withTokens(t)
	cookie := g.signIn()
	g.advance(59*time.Minute + 59*time.Second)
	ask(g.site.RequireLogin(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.site.EndSession(t, cookie)
		_, err := web.Token(r.Context())
		assert.ErrorIs(t, err, web.ErrNoSession)
	})), "GET", "/", cookie)
	assert.Zero(t, flow.count())
}

// A request that has refreshed its tokens knows them, also when the store fails then.
func TestTokenTwiceInARequest(t *testing.T) {
	t.Parallel()
	g, flow := withTokens(t)
	cookie := g.signIn()
	g.advance(2 * time.Hour)
	ask(g.site.RequireLogin(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		for range 2 {
			token, err := web.Token(r.Context())
			require.NoError(t, err)
			assert.Equal(t, "access-2", token.AccessToken)
			g.store.fail.Store(true)
		}
	})), "GET", "/", cookie)
	assert.Equal(t, 1, flow.count())
	assert.Equal(t, []web.EventKind{web.EventRefresh}, g.kinds())
}

// A late caller with the tokens of before gets the new ones, and the spent refresh token is not sent again.
func TestLateCallerWithSpentTokens(t *testing.T) {
	t.Parallel()
	g, flow := withTokens(t)
	cookie := g.signIn()
	var late context.Context
	ask(g.site.RequireLogin(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { late = r.Context() })), "GET", "/", cookie)
	g.advance(2 * time.Hour)
	assert.Equal(t, "access-2", g.token(cookie))
	for _, after := range []time.Duration{0, time.Minute, 20 * time.Minute} {
		g.advance(after)
		token, err := web.Token(late)
		require.NoError(t, err)
		assert.Equal(t, "access-2", token.AccessToken)
	}
	assert.Equal(t, 1, flow.count())
}

// A late caller gets the newest tokens that this process knows, also when the store fails.
func TestLateCallerWithoutTheStore(t *testing.T) {
	t.Parallel()
	g, flow := withTokens(t)
	cookie := g.signIn()
	var late context.Context
	ask(g.site.RequireLogin(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { late = r.Context() })), "GET", "/", cookie)
	g.advance(2 * time.Hour)
	assert.Equal(t, "access-2", g.token(cookie))
	g.inside(cookie, func(ctx context.Context) {
		_, err := web.Refresh(ctx)
		require.NoError(t, err)
	})
	g.store.fail.Store(true)
	token, err := web.Token(late)
	require.NoError(t, err)
	assert.Equal(t, "access-3", token.AccessToken)
	assert.Equal(t, 2, flow.count())
	assert.Contains(t, g.kinds(), web.EventStore)
}

// Whoever wants other tokens than those that the shared work finds good gets them by another turn.
func TestRefreshBesideALateCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, flow := withTokens(t)
		cookie := g.signIn()
		var late context.Context
		ask(g.site.RequireLogin(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { late = r.Context() })), "GET", "/", cookie)
		g.advance(2 * time.Hour)
		assert.Equal(t, "access-2", g.token(cookie))
		g.inside(cookie, func(ctx context.Context) {
			g.store.takes.Store(int64(time.Second))
			var all sync.WaitGroup
			all.Go(func() {
				token, err := web.Token(late) // it finds the second token in the store, after a while
				if assert.NoError(t, err) {
					assert.Equal(t, "access-2", token.AccessToken)
				}
			})
			time.Sleep(time.Millisecond)
			token, err := web.Refresh(ctx)
			require.NoError(t, err)
			assert.Equal(t, "access-3", token.AccessToken)
			all.Wait()
		})
		assert.Equal(t, 2, flow.count())
	})
}

// A server that does not replace the refresh token: the tokens of another instance are not mistaken for older ones.
func TestRefreshTokenThatIsNotReplaced(t *testing.T) {
	t.Parallel()
	var slow time.Duration
	first, second, flow := two(t, false, &slow)
	flow.change = func(id *authentication.Identity) {
		id.Token.RefreshToken = "refresh-1"
		flow.current["spent"] = false
	}
	cookie := first.signIn()
	first.advance(2 * time.Hour)
	assert.Equal(t, "access-2", first.token(cookie))
	first.advance(2 * time.Hour)
	assert.Equal(t, "access-3", second.token(cookie))
	assert.Equal(t, "access-3", first.token(cookie))
	assert.Equal(t, 2, flow.count())
}

// Security R6: when the store fails after a refresh, the tokens are used from the memory of the process, written as soon as
// possible, and the failure is reported.
func TestR6StoreFailsAfterARefresh(t *testing.T) {
	t.Parallel()
	g, flow := withTokens(t)
	cookie := g.signIn()
	g.advance(2 * time.Hour)
	g.store.failCommit.Store(true)
	assert.Equal(t, "access-2", g.token(cookie))
	require.Contains(t, g.kinds(), web.EventStore)
	assert.Equal(t, "access-2", g.token(cookie))
	g.advance(time.Minute)
	assert.Equal(t, "access-2", g.token(cookie))
	assert.Equal(t, 1, flow.count())
	g.store.failCommit.Store(false)
	assert.Equal(t, "access-2", g.token(cookie))
	other := newGuarded(t, func(o *guarded) { o.config.Store, o.config.Flow, o.config.Now = g.store, flow, g.now })
	assert.Equal(t, "access-2", other.token(cookie), "another instance finds it")
	assert.Equal(t, 1, flow.count())
}

// An instance that writes when the last request came can undo the tokens of another one; they are written again.
func TestTokensThatAnotherInstanceOverwrote(t *testing.T) {
	t.Parallel()
	undo := &recordingStore{}
	g, flow := withTokens(t, func(g *guarded) { undo.Store = g.store; g.config.Store = undo })
	cookie := g.signIn()
	g.advance(2 * time.Hour)
	before := undo.last
	assert.Equal(t, "access-2", g.token(cookie))
	require.NoError(t, g.store.Commit(before.token, before.b, before.expiry))
	assert.Equal(t, "access-2", g.token(cookie))
	assert.NotEqual(t, before.b, undo.last.b)
	assert.Equal(t, 1, flow.count())
}

type recordingStore struct {
	web.Store
	last struct {
		token  string
		b      []byte
		expiry time.Time
	}
}

func (s *recordingStore) Commit(token string, b []byte, expiry time.Time) error {
	if s.last.token == "" || s.last.token == token { // the second record is written first
		s.last.token, s.last.b, s.last.expiry = token, b, expiry
	}
	return s.Store.Commit(token, b, expiry)
}

// While the server does not answer, the old token is used until it ends; the session goes on all the time.
func TestRefreshWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	g, flow := withTokens(t)
	cookie := g.signIn()
	flow.err = errors.New("no answer")
	g.advance(59*time.Minute + 59*time.Second)
	assert.Equal(t, "access-1", g.token(cookie))
	g.advance(time.Second)
	assert.Equal(t, "error: no answer", g.token(cookie))
	assert.Equal(t, "error: no answer", g.token(cookie))
	assert.Equal(t, 3, flow.count())
	assert.Equal(t, http.StatusOK, ask(g.site.RequireLogin(hello), "GET", "/", cookie).Code)
	flow.err = nil
	assert.Equal(t, "access-5", g.token(cookie))
}

// A permanent refusal: the old token until it ends, then ErrLoginAgain. The server is not asked at each request, and the
// session goes on.
func TestRefreshThatIsRefused(t *testing.T) {
	t.Parallel()
	for _, locks := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			var slow time.Duration
			g, _, flow := two(t, locks, &slow)
			cookie := g.signIn()
			flow.err = fmt.Errorf("refused: %w", oauth.ErrLoginAgain)
			g.advance(59*time.Minute + 59*time.Second)
			begin := time.Now()
			assert.Equal(t, "access-1", g.token(cookie))
			wait := 2 * time.Second // for another instance, which there is not with the lock
			if locks {
				wait = 0
			}
			assert.Equal(t, wait, time.Since(begin))
			g.advance(time.Second)
			begin = time.Now()
			for range 3 {
				assert.Equal(t, "login again", g.token(cookie))
			}
			assert.Zero(t, time.Since(begin))
			assert.Equal(t, 1, flow.count())
			g.advance(31 * time.Second)
			assert.Equal(t, "login again", g.token(cookie))
			assert.Equal(t, 2, flow.count())
			assert.Equal(t, http.StatusOK, ask(g.site.RequireLogin(hello), "GET", "/", cookie).Code)
			assert.Contains(t, g.kinds(), web.EventRefreshFailed)
		})
	}
}

// A refresh that went wrong after the server had given new tokens: the new refresh token is kept, and the access token,
// which nothing proves to be this user's, is not used.
func TestRefreshErrorKeepsTheRefreshToken(t *testing.T) {
	t.Parallel()
	g, flow := withTokens(t)
	cookie := g.signIn()
	g.advance(time.Hour)
	flow.kept, flow.err = true, errors.New("no key")
	assert.Contains(t, g.token(cookie), "error: no key")
	flow.err = nil
	assert.Equal(t, "access-3", g.token(cookie), "the next refresh sends the new refresh token")

	g.advance(time.Hour)
	flow.err = fmt.Errorf("%w: another user's", authentication.ErrRefused)
	assert.Contains(t, g.token(cookie), "error: authentication: refused")
	flow.err = nil
	assert.Equal(t, "login again", g.token(cookie))
	assert.Equal(t, 3, flow.count())
}

// A caller that gives up does not stop the refresh of the others.
func TestRefreshOutlivesItsCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, flow := withTokens(t)
		flow.takes = time.Second
		cookie := g.signIn()
		g.advance(2 * time.Hour)
		h := g.site.RequireLogin(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			ctx, cancel := context.WithTimeout(r.Context(), time.Millisecond)
			defer cancel()
			_, err := web.Token(ctx)
			assert.ErrorIs(t, err, context.DeadlineExceeded)
		}))
		ask(h, "GET", "/", cookie)
		assert.Equal(t, "access-2", g.token(cookie))
		assert.Equal(t, 1, flow.count())
	})
}

// A server that does not end its answer does not hold the session for ever.
func TestRefreshHasADeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, flow := withTokens(t)
		flow.takes = time.Hour
		cookie := g.signIn()
		g.advance(2 * time.Hour)
		begin := time.Now()
		assert.Contains(t, g.token(cookie), "deadline")
		assert.Equal(t, time.Minute, time.Since(begin))
	})
}

// Security S11: a refresh may bring the end of the session forward, and end it.
func TestS11RefreshEndsTheSession(t *testing.T) {
	t.Parallel()
	g, flow := withTokens(t)
	cookie := g.signIn()
	g.advance(2 * time.Hour)
	end := g.now().Add(10 * time.Minute)
	flow.change = func(id *authentication.Identity) { id.SessionExpiry = end }
	assert.Equal(t, "access-2", g.token(cookie))
	g.advance(10*time.Minute - time.Nanosecond)
	assert.Equal(t, "access-2", g.token(cookie))
	g.advance(time.Nanosecond)
	assert.Equal(t, http.StatusUnauthorized, ask(g.site.RequireLogin(tokens), "GET", "/", cookie).Code)

	cookie = g.signIn()
	flow.current["spent"] = false
	flow.err = fmt.Errorf("%w: %w: %w", authentication.ErrRefused, oidc.CheckSessionExpiry, oauth.ErrLoginAgain)
	g.advance(2 * time.Hour)
	assert.Equal(t, "no session", g.token(cookie))
	assert.Equal(t, http.StatusUnauthorized, ask(g.site.RequireLogin(tokens), "GET", "/", cookie).Code)
	assert.Contains(t, g.kinds(), web.EventEnded)
}

// A refresh does not bring back a session that ended meanwhile, and revokes the refresh token that nobody would have.
func TestRefreshDoesNotResurrect(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, flow := withTokens(t)
		flow.takes = time.Second
		cookie := g.signIn()
		g.advance(2 * time.Hour)
		var all sync.WaitGroup
		all.Go(func() { assert.Equal(t, "no session", g.token(cookie)) })
		time.Sleep(time.Millisecond)
		g.site.EndSession(t, cookie)
		all.Wait()
		assert.Equal(t, 1, flow.count())
		assert.Equal(t, []string{"refresh-2"}, flow.revoked)
		assert.Equal(t, http.StatusUnauthorized, ask(g.site.RequireLogin(tokens), "GET", "/", cookie).Code)
	})
}

// A logout revokes the newest tokens that this process has, also when the store has them not yet.
func TestLogoutRevokesTheNewestToken(t *testing.T) {
	t.Parallel()
	for _, fails := range []bool{false, true} {
		g, flow := withTokens(t)
		cookie := g.signIn()
		g.advance(2 * time.Hour)
		g.store.failCommit.Store(fails)
		assert.Equal(t, "access-2", g.token(cookie))
		out := ask(g.site, http.MethodPost, "/auth/logout", cookie, "Sec-Fetch-Site", "same-origin")
		assert.Equal(t, http.StatusSeeOther, out.Code)
		assert.Equal(t, []string{"refresh-2"}, flow.revoked, fails)
		assert.Equal(t, http.StatusUnauthorized, ask(g.site.RequireLogin(tokens), "GET", "/", cookie).Code)
	}
}
