package authtest_test

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// casApp is an application that CAS calls: it keeps what came.
type casApp struct {
	*httptest.Server
	mu     sync.Mutex
	calls  []string // method and request URI
	bodies []string
	answer func(r *http.Request) int // the status; nil is 200
}

func newCASApp(t *testing.T, secure bool) *casApp {
	t.Helper()
	a := &casApp{}
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

func (a *casApp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
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
func (a *casApp) took() (calls, bodies []string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	calls, bodies, a.calls, a.bodies = a.calls, a.bodies, nil, nil
	return calls, bodies
}

// pgts returns the proxy-granting tickets that came, by IOU.
func (a *casApp) pgts(t *testing.T) map[string]string {
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

// casBrowser logs the kept browser in to a service and returns the ticket; the
// second time no password is asked for.
func (j *journey) casBrowser(to string) string {
	j.t.Helper()
	response, _ := j.visit(j.url + casPath + "/login?" + form("service", to).Encode())
	at, err := response.Location()
	require.NoError(j.t, err)
	if strings.Contains(at.Path, "/interaction/") {
		at = j.signIn(j.url + casPath + "/login?" + form("service", to).Encode())
	}
	ticket := at.Query().Get("ticket")
	require.True(j.t, strings.HasPrefix(ticket, "ST-"), at)
	return ticket
}

func TestCASOtherMount(t *testing.T) {
	t.Parallel()
	j := start(t, &authtest.Server{})
	for _, endpoint := range []string{"serviceValidate", "proxyValidate", "p3/serviceValidate", "p3/proxyValidate", "validate"} {
		callback, err := j.idp.Login(t.Context(), j.url+"/cas/login?"+form("service", service).Encode(), "")
		require.NoError(t, err)
		query := form("service", service, "ticket", callback.URL.Query().Get("ticket")).Encode()
		_, body := j.visit(j.url + "/cas/" + endpoint + "?" + query)
		assert.Contains(t, body, idptest.Username)
		_, body = j.visit(j.url + "/cas/" + endpoint + "?" + query)
		assert.NotContains(t, body, idptest.Username, "used twice")
	}
	response, _ := j.visit(j.url + "/cas/logout?" + form("url", homeURI).Encode())
	assert.Equal(t, http.StatusOK, response.StatusCode, "CAS 3.0 ignores url")
	response, _ = j.visit(j.url + "/cas/logout?" + form("service", homeURI).Encode())
	assert.Equal(t, homeURI, response.Header.Get("Location"))
	response, _ = j.visit(j.url + "/cas/another")
	assert.Equal(t, http.StatusNotFound, response.StatusCode)
}
