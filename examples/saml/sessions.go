package main

import (
	"crypto/rand"
	"crypto/sha256"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// session is the session of one browser.
type session struct {
	id      *authentication.Identity
	created time.Time
}

// sessions keeps the sessions in memory. An application with several instances keeps them in a database instead: the
// server's logout may reach any instance.
type sessions struct {
	cookie string
	secure bool
	now    func() time.Time

	mu   sync.Mutex
	byID map[[sha256.Size]byte]*session // by hash, so that memory does not contain the cookies' values
}

const (
	lifetime    = 24 * time.Hour
	maxSessions = 10_000
)

func newSessions(home string) *sessions {
	s := &sessions{cookie: "saml-session", now: time.Now, byID: map[[sha256.Size]byte]*session{}}
	if strings.HasPrefix(home, "https://") {
		s.cookie, s.secure = "__Host-"+s.cookie, true
	}
	return s
}

// start gives the browser a new session and never reuses the old one, which an attacker may have
// planted.
func (s *sessions) start(w http.ResponseWriter, r *http.Request, id *authentication.Identity) {
	s.drop(r)
	value, now := rand.Text(), s.now()
	s.mu.Lock()
	s.makeRoom()
	s.byID[sha256.Sum256([]byte(value))] = &session{id, now}
	s.mu.Unlock()
	s.setCookie(w, value, int(lifetime.Seconds()))
}

// find returns the browser's session, nil when there is none.
func (s *sessions) find(r *http.Request) *session {
	cookie, err := r.Cookie(s.cookie)
	if err != nil {
		return nil
	}
	key := sha256.Sum256([]byte(cookie.Value))
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.byID[key]
	if found != nil && s.now().Sub(found.created) > lifetime {
		delete(s.byID, key)
		return nil
	}
	return found
}

// end forgets the session here and in the browser.
func (s *sessions) end(w http.ResponseWriter, r *http.Request) {
	s.drop(r)
	s.setCookie(w, "", -1)
}

// endNamed ends the sessions that the server names, by their session indexes or by the user.
func (s *sessions) endNamed(n *authentication.LogoutNotice) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.byID, func(_ [sha256.Size]byte, kept *session) bool { return n.Ends(kept.id) })
}

func (s *sessions) drop(r *http.Request) {
	if cookie, err := r.Cookie(s.cookie); err == nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.byID, sha256.Sum256([]byte(cookie.Value)))
	}
}

// makeRoom limits the number: the oldest is removed.
func (s *sessions) makeRoom() {
	if len(s.byID) < maxSessions {
		return
	}
	var oldest [sha256.Size]byte
	var first time.Time
	for key, kept := range s.byID {
		if first.IsZero() || kept.created.Before(first) {
			oldest, first = key, kept.created
		}
	}
	delete(s.byID, oldest)
}

func (s *sessions) setCookie(w http.ResponseWriter, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{
		Name: s.cookie, Value: value, Path: "/", MaxAge: maxAge, Secure: s.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}
