package protocoltest

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// toyServer gives codes, and the user of a code once.
type toyServer struct {
	*httptest.Server

	mu    sync.Mutex
	codes map[string]bool
	last  int
}

func newToyServer(t *testing.T) *toyServer {
	s := &toyServer{codes: map[string]bool{}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		code := r.URL.Query().Get("code")
		used, known := s.codes[code]
		reply := `{"user":"alice"}`
		if used || !known {
			reply = `{"error":"used"}`
		}
		s.codes[code] = true
		_, _ = w.Write([]byte(reply))
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *toyServer) walk(link string) *http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, err := url.Parse(link)
	if err != nil {
		return nil
	}
	s.last++
	code := "code-" + strings.Repeat("c", 8) + string(rune('A'+s.last))
	s.codes[code] = false
	r := httptest.NewRequest(http.MethodGet, u.Query().Get("return"), nil)
	r.URL.RawQuery = url.Values{"code": {code}, "state": {u.Query().Get("state")}}.Encode()
	return r
}

// ownClient has its own transport, because another test's server closes idle connections of a shared one.
func ownClient() *http.Client {
	return &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
}

const toySecret = "toy-secret-0123456789"

// verdicts runs the contract on the toy with a bug and returns the failed checks.
func verdicts(t *testing.T, bug string) map[string]error {
	t.Helper()
	server := newToyServer(t)
	p := &probe{
		protocol: toy{Bug: bug, Secret: "own-secret-0123456789"}, ctx: t.Context(), walk: server.walk,
		options: authentication.Options{
			AppID: "app", Secret: toySecret, AppHost: server.URL, RedirectURI: "http://localhost:3000/callback", HTTPClient: ownClient(),
		},
	}
	if bug == "links only, no walk" || bug == "no walk" {
		p.walk = nil
	}
	_, flow, err := p.client()
	require.NoError(t, err)
	failed := map[string]error{}
	for _, c := range checks(flow, p.walk != nil) {
		if err := c.attempt(p); err != nil {
			failed[c.name] = err
		}
	}
	return failed
}

// The twin of all the bugs.
func TestToyWithoutBug(t *testing.T) {
	t.Parallel()
	assert.Empty(t, verdicts(t, ""))
	assert.Empty(t, verdicts(t, "no logout"))
	server := newToyServer(t)
	Run(t, toy{}, authentication.Options{AppHost: server.URL, Secret: toySecret, RedirectURI: "http://localhost/cb", HTTPClient: ownClient()}, server.walk)
}

// Each bug fails its check, and the error says what is wrong.
func TestBugs(t *testing.T) {
	t.Parallel()
	for bug, want := range map[string]struct{ check, text string }{
		"changing name":               {"name", "the name changes"},
		"two words":                   {"name", `the name "my toy" is not one word`},
		"network in NewFlow":          {"new flow", "NewFlow made 2 requests"},
		"ignores an option":           {"authorize options", "AuthorizeOptions.Nonce is neither refused nor used"},
		"ignores RedirectURI":         {"authorize options", "AuthorizeOptions.RedirectURI is neither refused nor used"},
		"unnamed option":              {"authorize options", "AuthorizeOptions.Scope is refused, but the error does not name it"},
		"ignores a login option":      {"login options", "AuthorizeOptions.MaxAge is neither refused nor used"},
		"ignores a logout option":     {"logout options", "LogoutOptions.State is neither refused nor used"},
		"no logout, not said":         {"links", "wraps errors.ErrUnsupported"},
		"secret in the link":          {"links", "the authorize link contains a secret"},
		"secret in the logout link":   {"links", "the logout link contains a secret"},
		"relative link":               {"links", "the authorize link must be an absolute http or https URL"},
		"short keys":                  {"logins", "Login.Key has 8 characters"},
		"counted keys":                {"logins", "it can be guessed"},
		"clock keys":                  {"logins", "it can be guessed"},
		"one key":                     {"logins", "two Logins have the same Key"},
		"no protocol":                 {"logins", `Login.Protocol is ""`},
		"no time":                     {"logins", "Login.CreatedAt is"},
		"FormPost set":                {"logins", "Login.FormPost is true, but the browser comes back with GET"},
		"form":                        {"logins", "the login has a Form"},
		"nil login":                   {"logins", "no login and no error"},
		"bad data":                    {"complete", "the Login does not become JSON"},
		"eats the body":               {"login key", "LoginKey changes the body"},
		"reads everything":            {"login key", "LoginKey read 64 MiB"},
		"invents a key":               {"login key", "LoginKey of a callback without parameters is not empty"},
		"another key":                 {"login key", "LoginKey of the callback is not the Login's Key"},
		"panics":                      {"login key", "it panics: toy"},
		"needs the URL":               {"complete", "with the Login from a store"},
		"remembers in memory":         {"complete", "CompleteLogin by another instance"},
		"nil identity":                {"complete", "returned no user"},
		"no subject":                  {"complete", "returned no user"},
		"no issuer":                   {"complete", "returned no user"},
		"another name":                {"complete", `Identity.Protocol is "other"`},
		"numbers":                     {"complete", "the Identity changes on its way through JSON"},
		"no JSON":                     {"complete", "the Identity does not become JSON"},
		"state unchecked":             {"refuse", "CompleteLogin accepts another login's callback"},
		"refuses with its own error":  {"refuse", "but not with ErrRefused"},
		"a used code is accepted":     {"once", "a login can be completed twice"},
		"a used code is no answer":    {"once", "not with ErrRefused or ErrDenied"},
		"a dead network is a refusal": {"no answer", "a network failure is reported as a refusal"},
		"a dead network is a login":   {"no answer", "CompleteLogin succeeds though its request failed"},
		"takes the first":             {"refuse", `CompleteLogin accepts a callback with "code" and another`},
		"takes any code":              {"refuse", `CompleteLogin accepts a callback with "code" and another`},
		"uses its own client":         {"redirects", "CompleteLogin follows a redirect (status 307) to another host"},
		"accepts a redirect":          {"redirects", "a redirect is reported as a refusal"},
		"reads it all":                {"endless reply", "CompleteLogin read 64 MiB of a reply"},
		"accepts an incomplete reply": {"endless reply", "CompleteLogin accepts an endless reply as an answer"},
		"a dead network is a mistake": {"no answer", "a network failure is reported as a mistake of the application"},
		"forgets why":                 {"no answer", "does not wrap context.Canceled"},
		"ignores the context":         {"no answer", "does not wrap context.Canceled"},
		"echoes the code":             {"errors", "another login's callback contains a secret"},
		"prints the URL":              {"errors", "the error for a dead network contains a secret"},
		"repeats the server":          {"errors", "the error for a server's echo contains a secret"},
		"prints its secret":           {"printed", "the protocol printed with %v contains a secret"},
		"logs its secret":             {"printed", "the protocol in a log contains a secret"},
		"another subject each time":   {"at once", "the same user has two keys"},
		"refreshes anything":          {"refresh", "Refresh accepts another protocol's Identity"},
		"links only":                  {"logins", "a walk is given, but the flow is not a LoginFlow"},
		"no walk":                     {"logins", "a walk is needed"},
	} {
		t.Run(bug, func(t *testing.T) {
			t.Parallel()
			failed := verdicts(t, bug)
			require.Contains(t, slices.Collect(maps.Keys(failed)), want.check)
			assert.ErrorContains(t, failed[want.check], want.text)
			for name, err := range failed {
				for _, secret := range []string{toySecret, "own-secret", "code-cccccccc"} {
					assert.NotContains(t, err.Error(), secret, "%s repeats it", name)
				}
			}
		})
	}
}

// A flow that cannot be made, or a nil protocol, fails its test and does not end other tests.
func TestPanicInNewFlow(t *testing.T) {
	t.Parallel()
	for bug, want := range map[string]string{"panics in NewFlow": "it panics: toy", "": ""} {
		flow, err := (&probe{protocol: toy{Bug: bug}, options: authentication.Options{AppHost: "http://localhost:1", Secret: toySecret}, ctx: t.Context()}).first()
		if want == "" {
			require.NoError(t, err)
			assert.NotNil(t, flow)
			continue
		}
		assert.ErrorContains(t, err, want)
	}
	_, err := (&probe{options: authentication.Options{AppHost: "http://localhost:1", Secret: toySecret}, ctx: t.Context()}).first()
	assert.ErrorContains(t, err, "it panics: ")
}

// Every field of the options can be set, so that none is left out unnoticed.
func TestEveryOptionIsAsked(t *testing.T) {
	t.Parallel()
	asked := 0
	require.NoError(t, askAll("AuthorizeOptions", func(o authentication.AuthorizeOptions) (string, error) {
		asked++
		return "https://a.example/", o.Only()
	}))
	assert.Equal(t, 2+22, asked)
	asked = 0
	require.NoError(t, askAll("LogoutOptions", func(o authentication.LogoutOptions) (string, error) {
		asked++
		return "https://a.example/", o.Only()
	}))
	assert.Equal(t, 2+8, asked)
}
