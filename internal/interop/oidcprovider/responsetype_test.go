//go:build interop

package oidcprovider

import (
	"context"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// front permits access tokens that come through the browser.
func front(c *oidc.Config) { c.AllowFrontChannelAccessToken = true }

// endings are the response types that end in a login.
func endings() []oauth.ResponseType {
	return []oauth.ResponseType{
		oauth.ResponseTypeCode, oidc.ResponseTypeIDToken, oidc.ResponseTypeIDTokenToken,
		oidc.ResponseTypeCodeIDToken, oidc.ResponseTypeCodeToken, oidc.ResponseTypeCodeIDTokenToken,
	}
}

// Every response type in every mode that is lawful for it; the empty mode is chosen by BeginLogin.
func TestResponseType(t *testing.T) {
	t.Parallel()
	p := provider(t)
	for _, kind := range endings() {
		for _, mode := range []oauth.ResponseMode{"", oauth.ResponseModeQuery, oauth.ResponseModeFragment, oauth.ResponseModeFormPost} {
			if mode == oauth.ResponseModeQuery && kind != oauth.ResponseTypeCode {
				continue // TestResponseTypeRefusedAtOnce
			}
			t.Run(string(kind+" "+oauth.ResponseType(mode)), func(t *testing.T) {
				t.Parallel()
				c := p.oidcClient(t, "hybrid", front)
				login, callback := oidcBegin(t, c, person(t), oidc.AuthorizeOptions{Scope: "openid email", ResponseType: kind, ResponseMode: mode})
				result, err := c.CompleteLogin(t.Context(), login, callback)
				require.NoError(t, err)
				assert.Equal(t, p.base+" alice", result.IDToken.Issuer+" "+result.IDToken.Subject)
				if kind == oidc.ResponseTypeIDToken {
					assert.Nil(t, result.Token)
					return
				}
				user, err := c.GetUserInfoByAccessToken(t.Context(), result.Token.AccessToken, oauth.UserInfoOptions{Subject: "alice"})
				require.NoError(t, err)
				assert.Equal(t, "alice@example.test", user.Email)
			})
		}
	}
}

// What the server or the configuration does not permit is refused before the browser leaves.
func TestResponseTypeRefusedAtOnce(t *testing.T) {
	t.Parallel()
	p := provider(t)
	permitted := p.oidcClient(t, "hybrid", front) // TestResponseType has the accepted twins
	for _, kind := range endings()[1:] {
		_, err := permitted.BeginLogin(t.Context(), oidc.AuthorizeOptions{ResponseType: kind, ResponseMode: oauth.ResponseModeQuery})
		require.ErrorContains(t, err, "query", kind)
		if strings.HasSuffix(string(kind), " token") {
			_, err = p.oidcClient(t, "hybrid").BeginLogin(t.Context(), oidc.AuthorizeOptions{ResponseType: kind})
			require.ErrorContains(t, err, "AllowFrontChannelAccessToken", kind)
		}
	}
	for _, kind := range []oauth.ResponseType{oidc.ResponseTypeNone, oauth.ResponseTypeToken} {
		_, err := permitted.BeginLogin(t.Context(), oidc.AuthorizeOptions{ResponseType: kind})
		require.Error(t, err, kind)
	}
}

// none shows that the user agrees, and is no login.
func TestResponseTypeNone(t *testing.T) {
	t.Parallel()
	p := provider(t)
	c, who := p.oidcClient(t, "hybrid"), person(t)
	address, err := c.BuildAuthorizeUrl(t.Context(), oidc.AuthorizeOptions{ResponseType: oidc.ResponseTypeNone, State: "agreed"})
	require.NoError(t, err)
	back := visit(t, who, address, p.callback)
	assert.Equal(t, url.Values{"state": {"agreed"}, "iss": {p.base}}, back.URL.Query())

	login, callback := oidcBegin(t, c, who, oidc.AuthorizeOptions{Prompt: "none"}) // the session began nevertheless
	back.URL.RawQuery = strings.Replace(back.URL.RawQuery, "agreed", login.State, 1)
	_, err = c.CompleteLogin(t.Context(), login, back)
	require.ErrorIs(t, err, oauth.CheckResponse)
	_, err = c.CompleteLogin(t.Context(), login, callback)
	require.NoError(t, err)
}

// parameters are those of a callback by form_post, which is read by this.
func parameters(t *testing.T, r *http.Request) url.Values {
	t.Helper()
	require.Equal(t, http.MethodPost, r.Method)
	body, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	form, err := url.ParseQuery(string(body))
	require.NoError(t, err)
	return form
}

// reposted is the callback with other parameters.
func reposted(r *http.Request, form url.Values) *http.Request {
	r = r.Clone(r.Context())
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(form.Encode())), -1
	return r
}

// Parts of two good responses of one server, and parts left out.
func TestResponseTypeMixed(t *testing.T) {
	t.Parallel()
	p := provider(t)
	c, who := p.oidcClient(t, "hybrid", front), person(t)
	o := oidc.AuthorizeOptions{ResponseType: oidc.ResponseTypeCodeIDTokenToken}
	login, callback := oidcBegin(t, c, who, o)
	_, another := oidcBegin(t, c, who, o)
	form, other := parameters(t, callback), parameters(t, another)
	for name, refusal := range map[string]struct{ another, none error }{
		"code":         {oidc.CheckCodeHash, oauth.CheckResponse},
		"access_token": {oidc.CheckAtHash, oauth.CheckResponse},
		"id_token":     {oidc.CheckNonce, oauth.CheckIssuer}, // this provider sends iss only where there is no ID token
		"state":        {oauth.CheckState, oauth.CheckState},
	} {
		mixed := maps.Clone(form)
		mixed.Set(name, other.Get(name))
		_, err := c.CompleteLogin(t.Context(), login, reposted(callback, mixed))
		require.ErrorIs(t, err, refusal.another, "another %s", name)
		mixed.Del(name)
		_, err = c.CompleteLogin(t.Context(), login, reposted(callback, mixed))
		require.ErrorIs(t, err, refusal.none, "no %s", name)
	}
	query := callback.Clone(t.Context())
	query.Method, query.Body, query.URL.RawQuery = http.MethodGet, http.NoBody, form.Encode()
	_, err := c.CompleteLogin(t.Context(), login, query)
	require.ErrorIs(t, err, oauth.CheckMethod)
	_, err = c.CompleteLogin(t.Context(), login, reposted(callback, form)) // nothing of it was sent before
	require.NoError(t, err)
}

// A response for one client is not taken by another one.
func TestResponseTypeOfAnotherClient(t *testing.T) {
	t.Parallel()
	p := provider(t)
	cfg := p.register(t, oauth.ClientMetadata{
		ResponseTypes: []string{"code id_token"}, GrantTypes: []string{"authorization_code", "implicit"},
	})
	c, other := newClient(t, cfg), p.oidcClient(t, "hybrid")
	o := oidc.AuthorizeOptions{ResponseType: oidc.ResponseTypeCodeIDToken}
	login, callback := oidcBegin(t, c, person(t), o)
	_, err := other.CompleteLogin(t.Context(), login, callback)
	require.ErrorIs(t, err, oauth.CheckLogin)
	_, err = c.CompleteLogin(t.Context(), login, callback)
	require.NoError(t, err)
}

// The page of the redirect URI, whose script posts the fragment.
func TestFragmentPage(t *testing.T) {
	t.Parallel()
	c := provider(t).oidcClient(t, "hybrid")
	login, err := c.BeginLogin(t.Context(), oidc.AuthorizeOptions{ResponseType: oidc.ResponseTypeIDToken, ResponseMode: oauth.ResponseModeFragment})
	require.NoError(t, err)
	var result *oidc.Result
	app := httptest.NewServer(oidc.FragmentPage(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		result, err = c.CompleteLogin(context.WithoutCancel(r.Context()), login, r)
	})))
	t.Cleanup(app.Close)
	back := visit(t, person(t), login.URL, login.RedirectURI)
	require.Empty(t, back.URL.RawQuery)
	get := func(r *http.Request) string {
		address, e := url.Parse(app.URL)
		require.NoError(t, e)
		r.URL.Scheme, r.URL.Host, r.Host = address.Scheme, address.Host, address.Host
		res, e := app.Client().Do(r)
		require.NoError(t, e)
		defer res.Body.Close()
		page, e := io.ReadAll(res.Body)
		require.NoError(t, e)
		return string(page)
	}
	assert.Contains(t, get(back), "<script>")
	require.Nil(t, result)
	get(formlogin.PostFragment(back))
	require.NoError(t, err)
	assert.Equal(t, "alice", result.IDToken.Subject)
}
