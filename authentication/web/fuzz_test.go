package web_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

// S13: for any cookie header, Take returns only the sealed login or nothing, and Send still works.
func FuzzS13Cookie(f *testing.F) {
	p := &web.Pending{Keys: [][]byte{keyA}, Now: at(0)}
	w := httptest.NewRecorder()
	if err := p.Send(w, get("https://app.example/"), login("k")); err != nil {
		f.Fatal(err)
	}
	good := w.Result().Cookies()[0]
	f.Add(good.Name+"="+good.Value, "k")
	f.Add(good.Name+"="+good.Value[:40], "k")
	f.Add(good.Name+"=1800000000.", "k")
	f.Add(good.Name+`="`+good.Value+`"; a=b`, "k")
	f.Add("__Host-authing-login-=99999999999999999999.x; authing-login-=", "")
	f.Fuzz(func(t *testing.T, header, key string) {
		r := httptest.NewRequest(http.MethodGet, "https://app.example/callback", nil)
		r.Header.Set("Cookie", header)
		if l := p.Take(httptest.NewRecorder(), r, key); l != nil {
			want := login("k")
			want.URL = ""
			assert.Equal(t, want, l)
			assert.Equal(t, "k", key)
		}
		w := httptest.NewRecorder()
		assert.NoError(t, p.Send(w, r, login("next")))
		assert.LessOrEqual(t, len(w.Result().Cookies()), 17)
	})
}

// S13: for any headers of a browser, a proxy or an attacker, the response is one of ours and contains nothing of
// them.
func FuzzS13Headers(f *testing.F) {
	f.Add("text/html,application/json;q=0.9", "zh-CN,zh;q=0.9,*;q=0.1", "https,http", `for="a,b";proto=https`, "navigate")
	f.Add("*/*;q=\"1\"", "en;q=1e-9", "\"https", `proto="\`, "cors")
	f.Add(";;,=,\"", "*;q=,-;q=NaN", ",,;", `;proto=;proto`, "")
	f.Fuzz(func(t *testing.T, accept, languages, proto, forwarded, mode string) {
		r := get("http://app.example/login")
		for name, value := range map[string]string{
			"Accept": accept, "Accept-Language": languages, "X-Forwarded-Proto": proto, "Forwarded": forwarded, "Sec-Fetch-Mode": mode,
		} {
			r.Header.Set(name, value)
		}
		w := httptest.NewRecorder()
		web.Error(w, r, authentication.ErrRefused)
		assert.Equal(t, http.StatusUnauthorized, w.Code)
		assert.Contains(t, []string{"en", "zh-CN"}, w.Header().Get("Content-Language"))
		assert.Contains(t, []string{"text/html; charset=utf-8", "application/problem+json"}, w.Header().Get("Content-Type"))
		w = httptest.NewRecorder()
		l := login("k")
		l.FormPost = true
		if err := new(web.Pending).Send(w, r, l); err != nil {
			assert.EqualError(t, err, needsHTTPS)
		} else if len(w.Result().Cookies()) == 0 {
			assert.Equal(t, http.StatusUnauthorized, w.Code)
		}
	})
}
