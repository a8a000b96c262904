package idptest_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// TornBadge is the one fault of the badge server: what the browser brings back is not a badge.
const TornBadge idptest.Fault = "TornBadge"

// BadgeServer is a fake server of a protocol of its own. The browser comes to /login?return=ADDRESS and brings a badge
// back to that address; the application asks /check?badge=BADGE who it is.
type BadgeServer struct {
	Realm *idptest.Realm

	ready  sync.Once
	mu     sync.Mutex
	badges idptest.Shelf[*idptest.Login]
}

func (s *BadgeServer) prepare() {
	s.ready.Do(func() {
		if s.Realm == nil {
			s.Realm = &idptest.Realm{}
		}
		s.Realm.RegisterFaults(TornBadge)
	})
}

// Mount adds the paths of the server.
func (s *BadgeServer) Mount(mux *http.ServeMux) {
	s.prepare()
	mux.HandleFunc("GET /login", s.login)
	mux.HandleFunc("GET /logout", func(w http.ResponseWriter, r *http.Request) { s.Realm.Leave(w, r, "") })
	mux.HandleFunc("GET /check", s.Realm.BackChannel(s.check))
}

// ServeHTTP answers one request.
func (s *BadgeServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.prepare()
	s.Realm.Handler(s).ServeHTTP(w, r)
}

func (s *BadgeServer) login(w http.ResponseWriter, r *http.Request) {
	back := r.URL.Query().Get("return")
	if !idptest.Registered(nil, back) {
		s.Realm.ErrorPage(w, http.StatusBadRequest, "invalid_return", "The address is not registered.")
		return
	}
	done := func(w http.ResponseWriter, r *http.Request, who *idptest.Login) {
		badge := idptest.Opaque()
		if !s.Realm.Broken(TornBadge) {
			now := s.Realm.Time()
			s.mu.Lock()
			s.badges.Put(badge, who, now.Add(time.Minute), now)
			s.mu.Unlock()
		}
		idptest.SendTo(w, r, idptest.AddQuery(back, idptest.Pairs("badge", badge).Encode()))
	}
	if who := s.Realm.Session(r); who != nil {
		done(w, r, who)
		return
	}
	s.Realm.Begin(w, r, idptest.Interaction{Done: done})
}

func (s *BadgeServer) check(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	badge := r.URL.Query().Get("badge")
	who, ok := s.badges.Get(badge, s.Realm.Time())
	if !ok || who.Ended() {
		http.Error(w, "no", http.StatusForbidden)
		return
	}
	s.badges.Drop(badge)
	fmt.Fprint(w, who.User.Name())
}

// A fake server of a protocol of your own, and a login at it.
func Example() {
	server := &BadgeServer{}
	listening := httptest.NewServer(server)
	defer listening.Close()

	login := func() string {
		browser, err := server.Realm.Browser(idptest.Username, server)
		if err != nil {
			return err.Error()
		}
		callback, err := browser.Open(context.Background(), listening.URL+"/login?return=http://localhost:3000/done", nil)
		if err != nil {
			return err.Error()
		}
		answer := httptest.NewRecorder()
		server.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/check?badge="+callback.URL.Query().Get("badge"), nil))
		return fmt.Sprint(callback.URL.Path, " ", answer.Code, " ", answer.Body)
	}
	server.prepare()
	fmt.Println(login())
	server.Realm.Break(TornBadge)
	fmt.Println(login())
	// Output:
	// /done 200 alice
	// /done 403 no
}
