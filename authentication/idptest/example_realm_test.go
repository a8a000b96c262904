package idptest_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// get asks a handler for a path.
func get(handler http.Handler, path string) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, nil))
	return answer
}

func ExampleRealm_Handler() {
	realm := &idptest.Realm{BaseURL: "https://id.example.com/tenant"}
	handler := realm.Handler(&BadgeServer{Realm: realm})
	fmt.Println(get(handler, "/tenant/check").Code, get(handler, "/nowhere").Code)
	fmt.Println(realm.Requests("/check"), realm.Base(httptest.NewRequest(http.MethodGet, "/", nil)))
	// Output:
	// 403 404
	// 1 https://id.example.com/tenant
}

func ExampleRealm_Break() {
	realm := &idptest.Realm{}
	handler := realm.Handler(&BadgeServer{Realm: realm})
	realm.Break(idptest.Unavailable)
	fmt.Println(get(handler, "/check").Code)
	realm.Break(idptest.HTML.At("/login"))
	fmt.Println(get(handler, "/check").Code, get(handler, "/login").Code)
	realm.Break("Typo")
	fmt.Print(get(handler, "/check").Body)
	// Output:
	// 503
	// 403 200
	// idptest: unknown fault Typo
}

func ExampleRealm_Reject() {
	realm := &idptest.Realm{}
	realm.Reject("badges of two colours")
	fmt.Print(get(realm.Handler(), "/").Body)
	// Output: idptest: badges of two colours
}

func ExampleRealm_Login() {
	server := &BadgeServer{}
	server.prepare()
	callback, err := server.Realm.Login(context.Background(), server, "https://id.example.com/login?return=http://localhost:3000/", nil, "")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(callback.Method, callback.URL.Host, callback.URL.Query().Has("badge"))
	// Output: GET localhost:3000 true
}

// chat is an application that wants to know when a session ends.
type chat struct{ room string }

func (c chat) Tell(context.Context) { fmt.Println(c.room, "is told") }

func ExampleLogin_Join() {
	realm := &idptest.Realm{}
	server := &memberServer{realm: realm, done: func(w http.ResponseWriter, _ *http.Request, who *idptest.Login) {
		who.Join(chat{"kitchen"})
		realm.PostPage(w, "Back", "back", "http://localhost:3000/", idptest.Pairs("joined", "yes"))
	}}
	if _, err := realm.Login(context.Background(), server, "http://localhost/join", nil, ""); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(server.who.Members()), server.who.Ended(), server.who.SessionID() != "")
	ended, err := realm.EndSessions(context.Background(), idptest.Username)
	fmt.Println(ended, err, server.who.Ended())
	// Output:
	// 1 false true
	// kitchen is told
	// 1 <nil> true
}

// memberServer answers a login by done, and keeps it.
type memberServer struct {
	realm *idptest.Realm
	done  func(http.ResponseWriter, *http.Request, *idptest.Login)
	who   *idptest.Login
}

func (s *memberServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.realm.Handler(s).ServeHTTP(w, r)
}

func (s *memberServer) Mount(mux *http.ServeMux) {
	mux.HandleFunc("GET /join", func(w http.ResponseWriter, r *http.Request) {
		s.realm.Begin(w, r, idptest.Interaction{Done: func(w http.ResponseWriter, r *http.Request, who *idptest.Login) {
			s.who = who
			s.done(w, r, who)
		}})
	})
	mux.HandleFunc("GET /leave", s.leave)
	mux.HandleFunc("POST /leave", s.leave)
}

func (s *memberServer) leave(w http.ResponseWriter, r *http.Request) {
	if r.ParseForm() == nil && s.realm.LogoutConfirmed(r) {
		s.realm.Leave(w, r, "")
		return
	}
	s.realm.LogoutPage(w, r, nil)
}

func ExampleRealm_EndMatching() {
	realm := &idptest.Realm{}
	server := &memberServer{realm: realm, done: func(w http.ResponseWriter, r *http.Request, who *idptest.Login) {
		who.Join(chat{"kitchen"})
		idptest.SendTo(w, r, "http://localhost:3000/")
	}}
	if _, err := realm.Login(context.Background(), server, "http://localhost/join", nil, ""); err != nil {
		fmt.Println(err)
		return
	}
	members, ended := realm.EndMatching(func(u *idptest.User, members []idptest.Member) bool {
		return u.Name() == "alice" && len(members) == 1
	})
	fmt.Println(ended)
	idptest.TellAll(context.Background(), members)
	// Output:
	// 1
	// kitchen is told
}

func ExampleRealm_LogoutPage() {
	realm := &idptest.Realm{}
	request, answer := httptest.NewRequest(http.MethodGet, "/leave", nil), httptest.NewRecorder()
	realm.LogoutPage(answer, request, idptest.Pairs("client_id", "app"))
	fmt.Println(answer.Code, realm.LogoutConfirmed(request))
	// Output: 200 false
}

func ExampleRealm_ForgetBrowser() {
	realm := &idptest.Realm{}
	answer := httptest.NewRecorder()
	realm.ForgetBrowser(answer, httptest.NewRequest(http.MethodGet, "/", nil))
	realm.MessagePage(answer, "Signed out", "All is done.")
	fmt.Println(answer.Result().Cookies()[0].MaxAge < 0)
	// Output: true
}

func ExampleRealm_Claims() {
	realm := &idptest.Realm{
		Users:  []idptest.User{{Username: "ada", Email: "ada@example.com", Claims: map[string]any{"badge": 7, "shoe": 42}}},
		Scopes: map[string][]string{"badges": {"badge"}},
	}
	ada, err := realm.Person("ada@example.com")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(realm.Known(ada)), realm.Claims(ada, []string{"email"}, nil)["email"])
	fmt.Println(realm.Claims(ada, []string{"badges"}, nil)["badge"], realm.Claims(ada, []string{"profile"}, nil)["shoe"])
	fmt.Println(realm.ClaimScopes(), realm.ScopeClaims("badges"))
	// Output:
	// 5 ada@example.com
	// 7 42
	// [address badges email phone profile] [badge]
}

func ExampleRealm_Account() {
	realm := &idptest.Realm{}
	alice := realm.Account(idptest.Phone)
	fmt.Println(alice.Name(), alice.ID() == idptest.Subject, alice.Check("guess"), alice.Profile()["given_name"])
	fmt.Println(realm.Find(func(u *idptest.User) bool { return u.Email == "" }) == nil)
	// Output:
	// alice true false Alice
	// true
}

func ExampleRealm_Call() {
	application := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	defer application.Close()
	realm := &idptest.Realm{}
	fmt.Println(realm.Call(context.Background(), http.MethodPost, application.URL, "a=b"))
	fmt.Println(realm.Call(context.Background(), http.MethodGet, "https://example.com/", ""))
	// Output:
	// 418 <nil>
	// 0 idptest: without HTTPClient only loopback hosts are called
}

func ExampleRealm_Post() {
	application := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.Header.Get("Content-Type"))
	}))
	defer application.Close()
	status, answer, err := (&idptest.Realm{}).Post(context.Background(), application.URL, "text/xml", "<a/>")
	fmt.Println(status, string(answer), err)
	// Output: 200 text/xml <nil>
}

func ExampleRealm_Get() {
	application := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `{"keys":[]}`)
	}))
	defer application.Close()
	status, answer, err := (&idptest.Realm{}).Get(context.Background(), application.URL+"/jwks.json")
	fmt.Println(status, string(answer), err)
	// Output: 200 {"keys":[]} <nil>
}

func ExampleBrowser_Follow() {
	realm := &idptest.Realm{}
	browser, err := realm.Browser("")
	if err != nil {
		fmt.Println(err)
		return
	}
	request, err := browser.Follow(context.Background(), "http://localhost/push", func(w http.ResponseWriter, r *http.Request) {
		idptest.SendTo(w, r, "http://localhost:3000/logout")
	})
	fmt.Println(request.URL, err)
	// Output: http://localhost:3000/logout <nil>
}

// webChat is a chat that the browser tells.
type webChat struct{ chat }

func (c webChat) Frame() string { return "http://localhost:3000/" + c.room + "/logout" }

func ExampleBrowser_Frames() {
	realm := &idptest.Realm{}
	server := &memberServer{realm: realm, done: func(w http.ResponseWriter, r *http.Request, who *idptest.Login) {
		who.Join(webChat{chat{"kitchen"}})
		idptest.SendTo(w, r, "http://localhost:3000/")
	}}
	browser, err := realm.Browser("", server, &BadgeServer{Realm: realm})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, path := range []string{"/join", "/logout"} {
		if _, err := browser.Open(context.Background(), "http://localhost"+path, nil); err != nil {
			fmt.Println(err)
			return
		}
	}
	for _, frame := range browser.Frames() {
		fmt.Println(frame.Method, frame.URL)
	}
	// Output: GET http://localhost:3000/kitchen/logout
}

func ExampleKeyRing() {
	var ring idptest.KeyRing
	fmt.Println(ring.Used())
	first, err := ring.Current()
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := ring.Rotate(); err != nil {
		fmt.Println(err)
		return
	}
	keys, _ := ring.Keys()
	stranger, _ := ring.Stranger()
	fmt.Println(len(keys), keys[0].ID == first.ID, stranger.ID == keys[1].ID)
	// Output:
	// false
	// 2 true true
}

func ExampleShelf() {
	var shelf idptest.Shelf[string]
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	shelf.Put("a", "book", now.Add(time.Hour), now)
	_, early := shelf.Get("a", now)
	_, late := shelf.Get("a", now.Add(time.Hour))
	shelf.Drop("a")
	fmt.Println(early, late)
	// Output: true false
}

func ExampleParameters() {
	var p idptest.Parameters
	p.Add("state", "a&b")
	fmt.Println(idptest.AddQuery("https://app.example.com/cb?x=1", p.Encode()))
	// Output: https://app.example.com/cb?x=1&state=a%26b
}

func ExampleCleanPath() {
	fmt.Println(idptest.CleanPath("/a/b"), idptest.CleanPath("/a/"), idptest.CleanPath("/{id}"), idptest.CleanPath("a"))
	// Output: true false false false
}

func ExampleOpaque() {
	fmt.Println(len(idptest.Opaque()), len(idptest.OpaqueHex()), idptest.Same("a", "b"))
	fmt.Println(idptest.Loopback("http://127.0.0.1:9/"), idptest.Loopback("https://example.com/"), idptest.EscapeXML("<a>"))
	// Output:
	// 43 40 false
	// true false &lt;a&gt;
}

func ExampleRealm_PostBearer() {
	application := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer s3cret" {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	defer application.Close()
	realm := &idptest.Realm{}
	fmt.Println(realm.PostBearer(context.Background(), application.URL, "s3cret", "application/json", "{}"))
	fmt.Println(realm.PostBearer(context.Background(), application.URL, "guess", "application/json", "{}"))
	// Output:
	// 200 <nil>
	// 401 <nil>
}

func ExampleRealm_AskPage() {
	answer := httptest.NewRecorder()
	(&idptest.Realm{}).AskPage(answer, "Connect a device", "The code that your device shows", "user_code", "/device", "")
	fmt.Println(answer.Code, strings.Contains(answer.Body.String(), `name="user_code"`))
	// Output: 200 true
}
