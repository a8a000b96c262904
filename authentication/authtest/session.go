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

// session is a browser in which a person is logged in. Server.mu guards it.
type session struct {
	user     *User
	authTime time.Time
	visits   []visit      // whom to tell of its end
	entered  []*samlVisit // SAML service providers that a login was sent to
	ended    bool
}

// end is called under Server.mu.
func (e *session) end() []visit {
	e.ended = true
	return e.visits
}

// login is a session as one request sees it.
type login struct {
	user     *User
	authTime time.Time
	live     *session
	fresh    bool // the password was typed for this request
}

func (e *session) login() *login { return &login{user: e.user, authTime: e.authTime, live: e} }

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
	return found.login()
}

// startSession logs the browser in under a new session ID. A person who is logged
// in there stays so, and the services with them; another one is logged out.
func (s *Server) startSession(w http.ResponseWriter, r *http.Request, user *User) *login {
	now := s.now()
	id := opaque()
	started := &session{user: user}
	var left []visit
	s.mu.Lock()
	if cookie, err := r.Cookie(sessionCookie); err == nil {
		if old, ok := s.memory.sessions.get(cookie.Value, now); ok {
			s.memory.sessions.drop(cookie.Value)
			if old.user.subject() == user.subject() {
				started = old
			} else {
				left = old.end()
			}
		}
	}
	started.authTime = now
	s.memory.sessions.put(id, started, now.Add(sessionLifetime), now)
	who := started.login()
	s.mu.Unlock()
	s.tell(r.Context(), left)
	s.setCookie(w, r, sessionCookie, id, s.basePath()+"/")
	who.fresh = true
	return who
}

// endBrowser logs the browser out and returns whom to tell.
func (s *Server) endBrowser(w http.ResponseWriter, r *http.Request) farewell {
	var left farewell
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return left
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if found, ok := s.memory.sessions.get(cookie.Value, s.now()); ok {
		left.visits = found.end()
		if !s.NoSAMLLogout {
			left.entered = s.merge(found.entered)
		}
	}
	s.memory.sessions.drop(cookie.Value)
	s.setCookie(w, r, sessionCookie, "", s.basePath()+"/")
	return left
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
