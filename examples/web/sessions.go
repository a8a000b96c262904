package main

import (
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// sessions keeps the sessions in memory. They are lost when the program ends; an application with several
// instances keeps them in a database instead.
type sessions struct {
	cookie string
	secure bool
	now    func() time.Time

	mu   sync.Mutex
	byID map[[sha256.Size]byte]*session // by hash, so that memory does not contain the cookies' values
}

const maxSessions = 10_000

func newSessions(home string) *sessions {
	s := &sessions{cookie: "session", now: time.Now, byID: map[[sha256.Size]byte]*session{}}
	if strings.HasPrefix(home, "https://") {
		s.cookie, s.secure = "__Host-session", true
	}
	return s
}

// start gives the browser a new session and never reuses the old one, which an attacker may have
// planted.
func (s *sessions) start(w http.ResponseWriter, r *http.Request, id *authentication.Identity) {
	s.drop(r)
	value, now := rand.Text(), s.now()
	s.mu.Lock()
	s.makeRoom(now)
	s.byID[sha256.Sum256([]byte(value))] = &session{id: id, created: now, seen: now}
	s.mu.Unlock()
	s.setCookie(w, value, int(absoluteLifetime.Seconds()))
}

// find returns the browser's session, nil when there is none.
func (s *sessions) find(r *http.Request) *session {
	cookie, err := r.Cookie(s.cookie)
	if err != nil {
		return nil
	}
	key, now := sha256.Sum256([]byte(cookie.Value)), s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.byID[key]
	if found == nil {
		return nil
	}
	if now.After(found.ends()) {
		delete(s.byID, key)
		return nil
	}
	found.touch(now)
	return found
}

// end forgets the session here and in the browser.
func (s *sessions) end(w http.ResponseWriter, r *http.Request) {
	s.drop(r)
	s.setCookie(w, "", -1)
}

func (s *sessions) drop(r *http.Request) {
	if cookie, err := r.Cookie(s.cookie); err == nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.byID, sha256.Sum256([]byte(cookie.Value)))
	}
}

// makeRoom limits the number: it removes expired sessions first, then the one that expires next.
func (s *sessions) makeRoom(now time.Time) {
	if len(s.byID) < maxSessions {
		return
	}
	var next [sha256.Size]byte
	var soonest time.Time
	for key, kept := range s.byID {
		ends := kept.ends()
		if now.After(ends) {
			delete(s.byID, key)
		} else if soonest.IsZero() || ends.Before(soonest) {
			next, soonest = key, ends
		}
	}
	if len(s.byID) >= maxSessions {
		delete(s.byID, next)
	}
}

func (s *sessions) setCookie(w http.ResponseWriter, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{
		Name: s.cookie, Value: value, Path: "/", MaxAge: maxAge, Secure: s.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}
