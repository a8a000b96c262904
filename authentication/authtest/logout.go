package authtest

import (
	"net/http"
	"slices"
)

// endSession serves /oidc/session/end (OpenID Connect RP-Initiated Logout §2).
// With the hint of the person who is logged in it logs out at once; without, it
// asks the person first, as the specification demands.
func (s *Server) endSession(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<18)
	if r.ParseForm() != nil {
		s.errorPage(w, http.StatusBadRequest, "invalid_request", "The request cannot be read.")
		return
	}
	form := r.Form
	var hinted string
	if hint := form.Get("id_token_hint"); hint != "" {
		claims, _, signed := s.verify(hint)
		if !signed || claims["aud"] != s.appID() {
			s.errorPage(w, http.StatusBadRequest, "invalid_request", "The id_token_hint was not made by this server for this application.")
			return
		}
		hinted, _ = claims["sub"].(string)
	}
	if id := form.Get("client_id"); id != "" && id != s.appID() {
		s.errorPage(w, http.StatusBadRequest, "invalid_client", "There is no application with this client_id.")
		return
	}
	to := form.Get("post_logout_redirect_uri")
	// Without a hint or a client_id nobody knows whose addresses to compare with.
	if to != "" && (hinted == "" && form.Get("client_id") == "" || !redirectAllowed(s.LogoutURIs, to)) {
		s.errorPage(w, http.StatusBadRequest, "misconfiguration", "The post_logout_redirect_uri is not registered for this application.")
		return
	}
	if current := s.session(r); current != nil && current.user.subject() != hinted && !s.confirmed(r) {
		s.logoutPage(w, r)
		return
	}
	if state := form.Get("state"); to != "" && state != "" {
		to = addQuery(to, encodeReply([]parameter{{"state", state}}))
	}
	s.leave(w, r, to)
}

// confirmed says whether the person pressed the button of logoutPage. A form of
// another site cannot: the session cookie does not come with it, nor the value
// that only the page knows.
func (s *Server) confirmed(r *http.Request) bool {
	cookie, err := r.Cookie(sessionCookie)
	return err == nil && r.PostForm.Get("logout") == "yes" && same(r.PostForm.Get("confirm"), halfHash("HS256", cookie.Value))
}

func (s *Server) logoutPage(w http.ResponseWriter, r *http.Request) {
	p := page{Title: "Sign out", Kind: "logout", Action: s.basePath() + r.URL.Path}
	for _, name := range []string{"id_token_hint", "client_id", "post_logout_redirect_uri", "state"} {
		if value := r.Form.Get(name); value != "" {
			p.Hidden = append(p.Hidden, parameter{name, value})
		}
	}
	if cookie, err := r.Cookie(sessionCookie); err == nil {
		p.Hidden = append(p.Hidden, parameter{"confirm", halfHash("HS256", cookie.Value)})
	}
	s.show(w, http.StatusOK, p)
}

// frontLogout serves /login/profile/logout, Authing's logout for every protocol.
func (s *Server) frontLogout(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if id := query.Get("app_id"); id != "" && id != s.appID() {
		s.errorPage(w, http.StatusBadRequest, "invalid_client", "There is no application with this app_id.")
		return
	}
	to := query.Get("redirect_uri")
	if to != "" && !redirectAllowed(s.LogoutURIs, to) {
		s.errorPage(w, http.StatusBadRequest, "misconfiguration", "The redirect_uri is not registered as a logout address of this application.")
		return
	}
	s.leave(w, r, to)
}

// leave ends the browser's session, tells the services that it gave tickets to,
// and sends the browser on, by way of the SAML applications that are to be told.
func (s *Server) leave(w http.ResponseWriter, r *http.Request, to string) {
	ended := s.endBrowser(w, r)
	if slices.ContainsFunc(ended.entered, func(v *samlVisit) bool { return v.app.SLOURL != "" }) {
		// The browser can bring only one kind of notice: CAS services hear by the back channel.
		s.tell(r.Context(), ended.visits)
		s.samlNext(w, r, &samlChain{to: to, left: ended.entered})
		return
	}
	left := ended.visits
	var frames []string
	if s.SingleLogout == FrontChannel || s.SingleLogout == FrontChannelRaw {
		byBrowser := slices.DeleteFunc(slices.Clone(left), func(v visit) bool { return !v.browser })
		left = slices.DeleteFunc(slices.Clone(left), func(v visit) bool { return v.browser })
		frames = s.frames(byBrowser)
	}
	s.tell(r.Context(), left)
	switch {
	case len(frames) > 0:
		s.show(w, http.StatusOK, page{Title: "Signed out", Kind: "leaving", Frames: frames, Action: to})
	case to == "":
		s.messagePage(w, "Signed out", "You are signed out of this server.")
	default:
		redirect(w, r, to)
	}
}
