package web_test

import (
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

// A complete login without a Site: the two handlers of an application, and a user who signs in at a fake Authing.
func ExamplePending_login() {
	idp := &authtest.Server{}
	authing := httptest.NewServer(idp)
	defer authing.Close()
	mux := http.NewServeMux()
	application := httptest.NewServer(mux)
	defer application.Close()

	client, err := authentication.NewClient(authentication.Options{
		AppID: authtest.AppID, Secret: authtest.Secret, AppHost: authing.URL, HTTPClient: authing.Client(),
		RedirectURI: application.URL + "/auth/callback",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	var pending web.Pending
	mux.HandleFunc("/login", func(w http.ResponseWriter, r *http.Request) {
		login, err := client.BeginLogin(r.Context(), authentication.AuthorizeOptions{})
		if err == nil {
			err = pending.Send(w, r, login)
		}
		web.Error(w, r, err)
	})
	mux.HandleFunc("/auth/callback", func(w http.ResponseWriter, r *http.Request) {
		login := pending.Take(w, r, client.LoginKey(r))
		id, err := client.CompleteLogin(r.Context(), login, r) // a nil login is refused
		if err != nil {
			web.Error(w, r, err)
			return
		}
		fmt.Fprintln(w, "hello", id.Subject)
	})

	jar, _ := cookiejar.New(nil)
	browser := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := browser.Get(application.URL + "/login")
	if err != nil {
		fmt.Println(err)
		return
	}
	callback, err := idp.Login(answer.Request.Context(), answer.Header.Get("Location"), idptest.Username)
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 2 {
		answer, err = browser.Do(callback.Clone(callback.Context()))
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(answer.StatusCode)
	}
	// Output:
	// 200
	// 401
}

func ExamplePending() {
	pending := &web.Pending{Keys: [][]byte{[]byte("32 random bytes from your vault.")}}
	login := &authentication.Login{Protocol: "oidc", Key: "af0ifjsldkj", URL: "https://sample-app.authing.cn/oidc/auth?state=af0ifjsldkj"}

	w := httptest.NewRecorder()
	if err := pending.Send(w, httptest.NewRequest(http.MethodGet, "https://app.example/login", nil), login); err != nil {
		fmt.Println(err)
		return
	}
	cookie := w.Result().Cookies()[0]
	fmt.Println(w.Code, strings.HasPrefix(cookie.Name, "__Host-"), cookie.Secure, cookie.HttpOnly, cookie.MaxAge)

	callback := httptest.NewRequest(http.MethodGet, "https://app.example/auth/callback?state=af0ifjsldkj", nil)
	callback.AddCookie(cookie)
	fmt.Println(pending.Take(httptest.NewRecorder(), callback, "af0ifjsldkj") != nil)
	fmt.Println(pending.Take(httptest.NewRecorder(), callback, "another") != nil)
	// Output:
	// 303 true true true 3600
	// true
	// false
}

func ExampleError() {
	for _, err := range []error{
		nil, authentication.ErrDenied, authentication.ErrRefused, authentication.ErrMisconfigured, fmt.Errorf("no route to host"),
	} {
		w := httptest.NewRecorder()
		w.Code = 0
		web.Error(w, httptest.NewRequest(http.MethodGet, "/auth/callback", nil), err)
		fmt.Println(w.Code)
	}
	// Output:
	// 0
	// 403
	// 401
	// 500
	// 503
}

// An application under /app/ shows the problem on its own page.
func ExampleErrorPage_Write() {
	page := &web.ErrorPage{
		Home: "/app/",
		Page: func(w http.ResponseWriter, r *http.Request, p web.Problem) {
			w.WriteHeader(p.Status)
			fmt.Fprintf(w, "<h1>%s</h1><p>%s <a href=%q>%s</a>", p.Title, p.Text, p.Home, p.Back)
		},
	}
	callback := httptest.NewRequest(http.MethodGet, "https://app.example/app/callback", nil)
	callback.Header.Set("Accept-Language", "zh-CN,zh;q=0.9,en;q=0.8")
	w := httptest.NewRecorder()
	page.Write(w, callback, authentication.ErrDenied)
	fmt.Println(w.Code, w.Body)
	// Output: 403 <h1>登录未完成</h1><p>登录已被取消或拒绝。您可以返回应用，再试一次。 <a href="/app/">返回应用</a>
}

func ExamplePending_SendLogout() {
	var pending web.Pending
	logout := &authentication.Logout{Protocol: "saml", Key: "af0ifjsldkj", URL: "https://idp.example/slo?RelayState=af0ifjsldkj"}

	w := httptest.NewRecorder()
	if err := pending.SendLogout(w, httptest.NewRequest(http.MethodPost, "https://app.example/logout", nil), logout); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(w.Code, w.Header().Get("Location"))

	answer := httptest.NewRequest(http.MethodGet, "https://app.example/saml/slo?RelayState=af0ifjsldkj", nil)
	answer.AddCookie(w.Result().Cookies()[0])
	fmt.Println(pending.TakeLogout(httptest.NewRecorder(), answer, "af0ifjsldkj") != nil)
	// Output:
	// 303 https://idp.example/slo?RelayState=af0ifjsldkj
	// true
}

func ExampleAnswerLogout() {
	notice := &authentication.LogoutNotice{Protocol: "saml", URL: "https://idp.example/slo?SAMLResponse=..."}
	w := httptest.NewRecorder()
	if err := web.AnswerLogout(w, httptest.NewRequest(http.MethodGet, "https://app.example/saml/slo", nil), notice); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(w.Code, w.Header().Get("Location"))
	// Output: 303 https://idp.example/slo?SAMLResponse=...
}
