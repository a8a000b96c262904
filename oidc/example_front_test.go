package oidc_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// A login whose ID token comes in the fragment: the handler is behind FragmentPage.
func ExampleFragmentPage() {
	ctx := context.Background()
	provider, client := visit()
	login, err := client.BeginLogin(ctx, oidc.AuthorizeOptions{ResponseType: oidc.ResponseTypeIDToken, ResponseMode: "fragment"})
	if err != nil {
		fmt.Println(err)
		return
	}
	callback := oidc.FragmentPage(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		result, err := client.CompleteLogin(r.Context(), login, r)
		if err != nil {
			http.Error(w, "no login", http.StatusUnauthorized)
			return
		}
		_, _ = io.WriteString(w, result.IDToken.Subject)
	}))

	// The user logs in. The browser comes back, and gets the page first.
	r, err := provider.Login(ctx, login.URL, "")
	if err != nil {
		fmt.Println(err)
		return
	}
	page := httptest.NewRecorder()
	callback.ServeHTTP(page, r)
	fmt.Println(page.Header().Get("Content-Type"), strings.Count(page.Body.String(), "<script>"))

	// The page's script posts what is in the fragment.
	post := httptest.NewRequest(http.MethodPost, "/callback", strings.NewReader(r.URL.EscapedFragment()))
	post.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	done := httptest.NewRecorder()
	callback.ServeHTTP(done, post)
	fmt.Println(done.Body)
	// Output:
	// text/html; charset=utf-8 1
	// 60f1d4b29c3e8a7756041bfe
}

// Another site sends the browser to the application's initiate_login_uri.
func ExampleClient_ReadInitiation() {
	ctx := context.Background()
	_, client := visit()
	r := httptest.NewRequest(http.MethodGet, "/login/begin?iss=https%3A%2F%2Fid.example&login_hint=alice&target_link_uri=http%3A%2F%2Flocalhost%3A3000%2Finbox", nil)
	begun, err := client.ReadInitiation(ctx, r)
	if err != nil {
		fmt.Println(err)
		return
	}
	login, err := client.BeginLogin(ctx, begun.Options)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(begun.Return, strings.Contains(login.URL, "login_hint=alice")) // keep login and the path for this browser
	// Output: /inbox true
}

// Responses that are signed JWTs (JARM): the state in the JWT finds the login.
func ExampleClient_LoginKey() {
	ctx := context.Background()
	_, client := visit()
	login, err := client.BeginLogin(ctx, oidc.AuthorizeOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	pending := map[string]*oidc.Login{login.State: login} // of this browser

	r := httptest.NewRequest(http.MethodGet, "/callback?code=C0DE&state="+login.State, nil)
	fmt.Println(pending[client.LoginKey(r)] == login)
	// Output: true
}
