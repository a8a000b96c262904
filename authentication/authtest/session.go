package authtest

import (
	"net/http"
	"time"
)

// sessionLifetime is how long a person stays logged in at the server.
const sessionLifetime = 24 * time.Hour

// sessionCookie does not tell ports apart, as cookies never do: two servers on
// one host share the name and refuse each other's values.
const sessionCookie = "authtest_session"

// session is a browser in which a person is logged in.
type session struct {
	user     *User
	authTime time.Time
}

// login is a session as one request sees it; fresh says that the password was typed for this request.
type login struct {
	session
	fresh bool
}

// session returns the login of the request's browser, or nil.
func (s *Server) session(r *http.Request) *login {
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.memory.sessions.get(cookie.Value, s.now())
	if !ok {
		return nil
	}
	return &login{session: *found}
}

// startSession logs the browser in under a new session ID.
func (s *Server) startSession(w http.ResponseWriter, r *http.Request, user *User) *login {
	s.endBrowser(w, r)
	now := s.now()
	id := opaque()
	started := &session{user: user, authTime: now}
	s.mu.Lock()
	s.memory.sessions.put(id, started, now.Add(sessionLifetime), now)
	s.mu.Unlock()
	s.setCookie(w, r, sessionCookie, id, s.basePath()+"/")
	return &login{session: *started, fresh: true}
}

// endBrowser logs the browser out.
func (s *Server) endBrowser(w http.ResponseWriter, r *http.Request) {
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return
	}
	s.mu.Lock()
	s.memory.sessions.drop(cookie.Value)
	s.mu.Unlock()
	s.setCookie(w, r, sessionCookie, "", s.basePath()+"/")
}

// setCookie sets a cookie for the browser session; an empty value deletes it.
func (s *Server) setCookie(w http.ResponseWriter, r *http.Request, name, value, path string) {
	cookie := &http.Cookie{
		Name: name, Value: value, Path: path, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: r.TLS != nil,
	}
	if value == "" {
		cookie.MaxAge = -1
	}
	http.SetCookie(w, cookie)
}
