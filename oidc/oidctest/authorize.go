package oidctest

import (
	"net/http"
	"slices"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// authorize serves the authorization endpoint (OpenID Connect Core §3.1.2.1, RFC 6749 §4.1.1).
func (s *Server) authorize(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		s.realm.ErrorPage(w, http.StatusBadRequest, "invalid_request", "The request cannot be read.")
		return
	}
	form := r.Form
	// These two say where an error may go; while they are in doubt nothing may be redirected.
	if len(form["client_id"]) > 1 || len(form["redirect_uri"]) > 1 {
		s.realm.ErrorPage(w, http.StatusBadRequest, "invalid_request", "client_id or redirect_uri is repeated.")
		return
	}
	c := s.findClient(r.Context(), form.Get("client_id"))
	if c == nil {
		s.realm.ErrorPage(w, http.StatusBadRequest, "invalid_client", "There is no application with this client_id.")
		return
	}
	form, refused := s.parameters(r, c, form)
	if refused != nil {
		s.realm.ErrorPage(w, http.StatusBadRequest, refused.code, refused.description)
		return
	}
	if !idptest.Registered(c.app.RedirectURIs, form.Get("redirect_uri")) {
		s.realm.ErrorPage(w, http.StatusBadRequest, "invalid_redirect_uri", "The redirect_uri is not registered for this application.")
		return
	}
	q := &authRequest{client: c, issuer: s.issuer(r), redirectURI: form.Get("redirect_uri"), state: form.Get("state"), jkt: form.Get("dpop_jkt"), mode: "query", jwt: c.needsJWT()}
	if refused := s.read(q, form); refused != nil {
		s.refuse(w, r, q, *refused)
		return
	}
	s.decide(w, r, q)
}

// decide answers an authorize request at once or sends the browser to the login page.
func (s *Server) decide(w http.ResponseWriter, r *http.Request, q *authRequest) {
	current := s.realm.Session(r)
	stranger := current != nil && q.hinted != "" && q.hinted != current.User.ID()
	old := current != nil && q.maxAge != nil && s.realm.Time().Sub(current.Time) > *q.maxAge
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
	in := idptest.Interaction{
		Hint: q.loginHint,
		Done: func(w http.ResponseWriter, r *http.Request, who *idptest.Login) { s.complete(w, r, q, who) },
		Cancel: func(w http.ResponseWriter, r *http.Request) {
			s.refuse(w, r, q, refusal{"access_denied", "End-User aborted interaction"})
		},
	}
	if consent {
		in.Consent = q.scopes
	}
	switch {
	case mustLogin:
	case choose:
		in.Current = current
	default:
		in.Who = current
	}
	s.realm.Begin(w, r, in)
}
