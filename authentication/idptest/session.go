package idptest

import (
	"context"
	"net/http"
	"slices"
	"time"
)

// sessionLifetime is how long a person stays logged in at the realm.
const sessionLifetime = 24 * time.Hour

// sessionCookie does not tell ports apart, as cookies never do: two servers on one host share the name, which is single
// sign-on when they share the realm; otherwise they refuse each other's values.
const sessionCookie = "idptest_session"

// memberLimit bounds what a session remembers; the oldest member leaves first.
const memberLimit = 100

// session is a browser in which a person is logged in. Realm.mu guards it.
type session struct {
	id      string // which others may know; the cookie has another
	user    *User
	at      time.Time
	members []Member
	ended   bool
}

// end is called under Realm.mu.
func (e *session) end() []Member {
	e.ended = true
	return e.members
}

// Login is a person who is logged in, as one request sees it.
type Login struct {
	// User is the person.
	User *User
	// Time is when they typed their password.
	Time time.Time
	// Fresh says whether they typed it for this request.
	Fresh bool

	realm *Realm
	live  *session
}

func (r *Realm) login(e *session) *Login { return &Login{User: e.user, Time: e.at, realm: r, live: e} }

// SessionID is the identifier of the session, the same for every application that joins it. It opens nothing.
func (l *Login) SessionID() string { return l.live.id }

// Join adds a member to the session, which is told when the session ends.
func (l *Login) Join(m Member) {
	l.realm.mu.Lock()
	defer l.realm.mu.Unlock()
	if len(l.live.members) == memberLimit {
		l.live.members = l.live.members[1:]
	}
	l.live.members = append(l.live.members, m)
}

// Members are those of the session so far.
func (l *Login) Members() []Member {
	l.realm.mu.Lock()
	defer l.realm.mu.Unlock()
	return slices.Clone(l.live.members)
}

// Ended says whether the session has ended.
func (l *Login) Ended() bool {
	l.realm.mu.Lock()
	defer l.realm.mu.Unlock()
	return l.live.ended
}

// Session returns the login of the request's browser, or nil.
func (r *Realm) Session(request *http.Request) *Login {
	cookie, err := request.Cookie(sessionCookie)
	if err != nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	found, ok := r.sessions.Get(cookie.Value, r.Time())
	if !ok {
		return nil
	}
	return r.login(found)
}

// start logs the browser in under a new session ID. A person who is logged in there stays so, and the members of their
// session with them; another person is logged out.
func (r *Realm) start(w http.ResponseWriter, request *http.Request, user *User) *Login {
	now := r.Time()
	id := Opaque()
	started := &session{id: Opaque(), user: user}
	var left []Member
	r.mu.Lock()
	if cookie, err := request.Cookie(sessionCookie); err == nil {
		if old, ok := r.sessions.Get(cookie.Value, now); ok {
			r.sessions.Drop(cookie.Value)
			if old.user.ID() == user.ID() {
				started = old
			} else {
				left = old.end()
			}
		}
	}
	started.at = now
	r.sessions.Put(id, started, now.Add(sessionLifetime), now)
	who := r.login(started)
	r.mu.Unlock()
	TellAll(request.Context(), left)
	r.setCookie(w, request, sessionCookie, id, r.basePath()+"/")
	who.Fresh = true
	return who
}

// endBrowser logs the browser out and returns whom to tell.
func (r *Realm) endBrowser(w http.ResponseWriter, request *http.Request) []Member {
	cookie, err := request.Cookie(sessionCookie)
	if err != nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	var left []Member
	if found, ok := r.sessions.Get(cookie.Value, r.Time()); ok {
		left = found.end()
	}
	r.sessions.Drop(cookie.Value)
	r.setCookie(w, request, sessionCookie, "", r.basePath()+"/")
	return left
}

// EndMatching ends the sessions that match, and returns their members and how many sessions ended. The members are not
// told yet.
func (r *Realm) EndMatching(match func(*User, []Member) bool) (members []Member, ended int) {
	now := r.Time()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range slices.Clone(r.sessions.order) {
		if found, ok := r.sessions.Get(id, now); ok && match(found.user, found.members) {
			r.sessions.Drop(id)
			members = append(members, found.end()...)
			ended++
		}
	}
	return members, ended
}

// EndSessions ends every session of a person, named as for Browser, as an administrator would. There is no browser: the
// applications are told by Member.Tell. It says how many sessions ended.
func (r *Realm) EndSessions(ctx context.Context, user string) (int, error) {
	account, err := r.Person(user)
	if err != nil {
		return 0, err
	}
	members, ended := r.EndMatching(func(u *User, _ []Member) bool { return u.ID() == account.ID() })
	TellAll(ctx, members)
	return ended, nil
}

// setCookie sets a cookie for the browser session; an empty value deletes it.
func (r *Realm) setCookie(w http.ResponseWriter, request *http.Request, name, value, path string) {
	cookie := &http.Cookie{
		Name: name, Value: value, Path: path, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: request.TLS != nil,
	}
	if value == "" {
		cookie.MaxAge = -1
	}
	http.SetCookie(w, cookie)
}
