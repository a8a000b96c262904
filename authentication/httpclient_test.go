package authentication_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// given is the client that a custom protocol's NewFlow gets.
func given(t *testing.T, change func(*authentication.Options)) *http.Client {
	t.Helper()
	var got authentication.Options
	newTestClient(t, nil, func(o *authentication.Options) {
		o.Protocol, o.HTTPClient = links{&got}, nil
		change(o)
	})
	require.NotNil(t, got.HTTPClient)
	return got.HTTPClient
}

// replying is an application's client whose server answers everything with a status, a Location and a body.
func replying(status int, body string) *http.Client {
	mock := httpmock.NewMockTransport()
	mock.RegisterNoResponder(httpmock.NewStringResponder(status, body).HeaderSet(http.Header{"Location": {"https://other.example/"}}))
	jar, _ := cookiejar.New(nil)
	return &http.Client{Transport: mock, Jar: jar, Timeout: 7 * time.Second}
}

func TestStrangersGetAnHTTPClientMadeForSecrets(t *testing.T) {
	t.Parallel()
	c := given(t, func(*authentication.Options) {})
	assert.Equal(t, 30*time.Second, c.Timeout)
	assert.Nil(t, c.Jar)

	mine := replying(200, strings.Repeat("x", 9))
	c = given(t, func(o *authentication.Options) { o.HTTPClient, o.MaxReply = mine, 9 })
	assert.NotSame(t, mine, c)
	assert.Equal(t, 7*time.Second, c.Timeout)
	assert.Nil(t, c.Jar)
	assert.NotNil(t, mine.Jar, "the application's client is not changed")
	res, err := c.Get("https://as.example/token")
	require.NoError(t, err)
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err, "the accepted twin")
	assert.Len(t, body, 9)

	c = given(t, func(o *authentication.Options) { o.HTTPClient, o.MaxReply = mine, 8 })
	res, err = c.Get("https://as.example/token")
	require.NoError(t, err)
	_, err = io.ReadAll(res.Body)
	require.ErrorIs(t, err, httpcore.TooLarge)

	_, err = given(t, func(o *authentication.Options) { o.HTTPClient = replying(307, "") }).Get("https://as.example/token")
	require.ErrorIs(t, err, httpcore.Redirect)

	_, err = c.Get("http://as.example/token")
	require.ErrorContains(t, err, "http is for loopback hosts only")
	c = given(t, func(o *authentication.Options) { o.HTTPClient, o.InsecureAllowHTTP = mine, true })
	_, err = c.Get("http://as.example/token")
	require.NoError(t, err, "the accepted twin")
}

// A custom protocol may use the other packages: their clients accept this HTTP client.
func TestStrangersClientServesPackageOAuth(t *testing.T) {
	t.Parallel()
	c, err := oauth.NewClient(oauth.Config{
		ClientID: "c", ClientSecret: "s3cr3t-of-the-client", RedirectURI: "https://app.example/", Endpoints: oauth.Endpoints{Token: "https://as.example/token"},
		HTTPClient: given(t, func(o *authentication.Options) {
			o.HTTPClient = replying(200, `{"access_token":"AT","token_type":"Bearer"}`)
		}),
	})
	require.NoError(t, err)
	token, err := c.GetAccessTokenByCode(t.Context(), "C0DE")
	require.NoError(t, err)
	assert.Equal(t, "AT", token.AccessToken)
}
