package httpcore

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// dying is a server that answers the first request of its first connection, reads the second one and closes.
func dying(t *testing.T) (address string, seen func() []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	var mu sync.Mutex
	var all []string
	go func() {
		for first := true; ; first = false {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				in := bufio.NewReader(conn)
				for n := 0; ; n++ {
					r, err := http.ReadRequest(in)
					if err != nil {
						return
					}
					mu.Lock()
					all = append(all, fmt.Sprint(r.Method, " ", r.URL, " ", r.TransferEncoding, r.ContentLength))
					mu.Unlock()
					if first && n == 1 {
						return
					}
					io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
				}
			}()
		}
	}()
	return "http://" + l.Addr().String(), func() []string { mu.Lock(); defer mu.Unlock(); return all }
}

func TestOnce(t *testing.T) {
	for _, once := range []bool{false, true} {
		address, seen := dying(t)
		c, err := New(Config{HTTPClient: &http.Client{Transport: &http.Transport{}}})
		require.NoError(t, err)
		_, err = c.Do(t.Context(), &Request{URL: address + "/?ticket=1", Once: once})
		require.NoError(t, err)
		_, err = c.Do(t.Context(), &Request{URL: address + "/?ticket=2", Once: once})
		assert.Equal(t, once, err != nil)
		assert.Equal(t, map[bool]int{true: 2, false: 3}[once], len(seen()))
	}
}

// Over HTTP/2 an empty body is only one more frame.
func TestOnceOverHTTP2(t *testing.T) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Fprint(w, r.Proto, " ", len(body))
	}))
	s.EnableHTTP2 = true
	s.StartTLS()
	defer s.Close()
	c, err := New(Config{HTTPClient: s.Client()})
	require.NoError(t, err)
	reply, err := c.Do(t.Context(), &Request{URL: s.URL, Once: true})
	require.NoError(t, err)
	assert.Equal(t, "HTTP/2.0 0", reply.Body)
}
