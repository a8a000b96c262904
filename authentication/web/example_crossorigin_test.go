package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
)

// A callback by POST comes from the server's site, and a CrossOriginProtection would refuse it. The key of the login
// in its sealed cookie protects it instead, so only its address bypasses the check.
func ExamplePending_crossOriginProtection() {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /auth/callback", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "to pending.Take and client.CompleteLogin")
	})
	mux.HandleFunc("POST /settings", func(w http.ResponseWriter, r *http.Request) {})

	var protection http.CrossOriginProtection
	protection.AddInsecureBypassPattern("POST /auth/callback")
	application := protection.Handler(mux)

	for _, path := range []string{"/auth/callback", "/settings"} {
		r := httptest.NewRequest(http.MethodPost, "https://app.example"+path, strings.NewReader("code=...&state=..."))
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		w := httptest.NewRecorder()
		application.ServeHTTP(w, r)
		fmt.Println(path, w.Code)
	}
	// Output:
	// /auth/callback 200
	// /settings 403
}
