package authentication_test

import (
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// fact is one record of misc-facts.json.
type fact struct {
	Fact     string
	Lengths  []int
	Alphabet string
	Methods  []string
	Options  struct {
		TokenEndPointAuthMethod, RequestFrom, Lang, Protocol string
		Headers                                              map[string]string
	}
	ObservedMinLen int `json:"observed_min_len"`
}

func factNamed(t *testing.T, begin string) fact {
	t.Helper()
	for _, f := range loadGolden[fact](t, "misc-facts.json") {
		if strings.HasPrefix(f.Fact, begin) {
			return f
		}
	}
	t.Fatalf("there is no fact %s", begin)
	return fact{}
}

// Empty options count as absent, and the caller's options do not change.
func TestGoldenFactFalsyOptions(t *testing.T) {
	t.Parallel()
	factNamed(t, "constructor deletes falsy keys")
	o := authentication.Options{AppID: "A", Secret: "", AppHost: "https://x.authing.cn/", RedirectURI: "https://r/"}
	_, err := authentication.NewClient(o)
	require.NoError(t, err)
	assert.Equal(t, authentication.Options{AppID: "A", AppHost: "https://x.authing.cn/", RedirectURI: "https://r/"}, o)
}

func TestGoldenFactDefaults(t *testing.T) {
	t.Parallel()
	want := factNamed(t, "defaults").Options
	w := newWire(t, func(*http.Request) (*http.Response, error) {
		return httpmock.NewStringResponse(http.StatusOK, `{"active":false}`), nil
	})
	client, err := authentication.NewClient(authentication.Options{
		AppID: "A", Secret: strings.Repeat("5", 32), AppHost: "https://x.authing.cn", HTTPClient: w.client(),
		TenantID: "T", UserPoolID: "P",
	})
	require.NoError(t, err)
	_, err = client.IntrospectToken(t.Context(), "opaque")
	require.NoError(t, err)
	require.Len(t, w.sent, 1)
	sent := w.sent[0]
	require.Equal(t, "client_secret_post", want.TokenEndPointAuthMethod)
	assert.Contains(t, sent.body, "client_secret=")
	assert.Equal(t, "/"+want.Protocol+"/token/introspection", sent.URL.Path)
	for name, value := range map[string]string{
		"app-id": "A", "request-from": want.RequestFrom, "lang": want.Lang, "tenant-id": "T", "userpool-id": "P",
		"sdk-version": "go:" + authentication.Version,
	} {
		assert.Equal(t, value, sent.Header.Get(want.Headers[name]), name)
	}
}

func TestGoldenFactRandom(t *testing.T) {
	t.Parallel()
	state, verifier := factNamed(t, "auto state/nonce"), factNamed(t, "generateCodeChallenge")
	client, err := authentication.NewClient(authentication.Options{AppID: "A", AppHost: "https://x.authing.cn", RedirectURI: "https://r/"})
	require.NoError(t, err)
	const times = 200
	seen := map[string]bool{}
	for range times {
		v := client.GenerateCodeChallenge()
		assert.Len(t, v, verifier.Lengths[0])
		link, err := client.BuildAuthorizeUrl(t.Context(), authentication.AuthorizeOptions{})
		require.NoError(t, err)
		q := queryOf(t, link)
		assert.Greater(t, len(q.Get("state")), state.ObservedMinLen)
		seen[v], seen[q.Get("state")], seen[q.Get("nonce")] = true, true, true
	}
	assert.Len(t, seen, 3*times, "no two are equal")
}

// Every public call of the SDK on the page is a method here, with the same name.
func TestGoldenFactMethods(t *testing.T) {
	t.Parallel()
	page := regexp.MustCompile(`^(build(Authorize|Logout)Url|getAccessTokenBy(Code|ClientCredentials)|getUserInfoByAccessToken|` +
		`getNewAccessTokenByRefreshToken|introspectToken|validateToken|revokeToken|validateTicketV[12]|generateCodeChallenge|getCodeChallengeDigest)$`)
	found := 0
	for _, name := range factNamed(t, "public methods").Methods {
		if !page.MatchString(name) {
			continue
		}
		found++
		_, ok := reflect.TypeFor[*authentication.Client]().MethodByName(strings.ToUpper(name[:1]) + name[1:])
		assert.True(t, ok, name)
	}
	assert.Equal(t, 13, found)
}

// A row for a capture that does not exist would be an untested decision.
func TestGoldenRowsAreUsed(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, file := range []string{"requests.json", "headers-and-host.json", "urls.json", "pkce.json", "responses.json"} {
		for _, c := range loadGolden[capture](t, file) {
			names[c.name()], names[c.Label] = true, true
		}
	}
	for name := range callRows {
		assert.True(t, names[name], name)
	}
	for label := range urlRows {
		assert.True(t, names[label], label)
	}
	for label := range goldenAnswers {
		assert.True(t, names[label], label)
	}
}
