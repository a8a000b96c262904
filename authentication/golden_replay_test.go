package authentication_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/pkce"
)

// mockHost replaces http://APPHOST here.
const mockHost = "http://127.0.0.1:8080"

// options are the capture's configuration.
func (c *capture) options(t *testing.T) authentication.Options {
	t.Helper()
	p, err := authentication.ParseProtocol(c.protocol())
	require.NoError(t, err)
	if p.Name() == "oidc" {
		// The secrets of the captures are too short for HS256, the default, so the algorithm is another one.
		// It changes nothing that is sent.
		p = authentication.OIDC{IDTokenSigningAlg: "RS256"}
	}
	o := authentication.Options{
		AppID: c.Config.AppID, Secret: c.Config.Secret, RedirectURI: c.Config.RedirectURI, Protocol: p,
		AppHost:        strings.Replace(c.Config.AppHost, "http://APPHOST", mockHost, 1),
		TicketPrefixes: []string{"S"}, // "ST" is a ticket in some captures
		Lang:           c.Config.Lang, RequestFrom: c.Config.RequestFrom, TenantID: c.Config.TenantID, UserPoolID: c.Config.UserPoolID,
		HeaderNames: authentication.HeaderNames{
			AppID: c.Config.Headers["app-id"], RequestFrom: c.Config.Headers["request-from"], SDKVersion: c.Config.Headers["sdk-version"],
			Lang: c.Config.Headers["lang"], TenantID: c.Config.Headers["tenant-id"], UserPoolID: c.Config.Headers["userpool-id"],
		},
	}
	o.TokenEndPointAuthMethod = oauth.AuthMethod(c.Config.TokenEndPointAuthMethod)
	o.IntrospectionEndPointAuthMethod = oauth.AuthMethod(c.Config.IntrospectionEndPointAuthMethod)
	o.RevocationEndPointAuthMethod = oauth.AuthMethod(c.Config.RevocationEndPointAuthMethod)
	return o
}

// reply is the captured reply, or else a valid one.
func (c *capture) reply(r *http.Request) (*http.Response, error) {
	if c.Response == nil {
		return httpmock.NewStringResponse(http.StatusOK, goodReply(r.URL.Path)), nil
	}
	if c.Response.Status == 0 {
		return nil, errors.New("connection reset by peer")
	}
	res := httpmock.NewStringResponse(c.Response.Status, c.Response.Body)
	for name, value := range c.Response.Headers {
		res.Header.Set(name, value)
	}
	return res, nil
}

func goodReply(path string) string {
	switch {
	case strings.HasSuffix(path, "/me"):
		return `{"sub":"60097f4d5bc08f75da104d18"}`
	case strings.HasSuffix(path, "/introspection"):
		return `{"active":false}`
	case strings.HasSuffix(path, "/validate_token"):
		return `{"exp":4102444800,"aud":"APPID123"}`
	}
	return `{"access_token":"AT","token_type":"Bearer"}`
}

// call makes the captured call with the arguments of a Go program.
func (c *capture) call(ctx context.Context, client *authentication.Client) (any, error) {
	options := c.object(len(c.Input) - 1)
	switch c.Method {
	case "getAccessTokenByCode":
		return client.GetAccessTokenByCode(ctx, c.text(0), oauth.CodeOptions{CodeVerifier: member(options, "codeVerifier")})
	case "getNewAccessTokenByRefreshToken":
		return client.GetNewAccessTokenByRefreshToken(ctx, c.text(0))
	case "getAccessTokenByClientCredentials":
		secret := member(options, "secretKey") + member(options, "accessSecret") // the name on the page and in the SDK
		return client.GetAccessTokenByClientCredentials(ctx, authentication.ClientCredentialsOptions{
			Scope: c.text(0), AccessKey: member(options, "accessKey"), SecretKey: secret,
		})
	case "getUserInfoByAccessToken":
		return client.GetUserInfoByAccessToken(ctx, c.text(0), oauth.UserInfoOptions{Placement: c.placement()})
	case "introspectToken":
		return client.IntrospectToken(ctx, c.text(0))
	case "revokeToken":
		return nil, client.RevokeToken(ctx, c.text(0))
	case "validateToken":
		return client.ValidateToken(ctx, authentication.ValidateTokenOptions{
			IDToken: member(options, "idToken"), AccessToken: member(options, "accessToken"),
		})
	case "validateTicketV1":
		return client.ValidateTicketV1(ctx, c.text(0), c.text(1))
	case "validateTicketV2":
		return client.ValidateTicketV2(ctx, c.text(0), c.text(1), cas.ValidateOptions{Format: cas.Format(c.text(2))})
	case "getCodeChallengeDigest":
		return client.GetCodeChallengeDigest(authentication.CodeChallengeDigestOptions{
			CodeChallenge: member(options, "codeChallenge"), Method: pkce.Method(member(options, "method")),
		})
	case "buildAuthorizeUrl":
		return client.BuildAuthorizeUrl(ctx, authorizeOptions(options))
	case "buildLogoutUrl":
		expert, _ := options["expert"].(bool)
		return client.BuildLogoutUrl(ctx, authentication.LogoutOptions{
			RedirectURI: member(options, "redirectUri"), Expert: expert, IDToken: member(options, "idToken"), State: member(options, "state"),
		})
	}
	for i := range reflect.TypeOf(client).NumMethod() {
		if strings.EqualFold(reflect.TypeOf(client).Method(i).Name, c.Method) {
			return nil, nil // the library has a call that this test does not make
		}
	}
	return nil, fmt.Errorf("no call for %s", c.Method)
}

func authorizeOptions(o map[string]any) authentication.AuthorizeOptions {
	return authentication.AuthorizeOptions{
		RedirectURI: member(o, "redirectUri") + member(o, "service"), Scope: member(o, "scope"), State: member(o, "state"),
		Nonce: member(o, "nonce"), ResponseType: oauth.ResponseType(member(o, "responseType")),
		ResponseMode: oauth.ResponseMode(member(o, "responseMode")), CodeChallenge: member(o, "codeChallenge"),
		CodeChallengeMethod: pkce.Method(member(o, "codeChallengeMethod")), Prompt: member(o, "prompt"), TenantID: member(o, "tenantId"),
	}
}

// placement is the value that a Go program uses. POST is InBody; for a value that the SDK refuses it is an undefined
// placement.
func (c *capture) placement() oauth.TokenPlacement {
	options := c.object(1)
	switch method, place := member(options, "method"), member(options, "tokenPlace"); {
	case method == "PUT", place == "cookie", method == "GET" && place == "body":
		return -1
	case method == "POST", place == "body":
		return oauth.InBody
	case place == "query":
		return oauth.InsecureTokenInQuery
	}
	return oauth.InHeader
}

// assertSame compares by the rule: method, path, parsed query, parsed form, Authorization, Content-Type
// without charset.
func assertSame(t *testing.T, want *capturedRequest, got *sentRequest) {
	t.Helper()
	assert.Equal(t, want.Method, got.Method)
	assert.Equal(t, want.Path, got.URL.Path)
	assert.Equal(t, want.query(), got.URL.Query())
	wantForm, err := url.ParseQuery(want.Body)
	require.NoError(t, err)
	gotForm, err := url.ParseQuery(got.body)
	require.NoError(t, err)
	assert.Equal(t, wantForm, gotForm)
	assert.Equal(t, want.Headers["authorization"], got.Header.Get("Authorization"))
	assert.Equal(t, media(want.Headers["content-type"]), media(got.Header.Get("Content-Type")))
}

func media(contentType string) string {
	kind, _, _ := strings.Cut(contentType, ";")
	return strings.TrimSpace(kind)
}
