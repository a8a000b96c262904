package authtest

import (
	"crypto/subtle"
	"net/http"
	"time"
)

// interactionLifetime is how long a login page may stay open.
const interactionLifetime = time.Hour

// interactionCookie binds a login page to the browser it was shown in.
const interactionCookie = "authtest_interaction"

// interaction is a login under way: what the person must still do, and what follows.
type interaction struct {
	browser string   // the cookie's value
	hint    string   // login_hint
	current *login   // who is logged in already, offered under select_account
	scopes  []string // consent to ask for; nil for none
	who     *login   // set when the person is known and consent is due
	done    func(http.ResponseWriter, *http.Request, *login)
	cancel  func(http.ResponseWriter, *http.Request) // nil: no way back
}

// begin sends the browser to the page of a new interaction.
func (s *Server) begin(w http.ResponseWriter, r *http.Request, in *interaction) {
	id := opaque()
	in.browser = opaque()
	now := s.now()
	s.mu.Lock()
	s.memory.interactions.put(id, in, now.Add(interactionLifetime), now)
	s.mu.Unlock()
	path := s.basePath() + "/interaction/" + id
	s.setCookie(w, r, interactionCookie, in.browser, path)
	redirect(w, r, path)
}

// interaction returns the one that the request's path and cookie name, or nil.
func (s *Server) interaction(r *http.Request) *interaction {
	cookie, err := r.Cookie(interactionCookie)
	if err != nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	in, ok := s.memory.interactions.get(r.PathValue("id"), s.now())
	if !ok || subtle.ConstantTimeCompare([]byte(in.browser), []byte(cookie.Value)) != 1 {
		return nil
	}
	copied := *in
	return &copied
}

func (s *Server) showInteraction(w http.ResponseWriter, r *http.Request) {
	in := s.interaction(r)
	if in == nil {
		s.lostPage(w)
		return
	}
	if in.who != nil {
		s.consentPage(w, r, in)
		return
	}
	s.loginPage(w, r, in, in.hint, "")
}

// answerInteraction takes the login form and the consent form.
func (s *Server) answerInteraction(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<16)
	in := s.interaction(r)
	if in == nil || r.ParseForm() != nil {
		s.lostPage(w)
		return
	}
	who := in.who
	switch action := r.PostForm.Get("action"); {
	case action == "cancel" && in.cancel != nil:
		s.finish(r)
		in.cancel(w, r)
		return
	case who != nil && action == "allow":
		s.finish(r)
		in.done(w, r, who)
		return
	case who != nil:
		s.consentPage(w, r, in)
		return
	case action == "continue" && in.current != nil:
		who = in.current
	default:
		name := r.PostForm.Get("username")
		user := s.account(name)
		if !user.check(r.PostForm.Get("password")) {
			s.loginPage(w, r, in, name, "The account name or the password is wrong.")
			return
		}
		who = s.startSession(w, r, user)
	}
	if in.scopes == nil {
		s.finish(r)
		in.done(w, r, who)
		return
	}
	s.mu.Lock()
	if kept, ok := s.memory.interactions.get(r.PathValue("id"), s.now()); ok {
		kept.who = who
	}
	s.mu.Unlock()
	redirect(w, r, s.basePath()+"/interaction/"+r.PathValue("id"))
}

// finish forgets the interaction: a second press of the button finds nothing.
func (s *Server) finish(r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.memory.interactions.drop(r.PathValue("id"))
}
