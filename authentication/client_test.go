package authentication_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

const (
	testApp    = "60097391b1358c17c5fb0f4e"
	testSecret = "9f86d081884c7d659a2feaa0c55ad015" // hex, as Authing's are
	testHost   = "https://sample-app.authing.cn"
	testBack   = "https://app.example/auth/callback"
)

// testOptions are the options of a plain application.
func testOptions() authentication.Options {
	return authentication.Options{AppID: testApp, Secret: testSecret, AppHost: testHost, RedirectURI: testBack}
}

// newTestClient sends only to w; change may change the options.
func newTestClient(t testing.TB, w *wire, change func(*authentication.Options)) *authentication.Client {
	t.Helper()
	o := testOptions()
	if w != nil {
		o.HTTPClient = w.client()
	}
	if change != nil {
		change(&o)
	}
	client, err := authentication.NewClient(o)
	require.NoError(t, err)
	return client
}

// protocols is every built-in one.
func protocols() []authentication.Protocol {
	return []authentication.Protocol{authentication.OIDC{}, authentication.OAuth{}, authentication.SAML{}, authentication.CAS{}}
}

func with(p authentication.Protocol) func(*authentication.Options) {
	return func(o *authentication.Options) { o.Protocol = p }
}

// always answers every request in the same way; a body that begins with < is a page.
func always(t testing.TB, status int, body string) *wire {
	t.Helper()
	return newWire(t, func(*http.Request) (*http.Response, error) {
		res := httpmock.NewStringResponse(status, body)
		res.Header.Set("Content-Type", "application/json")
		if strings.HasPrefix(body, "<") {
			res.Header.Set("Content-Type", "text/html; charset=utf-8")
		}
		return res, nil
	})
}

func queryOf(t testing.TB, link string) url.Values {
	t.Helper()
	u, err := url.Parse(link)
	require.NoError(t, err)
	return u.Query()
}
