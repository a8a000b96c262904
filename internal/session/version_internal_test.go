package session

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// next writes a session as an instance of the next version does, whose records have more than ours.
func next(t *testing.T, k *Keeper, store Store, first, second byte) (handle string) {
	t.Helper()
	handle = newHandle()
	key := k.Key("https://app.test", handle)
	box, err := newBox(handle)
	require.NoError(t, err)
	head := Head{Subject: "alice", Created: k.Now(), End: k.Now().Add(time.Hour)}
	plain := map[byte]string{version: "", version + 1: "more"}
	require.NoError(t, store.Commit(key, seal(box, key, first, append(head.append(nil), plain[first]...)), head.End))
	data := k.secondKey(key)
	require.NoError(t, store.Commit(data, seal(box, data, second, appendSecond(nil, k.Now(), head.End, []byte("alice"+plain[second]))), head.End))
	return handle
}

// An instance of this version and one of the next share a store during a rolling deploy: this one reads what the next
// one wrote as logged out, and changes none of it.
func TestRollingDeploy(t *testing.T) {
	t.Parallel()
	now := func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }
	for name, written := range map[string]struct {
		first, second byte
		want          error
	}{
		"both by this version":                   {version, version, nil},
		"both by the next version":               {version + 1, version + 1, ErrVersion},
		"began here, refreshed by the next":      {version, version + 1, ErrVersion},
		"began at the next, refreshed once here": {version + 1, version, ErrVersion},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := NewMemory(now)
			k := &Keeper{Store: struct{ Store }{store}, Realm: []string{"r"}, Idle: time.Hour, Absolute: time.Hour, Now: now}
			handle := next(t, k, store, written.first, written.second)
			before, _, _ := store.Find(k.Key("https://app.test", handle))
			s, err := k.Load(t.Context(), "https://app.test", handle)
			require.ErrorIs(t, err, written.want)
			if written.want == nil {
				assert.Equal(t, "alice", s.Subject)
				assert.Equal(t, "alice", string(s.Data))
			} else {
				assert.Nil(t, s)
			}
			after, found, err := store.Find(k.Key("https://app.test", handle))
			require.NoError(t, err)
			assert.True(t, found)
			assert.Equal(t, before, after)

			mine, own, err := k.Start(t.Context(), "https://app.test", Head{Subject: "bob"}, []byte("bob"))
			require.NoError(t, err)
			got, err := k.Load(t.Context(), "https://app.test", own)
			require.NoError(t, err)
			assert.Equal(t, mine.Head, got.Head, "the login after it is one")
		})
	}
}

// The next instance refreshed while this one had the session in hand: Touch does not write over it.
func TestTouchLeavesALaterVersion(t *testing.T) {
	t.Parallel()
	now := func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }
	store := NewMemory(now)
	k := &Keeper{Store: struct{ Store }{store}, Realm: []string{"r"}, Idle: time.Hour, Absolute: time.Hour, Now: now}
	s, _, err := k.Start(t.Context(), "https://app.test", Head{Subject: "alice"}, []byte("old"))
	require.NoError(t, err)
	newer := seal(s.box, s.second, version+1, []byte("newer"))
	require.NoError(t, store.Commit(s.second, newer, s.End))
	require.ErrorIs(t, k.Touch(t.Context(), s), ErrVersion)
	kept, _, err := store.Find(s.second)
	require.NoError(t, err)
	assert.Equal(t, newer, kept)
}

// A mark that cannot be read is an error: the session that it might end does not go on unseen.
func TestMarkOfALaterVersion(t *testing.T) {
	t.Parallel()
	now := func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }
	store := NewMemory(now)
	k := &Keeper{Store: store, Realm: []string{"r"}, Idle: time.Hour, Absolute: time.Hour, Now: now}
	m := Mark{Issuer: "i", Subject: "alice", At: now()}
	for want, record := range map[error][]byte{ErrVersion: {version + 1, 0}, ErrDamaged: {version, 5}} {
		require.NoError(t, store.Commit(string(k.appendMarkKey(nil, &m)), record, now().Add(time.Hour)))
		_, err := k.Marks(t.Context(), &Head{Issuer: "i", Subject: "alice"})
		require.ErrorIs(t, err, want)
		require.ErrorIs(t, k.Put(t.Context(), m), want)
	}
	require.NoError(t, store.Delete(string(k.appendMarkKey(nil, &m))))
	require.NoError(t, k.Put(t.Context(), m))
	marks, err := k.Marks(t.Context(), &Head{Issuer: "i", Subject: "alice"})
	require.NoError(t, err)
	assert.Len(t, marks, 1)
}
