package web_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

// S13: whatever stands in the cookie header, Take yields nothing but the login that was sealed,
// and Send still works.
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
