package session_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/session"
)

// S3: a record that was tampered with, cut off, swapped or moved is no session.
func TestS3RecordDoesNotOpen(t *testing.T) {
	t.Parallel()
	store, c := newStore(), newClock()
	k := newKeeper(store, c)
	s, handle, err := k.Start(t.Context(), base, alice(), []byte("content of alice"))
	require.NoError(t, err)
	second := store.other(s.Key)
	bob := alice()
	bob.Subject = "bob"
	other, _, err := k.Start(t.Context(), base, bob, []byte("content of bob"))
	require.NoError(t, err)
	otherSecond := store.other(s.Key, second, other.Key)
	original := store.copy()

	cases := map[string]func(){
		"the other user's first record":   func() { store.records[s.Key] = original[other.Key] },
		"the other user's second record":  func() { store.records[second] = original[otherSecond] },
		"both records of the other user":  func() { store.records[s.Key], store.records[second] = original[other.Key], original[otherSecond] },
		"the first record for the second": func() { store.records[second] = original[s.Key] },
		"the second record for the first": func() { store.records[s.Key] = original[second] },
		"nothing but a version":           func() { store.records[s.Key] = []byte{1} },
		"an older version":                func() { store.records[s.Key] = append([]byte{0}, original[s.Key][1:]...) },
		"more at the end":                 func() { store.records[second] = append(slices.Clone(original[second]), 0) },
	}
	for _, key := range []string{s.Key, second} {
		for at := 1; at < len(original[key]); at++ {
			cases["changed"] = func() { store.records[key] = slices.Clone(original[key]); store.records[key][at] ^= 1 }
			cases["cut off"] = func() { store.records[key] = original[key][:at] }
			for name, change := range cases {
				store.records = maps.Clone(original)
				change()
				got, err := k.Load(t.Context(), base, handle)
				require.ErrorIs(t, err, session.ErrDamaged, name)
				require.Nil(t, got, name)
				_, err = k.Again(t.Context(), s)
				require.ErrorIs(t, err, session.ErrDamaged, name)
			}
		}
	}
	store.records = maps.Clone(original)
	got, err := k.Load(t.Context(), base, handle)
	require.NoError(t, err)
	assert.Equal(t, "content of alice", string(got.Data))
}

// A second record from before a refresh fits its session: whoever can write to the store can bring it back, and ends
// nothing and learns nothing by it.
func TestOldSecondRecord(t *testing.T) {
	t.Parallel()
	store, c := newStore(), newClock()
	k := newKeeper(store, c)
	s, handle, err := k.Start(t.Context(), base, alice(), []byte("old"))
	require.NoError(t, err)
	old := store.copy()
	require.NoError(t, k.Save(t.Context(), s, []byte("new")))
	store.records = old
	got, err := k.Load(t.Context(), base, handle)
	require.NoError(t, err)
	assert.Equal(t, "old", string(got.Data))
}
