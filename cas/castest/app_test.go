package castest_test

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// application is an application that CAS calls: it keeps what came.
type application struct {
	*httptest.Server
	mu     sync.Mutex
	calls  []string // method and request URI
	bodies []string
	answer func(r *http.Request) int // the status; nil is 200
}

func newApp(t *testing.T, secure bool) *application {
	t.Helper()
	a := &application{}
	a.Server = httptest.NewUnstartedServer(a)
	a.Config.ErrorLog = log.New(io.Discard, "", 0) // a handshake that fails is what some tests want
	if secure {
		a.StartTLS()
	} else {
		a.Start()
	}
	t.Cleanup(a.Close)
	return a
}

func (a *application) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.calls = append(a.calls, r.Method+" "+r.URL.RequestURI())
	a.bodies = append(a.bodies, string(body))
	if a.answer != nil {
		w.WriteHeader(a.answer(r))
	}
}

// took returns the calls so far and forgets them.
func (a *application) took() (calls, bodies []string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	calls, bodies, a.calls, a.bodies = a.calls, a.bodies, nil, nil
	return calls, bodies
}

// pgts returns the proxy-granting tickets that came, by IOU.
func (a *application) pgts(t *testing.T) map[string]string {
	t.Helper()
	calls, _ := a.took()
	all := map[string]string{}
	for _, call := range calls {
		_, uri, _ := strings.Cut(call, " ")
		u, err := url.Parse(uri)
		require.NoError(t, err)
		if iou := u.Query().Get("pgtIou"); iou != "" {
			all[iou] = u.Query().Get("pgtId")
		}
	}
	return all
}

// between returns the first text between two others; the test fails without.
func between(t *testing.T, text, before, after string) string {
	t.Helper()
	_, rest, ok := strings.Cut(text, before)
	found, _, end := strings.Cut(rest, after)
	require.True(t, ok && end, "no %s in %s", before, text)
	return found
}

// get calls a handler and returns the body.
func get(t *testing.T, handler http.Handler, target string) string {
	t.Helper()
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, target, nil))
	require.Equal(t, http.StatusOK, answer.Code)
	return answer.Body.String()
}
