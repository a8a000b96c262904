package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

func exampleSite() *web.Site {
	client, err := authentication.NewClient(authentication.Options{
		AppID: "60f1d4b29c3e8a7756041bfe", Secret: "0123456789abcdef0123456789abcdef", AppHost: "https://sample-app.authing.cn",
	})
	if err != nil {
		panic(err)
	}
	site, err := web.New(web.Config{BaseURL: "https://app.example", Flow: client})
	if err != nil {
		panic(err)
	}
	return site
}

// The Site has the address /auth/logout; this one is the application's own. Another site's form changes nothing: the user
// gets a page with one button.
func ExampleSite_Logout() {
	site := exampleSite()
	mux := http.NewServeMux()
	mux.HandleFunc("/bye", func(w http.ResponseWriter, r *http.Request) { site.Logout(w, r) })

	for _, from := range []string{"cross-site", "same-origin"} {
		r := httptest.NewRequest(http.MethodPost, "https://app.example/bye", nil)
		r.Header.Set("Sec-Fetch-Site", from)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		fmt.Printf("%s: %d %q\n", from, w.Code, w.Header().Get("Location"))
	}
	// Output:
	// cross-site: 200 ""
	// same-origin: 303 "/auth/loggedout"
}

// After a change of the password: every browser of the user must log in again.
func ExampleSite_EndSessions() {
	site := exampleSite()
	err := site.EndSessions(context.Background(), "https://sample-app.authing.cn/oidc", "60f1d4b29c3e8a7756041bfe")
	fmt.Println(err)
	// Output: <nil>
}
