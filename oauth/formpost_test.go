package oauth_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

const formType = "application/x-www-form-urlencoded"

func posted(body, contentType string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/cb", strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	return r
}

func beginFormPost(t *testing.T, c *oauth.Client) *oauth.Login {
	t.Helper()
	return begin(t, c, oauth.AuthorizeOptions{ResponseMode: oauth.ResponseModeFormPost})
}

func TestFormPostAccepted(t *testing.T) {
	t.Parallel()
	for _, contentType := range []string{formType, formType + "; charset=utf-8", "Application/X-WWW-Form-Urlencoded"} {
		c := newClient(t, tokenReply(200, good))
		login := beginFormPost(t, c)
		r := posted(right(login).Encode(), contentType)
		r.URL.RawQuery = "tab=1&tab=2" // the application's own
		_, err := c.CompleteLogin(t.Context(), login, r)
		require.NoError(t, err, contentType)
		assert.Nil(t, r.PostForm, "the request is only read")
	}
}

func TestFormPostCarriesErrorsAndIssuer(t *testing.T) {
	t.Parallel()
	c := with(t, silent(t), func(c *oauth.Config) { c.Issuer, c.RequireIssuer = server, true })
	login := beginFormPost(t, c)
	params := url.Values{"state": {login.State}, "error": {"login_required"}, "iss": {server}}
	_, err := c.CompleteLogin(t.Context(), login, posted(params.Encode(), formType))
	require.ErrorIs(t, err, oauth.LoginRequired)
	params.Set("iss", "https://other.example")
	refused(t, c, login, posted(params.Encode(), formType), oauth.CheckIssuer)
	params.Set("iss", server)
	params.Set("state", "x")
	refused(t, c, login, posted(params.Encode(), formType), oauth.CheckState)
}

func TestA9RepeatedInAForm(t *testing.T) {
	t.Parallel()
	c := newClient(t, silent(t))
	login := beginFormPost(t, c)
	refused(t, c, login, posted(right(login).Encode()+"&code=x", formType), oauth.CheckRepeated)
}

func TestA13AnotherResponseMode(t *testing.T) {
	t.Parallel()
	c := newClient(t, silent(t))
	byPost, byQuery := beginFormPost(t, c), begin(t, c, oauth.AuthorizeOptions{})
	refused(t, c, byPost, callback(right(byPost)), oauth.CheckMethod)
	for _, method := range []string{http.MethodPost, http.MethodHead, http.MethodPut, http.MethodOptions, "BREW\n"} {
		r := callback(right(byQuery))
		r.Method = method
		e := refused(t, c, byQuery, r, oauth.CheckMethod)
		assert.NotContains(t, e.Detail, "BREW")
	}
	refused(t, c, byQuery, posted(right(byQuery).Encode(), formType), oauth.CheckMethod)
	for name, value := range map[string]string{"code": code, "state": byPost.State, "iss": server, "error": "x"} {
		r := posted(right(byPost).Encode(), formType)
		r.URL.RawQuery = url.Values{name: {value}}.Encode()
		refused(t, c, byPost, r, oauth.CheckMethod)
	}
	twin := newClient(t, tokenReply(200, good))
	_, err := twin.CompleteLogin(t.Context(), byPost, posted(right(byPost).Encode(), formType))
	assert.NoError(t, err, "the accepted twin")
	get := callback(right(byQuery))
	get.Method = "" // GET, as in http.Request
	_, err = twin.CompleteLogin(t.Context(), byQuery, get)
	assert.NoError(t, err, "the accepted twin")
}

func TestA14FormOfAnotherType(t *testing.T) {
	t.Parallel()
	c := newClient(t, silent(t))
	login := beginFormPost(t, c)
	for _, contentType := range []string{"", "text/plain", "application/json", "multipart/form-data; boundary=x", formType + "x", formType + "; a=b; a=c"} {
		refused(t, c, login, posted(right(login).Encode(), contentType), oauth.CheckMalformed)
	}
	refused(t, c, login, posted("%zz", formType), oauth.CheckMalformed)
	refused(t, c, login, posted("", formType), oauth.CheckState)
	r := posted("", formType)
	r.Body = nil
	refused(t, c, login, r, oauth.CheckMalformed)
}

func TestA14FormOverTheLimit(t *testing.T) {
	t.Parallel()
	twin := newClient(t, tokenReply(200, good))
	login := beginFormPost(t, twin)
	body := right(login).Encode() + "&pad="
	fits := body + strings.Repeat("x", 64<<10-len(body))
	_, err := twin.CompleteLogin(t.Context(), login, posted(fits, formType))
	require.NoError(t, err, "the accepted twin")
	refused(t, newClient(t, silent(t)), login, posted(fits+"x", formType), oauth.CheckMalformed)

	endless := posted("", formType)
	endless.Body = io.NopCloser(iotest.ErrReader(errors.New("read " + code)))
	_, err = newClient(t, silent(t)).CompleteLogin(t.Context(), login, endless)
	assert.EqualError(t, err, "oauth: callback: the body cannot be read to its end")
}

func TestFormPostParsedBefore(t *testing.T) {
	t.Parallel()
	c := newClient(t, silent(t))
	login := beginFormPost(t, c)
	r := posted(right(login).Encode(), formType)
	require.NoError(t, r.ParseForm())
	_, err := c.CompleteLogin(t.Context(), login, r)
	assert.EqualError(t, err, "oauth: callback: the body was parsed before; pass the request on unread")
}

// Parameters that are not OAuth's belong to the application, which can read them afterwards (RFC 6749 §4.1.2).
func TestCaseOidcFormPostExtraField(t *testing.T) {
	t.Parallel()
	c := newClient(t, tokenReply(200, good))
	login := beginFormPost(t, c)
	r := posted(right(login).Encode()+"&user=%7B%22name%22%3A%7B%22firstName%22%3A%22A%22%7D%7D", formType)
	_, err := c.CompleteLogin(t.Context(), login, r)
	require.NoError(t, err)
	assert.Equal(t, `{"name":{"firstName":"A"}}`, r.PostFormValue("user"))
	// The refused twin: a form that was parsed before.
	_, err = c.CompleteLogin(t.Context(), login, r)
	assert.EqualError(t, err, "oauth: callback: the body was parsed before; pass the request on unread")
}

// Waiting for a body ends with the context, and no goroutine keeps reading: synctest would fail.
func TestContextGovernsTheCallback(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, silent(t))
		login := beginFormPost(t, c)
		r := posted("", formType)
		r.Body, _ = io.Pipe()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begun := time.Now()
		_, err := c.CompleteLogin(ctx, login, r)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.EqualError(t, err, "oauth: callback: the body cannot be read to its end: context deadline exceeded")
		assert.Equal(t, time.Second, time.Since(begun))
	})
}
