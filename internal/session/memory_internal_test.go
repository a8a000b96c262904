package session

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type memoryTest struct {
	*testing.T
	*Keeper
	m  *Memory
	at time.Time
}

func newMemoryTest(t *testing.T) *memoryTest {
	t.Helper()
	test := &memoryTest{T: t, at: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	now := func() time.Time { return test.at }
	test.m = NewMemory(now)
	test.Keeper = &Keeper{Store: test.m, Realm: []string{"r"}, Idle: time.Hour, Absolute: 8 * time.Hour, Now: now}
	return test
}

// begin starts a session of a user. When life is not 0, it ends then.
func (t *memoryTest) begin(user string, life time.Duration, size int) (handle string) {
	t.Helper()
	h := Head{Issuer: "i", Subject: user, SessionID: user, Named: BySession}
	if life != 0 {
		h.End = t.at.Add(life)
	}
	_, handle, err := t.Start(t.Context(), "b", h, make([]byte, size))
	require.NoError(t, err)
	return handle
}

func (t *memoryTest) alive(handle string) bool {
	t.Helper()
	s, err := t.Load(t.Context(), "b", handle)
	require.NoError(t, err)
	return s != nil
}

// empty checks that nothing is left of the sessions.
func (t *memoryTest) empty() {
	t.Helper()
	assert.Empty(t, t.m.sessions.byKey)
	assert.Empty(t, t.m.sessions.heap)
	assert.Empty(t, t.m.owned)
	assert.Empty(t, t.m.named)
	assert.Zero(t, t.m.bytes)
}

func TestMemoryOldestOfAUserLeaves(t *testing.T) {
	t.Parallel()
	test := newMemoryTest(t)
	var handles []string
	for i := range MaxOwned {
		// The oldest is not the one that ends first.
		handles = append(handles, test.begin("alice", time.Duration(7*60-i)*time.Minute, 10))
	}
	bob := test.begin("bob", time.Minute, 10)
	for _, handle := range handles {
		assert.True(t, test.alive(handle), "%d sessions are allowed", MaxOwned)
	}
	newest := test.begin("alice", 0, 10)
	assert.False(t, test.alive(handles[0]))
	for _, handle := range append(handles[1:], newest, bob) {
		assert.True(t, test.alive(handle))
	}
}

func TestMemoryBoundsSessions(t *testing.T) {
	t.Parallel()
	test := newMemoryTest(t)
	test.m.maxSessions = 3
	a, b, c := test.begin("a", 30*time.Minute, 10), test.begin("b", 10*time.Minute, 10), test.begin("c", 20*time.Minute, 10)
	assert.True(t, test.alive(a) && test.alive(b) && test.alive(c))
	d := test.begin("d", time.Minute, 10)
	assert.False(t, test.alive(b), "it would have ended first")
	assert.True(t, test.alive(a) && test.alive(c) && test.alive(d), "the new one is not the one that leaves")
}

// A session that is not idle ends later than one that is.
func TestMemoryIdleSessionsLeaveFirst(t *testing.T) {
	t.Parallel()
	test := newMemoryTest(t)
	test.m.maxSessions = 2
	a, b := test.begin("a", 0, 10), test.begin("b", 0, 10)
	test.at = test.at.Add(30 * time.Minute)
	s, err := test.Load(t.Context(), "b", a)
	require.NoError(t, err)
	require.NoError(t, test.Touch(t.Context(), s))
	c := test.begin("c", 0, 10)
	assert.True(t, test.alive(a) && test.alive(c))
	assert.False(t, test.alive(b))
}

func TestMemoryBoundsBytes(t *testing.T) {
	t.Parallel()
	test := newMemoryTest(t)
	test.m.maxBytes = 10_000
	a, b := test.begin("a", 30*time.Minute, 2000), test.begin("b", 10*time.Minute, 2000)
	assert.True(t, test.alive(a) && test.alive(b))
	c := test.begin("c", 20*time.Minute, 7000)
	assert.True(t, !test.alive(a) && !test.alive(b) && test.alive(c))

	// A refresh may grow a session too.
	d := test.begin("d", 30*time.Minute, 10)
	s, err := test.Load(t.Context(), "b", d)
	require.NoError(t, err)
	require.NoError(t, test.Save(t.Context(), s, make([]byte, 7000)))
	assert.False(t, test.alive(c))
	assert.True(t, test.alive(d))

	_, _, err = test.Start(t.Context(), "b", Head{Issuer: "i", Subject: "e"}, make([]byte, 10_000))
	require.ErrorIs(t, err, ErrFull)
	assert.True(t, test.alive(d), "what cannot fit displaces nothing")
	require.NoError(t, test.End(t.Context(), s.Key))
	test.empty()
}

// Marks do not leave before their time, neither for marks nor for sessions.
func TestMemoryKeepsMarks(t *testing.T) {
	t.Parallel()
	test := newMemoryTest(t)
	test.m.maxMarks, test.m.maxSessions = 3, 2
	put := func(subject string) error {
		return test.Put(t.Context(), Mark{Issuer: "i", Subject: subject, At: test.at})
	}
	for _, subject := range []string{"a", "b", "c"} {
		require.NoError(t, put(subject))
	}
	require.ErrorIs(t, put("d"), ErrFull)
	require.NoError(t, put("a"), "its mark is there")
	for i := range 10 {
		test.begin(strconv.Itoa(i), 0, 10)
	}
	for _, subject := range []string{"a", "b", "c"} {
		marks, err := test.Marks(t.Context(), &Head{Issuer: "i", Subject: subject})
		require.NoError(t, err)
		assert.Len(t, marks, 1, subject)
	}
	test.at = test.at.Add(8*time.Hour + late)
	require.NoError(t, put("d"), "the others are over")
	assert.Len(t, test.m.marks.heap, 1)
}

func TestMemoryRemovesWhatIsOver(t *testing.T) {
	t.Parallel()
	test := newMemoryTest(t)
	for i := range 50 {
		test.begin("user"+strconv.Itoa(i/5), time.Duration(i+1)*time.Minute, 10)
	}
	test.at = test.at.Add(25 * time.Minute)
	require.NoError(t, test.m.Commit("x", nil, test.at.Add(time.Hour)))
	assert.Len(t, test.m.sessions.heap, 25)
	_, found, err := test.m.Find("x")
	require.NoError(t, err)
	assert.True(t, found)
	test.at = test.at.Add(time.Hour)
	_, found, err = test.m.Find("x")
	require.NoError(t, err)
	assert.False(t, found, "it is over, and not yet removed")
	require.NoError(t, test.m.update(record{key: "y"}))
	test.empty()
	assert.Empty(t, test.m.marks.byKey)
}

// A late write of a session that has ended is neither a session nor a mark.
func TestMemoryTakesNoLateWrite(t *testing.T) {
	t.Parallel()
	test := newMemoryTest(t)
	handle := test.begin("a", 0, 10)
	s, err := test.Load(t.Context(), "b", handle)
	require.NoError(t, err)
	require.NoError(t, test.End(t.Context(), s.Key))
	test.empty()
	require.NoError(t, test.Save(t.Context(), s, nil))
	test.empty()
	assert.Empty(t, test.m.marks.byKey)
}

// Many steps at random leave the bounds and the sums right.
func TestMemoryStaysRight(t *testing.T) {
	t.Parallel()
	test := newMemoryTest(t)
	test.m.maxSessions, test.m.maxBytes = 40, 60_000
	random := rand.New(rand.NewPCG(1, 2))
	var sessions []*Session
	for range 1500 {
		switch random.IntN(4) {
		case 0, 1:
			h := Head{Issuer: "i", Subject: strconv.Itoa(random.IntN(4)), SessionID: strconv.Itoa(random.IntN(30)), Named: BySession}
			h.End = test.at.Add(time.Duration(1+random.IntN(100)) * time.Minute)
			s, _, err := test.Start(t.Context(), "b", h, make([]byte, random.IntN(3000)))
			require.NoError(t, err)
			sessions = append(sessions, s)
		case 2:
			if len(sessions) > 0 {
				require.NoError(t, test.Save(t.Context(), sessions[random.IntN(len(sessions))], make([]byte, random.IntN(3000))))
			}
		case 3:
			if len(sessions) > 0 && random.IntN(3) == 0 {
				require.NoError(t, test.End(t.Context(), sessions[random.IntN(len(sessions))].Key))
			}
			test.at = test.at.Add(time.Minute)
		}
		sum, named, owned := 0, map[string]int{}, map[string]int{}
		for i, e := range test.m.sessions.heap {
			require.Equal(t, i, e.at)
			require.Same(t, e, test.m.sessions.byKey[e.first.key])
			require.Same(t, e, test.m.sessions.byKey[e.second.key])
			require.False(t, e.ends().Before(test.m.sessions.heap[0].ends()))
			sum += e.size()
			named[e.named]++
			owned[e.owner]++
		}
		require.Equal(t, sum, test.m.bytes)
		require.LessOrEqual(t, sum, test.m.maxBytes)
		require.Equal(t, named, test.m.named)
		require.Len(t, test.m.sessions.byKey, 2*len(test.m.sessions.heap))
		require.LessOrEqual(t, len(test.m.sessions.heap), 40)
		require.Len(t, test.m.owned, len(owned))
		for owner, n := range owned {
			require.Len(t, test.m.owned[owner], n)
			require.LessOrEqual(t, n, MaxOwned)
		}
	}
}

func TestMemoryAtOnce(t *testing.T) {
	t.Parallel()
	test := newMemoryTest(t)
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			for j := range 50 {
				s, handle, err := test.Start(t.Context(), "b", Head{Issuer: "i", Subject: fmt.Sprint(i), SessionID: "x", Named: BySession}, nil)
				if !assert.NoError(t, err) {
					return
				}
				got, err := test.Load(t.Context(), "b", handle)
				assert.NoError(t, err)
				assert.NotNil(t, got)
				assert.NoError(t, test.Save(t.Context(), s, []byte("more")))
				if j%2 == 0 {
					assert.NoError(t, test.End(t.Context(), s.Key))
				}
			}
		})
	}
	all.Wait()
	assert.LessOrEqual(t, len(test.m.sessions.heap), 16*MaxOwned)
}
