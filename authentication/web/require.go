package web

import "net/http"

// RequireLogin guards a handler: without a session a navigation goes to the login and comes back, a POST to "/", and
// everything else gets 401 with the address of the login as problem details (RFC 9457). A store that fails is 503. It
// serves the Site's own addresses too, so that one call wraps a whole application.
//
// Answers have Cache-Control: private, no-cache and Vary: Cookie, which the handler may change. Requests of other sites that
// could change something get 403, and CORS preflights 401: what allows other sites stands outside. LoginPage and
// LoggedOutPage are not guarded.
func (s *Site) RequireLogin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r, ok := s.Admit(w, r); ok {
			next.ServeHTTP(w, r)
		}
	})
}

// LoadLogin gives a handler the user where there is one, and demands none. With a store that fails there is none. It
// serves the Site's own addresses too, and refuses what RequireLogin refuses of other sites.
func (s *Site) LoadLogin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g := s.receive(w, r); g != nil {
			next.ServeHTTP(w, g.request(r))
		}
	})
}

// Admit is RequireLogin for routers whose middleware is no http.Handler. When it returns false, it has answered the
// request; otherwise the handler goes on with the returned request.
func (s *Site) Admit(w http.ResponseWriter, r *http.Request) (*http.Request, bool) {
	g := s.receive(w, r)
	switch {
	case g == nil:
		return nil, false
	case s.isPage(g.at(w, r)):
	case g.err != nil:
		g.at(w, r).unavailable(g.err)
		return nil, false
	case g.session == nil:
		g.at(w, r).refuse()
		return nil, false
	}
	return g.request(r), true
}

// isPage reports whether a request is for Config.LoginPage or Config.LoggedOutPage, which nobody needs a session for.
func (s *Site) isPage(v *visit) bool {
	if s.config.LoginPage == "" && s.config.LoggedOutPage == "" {
		return false
	}
	path := pathOf(v.r, v.base, s.config.Prefix)
	return path == s.config.LoginPage || path == s.config.LoggedOutPage
}

// receive finds who sends a request. It returns nil when it has answered the request itself.
func (s *Site) receive(w http.ResponseWriter, r *http.Request) *guest {
	if g := guestOf(r.Context()); g != nil && g.site == s {
		return g // another guard of this Site stands outside
	}
	g := &guest{Context: r.Context(), visit: visit{site: s, w: w, r: r}}
	switch v := &g.visit; {
	case !v.enter():
		return nil
	case v.own():
		v.serve()
		return nil
	case v.crosses():
		return nil
	}
	g.session, g.err = g.visit.load()
	if g.err == nil && g.session != nil {
		g.touch(g.session)
	}
	g.private()
	return g
}
