package oauth_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/wiretest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

const nasty = `client %&+-_.!~*'()`

// C3: both parts are form-encoded before they are joined.
func TestC3CredentialsOfEverySort(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fixture, id, secret string
		auth                oauth.AuthMethod
	}{
		{"code_basic_nasty.http", nasty, nasty, oauth.ClientSecretBasic},
		{"code_post_nasty.http", nasty, nasty, oauth.ClientSecretPost},
		{"code_basic_authing.http", "APPID123", "S3cr3t/+=&:é", ""},
		{"code_post_authing.http", "APPID123", "S3cr3t/+=&:é", oauth.ClientSecretPost},
	} {
		client := with(t, wiretest.Transport(t, "testdata/"+c.fixture), func(cfg *oauth.Config) {
			cfg.ClientID, cfg.ClientSecret, cfg.TokenAuth = c.id, c.secret, c.auth
		})
		_, err := client.GetAccessTokenByCode(t.Context(), "C0DE")
		assert.NoError(t, err, c.fixture)
	}
}

// C2: the secret is sent in one place, which is chosen for each endpoint separately.
func TestC2AuthMethodPerEndpoint(t *testing.T) {
	t.Parallel()
	methods := []oauth.AuthMethod{oauth.ClientSecretBasic, oauth.ClientSecretPost}
	for _, at := range methods {
		for _, elsewhere := range methods {
			for path, set := range map[string]func(*oauth.Config){
				"/token":      func(c *oauth.Config) { c.TokenAuth = at },
				"/introspect": func(c *oauth.Config) { c.IntrospectionAuth = at },
				"/revoke":     func(c *oauth.Config) { c.RevocationAuth = at },
			} {
				var sent *http.Request
				mock := replyAt(path, func(r *http.Request) (*http.Response, error) {
					assert.NoError(t, r.ParseForm())
					sent = r
					return jsonReply(200, `{"active":false,"access_token":"AT","token_type":"Bearer"}`)(r)
				})
				c := with(t, mock, func(c *oauth.Config) {
					c.TokenAuth, c.IntrospectionAuth, c.RevocationAuth = elsewhere, elsewhere, elsewhere
					set(c)
				})
				require.NoError(t, callAt(t, c, path))
				id, pass, basic := sent.BasicAuth()
				assert.Equal(t, at == oauth.ClientSecretBasic, basic)
				if basic {
					assert.Equal(t, []string{clientID, secret}, []string{id, pass})
					assert.False(t, sent.PostForm.Has("client_id"))
					assert.False(t, sent.PostForm.Has("client_secret"))
				} else {
					assert.Equal(t, []string{clientID}, sent.PostForm["client_id"])
					assert.Equal(t, []string{secret}, sent.PostForm["client_secret"])
				}
			}
		}
	}
}

func callAt(t *testing.T, c *oauth.Client, path string) (err error) {
	t.Helper()
	switch path {
	case "/token":
		_, err = c.GetAccessTokenByCode(t.Context(), code)
	case "/introspect":
		_, err = c.IntrospectToken(t.Context(), "AT")
	case "/revoke":
		err = c.RevokeToken(t.Context(), "AT")
	}
	return err
}

func TestCredentialsMissingAtTheCallThatNeedsThem(t *testing.T) {
	t.Parallel()
	for path, field := range map[string]string{"/token": "TokenAuth", "/introspect": "IntrospectionAuth", "/revoke": "RevocationAuth"} {
		for want, change := range map[string]func(*oauth.Config){
			"ClientID is not set": func(c *oauth.Config) { c.ClientID = "" },
			"ClientSecret is not set, client_secret_basic needs it": func(c *oauth.Config) { c.ClientSecret = "" },
			"ClientSecret is not set, client_secret_post needs it": func(c *oauth.Config) {
				p := oauth.ClientSecretPost
				c.ClientSecret, c.TokenAuth, c.IntrospectionAuth, c.RevocationAuth = "", p, p, p
			},
		} {
			assert.EqualError(t, callAt(t, with(t, silent(t), change), path), "oauth: "+field+": "+want, path)
		}
	}
}

func TestC4AuthMethodByItself(t *testing.T) {
	t.Parallel()
	r := func() *oauth.AuthRequest {
		return &oauth.AuthRequest{ClientID: "id", ClientSecret: "s", Form: url.Values{}, Header: http.Header{}}
	}
	assert.EqualError(t, oauth.AuthMethod("private_key_jwt").Authenticate(t.Context(), r()),
		`unknown auth method "private_key_jwt", want client_secret_basic, client_secret_post, none, tls_client_auth or self_signed_tls_client_auth`)
	empty := r()
	require.NoError(t, oauth.AuthMethod("").Authenticate(t.Context(), empty))
	assert.Equal(t, "Basic aWQ6cw==", empty.Header.Get("Authorization"))
	none := r()
	require.NoError(t, oauth.None.Authenticate(t.Context(), none))
	assert.Equal(t, url.Values{"client_id": {"id"}}, none.Form)
	assert.Empty(t, none.Header)
}

// C4: a method by itself, without NewClient, adds nothing to a request when a part is missing.
func TestC4AuthMethodNeedsItsParts(t *testing.T) {
	t.Parallel()
	for _, method := range []oauth.AuthMethod{oauth.ClientSecretBasic, oauth.ClientSecretPost, oauth.None, oauth.TLSClientAuth} {
		for _, has := range [][2]string{{"", "s3cr3t"}, {clientID, ""}, {clientID, "s3cr3t"}} {
			r := &oauth.AuthRequest{ClientID: has[0], ClientSecret: has[1], Form: url.Values{}, Header: http.Header{}}
			err := method.Authenticate(t.Context(), r)
			needsSecret := method == oauth.ClientSecretBasic || method == oauth.ClientSecretPost
			if has[0] == "" || needsSecret && has[1] == "" {
				require.ErrorContains(t, err, "is not set", method)
				assert.Empty(t, r.Form)
				assert.Empty(t, r.Header)
				continue
			}
			require.NoError(t, err, method)
			if !needsSecret {
				assert.Equal(t, url.Values{"client_id": {clientID}}, r.Form, method)
				assert.Empty(t, r.Header, method)
			}
		}
	}
}

// authFunc is a custom ClientAuth.
type authFunc func(ctx context.Context, r *oauth.AuthRequest) error

func (f authFunc) Authenticate(ctx context.Context, r *oauth.AuthRequest) error { return f(ctx, r) }

func TestClientAuthOfTheUsersOwn(t *testing.T) {
	t.Parallel()
	var seen oauth.AuthRequest
	auth := authFunc(func(_ context.Context, r *oauth.AuthRequest) error {
		seen = *r
		r.Form.Set("client_assertion", "SIGNED-ASSERTION")
		r.Form.Add("resource", "mine")
		r.Header.Set("X-Signature", "s1gned-header")
		return nil
	})
	var sent *http.Request
	mock := replyAt("/token", func(r *http.Request) (*http.Response, error) {
		assert.NoError(t, r.ParseForm())
		sent = r
		return jsonReply(400, `{"error":"invalid_client","error_description":"SIGNED-ASSERTION by s1gned-header is bad"}`)(r)
	})
	c := with(t, mock, func(c *oauth.Config) { c.TokenAuth, c.Issuer = auth, server })
	shared := append(make([]string, 0, 2), "theirs")
	params := url.Values{"resource": shared}
	_, err := c.GetAccessTokenByGrant(t.Context(), "client_credentials", params)
	require.ErrorIs(t, err, oauth.InvalidClient)
	assert.EqualError(t, err, "oauth: the server refused with status 400: invalid_client: [redacted] by [redacted] is bad; the client sent oauth_test.authFunc (TokenAuth): check id, secret and method")
	assert.Equal(t, []string{"theirs", "mine"}, sent.PostForm["resource"])
	assert.Equal(t, "s1gned-header", sent.Header.Get("X-Signature"))
	assert.Equal(t, server+"/token", seen.Endpoint)
	assert.Equal(t, server, seen.Issuer)
	assert.Equal(t, url.Values{"resource": {"theirs"}}, params, "the caller's values do not change")
	assert.Empty(t, shared[:2][1], "nor does the array behind them")
}

func TestClientAuthThatFailsSendsNothing(t *testing.T) {
	t.Parallel()
	noKey := errors.New("no key")
	c := with(t, silent(t), func(c *oauth.Config) {
		c.TokenAuth = authFunc(func(context.Context, *oauth.AuthRequest) error { return noKey })
	})
	_, err := c.GetAccessTokenByCode(t.Context(), code)
	require.ErrorIs(t, err, noKey)
	assert.EqualError(t, err, "oauth: client authentication: no key")
}

// invalid_client names what was sent and the field to change; it stays an *Error.
func TestInvalidClientNamesTheMethod(t *testing.T) {
	t.Parallel()
	for path, field := range map[string]string{"/token": "TokenAuth", "/introspect": "IntrospectionAuth", "/revoke": "RevocationAuth"} {
		for _, method := range []oauth.AuthMethod{"", oauth.ClientSecretBasic, oauth.ClientSecretPost, oauth.None} {
			client := func(body string) *oauth.Client {
				return with(t, replyAt(path, jsonReply(401, body)), func(c *oauth.Config) {
					if c.TokenAuth, c.IntrospectionAuth, c.RevocationAuth = method, method, method; method == oauth.None {
						c.ClientSecret = ""
					}
				})
			}
			sent := method
			if sent == "" {
				sent = oauth.ClientSecretBasic
			}
			err := callAt(t, client(`{"error":"invalid_client"}`), path)
			require.ErrorIs(t, err, oauth.InvalidClient)
			var refused *oauth.Error
			require.ErrorAs(t, err, &refused)
			assert.Equal(t, 401, refused.StatusCode)
			assert.EqualError(t, err, refused.Error()+"; the client sent "+string(sent)+" ("+field+"): check id, secret and method")
			err = callAt(t, client(`{"error":"unauthorized_client"}`), path)
			require.ErrorIs(t, err, oauth.UnauthorizedClient)
			assert.NotContains(t, err.Error(), "the client sent")
		}
	}
}

// The error comes before the user types a password for nothing.
func TestBeginLoginWantsASecret(t *testing.T) {
	t.Parallel()
	own := authFunc(func(context.Context, *oauth.AuthRequest) error { return nil })
	for _, c := range []struct {
		auth    oauth.ClientAuth
		message string
	}{
		{nil, "oauth: TokenAuth: ClientSecret is not set, client_secret_basic needs it"},
		{oauth.AuthMethod(""), "oauth: TokenAuth: ClientSecret is not set, client_secret_basic needs it"},
		{oauth.ClientSecretPost, "oauth: TokenAuth: ClientSecret is not set, client_secret_post needs it"},
		{oauth.None, ""}, {own, ""},
	} {
		client := with(t, silent(t), func(cfg *oauth.Config) { cfg.ClientSecret, cfg.TokenAuth = "", c.auth })
		login, err := client.BeginLogin(t.Context(), oauth.AuthorizeOptions{})
		if c.message == "" {
			require.NoError(t, err)
			continue
		}
		require.EqualError(t, err, c.message)
		assert.Nil(t, login)
		_, err = client.BuildAuthorizeUrl(t.Context(), oauth.AuthorizeOptions{})
		require.NoError(t, err, "a link needs no secret")
	}
}
