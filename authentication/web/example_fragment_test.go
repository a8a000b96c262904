package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

func ExampleFragmentPage() {
	callback := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}) // takes the login and completes it
	mux := http.NewServeMux()
	mux.Handle("/auth/callback", web.FragmentPage(callback))

	r := httptest.NewRequest(http.MethodGet, "/auth/callback", nil)
	r.Header.Set("Accept-Language", "zh")
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	fmt.Println(w.Header().Get("Content-Language"), strings.Contains(w.Body.String(), "正在登录"))
	// Output: zh-CN true
}
