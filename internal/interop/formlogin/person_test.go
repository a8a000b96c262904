package formlogin

import (
	"io"
	"net/http"
	"net/url"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	server = "https://op.example"
	stop   = "https://app.example/"
)

const loginPage = `<form method="post" action="/search"><input name="q"></form>
<form id="f" method="post" action="/login?a=1&amp;b=2"><input type="hidden" name="csrf" value="t&amp;k">
<input name="user"><input type='password' name=pass><input type="checkbox" name="keep" value="1"></form>
<button form="f" name="abort" value="1">no</button><button form="f" name="go" value="in">yes</button>
<a href="/cancel/abort">cancel</a>`

// site answers as a server with a login page and a form that a script would submit to the application.
func site(t *testing.T, got *string) *Person {
	t.Helper()
	m := httpmock.NewMockTransport()
	page := func(body string, cookie string) httpmock.Responder {
		return httpmock.ResponderFromResponse(&http.Response{
			StatusCode: 200, Header: http.Header{"Set-Cookie": {cookie}}, Body: httpmock.NewRespBodyFromString(body),
		})
	}
	m.RegisterResponder("GET", server+"/start", httpmock.NewStringResponder(302, "").HeaderSet(http.Header{"Location": {"/page"}}))
	m.RegisterResponder("GET", server+"/page", page(loginPage, "sid=1; Path=/"))
	m.RegisterResponder("POST", server+"/login?a=1&b=2", func(r *http.Request) (*http.Response, error) {
		b, err := io.ReadAll(r.Body)
		*got = string(b) + " " + r.Header.Get("Cookie")
		return httpmock.NewStringResponse(200, `<form method=post action="`+stop+`acs"><input type=hidden name=code value=c1></form>`), err
	})
	m.RegisterResponder("POST", server+"/start", func(r *http.Request) (*http.Response, error) {
		b, err := io.ReadAll(r.Body)
		*got = string(b)
		// A page that a script would submit, with a button for browsers without scripts.
		return httpmock.NewStringResponse(200, `<body onload="go()"><form method="post" action="`+stop+`acs?x=1">
<input type="hidden" name="SAMLResponse" value="PHg+&#10;Cg=="/><input type="hidden" name="RelayState" value="a&amp;b"/>
<noscript><button type="submit" class="btn">Submit</button></noscript></form></body>`), err
	})
	m.RegisterResponder("GET", server+"/cancel/abort", httpmock.NewStringResponder(303, "").HeaderSet(http.Header{"Location": {stop + "cb?error=x#f=1"}}))
	m.RegisterResponder("GET", server+"/dead", httpmock.NewStringResponder(400, "<p>no such client</p>"))
	p, err := New("alice", "wonderland", m)
	require.NoError(t, err)
	return p
}

func TestVisitFillsTheLoginForm(t *testing.T) {
	t.Parallel()
	var got string
	r, err := site(t, &got).Visit(t.Context(), server+"/start", stop)
	require.NoError(t, err)
	assert.Equal(t, "csrf=t%26k&go=in&pass=wonderland&user=alice sid=1", got)
	assert.Equal(t, "POST "+stop+"acs", r.Method+" "+r.URL.String())
	require.NoError(t, r.ParseForm())
	assert.Equal(t, "c1", r.PostForm.Get("code"))
}

func TestSubmitPostsAForm(t *testing.T) {
	t.Parallel()
	var got string
	r, err := site(t, &got).Submit(t.Context(), server+"/start", url.Values{"SAMLRequest": {"PHg+"}}, stop)
	require.NoError(t, err)
	assert.Equal(t, "SAMLRequest=PHg%2B", got)
	assert.Equal(t, "POST "+stop+"acs?x=1", r.Method+" "+r.URL.String())
	require.NoError(t, r.ParseForm())
	assert.Equal(t, url.Values{"SAMLResponse": {"PHg+\nCg=="}, "RelayState": {"a&b"}}, r.PostForm)
}

func TestVisitPressesTheButtonOfThatName(t *testing.T) {
	t.Parallel()
	var got string
	p := site(t, &got)
	p.Press = "abort"
	_, err := p.Visit(t.Context(), server+"/start", stop)
	require.NoError(t, err)
	assert.Equal(t, "abort=1&csrf=t%26k&pass=wonderland&user=alice sid=1", got)
}

func TestVisitFollowsALink(t *testing.T) {
	t.Parallel()
	var got string
	p := site(t, &got)
	p.Follow = "/abort"
	r, err := p.Visit(t.Context(), server+"/start", stop)
	require.NoError(t, err)
	assert.Equal(t, "GET "+stop+"cb?error=x#f=1", r.Method+" "+r.URL.String())
	assert.Empty(t, got)
}

func TestVisitEndsOnAPage(t *testing.T) {
	t.Parallel()
	var got string
	_, err := site(t, &got).Visit(t.Context(), server+"/dead", stop)
	var page *PageError
	require.ErrorAs(t, err, &page)
	assert.Equal(t, PageError{Status: 400, URL: server + "/dead", Body: "<p>no such client</p>"}, *page)
}
