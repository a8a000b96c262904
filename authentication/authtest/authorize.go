package authtest

import (
	"net/http"
	"slices"
)

// authorize serves /oidc/auth and /oauth/auth (OpenID Connect Core §3.1.2.1, RFC 6749 §4.1.1).
func (s *Server) authorize(p protocol) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			s.errorPage(w, http.StatusBadRequest, "invalid_request", "The request cannot be read.")
			return
		}
		form := r.Form
		// These two say where an error may go; while they are in doubt nothing may be redirected.
		if len(form["client_id"]) > 1 || len(form["redirect_uri"]) > 1 {
			s.errorPage(w, http.StatusBadRequest, "invalid_request", "client_id or redirect_uri is repeated.")
			return
		}
		if form.Get("client_id") != s.appID() {
			s.errorPage(w, http.StatusBadRequest, "invalid_client", "There is no application with this client_id.")
			return
		}
		if !redirectAllowed(s.RedirectURIs, form.Get("redirect_uri")) {
			s.errorPage(w, http.StatusBadRequest, "invalid_redirect_uri", "The redirect_uri is not registered for this application.")
			return
		}
		q := &authRequest{protocol: p, issuer: s.issuer(r, p), redirectURI: form.Get("redirect_uri"), state: form.Get("state"), mode: "query"}
		if refused := s.read(q, form); refused != nil {
			s.refuse(w, r, q, *refused)
			return
		}
		s.decide(w, r, q)
	}
}

// decide answers an authorize request at once or sends the browser to the login page.
func (s *Server) decide(w http.ResponseWriter, r *http.Request, q *authRequest) {
	current := s.session(r)
	stranger := current != nil && q.hinted != "" && q.hinted != current.user.subject()
	old := current != nil && q.maxAge != nil && s.now().Sub(current.authTime) > *q.maxAge
	mustLogin := current == nil || stranger || old || slices.Contains(q.prompt, "login") || q.maxAge != nil && *q.maxAge == 0
	consent := slices.Contains(q.prompt, "consent")
	choose := slices.Contains(q.prompt, "select_account")
	switch {
	case slices.Contains(q.prompt, "none"):
		if mustLogin {
			s.refuse(w, r, q, refusal{"login_required", "End-User authentication is required"})
			return
		}
		s.complete(w, r, q, current)
		return
	case !mustLogin && !consent && !choose:
		s.complete(w, r, q, current)
		return
	}
	in := &interaction{
		hint: q.loginHint,
		done: func(w http.ResponseWriter, r *http.Request, who *login) { s.complete(w, r, q, who) },
		cancel: func(w http.ResponseWriter, r *http.Request) {
			s.refuse(w, r, q, refusal{"access_denied", "End-User aborted interaction"})
		},
	}
	if consent {
		in.scopes = q.scopes
	}
	switch {
	case mustLogin:
	case choose:
		in.current = current
	default:
		in.who = current
	}
	s.begin(w, r, in)
}
