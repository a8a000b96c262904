package replay

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var start = time.Date(2024, 6, 1, 12, 0, 0, 0, time.UTC)

// clock is set by the test that owns it.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func (c *clock) after(d time.Duration) time.Time { return start.Add(d) } // the start

func first(t *testing.T, m *Memory, key string, until time.Time) bool {
	t.Helper()
	ok, err := m.First(t.Context(), key, until)
	require.NoError(t, err)
	return ok
}

func TestOnceUntilItsTime(t *testing.T) {
	t.Parallel()
	c := &clock{start}
	m := New(0, c.now)
	until := c.after(time.Hour)
	assert.True(t, first(t, m, "a", until))
	assert.False(t, first(t, m, "a", until))
	assert.True(t, first(t, m, "b", until), "another key")
	c.at = until
	assert.False(t, first(t, m, "a", until), "its time belongs to it")
	c.at = until.Add(2 * time.Millisecond)
	assert.True(t, first(t, m, "a", c.after(2*time.Hour)))
	assert.False(t, first(t, m, "a", c.after(2*time.Hour)))
}

// TestLaterTimeExtends: a caller who was told that a key is used can rely on it until the time that it gave.
func TestLaterTimeExtends(t *testing.T) {
	t.Parallel()
	c := &clock{start}
	m := New(0, c.now)
	assert.True(t, first(t, m, "a", c.after(time.Minute)))
	assert.False(t, first(t, m, "a", c.after(time.Hour)))
	assert.False(t, first(t, m, "a", c.after(time.Second)), "an earlier one does not shorten")
	c.at = c.after(30 * time.Minute)
	assert.False(t, first(t, m, "a", c.after(time.Hour)))
	c.at = c.after(time.Hour)
	assert.False(t, first(t, m, "a", c.after(time.Hour)), "the later time belongs to it too")
	c.at = c.after(time.Hour + time.Millisecond)
	assert.False(t, first(t, m, "a", c.after(time.Hour)), "a millisecond is kept for rounding")
	c.at = c.after(2 * time.Hour)
	assert.True(t, first(t, m, "b", c.after(3*time.Hour)))
	assert.Len(t, m.until, 1)
	assert.Len(t, m.queue, 1)
}

func TestTimeInThePast(t *testing.T) {
	t.Parallel()
	c := &clock{start}
	m := New(0, c.now)
	for _, until := range []time.Time{{}, start.Add(-time.Hour), start.Add(-time.Nanosecond)} {
		key := until.String()
		assert.True(t, first(t, m, key, until))
		assert.False(t, first(t, m, key, until))
	}
	c.at = c.after(59 * time.Second)
	assert.False(t, first(t, m, time.Time{}.String(), time.Time{}), "kept for a minute")
}

func TestFullRefuses(t *testing.T) {
	t.Parallel()
	c := &clock{start}
	m := New(3, c.now)
	for i := range 3 {
		assert.True(t, first(t, m, strconv.Itoa(i), c.after(time.Duration(i+1)*time.Hour)))
	}
	ok, err := m.First(t.Context(), "new", c.after(time.Hour))
	assert.False(t, ok)
	assert.EqualError(t, err, "replay: the store in memory is full (Replay)")
	for i := range 3 {
		assert.False(t, first(t, m, strconv.Itoa(i), c.after(time.Hour)), "nothing was forgotten")
	}
	c.at = c.after(time.Hour + time.Second)
	assert.True(t, first(t, m, "new", c.after(2*time.Hour)), "one has left")
	assert.False(t, first(t, m, "1", c.after(2*time.Hour)))
	_, err = m.First(t.Context(), "newer", c.after(2*time.Hour))
	assert.EqualError(t, err, "replay: the store in memory is full (Replay)")
}

func TestContextEnded(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	m := New(0, nil)
	ok, err := m.First(ctx, "a", time.Now().Add(time.Hour))
	assert.False(t, ok)
	require.ErrorIs(t, err, context.Canceled)
	assert.True(t, first(t, m, "a", time.Now().Add(time.Hour)), "it was not used up")
}

func TestThousandAtOnce(t *testing.T) {
	t.Parallel()
	m := New(0, nil)
	until := time.Now().Add(time.Hour)
	var won, errs atomic.Int32
	var all sync.WaitGroup
	begin := make(chan struct{})
	for range 1000 {
		all.Go(func() {
			<-begin
			ok, err := m.First(context.Background(), "the assertion", until)
			if ok {
				won.Add(1)
			}
			if err != nil {
				errs.Add(1)
			}
		})
	}
	close(begin)
	all.Wait()
	assert.EqualValues(t, 1, won.Load())
	assert.Zero(t, errs.Load())
}

// TestModel compares with a plain map over a random walk.
func TestModel(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(1, 2))
	c := &clock{start}
	m := New(1000, c.now)
	model := map[string]time.Time{}
	for range 20_000 {
		c.at = c.at.Add(time.Duration(rnd.IntN(2000)) * time.Millisecond)
		key := strconv.Itoa(rnd.IntN(300))
		until := c.at.Add(time.Duration(rnd.IntN(100_000)) * time.Millisecond)
		old, known := model[key]
		want := !known || c.at.After(old.Add(time.Millisecond))
		if want || until.After(old) {
			model[key] = until
		}
		require.Equal(t, want, first(t, m, key, until))
		require.Len(t, m.queue, len(m.until))
		require.True(t, slices.IsSortedFunc(m.queue[:min(2, len(m.queue))], func(a, b entry) int { return int(a.until - b.until) }))
	}
	assert.Less(t, len(m.until), 300)
	c.at = c.at.Add(time.Hour)
	for i := range 300 {
		first(t, m, "later "+strconv.Itoa(i), c.at.Add(-time.Hour))
	}
	assert.Len(t, m.until, 300, "what is over has left")
}

// TestLongKeys: a key from outside may be as long as a message. It measures the memory of the whole process, so nothing
// may run beside it.
func TestLongKeys(t *testing.T) {
	m := New(0, nil)
	until := time.Now().Add(time.Hour)
	long := strings.Repeat("x", 1<<20)
	for i := range 64 {
		assert.True(t, first(t, m, long+strconv.Itoa(i), until))
	}
	assert.False(t, first(t, m, long+"0", until))
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	assert.Less(t, stats.HeapAlloc, uint64(32<<20))
	runtime.KeepAlive(m)
}

func BenchmarkFirst(b *testing.B) {
	now := start
	m := New(0, func() time.Time { return now })
	keys := make([]string, 4096)
	for i := range keys {
		keys[i] = "assertion " + strconv.Itoa(i)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		now = now.Add(time.Millisecond)
		if ok, err := m.First(context.Background(), keys[i%len(keys)], now.Add(time.Second)); !ok || err != nil {
			b.Fatal(ok, err)
		}
	}
}

// A time that no number of milliseconds can tell is later than all others.
func TestFarthestTimes(t *testing.T) {
	t.Parallel()
	end := time.UnixMilli(math.MaxInt64)
	for _, until := range []time.Time{end.Add(-time.Millisecond), end, end.Add(time.Hour), time.Unix(1<<60, 0)} {
		c := &clock{start}
		m := New(1, c.now)
		assert.True(t, first(t, m, "a", until), until)
		c.at = c.after(math.MaxInt64)
		assert.False(t, first(t, m, "a", until), until)
		_, err := m.First(t.Context(), "b", until)
		require.Error(t, err, "it is full")
	}
}
