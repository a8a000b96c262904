package web_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

// anyone admits every token.
func anyone() *api {
	return newAPI(web.TokenGuard{Verifier: verifier(func(token string) (*web.Caller, error) { return &web.Caller{Subject: token}, nil })})
}

func TestBearerSyntax(t *testing.T) {
	t.Parallel()
	a := anyone()
	for authorization, token := range map[string]string{
		"Bearer mF_9.B5f-4.1JqM": "mF_9.B5f-4.1JqM", "bearer x": "x", "BEARER x": "x", "Bearer   x": "x", "Bearer ~+/==": "~+/==",
		"Bearer " + strings.Repeat("x", 64<<10): strings.Repeat("x", 64<<10),
	} {
		a.admitted(t, a.ask(authorization))
		assert.Equal(t, token, a.caller.Subject)
	}
	for _, authorization := range []string{
		"Bearer", "Bearer ", "Bearer =", "Bearer x y", "Bearer x,", "Bearer x, Bearer y", `Bearer "x"`, "Bearer x=y", "Bearer \tx", "Bearer x\x00", "Bearer é",
		"Bearer " + strings.Repeat("x", 64<<10+1),
	} {
		a.refused(t, a.ask(authorization), 400, badRequest(web.TokenMalformed), "invalid_request", web.TokenMalformed, authorization)
	}
	// Every byte: only those of a b64token are taken.
	for c := range 256 {
		w := a.ask("Bearer a" + string([]byte{byte(c)}) + "b")
		want := 400
		if strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~+/", rune(c)) && c < 0x80 {
			want = 200
		}
		assert.Equal(t, want, w.Code, "%q", c)
	}
}

func TestX7TokenInQuery(t *testing.T) {
	t.Parallel()
	a := anyone()
	for query, fault := range map[string]web.BearerFault{
		"access_token=x": web.TokenInQuery, "a=b&access_token=x": web.TokenInQuery, "access%5Ftoken=x": web.TokenInQuery, "access_token": web.TokenInQuery,
		"access_token=%zz": web.TokenInQuery, "a=b;access_token=x": web.TokenInQuery, "&access_token=x": web.TokenInQuery, "access_token=x&access_token=y": web.TokenInQuery,
		"a=access_token": "", "Access_token=x": "", "access_token2=x": "", "%zz=x": "", "": "",
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
			r := httptest.NewRequest(method, "/orders?"+query, nil)
			w := a.send(r)
			if fault == "" {
				a.refused(t, w, 401, bare, "token_required", web.TokenMissing, query)
			} else {
				a.refused(t, w, 400, badRequest(fault), "invalid_request", fault, query)
			}
		}
	}
}

const aForm = "application/x-www-form-urlencoded"

func posted(body, contentType string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/orders", strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	return r
}

func TestX7TokenInForm(t *testing.T) {
	t.Parallel()
	a := anyone()
	for _, body := range []string{"access_token=x", "a=b&access%5Ftoken=x"} {
		for _, media := range []string{aForm, "Application/X-WWW-Form-URLEncoded; charset=utf-8"} {
			a.refused(t, a.send(posted(body, media)), 400, badRequest(web.TokenInForm), "invalid_request", web.TokenInForm, body)
		}
	}
	get := posted("access_token=x", aForm)
	get.Method = http.MethodGet
	a.refused(t, a.send(get), 400, badRequest(web.TokenInForm), "invalid_request", web.TokenInForm)
	a.refused(t, a.send(posted("token=x", aForm)), 401, bare, "token_required", web.TokenMissing)
	a.refused(t, a.send(posted("access_token=x", "text/plain")), 401, bare, "token_required", web.TokenMissing)
}

func TestX8TwoTokens(t *testing.T) {
	t.Parallel()
	a := anyone()
	bearing := func(r *http.Request, fields ...string) *http.Request {
		r.Header["Authorization"] = fields
		return r
	}
	at := func(target string) *http.Request { return httptest.NewRequest(http.MethodGet, target, nil) }
	a.admitted(t, a.send(bearing(at("/orders?a=b"), "Bearer x")))
	a.admitted(t, a.send(bearing(posted("a=b", aForm), "Bearer x")))
	for name, r := range map[string]*http.Request{
		"two fields":         bearing(at("/orders"), "Bearer x", "Bearer y"),
		"the same twice":     bearing(at("/orders"), "Bearer x", "Bearer x"),
		"another scheme":     bearing(at("/orders"), "Basic dTpw", "Bearer x"),
		"field and query":    bearing(at("/orders?access_token=x"), "Bearer x"),
		"field and form":     bearing(posted("access_token=x", aForm), "Bearer x"),
		"malformed and form": bearing(posted("access_token=x", aForm), "Bearer x y"),
	} {
		a.refused(t, a.send(r), 400, badRequest(web.TokenTwice), "invalid_request", web.TokenTwice, name)
	}
}

// The handler reads a form that was looked at as if nobody had.
func TestFormReachesTheHandlerWhole(t *testing.T) {
	t.Parallel()
	long := "a=" + strings.Repeat("x", 200<<10) + "&b=c"
	for _, body := range []string{"", "a=b", long} {
		var got []byte
		r := posted(body, aForm)
		r.Header.Set("Authorization", "Bearer x")
		v := verifier(func(string) (*web.Caller, error) { return &web.Caller{}, nil })
		web.RequireToken(v)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			var err error
			got, err = io.ReadAll(r.Body)
			assert.NoError(t, err)
		})).ServeHTTP(httptest.NewRecorder(), r)
		require.Equal(t, body, string(got))
	}
}

// For any request, a token is admitted only from a well-formed field, and alone.
func FuzzX8Bearer(f *testing.F) {
	f.Add("Bearer mF_9.B5f-4.1JqM", "a=b", "c=d")
	f.Add("bearer  x==", "access%5Ftoken=x", "")
	f.Add("Basic dTpw", "a;access_token", "access_token=x")
	wellFormed := regexp.MustCompile(`^(?i:bearer) +([-._~+/0-9A-Za-z]+=*)$`)
	f.Fuzz(func(t *testing.T, field, query, body string) {
		a := anyone()
		r := posted(body, aForm)
		r.URL.RawQuery = query
		r.Header["Authorization"] = []string{field}
		if w := a.send(r); w.Code != http.StatusOK {
			assert.Contains(t, []int{400, 401}, w.Code)
			return
		}
		match := wellFormed.FindStringSubmatch(field)
		require.NotNil(t, match, field)
		assert.Equal(t, match[1], a.caller.Subject)
		for _, form := range []string{query, body} {
			values, _ := url.ParseQuery(form)
			assert.False(t, values.Has("access_token"), form)
		}
	})
}
