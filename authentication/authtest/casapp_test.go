package authtest_test

import (
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// casApp is an application that CAS calls: it keeps what came.
type casApp struct {
	*httptest.Server
	mu     sync.Mutex
	calls  []string // method and request URI
	bodies []string
}

func newCASApp(t *testing.T) *casApp {
	t.Helper()
	a := &casApp{}
	a.Server = httptest.NewServer(a)
	t.Cleanup(a.Close)
	return a
}

func (a *casApp) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.calls = append(a.calls, r.Method+" "+r.URL.RequestURI())
	a.bodies = append(a.bodies, string(body))
}

// took returns the calls so far and forgets them.
func (a *casApp) took() (calls, bodies []string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	calls, bodies, a.calls, a.bodies = a.calls, a.bodies, nil, nil
	return calls, bodies
}

// sessionIndex reads a logout request as a CAS client does.
func sessionIndex(t *testing.T, message string) string {
	t.Helper()
	var request struct {
		XMLName xml.Name `xml:"urn:oasis:names:tc:SAML:2.0:protocol LogoutRequest"`
		ID      string   `xml:"ID,attr"`
		Version string   `xml:"Version,attr"`
		Instant string   `xml:"IssueInstant,attr"`
		NameID  string   `xml:"urn:oasis:names:tc:SAML:2.0:assertion NameID"`
		Index   string   `xml:"urn:oasis:names:tc:SAML:2.0:protocol SessionIndex"`
	}
	require.NoError(t, xml.Unmarshal([]byte(message), &request), "%s", message)
	require.Regexp(t, `^LR-.{43}$`, request.ID)
	require.Equal(t, "2.0 @NOT_USED@", request.Version+" "+request.NameID)
	require.Regexp(t, `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`, request.Instant)
	return request.Index
}

// posted returns the tickets that logout requests were posted for.
func (a *casApp) posted(t *testing.T, path string) []string {
	t.Helper()
	calls, bodies := a.took()
	var tickets []string
	for i, call := range calls {
		require.Equal(t, "POST "+path, call)
		values, err := url.ParseQuery(bodies[i])
		require.NoError(t, err)
		require.Equal(t, []string{"logoutRequest"}, namesOf(values))
		tickets = append(tickets, sessionIndex(t, values.Get("logoutRequest")))
	}
	return tickets
}

func namesOf(values url.Values) []string {
	var all []string
	for name := range values {
		all = append(all, name)
	}
	return all
}
