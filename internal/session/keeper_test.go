package session_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/session"
)

func TestKeeperKeepsASession(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, k *session.Keeper, c *clock) {
		started, handle, err := k.Start(t.Context(), base, alice(), []byte("content"))
		require.NoError(t, err)
		assert.Len(t, handle, 43)
		assert.Len(t, started.Key, 43)
		assert.Equal(t, started.Key, k.Key(base, handle))

		want := alice()
		want.Created, want.End = c.now(), c.now().Add(8*time.Hour)
		got, err := k.Load(t.Context(), base, handle)
		require.NoError(t, err)
		require.NotNil(t, got)
		assert.Equal(t, want, got.Head)
		assert.Equal(t, want, started.Head)
		assert.Equal(t, "content", string(got.Data))
		assert.Equal(t, c.now(), got.Seen)

		c.advance(time.Minute)
		require.NoError(t, k.Save(t.Context(), got, []byte("other")))
		again, err := k.Again(t.Context(), started)
		require.NoError(t, err)
		require.NotNil(t, again)
		assert.Equal(t, "other", string(again.Data))
		assert.Equal(t, c.now(), again.Seen)
		assert.Equal(t, want, again.Head, "the first record is as it was")
		assert.Equal(t, "content", string(got.Data), "a session that was read does not change")

		require.NoError(t, k.End(t.Context(), started.Key))
		require.NoError(t, k.End(t.Context(), started.Key), "a second time")
		require.NoError(t, k.Save(t.Context(), again, []byte("late")))
		got, err = k.Load(t.Context(), base, handle)
		require.NoError(t, err)
		assert.Nil(t, got, "a late write resurrects nothing")
		got, err = k.Again(t.Context(), started)
		require.NoError(t, err)
		assert.Nil(t, got)
	})
}

// A handle of one address, application or name is nothing at another one that shares the store.
func TestKeeperKeepsApart(t *testing.T) {
	t.Parallel()
	store, c := newStore(), newClock()
	k := newKeeper(store, c)
	_, handle, err := k.Start(t.Context(), base, alice(), nil)
	require.NoError(t, err)
	other, named, shifted := newKeeper(store, c), newKeeper(store, c), newKeeper(store, c)
	other.Realm, named.Realm, shifted.Realm = []string{"https://b.test", "session"}, []string{base, "admin"}, []string{base + "session", ""}
	for name, load := range map[string]func() (*session.Session, error){
		"another address":     func() (*session.Session, error) { return k.Load(t.Context(), "https://tenant.test", handle) },
		"another application": func() (*session.Session, error) { return other.Load(t.Context(), base, handle) },
		"another name":        func() (*session.Session, error) { return named.Load(t.Context(), base, handle) },
		"parts that join up":  func() (*session.Session, error) { return shifted.Load(t.Context(), base, handle) },
		"a shorter handle":    func() (*session.Session, error) { return k.Load(t.Context(), base, handle[:42]) },
		"a longer handle":     func() (*session.Session, error) { return k.Load(t.Context(), base, handle+"A") },
		"no handle":           func() (*session.Session, error) { return k.Load(t.Context(), base, "") },
		"the key":             func() (*session.Session, error) { return k.Load(t.Context(), base, k.Key(base, handle)) },
	} {
		got, err := load()
		require.NoError(t, err, name)
		assert.Nil(t, got, name)
	}
	got, err := k.Load(t.Context(), base, handle)
	require.NoError(t, err)
	assert.NotNil(t, got)
}

// S11: the session ends with Absolute, with the server's time, and with Idle, whatever comes first.
func TestS11SessionEnds(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, k *session.Keeper, c *clock) {
		start := c.now()
		loaded := func(handle string) *session.Session {
			s, err := k.Load(t.Context(), base, handle)
			require.NoError(t, err)
			return s
		}
		_, idle, err := k.Start(t.Context(), base, alice(), nil)
		require.NoError(t, err)
		short := alice()
		short.End = start.Add(90 * time.Minute)
		_, ends, err := k.Start(t.Context(), base, short, nil)
		require.NoError(t, err)
		long := alice()
		long.End = start.Add(100 * time.Hour)
		_, absolute, err := k.Start(t.Context(), base, long, nil)
		require.NoError(t, err)

		c.advance(time.Hour - 1)
		assert.NotNil(t, loaded(idle))
		for _, handle := range []string{ends, absolute} {
			require.NoError(t, k.Touch(t.Context(), loaded(handle)))
		}
		c.advance(1)
		assert.Nil(t, loaded(idle), "Idle is over")

		c.advance(30*time.Minute - 1)
		assert.NotNil(t, loaded(ends))
		c.advance(1)
		assert.Nil(t, loaded(ends), "the server's time is over")

		for c.now().Before(start.Add(8*time.Hour - time.Minute)) {
			require.NoError(t, k.Touch(t.Context(), loaded(absolute)))
			c.advance(30 * time.Minute)
		}
		assert.Nil(t, loaded(absolute), "Absolute is over")

		over := alice()
		over.End = c.now()
		_, _, err = k.Start(t.Context(), base, over, nil)
		require.ErrorIs(t, err, session.ErrOver)
	})
}

// A refresh can bring a session's end forward, and never puts it off.
func TestSaveShortensASession(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, k *session.Keeper, c *clock) {
		s, handle, err := k.Start(t.Context(), base, alice(), nil)
		require.NoError(t, err)
		for _, end := range []struct{ set, want time.Duration }{{10 * time.Minute, 10 * time.Minute}, {20 * time.Minute, 20 * time.Minute}, {20 * time.Hour, 8 * time.Hour}, {0, 8 * time.Hour}} {
			changed := *s
			if changed.End = s.Created.Add(end.set); end.set == 0 {
				changed.End = time.Time{}
			}
			require.NoError(t, k.Save(t.Context(), &changed, nil))
			got, err := k.Load(t.Context(), base, handle)
			require.NoError(t, err)
			assert.Equal(t, s.Created.Add(end.want), got.End)
		}
		changed := *s
		changed.End = c.now().Add(10 * time.Minute)
		require.NoError(t, k.Save(t.Context(), &changed, nil))
		c.advance(10 * time.Minute)
		got, err := k.Load(t.Context(), base, handle)
		require.NoError(t, err)
		assert.Nil(t, got)
	})
}

// A shorter Absolute or Idle holds for the sessions that exist.
func TestSettingsOfThisInstance(t *testing.T) {
	t.Parallel()
	store, c := newStore(), newClock()
	k, strict := newKeeper(store, c), newKeeper(store, c)
	_, handle, err := k.Start(t.Context(), base, alice(), nil)
	require.NoError(t, err)
	strict.Idle = 10 * time.Minute
	c.advance(10 * time.Minute)
	got, err := strict.Load(t.Context(), base, handle)
	require.NoError(t, err)
	assert.Nil(t, got)
	got, err = k.Load(t.Context(), base, handle)
	require.NoError(t, err)
	assert.NotNil(t, got)
	strict.Idle, strict.Absolute = time.Hour, 10*time.Minute
	got, err = strict.Load(t.Context(), base, handle)
	require.NoError(t, err)
	assert.Nil(t, got)
}

func TestCommitExpiry(t *testing.T) {
	t.Parallel()
	store, c := newStore(), newClock()
	k := newKeeper(store, c)
	s, _, err := k.Start(t.Context(), base, alice(), nil)
	require.NoError(t, err)
	ends := func(of time.Time) (n int) {
		for key := range store.records {
			if store.ends[key].Equal(of) {
				n++
			}
		}
		return n
	}
	assert.Len(t, store.records, 2)
	assert.True(t, store.ends[s.Key].Equal(s.End), "the first record is kept to the end")
	assert.Equal(t, 1, ends(c.now().Add(time.Hour)), "the second one while it is not idle")
	c.advance(7*time.Hour + 30*time.Minute)
	require.NoError(t, k.Save(t.Context(), s, nil))
	assert.Equal(t, 2, ends(s.End), "and never longer than the first")
	require.NoError(t, k.End(t.Context(), s.Key))
	assert.Empty(t, store.records)
}

func TestDue(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ idle, due time.Duration }{{24 * time.Hour, time.Minute}, {10 * time.Minute, time.Minute}, {5 * time.Minute, 30 * time.Second}} {
		c := newClock()
		k := newKeeper(session.NewMemory(c.now), c)
		k.Idle = test.idle
		s, _, err := k.Start(t.Context(), base, alice(), nil)
		require.NoError(t, err)
		c.advance(test.due - 1)
		assert.False(t, k.Due(s), test.idle)
		c.advance(1)
		assert.True(t, k.Due(s), test.idle)
	}
}

// The keys fit tables with CHAR(43), and nothing readable is in the store.
func TestStoreShowsNothing(t *testing.T) {
	t.Parallel()
	store, c := newStore(), newClock()
	k := newKeeper(store, c)
	head := alice()
	head.Named = session.BySession
	_, handle, err := k.Start(t.Context(), base, head, []byte("refresh-token"))
	require.NoError(t, err)
	require.NoError(t, k.Put(t.Context(), session.Mark{Protocol: "oidc", Issuer: "https://id.test", Subject: "alice", At: c.now()}))
	assert.Len(t, store.records, 4)
	for key, record := range store.records {
		assert.Len(t, key, 43)
		for _, secret := range []string{handle, "refresh-token", "alice", "sid-1", "id.test", "/there"} {
			assert.NotContains(t, key+string(record), secret)
		}
	}
}

func TestStoreFails(t *testing.T) {
	t.Parallel()
	store, c := newStore(), newClock()
	k := newKeeper(store, c)
	s, handle, err := k.Start(t.Context(), base, alice(), nil)
	require.NoError(t, err)
	store.fail = errors.New("down")
	_, err = k.Load(t.Context(), base, handle)
	require.ErrorIs(t, err, store.fail)
	_, err = k.Again(t.Context(), s)
	require.ErrorIs(t, err, store.fail)
	require.ErrorIs(t, k.Save(t.Context(), s, nil), store.fail)
	require.ErrorIs(t, k.Touch(t.Context(), s), store.fail)
	require.ErrorIs(t, k.End(t.Context(), s.Key), store.fail)
	_, _, err = k.Start(t.Context(), base, alice(), nil)
	require.ErrorIs(t, err, store.fail)
	_, err = k.Marks(t.Context(), &s.Head)
	require.ErrorIs(t, err, store.fail)
	require.ErrorIs(t, k.Put(t.Context(), session.Mark{Subject: "alice"}), store.fail)
	_, err = k.Exists(t.Context(), "oidc", "https://id.test", "", "sid-1")
	require.ErrorIs(t, err, store.fail)
	assert.False(t, strings.Contains(err.Error(), handle))
	store.fail = nil
	got, err := k.Load(t.Context(), base, handle)
	require.NoError(t, err)
	assert.NotNil(t, got, "the session is as it was")
}
