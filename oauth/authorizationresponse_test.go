package oauth_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// frontLogin is a login of a response type of more than code, by the page at the redirect URI, and its right response.
func frontLogin(t *testing.T, c *oauth.Client, responseType oauth.ResponseType) (*oauth.Login, url.Values) {
	t.Helper()
	login := begin(t, c, oauth.AuthorizeOptions{Scope: "profile"})
	login.ResponseMode = oauth.ResponseModeFragment
	v := url.Values{"state": {login.State}, "session_state": {"s1"}, "iss": {server}}
	words := strings.Fields(string(responseType))
	if slices.Contains(words, "code") {
		v.Set("code", code)
	} else {
		login.CodeVerifier = ""
	}
	if slices.Contains(words, "id_token") {
		v.Set("id_token", "e30.e30.c2ln")
	}
	if slices.Contains(words, "token") {
		v.Set("access_token", "AT")
		v.Set("token_type", "BEARER")
		v.Set("expires_in", "60")
	}
	return login, v
}

func frontTypes() []oauth.ResponseType {
	return []oauth.ResponseType{"code", "token", "id_token", "code token", "id_token code", "id_token token", "code id_token token"}
}

// ReadCallback returns exactly what the response type asks for, and sends nothing.
func TestReadCallback(t *testing.T) {
	t.Parallel()
	c := with(t, silent(t), withIssuer)
	for _, responseType := range frontTypes() {
		login, v := frontLogin(t, c, responseType)
		got, err := c.ReadCallback(t.Context(), login, responseType, posted(v.Encode(), formType))
		require.NoError(t, err, responseType)
		assert.Equal(t, []string{v.Get("code"), v.Get("id_token"), server, "s1", ""}, []string{got.Code, got.IDToken, got.Issuer, got.Param("session_state"), got.Param("x")})
		if !v.Has("access_token") {
			assert.Nil(t, got.Token)
			continue
		}
		assert.Equal(t, &oauth.Token{AccessToken: "AT", TokenType: "BEARER", ExpiresIn: 60, Expiry: now.Add(time.Minute), Scope: "profile"}, got.Token)
	}
}

// A15, A16: each part that is missing, and each that was not asked for.
func TestA16PartsOfAResponse(t *testing.T) {
	t.Parallel()
	c := with(t, silent(t), withIssuer)
	for _, responseType := range frontTypes() {
		for _, name := range []string{"code", "access_token", "id_token", "refresh_token", "response"} {
			login, v := frontLogin(t, c, responseType)
			if v.Has(name) {
				v.Set(name, "")
			} else {
				v.Set(name, "x")
			}
			got, err := c.ReadCallback(t.Context(), login, responseType, posted(v.Encode(), formType))
			require.ErrorIs(t, err, oauth.CheckResponse, "%s of %s", name, responseType)
			assert.Nil(t, got)
		}
	}
}

// A login that does not fit its response type was not begun by this library.
func TestA18ReadCallbackOfAnOddLogin(t *testing.T) {
	t.Parallel()
	c := with(t, silent(t), withIssuer)
	for name, change := range map[string]func(*oauth.Login){
		"a verifier without a code": func(l *oauth.Login) { l.CodeVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk" },
		"tokens in the query":       func(l *oauth.Login) { l.ResponseMode = oauth.ResponseModeQuery },
		"no mode":                   func(l *oauth.Login) { l.ResponseMode = "" },
		"an unknown mode":           func(l *oauth.Login) { l.ResponseMode = "web_message" },
	} {
		login, v := frontLogin(t, c, "id_token")
		_, err := c.ReadCallback(t.Context(), login, "id_token", posted(v.Encode(), formType))
		require.NoError(t, err, "the accepted twin")
		change(login)
		_, err = c.ReadCallback(t.Context(), login, "id_token", callback(v))
		require.ErrorIs(t, err, oauth.CheckLogin, name)
	}
	login, v := frontLogin(t, c, "code token")
	login.ResponseMode = ""
	_, err := c.ReadCallback(t.Context(), login, "code token", callback(v))
	require.ErrorIs(t, err, oauth.CheckLogin, "an access token in the query")
	login, v = frontLogin(t, c, "code id_token")
	login.CodeVerifier = ""
	_, err = c.ReadCallback(t.Context(), login, "code id_token", posted(v.Encode(), formType))
	require.ErrorIs(t, err, oauth.CheckLogin, "a code without a verifier")
	for _, unknown := range []oauth.ResponseType{"none", "code code", "code none", " ", "Code"} {
		_, err := c.ReadCallback(t.Context(), login, unknown, posted(v.Encode(), formType))
		require.ErrorContains(t, err, "want words of code, token and id_token")
	}
	discovering := with(t, silent(t), func(c *oauth.Config) { c.Endpoints, c.Issuer = oauth.Endpoints{}, server })
	for _, c := range []*oauth.Client{c, discovering} {
		_, err = c.ReadCallback(t.Context(), nil, "code", callback(v))
		require.ErrorIs(t, err, oauth.CheckLogin)
	}
	_, err = new(oauth.Client).ReadCallback(t.Context(), login, "", callback(v))
	require.EqualError(t, err, "oauth: the client was not made by NewClient")
}

// A13: the page posts the fragment; the response itself is nowhere else.
func TestA13Fragment(t *testing.T) {
	t.Parallel()
	c := with(t, silent(t), withIssuer)
	login, v := frontLogin(t, c, "id_token")
	_, err := c.ReadCallback(t.Context(), login, "id_token", callback(v))
	require.ErrorIs(t, err, oauth.CheckMethod)
	assert.ErrorContains(t, err, "the page at the redirect URI posts the fragment")
	for _, name := range []string{"code", "state", "iss", "error", "access_token", "id_token", "response"} {
		r := posted(v.Encode(), formType)
		r.URL.RawQuery = name + "=x"
		_, err = c.ReadCallback(t.Context(), login, "id_token", r)
		require.ErrorIs(t, err, oauth.CheckMethod, name)
	}
}

// A13: a browser without Sec-Fetch-Site names the origin, without a default port.
func TestA13OriginOfTheFragment(t *testing.T) {
	t.Parallel()
	c := with(t, silent(t), withIssuer)
	for _, row := range []struct {
		redirectURI, origin string
		accepted            bool
	}{
		{"https://app.example/cb", "https://app.example", true}, {"https://app.example:443/cb", "https://app.example", true},
		{"https://app.example:8443/cb", "https://app.example:8443", true}, {"http://localhost:80/cb", "http://localhost", true},
		{"https://APP.example/cb", "https://app.example", true}, {"https://app.example/cb", "", true},
		{"https://app.example/cb", "null", false}, {"https://app.example/cb", "http://app.example", false},
		{"https://app.example:8443/cb", "https://app.example", false}, {"http://localhost:443/cb", "http://localhost", false},
		{"https://app.example/cb", "https://server.example.com", false},
	} {
		login, v := frontLogin(t, c, "id_token")
		login.RedirectURI = row.redirectURI
		r := posted(v.Encode(), formType)
		r.Header.Set("Origin", row.origin)
		_, err := c.ReadCallback(t.Context(), login, "id_token", r)
		if row.accepted {
			require.NoError(t, err, row)
			continue
		}
		require.ErrorIs(t, err, oauth.CheckMethod, row)
	}
}
