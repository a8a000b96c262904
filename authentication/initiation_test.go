package authentication_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// A19: a login that the server begins at the application.
func TestA19ReadInitiation(t *testing.T) {
	t.Parallel()
	request := func(iss, target string) *http.Request {
		v := url.Values{"iss": {iss}, "login_hint": {"alice"}, "target_link_uri": {target}}
		return httptest.NewRequest(http.MethodGet, "/login/begin?"+v.Encode(), nil)
	}
	back, err := url.Parse(testBack)
	require.NoError(t, err)
	own := back.Scheme + "://" + back.Host + "/inbox"
	client := newTestClient(t, nil, nil)
	begun, err := client.ReadInitiation(t.Context(), request(testHost+"/oidc", own))
	require.NoError(t, err)
	assert.Equal(t, &authentication.Initiation{Options: authentication.AuthorizeOptions{LoginHint: "alice"}, Return: "/inbox", Target: "https://app.example/inbox"}, begun)
	login, err := client.BeginLogin(t.Context(), begun.Options)
	require.NoError(t, err)
	assert.Contains(t, login.URL, "login_hint=alice")

	for _, r := range []*http.Request{request(testHost, own), request(testHost+"/oidc", "https://evil.example/")} {
		begun, err = client.ReadInitiation(t.Context(), r)
		assert.Equal(t, "refused", kind(err))
		assert.Nil(t, begun)
	}
	cas := newTestClient(t, nil, func(o *authentication.Options) { o.Protocol = authentication.CAS{} })
	_, err = cas.ReadInitiation(t.Context(), request(testHost+"/oidc", own))
	require.EqualError(t, err, "authentication: ReadInitiation is not a call of protocol cas: unsupported operation")
}
