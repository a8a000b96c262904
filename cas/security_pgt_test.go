package cas

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	testPgtURL = "https://app.example/pgt"
	testIOU    = "PGTIOU-1856339-aA5Yuvrxzpv8Tau1cYQ7"
)

// pgtClient is a client with a callback, whose server answers with reply after it sent these parameters.
func pgtClient(t *testing.T, reply string, came func(http.Handler), configure ...func(*Config)) *Client {
	t.Helper()
	c, mock := newClient(t, append([]func(*Config){func(c *Config) {
		c.Service, c.PgtURL, c.Now = testService, testPgtURL, func() time.Time { return loginTime }
	}}, configure...)...)
	mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		assert.Equal(t, testPgtURL, r.URL.Query().Get("pgtUrl"))
		came(c.PGTCallback())
		return httpmock.NewStringResponse(200, reply), nil
	})
	return c
}

func bring(h http.Handler, query string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/pgt"+query, nil))
	return w
}

const both = "?pgtId=" + testPGT + "&pgtIou=" + testIOU

func withIOU(iou string) string {
	return xmlSuccessWith(`<cas:user>alice</cas:user><cas:proxyGrantingTicket>` + iou + `</cas:proxyGrantingTicket>`)
}

func TestCAS14TheTicketComesBeforeTheReply(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		reply, came, want string
	}{
		"as it should":       {withIOU(testIOU), both, testPGT},
		"the IOU in JSON":    {jsonSuccessWith(`"user":"alice","proxyGrantingTicket":"` + testIOU + `"`), both, testPGT},
		"nothing came":       {withIOU(testIOU), "", ""},
		"another IOU":        {withIOU(testIOU), "?pgtId=" + testPGT + "&pgtIou=" + testIOU + "x", ""},
		"IOU's letters":      {withIOU(testIOU), "?pgtId=" + testPGT + "&pgtIou=" + strings.ToLower(testIOU), ""},
		"no IOU in it":       {open + strings.Replace(success, "alice", "bob", 1) + shut, both, ""},
		"an empty IOU in it": {withIOU(""), both, ""},
	} {
		client := pgtClient(t, c.reply, func(h http.Handler) {
			assert.Equal(t, http.StatusOK, bring(h, "").Code)
			assert.Equal(t, http.StatusOK, bring(h, c.came).Code)
		})
		got, err := client.ValidateTicketV3(t.Context(), testTicket, "")
		require.NoError(t, err, name)
		assert.Equal(t, c.want, got.Success.ProxyGrantingTicket, name)
		assert.NotContains(t, fmt.Sprintf("%v %+v %#v", got, got.Success, got.Success), testPGT[4:])
	}
}

func TestCAS14TheTicketIsReadOnceAndNotLate(t *testing.T) {
	t.Parallel()
	for set, lifetime := range map[time.Duration]time.Duration{0: defaultPGTLifetime, time.Second: time.Second} {
		now := loginTime
		c := pgtClient(t, withIOU(testIOU), func(http.Handler) {}, func(c *Config) {
			c.Now, c.PGTLifetime = func() time.Time { return now }, set
		})
		validate := func() string {
			got, err := c.ValidateTicketV2(t.Context(), testTicket, "")
			require.NoError(t, err)
			return got.Success.ProxyGrantingTicket
		}
		require.Equal(t, 200, bring(c.PGTCallback(), both).Code)
		assert.Equal(t, testPGT, validate())
		assert.Empty(t, validate(), "it was taken")
		require.Equal(t, 200, bring(c.PGTCallback(), both).Code)
		now = now.Add(lifetime - 1)
		assert.Equal(t, testPGT, validate())
		require.Equal(t, 200, bring(c.PGTCallback(), both).Code)
		now = now.Add(lifetime)
		assert.Empty(t, validate(), "it has expired")
	}
}

func TestCAS14TheCallbackAnswers(t *testing.T) {
	t.Parallel()
	c := pgtClient(t, withIOU(testIOU), func(http.Handler) {})
	text := func(n int) string { return strings.Repeat("a", n) }
	for name, r := range map[string]struct {
		method, query string
		status        int
	}{
		"probe":            {"GET", "", 200},
		"probe with more":  {"GET", "?a=b&pgtid=c", 200},
		"both":             {"GET", both, 200},
		"both again":       {"GET", both, 200},
		"both and more":    {"GET", both + "&a=%zz", 200},
		"POST":             {"POST", both, 405},
		"HEAD":             {"HEAD", "", 405},
		"only the ticket":  {"GET", "?pgtId=" + testPGT, 400},
		"only the IOU":     {"GET", "?pgtIou=" + testIOU, 400},
		"ticket empty":     {"GET", "?pgtId=&pgtIou=" + testIOU, 400},
		"IOU empty":        {"GET", "?pgtId=" + testPGT + "&pgtIou=", 400},
		"ticket twice":     {"GET", both + "&pgtId=" + testPGT, 400},
		"IOU twice":        {"GET", both + "&pgtIou=" + testIOU, 400},
		"ticket in part":   {"GET", "?pgtId=%z&pgtIou=" + testIOU, 400},
		"control byte":     {"GET", "?pgtId=PGT-%0A&pgtIou=PGTIOU-1", 400},
		"longest ticket":   {"GET", "?pgtId=" + text(512) + "&pgtIou=PGTIOU-2", 200},
		"ticket too long":  {"GET", "?pgtId=" + text(513) + "&pgtIou=PGTIOU-3", 400},
		"longest IOU":      {"GET", "?pgtId=PGT-1&pgtIou=" + text(512), 200},
		"IOU too long":     {"GET", "?pgtId=PGT-1&pgtIou=" + text(513), 400},
		"IOU is another's": {"GET", "?pgtId=PGT-other&pgtIou=" + testIOU, 503},
	} {
		if name == "IOU is another's" {
			require.Equal(t, 200, bring(c.PGTCallback(), both).Code)
		}
		w := httptest.NewRecorder()
		c.PGTCallback().ServeHTTP(w, httptest.NewRequest(r.method, "/pgt"+r.query, nil))
		assert.Equal(t, r.status, w.Code, name)
		assert.Empty(t, w.Body.String(), name)
		assert.Equal(t, "no-store", w.Header().Get("Cache-Control"), name)
	}
	off, _ := newClient(t)
	assert.Equal(t, http.StatusNotFound, bring(off.PGTCallback(), both).Code)
}

func TestCAS14TheCallbackIsHTTPS(t *testing.T) {
	t.Parallel()
	for address, ok := range map[string]bool{
		"https://app.example/pgt": true, "http://127.0.0.1:7190/pgt": true, "http://localhost/pgt": true,
		"http://app.example/pgt": false, "https://app.example/pgt#a": false, "/pgt": false, "https://u:p@app.example/": false,
	} {
		_, err := NewClient(Config{PgtURL: address})
		assert.Equal(t, ok, err == nil, address)
		if !ok {
			assert.ErrorContains(t, err, "cas: PgtURL must ")
		}
	}
}

func TestAnIOUThatWasNotAskedFor(t *testing.T) {
	t.Parallel()
	c, _ := replying(t, withIOU(testIOU))
	got, err := c.ValidateTicketV3(t.Context(), testTicket, testService)
	require.NoError(t, err)
	assert.Empty(t, got.Success.ProxyGrantingTicket)
	assert.Equal(t, testIOU, got.Success.ProxyGrantingTicketIOU)
}

// refusing is a store that always fails.
type refusing struct{}

func (refusing) Put(context.Context, string, string, time.Time) error { return errors.New("down") }
func (refusing) Take(context.Context, string) (string, bool, error) {
	return "", false, errors.New("down")
}

func TestCAS14AStoreThatDoesNotWork(t *testing.T) {
	t.Parallel()
	c := pgtClient(t, withIOU(testIOU), func(h http.Handler) {
		assert.Equal(t, http.StatusServiceUnavailable, bring(h, both).Code)
	}, func(c *Config) { c.PGTs = refusing{} })
	got, err := c.ValidateTicketV3(t.Context(), testTicket, "")
	require.EqualError(t, err, "cas: PGT store: down")
	assert.Nil(t, got)
}

func TestPGTMemoryIsBounded(t *testing.T) {
	t.Parallel()
	now := loginTime
	m := &pgtMemory{now: func() time.Time { return now }}
	put := func(i int, until time.Duration) error {
		return m.Put(t.Context(), fmt.Sprintf("PGTIOU-%d", i), "PGT-1", now.Add(until))
	}
	require.NoError(t, put(1, time.Minute))
	require.NoError(t, put(0, time.Second))
	for i := 2; i < maxPGTs; i++ {
		require.NoError(t, put(i, time.Minute))
	}
	require.EqualError(t, put(maxPGTs, time.Minute), "cas: the store of proxy-granting tickets in memory is full (PGTs)")
	_, ok, err := m.Take(t.Context(), "PGTIOU-5")
	require.NoError(t, err)
	require.True(t, ok, "none is forgotten")
	require.NoError(t, put(maxPGTs, time.Minute))
	require.Error(t, put(5, time.Minute))
	now = now.Add(time.Second)
	require.NoError(t, put(5, time.Minute), "one has expired")
	require.Error(t, put(0, time.Minute))
	now = now.Add(2 * time.Minute)
	require.NoError(t, put(0, time.Minute))
	assert.Len(t, m.kept, 1)
}

// Anyone can send tickets, and MaxTicket allows long ones.
func TestPGTMemoryIsBoundedInBytes(t *testing.T) {
	t.Parallel()
	now := loginTime
	m := &pgtMemory{now: func() time.Time { return now }}
	const size = 1 << 20
	put := func(iou string) error {
		return m.Put(t.Context(), iou, strings.Repeat("x", size-len(iou)), now.Add(time.Minute))
	}
	const room = maxPGTBytes / size
	for i := range room {
		require.NoError(t, put(fmt.Sprint(i)))
		require.NoError(t, put(fmt.Sprint(i)), "the same ticket again takes no room")
	}
	require.EqualError(t, put("more"), "cas: the store of proxy-granting tickets in memory is full (PGTs)")
	_, ok, err := m.Take(t.Context(), "0")
	require.NoError(t, err)
	require.True(t, ok)
	_, ok, _ = m.Take(t.Context(), "0")
	require.False(t, ok, "nothing makes no room")
	require.NoError(t, put("more"))
	require.Error(t, put("too much"))
	now = now.Add(59 * time.Second)
	_, ok, _ = m.Take(t.Context(), "more")
	require.True(t, ok)
	require.NoError(t, put("later"))
	now = now.Add(time.Second)
	for i := range room - 1 {
		require.NoError(t, put(fmt.Sprint(i)), "all but one have expired")
	}
	require.Error(t, put("too much"))
}

func TestPGTMemoryIsTakenOnce(t *testing.T) {
	t.Parallel()
	m := &pgtMemory{now: time.Now}
	var wg sync.WaitGroup
	var mu sync.Mutex
	taken := 0
	for i := range 50 {
		require.NoError(t, m.Put(t.Context(), fmt.Sprint(i), "PGT-1", time.Now().Add(time.Hour)))
		for range 4 {
			wg.Go(func() {
				if _, ok, _ := m.Take(t.Context(), fmt.Sprint(i)); ok {
					mu.Lock()
					taken++
					mu.Unlock()
				}
			})
		}
	}
	wg.Wait()
	assert.Equal(t, 50, taken)
}

// The store is limited by its number of tickets: the rest of the query must not be kept with them.
func TestCAS14TheRestOfTheQueryIsNotKept(t *testing.T) {
	const tickets, junk = 200, 1 << 19
	c, _ := newClient(t, func(c *Config) { c.PgtURL = testPgtURL })
	heap := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before := heap()
	for i := range tickets {
		query := fmt.Sprintf("pgtId=PGT-%d&pgtIou=PGTIOU-%d&x=%s", i, i, strings.Repeat("x", junk))
		r := &http.Request{Method: http.MethodGet, URL: &url.URL{Path: "/pgt", RawQuery: query}}
		require.Equal(t, http.StatusOK, c.keepPGT(r))
	}
	assert.Less(t, heap()-before, int64(tickets*junk/10))
	_, kept, err := c.cfg.PGTs.Take(t.Context(), "PGTIOU-7")
	require.NoError(t, err)
	assert.True(t, kept)
}
