package session_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/session"
)

const issuer = "https://id.test"

func marksOf(t *testing.T, k *session.Keeper, h session.Head) []session.Mark {
	t.Helper()
	marks, err := k.Marks(t.Context(), &h)
	require.NoError(t, err)
	return marks
}

func TestMarksAreFoundByTheirNames(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, k *session.Keeper, c *clock) {
		at := c.now()
		all := map[string]session.Mark{
			"subject":        {Protocol: "saml", Issuer: issuer, Subject: "alice", IssuedAt: at.Add(-5), At: at},
			"session":        {Protocol: "saml", Issuer: issuer, SessionID: "1", IssuedAt: at.Add(-4), At: at},
			"both":           {Protocol: "saml", Issuer: issuer, Subject: "alice", SessionID: "1", IssuedAt: at.Add(-3), At: at},
			"every protocol": {Issuer: issuer, Subject: "alice", At: at},
		}
		for _, m := range all {
			require.NoError(t, k.Put(t.Context(), m))
		}
		every := all["every protocol"]
		every.Protocol = ""
		for name, test := range map[string]struct {
			head session.Head
			want []session.Mark
		}{
			"alice, 1":             {session.Head{Protocol: "saml", Issuer: issuer, Subject: "alice", SessionID: "1"}, []session.Mark{all["subject"], every, all["session"], all["both"]}},
			"alice, 2":             {session.Head{Protocol: "saml", Issuer: issuer, Subject: "alice", SessionID: "2"}, []session.Mark{all["subject"], every}},
			"alice, no session":    {session.Head{Protocol: "saml", Issuer: issuer, Subject: "alice"}, []session.Mark{all["subject"], every}},
			"bob, 1":               {session.Head{Protocol: "saml", Issuer: issuer, Subject: "bob", SessionID: "1"}, []session.Mark{all["session"]}},
			"bob, 2":               {session.Head{Protocol: "saml", Issuer: issuer, Subject: "bob", SessionID: "2"}, nil},
			"alice, oidc":          {session.Head{Protocol: "oidc", Issuer: issuer, Subject: "alice", SessionID: "1"}, []session.Mark{every}},
			"alice, other issuer":  {session.Head{Protocol: "saml", Issuer: "https://other.test", Subject: "alice", SessionID: "1"}, nil},
			"names that join up":   {session.Head{Protocol: "saml", Issuer: issuer + "a", Subject: "lice", SessionID: "1"}, nil},
			"a session as subject": {session.Head{Protocol: "saml", Issuer: issuer, Subject: "1", SessionID: "alice"}, nil},
			"nobody":               {session.Head{Protocol: "saml", Issuer: issuer}, nil},
		} {
			assert.ElementsMatch(t, test.want, marksOf(t, k, test.head), name)
		}
		require.Error(t, k.Put(t.Context(), session.Mark{Protocol: "saml", Issuer: issuer, At: at}), "it would end every session")
	})
}

func TestOlderMarkReplacesNothing(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, k *session.Keeper, c *clock) {
		at := c.now()
		put := func(issued, came time.Time) {
			t.Helper()
			require.NoError(t, k.Put(t.Context(), session.Mark{Protocol: "oidc", Issuer: issuer, Subject: "alice", IssuedAt: issued, At: came}))
		}
		head := session.Head{Protocol: "oidc", Issuer: issuer, Subject: "alice"}
		put(at, at)
		put(at.Add(-time.Minute), at.Add(time.Second))
		marks := marksOf(t, k, head)
		require.Len(t, marks, 1)
		assert.Equal(t, at, marks[0].IssuedAt)
		assert.Equal(t, at.Add(time.Second), marks[0].At)
		put(at.Add(time.Minute), at.Add(2*time.Second))
		assert.Equal(t, at.Add(time.Minute), marksOf(t, k, head)[0].IssuedAt)
		put(at.Add(2*time.Minute), at) // of an instance whose clock is behind
		assert.Equal(t, at.Add(2*time.Second), marksOf(t, k, head)[0].At)

		// One without the server's time says something of its own.
		put(time.Time{}, at.Add(3*time.Second))
		put(time.Time{}, at.Add(2*time.Second))
		marks = marksOf(t, k, head)
		require.Len(t, marks, 2)
		assert.Equal(t, at.Add(2*time.Second), marks[0].At)
		assert.True(t, marks[1].IssuedAt.IsZero())
		assert.Equal(t, at.Add(3*time.Second), marks[1].At)
	})
}

// A mark outlives each session that it ends.
func TestMarkOutlivesTheSessions(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, k *session.Keeper, c *clock) {
		k.Idle = k.Absolute
		require.NoError(t, k.Put(t.Context(), session.Mark{Protocol: "oidc", Issuer: issuer, SessionID: "sid-1", At: c.now()}))
		c.advance(time.Hour) // the login was on its way
		_, handle, err := k.Start(t.Context(), base, alice(), nil)
		require.NoError(t, err)
		c.advance(8*time.Hour - 1)
		s, err := k.Load(t.Context(), base, handle)
		require.NoError(t, err)
		require.NotNil(t, s)
		assert.Len(t, marksOf(t, k, s.Head), 1)
	})
}

// manyStore counts how often it is asked.
type manyStore struct {
	*plainStore
	asked int
	short bool
}

func (s *manyStore) FindMany(_ context.Context, tokens []string) ([][]byte, error) {
	s.asked++
	var found [][]byte
	for _, token := range tokens {
		found = append(found, s.copy()[token])
	}
	if s.short {
		return found[1:], nil
	}
	return found, nil
}

func TestFindsOfARequest(t *testing.T) {
	t.Parallel()
	store, c := newStore(), newClock()
	k := newKeeper(store, c)
	_, handle, err := k.Start(t.Context(), base, alice(), nil)
	require.NoError(t, err)
	store.finds = 0
	s, err := k.Load(t.Context(), base, handle)
	require.NoError(t, err)
	assert.Equal(t, 2, store.finds)
	assert.Empty(t, marksOf(t, k, s.Head))
	assert.Equal(t, 5, store.finds)

	many := &manyStore{plainStore: store}
	k.Store, store.finds = many, 0
	s, err = k.Load(t.Context(), base, handle)
	require.NoError(t, err)
	assert.Equal(t, "alice", s.Subject)
	assert.Empty(t, marksOf(t, k, s.Head))
	assert.Equal(t, 2, many.asked)
	assert.Zero(t, store.finds)

	many.short = true
	_, err = k.Load(t.Context(), base, handle)
	require.ErrorContains(t, err, "FindMany returned 1 records for 2 keys")
}

// lockStore is a Locker whose lock everybody shares.
type lockStore struct {
	*plainStore
	lock  chan struct{}
	names []string
}

func (s *lockStore) Lock(ctx context.Context, key string, _ time.Duration) (func(), error) {
	select {
	case s.lock <- struct{}{}:
		s.names = append(s.names, key)
		return func() { <-s.lock }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Notices that come at once, here or at several instances, leave the latest.
func TestMarksAtOnce(t *testing.T) {
	t.Parallel()
	c := newClock()
	locked := &lockStore{plainStore: newStore(), lock: make(chan struct{}, 1)}
	one := newKeeper(newStore(), c)
	for name, keepers := range map[string][]*session.Keeper{
		"one instance":               {one, one},
		"two instances and a Locker": {newKeeper(locked, c), newKeeper(locked, c)},
	} {
		var all sync.WaitGroup
		for i := range 100 {
			all.Go(func() {
				m := session.Mark{Protocol: "oidc", Issuer: issuer, Subject: "alice", IssuedAt: c.now().Add(time.Duration((i * 37) % 100)), At: c.now()}
				assert.NoError(t, keepers[i%2].Put(t.Context(), m))
			})
		}
		all.Wait()
		marks := marksOf(t, keepers[0], session.Head{Protocol: "oidc", Issuer: issuer, Subject: "alice"})
		require.Len(t, marks, 1, name)
		assert.Equal(t, c.now().Add(99), marks[0].IssuedAt, name)
	}
	for _, name := range locked.names {
		assert.Len(t, name, 43)
	}
}

// heldStore holds the first Find.
type heldStore struct {
	*plainStore
	held    atomic.Bool
	reached chan struct{}
	proceed chan struct{}
}

func (s *heldStore) Find(token string) ([]byte, bool, error) {
	if !s.held.Swap(true) {
		close(s.reached)
		<-s.proceed
	}
	return s.plainStore.Find(token)
}

// A mark that the store is slow to write does not delay those of others.
func TestMarksDoNotWaitForOneAnother(t *testing.T) {
	t.Parallel()
	store := &heldStore{plainStore: newStore(), reached: make(chan struct{}), proceed: make(chan struct{})}
	k := newKeeper(store, newClock())
	put := func(subject string) error {
		return k.Put(t.Context(), session.Mark{Issuer: issuer, Subject: subject, At: k.Now()})
	}
	done := make(chan error, 101)
	go func() { done <- put("slow") }()
	<-store.reached
	for i := range 100 {
		go func() { done <- put(fmt.Sprint("user", i)) }()
	}
	for i := range cap(done) {
		if i == 50 { // a few of the others wait for the slow one
			close(store.proceed)
		}
		select {
		case err := <-done:
			require.NoError(t, err)
		case <-time.After(10 * time.Second):
			close(store.proceed)
			require.Fail(t, "they wait")
		}
	}
	assert.Len(t, store.copy(), 101)
}

func TestExists(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, k *session.Keeper, c *clock) {
		exists := func(protocol, subject, sessionID string) bool {
			t.Helper()
			found, err := k.Exists(t.Context(), protocol, issuer, subject, sessionID)
			require.NoError(t, err)
			return found
		}
		start := func(naming session.Naming, protocol, sessionID string) string {
			h := alice()
			h.Named, h.Protocol, h.SessionID = naming, protocol, sessionID
			s, _, err := k.Start(t.Context(), base, h, nil)
			require.NoError(t, err)
			return s.Key
		}
		start(session.Unnamed, "cas", "ST-0")
		start(session.BySession, "cas", "ST-1")
		start(session.BySession, "cas", "")
		start(session.BySubject, "saml", "1")
		assert.False(t, exists("cas", "", "ST-0"))
		assert.True(t, exists("cas", "", "ST-1"))
		assert.False(t, exists("oidc", "", "ST-1"))
		assert.False(t, exists("cas", "alice", "ST-1"))
		assert.False(t, exists("cas", "", ""))
		assert.True(t, exists("saml", "alice", "1"))
		assert.False(t, exists("saml", "bob", "1"))
		assert.False(t, exists("saml", "", "1"))

		twice := start(session.BySession, "cas", "ST-2")
		start(session.BySession, "cas", "ST-2")
		require.NoError(t, k.End(t.Context(), twice))
		assert.True(t, exists("cas", "", "ST-2"), "the other one lives")
	})
}

// With a Locker, the last-seen time is not written while another instance refreshes.
func TestTouchUndoesNoRefresh(t *testing.T) {
	t.Parallel()
	synctest.Test(t, touchUndoesNoRefresh)
}

func touchUndoesNoRefresh(t *testing.T) {
	c := newClock()
	store := &lockStore{plainStore: newStore(), lock: make(chan struct{}, 1)}
	k := newKeeper(store, c)
	s, handle, err := k.Start(t.Context(), base, alice(), []byte("old"))
	require.NoError(t, err)
	unlock, locked, err := k.Lock(t.Context(), s.Key, time.Minute)
	require.NoError(t, err)
	assert.True(t, locked)
	c.advance(time.Minute)
	require.NoError(t, k.Touch(t.Context(), s))
	got, err := k.Load(t.Context(), base, handle)
	require.NoError(t, err)
	assert.Equal(t, s.Seen, got.Seen, "another instance has the lock")
	require.NoError(t, k.Save(t.Context(), s, []byte("new")))
	unlock()
	c.advance(time.Minute)
	require.NoError(t, k.Touch(t.Context(), s))
	got, err = k.Load(t.Context(), base, handle)
	require.NoError(t, err)
	assert.Equal(t, "new", string(got.Data), "s was read before the refresh")
	assert.Equal(t, c.now(), got.Seen)
}

// brokenLocker is a Locker that forgets how to unlock.
type brokenLocker struct{ session.Store }

func (brokenLocker) Lock(context.Context, string, time.Duration) (func(), error) { return nil, nil }

func TestLockWithoutAnUnlock(t *testing.T) {
	t.Parallel()
	c := newClock()
	unlock, locked, err := newKeeper(brokenLocker{session.NewMemory(c.now)}, c).Lock(t.Context(), "key", time.Second)
	require.ErrorContains(t, err, "neither an unlock nor an error")
	assert.False(t, locked)
	unlock()
}
