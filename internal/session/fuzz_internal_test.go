package session

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// FuzzRecord reads any bytes from the store as each record, sealed and plain.
func FuzzRecord(f *testing.F) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 678901234, time.UTC)
	head := Head{Flow: "f", Protocol: "saml", Issuer: "i", Subject: "alice", SessionID: "1", IssuedAt: at, Created: at, End: at, Login: "l", Return: "/", Named: BySubject}
	f.Add(head.append(nil))
	f.Add(appendSecond(nil, at, at, []byte("content")))
	f.Add(appendMoments([]moment{{"saml", at, at, time.Time{}}, {"", time.Time{}, time.Time{}, at}}))
	f.Add([]byte{})
	f.Add([]byte{1})
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01})
	f.Fuzz(func(t *testing.T, b []byte) {
		var h, again Head
		if h.read(string(b)) == nil {
			require.NoError(t, again.read(string(h.append(nil))))
			assert.Equal(t, h, again)
		}
		if seen, end, data, err := readSecond(b); err == nil {
			seen2, end2, data2, err := readSecond(appendSecond(nil, seen, end, data))
			require.NoError(t, err)
			assert.True(t, seen.Equal(seen2) && end.Equal(end2))
			assert.Equal(t, data, data2)
		}
		if list, err := readMoments(b); err == nil && len(list) > 0 {
			list2, err := readMoments(appendMoments(list))
			require.NoError(t, err)
			assert.Equal(t, list, list2)
		}

		// A record that nobody sealed opens for nobody.
		k := &Keeper{Store: NewMemory(time.Now), Idle: time.Hour, Absolute: time.Hour, Now: time.Now}
		handle := newHandle()
		key := k.Key("b", handle)
		require.NoError(t, k.Store.Commit(key, b, time.Now().Add(time.Hour)))
		require.NoError(t, k.Store.Commit(k.secondKey(key), b, time.Now().Add(time.Hour)))
		s, err := k.Load(t.Context(), "b", handle)
		require.Nil(t, s)
		if b != nil {
			require.Error(t, err)
		}
	})
}
