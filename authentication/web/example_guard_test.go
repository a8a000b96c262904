package web_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// exampleApp is an application at a fake Authing, and the browser of a user.
type exampleApp struct {
	idp     *authtest.Server
	servers [2]*httptest.Server
	browser *http.Client
	site    *web.Site
}

// newExampleApp starts an application that is made with its Site.
func newExampleApp(make func(*web.Site) http.Handler) *exampleApp {
	a := &exampleApp{idp: &authtest.Server{}}
	mux := http.NewServeMux()
	a.servers = [2]*httptest.Server{httptest.NewServer(mux), httptest.NewServer(a.idp)}
	client, err := authentication.NewClient(authentication.Options{
		AppID: authtest.AppID, Secret: authtest.Secret, AppHost: a.servers[1].URL, HTTPClient: a.servers[1].Client(),
	})
	if err != nil {
		panic(err)
	}
	if a.site, err = web.New(web.Config{BaseURL: a.servers[0].URL, Flow: client, OnEvent: func(context.Context, web.Event) {}}); err != nil {
		panic(err)
	}
	mux.Handle("/", make(a.site))
	jar, _ := cookiejar.New(nil)
	a.browser = &http.Client{Jar: jar, Transport: &http.Transport{DisableKeepAlives: true}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return a
}

// open goes to a page as a browser does. At the server the user logs in. It says where the way ends.
func (a *exampleApp) open(path string) string {
	r, err := http.NewRequest(http.MethodGet, a.servers[0].URL+path, nil)
	for range 10 {
		if err != nil {
			return err.Error()
		}
		r.Header.Set("Accept", "text/html")
		answer, err := a.browser.Do(r)
		if err != nil {
			return err.Error()
		}
		body, _ := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		to, err := answer.Location()
		switch {
		case err != nil:
			return fmt.Sprintf("%d %s", answer.StatusCode, strings.TrimSpace(string(body)))
		case strings.HasPrefix(to.String(), a.servers[1].URL):
			r, err = a.idp.Login(r.Context(), to.String(), idptest.Username)
		default:
			r, err = http.NewRequest(http.MethodGet, to.String(), nil)
		}
		if err != nil {
			return err.Error()
		}
	}
	return "the way has no end"
}

func (a *exampleApp) close() {
	for _, s := range a.servers {
		s.Close()
	}
}

// One call guards a whole application and serves the addresses of the Site, such as the callback.
func ExampleSite_RequireLogin() {
	app := newExampleApp(func(site *web.Site) http.Handler {
		return site.RequireLogin(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintln(w, "hello", web.Identity(r.Context()).Subject)
		}))
	})
	defer app.close()

	answer, err := app.servers[0].Client().Get(app.servers[0].URL + "/orders") // a program without a session
	if err != nil {
		fmt.Println(err)
		return
	}
	defer answer.Body.Close()
	fmt.Println(answer.StatusCode, answer.Header.Get("Content-Type"))
	fmt.Println(app.open("/orders"))
	// Output:
	// 401 application/problem+json
	// 200 hello 60f1d4b29c3e8a7756041bfe
}

// A page for everybody that knows who is logged in.
func ExampleSite_LoadLogin() {
	app := newExampleApp(func(site *web.Site) http.Handler {
		return site.LoadLogin(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if id := web.Identity(r.Context()); id != nil {
				fmt.Fprintln(w, "hello", id.Subject)
				return
			}
			fmt.Fprintln(w, "please log in at /auth/login")
		}))
	})
	defer app.close()

	fmt.Println(app.open("/"))
	fmt.Println(app.open("/auth/login"))
	// Output:
	// 200 please log in at /auth/login
	// 200 hello 60f1d4b29c3e8a7756041bfe
}

// A login of the last five minutes is needed to pay. It is repeated where it is older, and the browser comes back.
func ExampleSite_RequireFresh() {
	app := newExampleApp(func(site *web.Site) http.Handler {
		fresh := site.RequireFresh(web.Freshness{MaxAge: 5 * time.Minute})
		return fresh(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			age := time.Since(web.Identity(r.Context()).AuthTime)
			fmt.Fprintln(w, "paid:", age < 6*time.Minute)
		}))
	})
	defer app.close()

	fmt.Println(app.open("/pay"))
	// Output: 200 paid: true
}

// Routers whose middleware is no http.Handler call Admit. In gin: r, ok := site.Admit(c.Writer, c.Request); if !ok, c.Abort();
// otherwise c.Request = r.
func ExampleSite_Admit() {
	app := newExampleApp(func(site *web.Site) http.Handler {
		handle := func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintln(w, "hello", web.Identity(r.Context()).Subject)
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r, ok := site.Admit(w, r); ok {
				handle(w, r)
			}
		})
	})
	defer app.close()

	fmt.Println(app.open("/"))
	// Output: 200 hello 60f1d4b29c3e8a7756041bfe
}

// The access token of the user, for a call of an API by hand. Transport adds it to requests.
func ExampleToken() {
	app := newExampleApp(func(site *web.Site) http.Handler {
		return site.RequireLogin(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			token, err := web.Token(r.Context())
			if err != nil {
				web.Error(w, r, err)
				return
			}
			fmt.Fprintln(w, token.TokenType, token.HasScope("openid"), token.RefreshToken == "")
		}))
	})
	defer app.close()

	fmt.Println(app.open("/"))
	// Output: 200 Bearer true true
}

// The user's rights have changed at the server: the next request sees the new claims. Without a refresh token, for which a
// login asks with the scope offline_access, the user must log in again.
func ExampleRefresh() {
	app := newExampleApp(func(site *web.Site) http.Handler {
		return site.RequireLogin(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, err := web.Refresh(r.Context())
			fmt.Fprintln(w, errors.Is(err, oauth.ErrLoginAgain))
		}))
	})
	defer app.close()

	fmt.Println(app.open("/"))
	// Output: 200 true
}

// What to register at the server, before there is a client.
func ExampleConfig_Addresses() {
	addresses, err := web.Config{BaseURL: "https://app.example/shop"}.Addresses("partner")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(addresses.Callback)
	fmt.Println(addresses.BackChannel)
	// Output:
	// https://app.example/shop/auth/callback/partner
	// https://app.example/shop/auth/backchannel/partner
}

// An API is called with the user's token. When it demands a login with a certain class, the user logs in for it and comes
// back.
func ExampleTransport() {
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "the API got a token:", strings.HasPrefix(r.Header.Get("Authorization"), "Bearer "))
	}))
	defer api.Close()
	client := &http.Client{Transport: &web.Transport{Origin: api.URL, Base: api.Client().Transport}}
	app := newExampleApp(func(site *web.Site) http.Handler {
		return site.RequireLogin(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			req, err := http.NewRequestWithContext(r.Context(), http.MethodGet, api.URL+"/orders", nil)
			if err != nil {
				web.Error(w, r, err)
				return
			}
			res, err := client.Do(req)
			if stepUp := (*web.StepUpError)(nil); errors.As(err, &stepUp) {
				site.Login(w, r, "", stepUp.AuthorizeOptions())
				return
			}
			if err != nil {
				web.Error(w, r, err)
				return
			}
			defer res.Body.Close()
			_, _ = io.Copy(w, res.Body)
		}))
	})
	defer app.close()

	fmt.Println(app.open("/"))
	// Output: 200 the API got a token: true
}

// Pages call an API through the application, which adds the user's token and keeps it from the page. The header that the
// page's script sets keeps other sites' pages away; the browser's cookie and Authorization stay here.
func ExampleTransport_reverseProxy() {
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s, cookie: %q, token: %t", r.URL.Path, r.Header.Get("Cookie"), strings.HasPrefix(r.Header.Get("Authorization"), "Bearer "))
	}))
	defer api.Close()
	target, err := url.Parse(api.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(p *httputil.ProxyRequest) {
			p.SetURL(target)
			p.Out.Header.Del("Cookie")
			p.Out.Header.Del("Authorization")
		},
		Transport:    &web.Transport{Origin: api.URL, Base: api.Client().Transport},
		ErrorHandler: web.Error,
	}
	app := newExampleApp(func(site *web.Site) http.Handler {
		mux := http.NewServeMux()
		mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "the page") })
		mux.Handle("/orders", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("X-Requested-With") == "" {
				http.Error(w, "X-Requested-With is missing", http.StatusForbidden)
				return
			}
			proxy.ServeHTTP(w, r)
		}))
		return site.RequireLogin(mux)
	})
	defer app.close()
	call := func(header string) {
		r, err := http.NewRequest(http.MethodGet, app.servers[0].URL+"/orders", nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		r.Header.Set("X-Requested-With", header)
		answer, err := app.browser.Do(r)
		if err != nil {
			fmt.Println(err)
			return
		}
		defer answer.Body.Close()
		body, _ := io.ReadAll(answer.Body)
		fmt.Println(answer.StatusCode, strings.TrimSpace(string(body)))
	}

	fmt.Println(app.open("/"))
	call("")
	call("fetch")
	// Output:
	// 200 the page
	// 403 X-Requested-With is missing
	// 200 /orders, cookie: "", token: true
}

// A login for one page: with these options, and then back to it.
func ExampleSite_Login() {
	app := newExampleApp(func(site *web.Site) http.Handler {
		return site.LoadLogin(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if id := web.Identity(r.Context()); id != nil {
				fmt.Fprintln(w, r.URL.Path, "is for", id.Subject)
				return
			}
			site.Login(w, r, "", authentication.AuthorizeOptions{Prompt: "login"})
		}))
	})
	defer app.close()

	fmt.Println(app.open("/invitation"))
	// Output: 200 /invitation is for 60f1d4b29c3e8a7756041bfe
}
