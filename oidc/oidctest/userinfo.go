package oidctest

import (
	"net/http"
	"strings"
)

// userInfo serves the user info endpoint (OpenID Connect Core §5.3).
func (s *Server) userInfo(w http.ResponseWriter, r *http.Request) {
	value, failed := bearer(w, r)
	if failed != nil {
		challenge(w, r, failed)
		return
	}
	t := s.memory.live(value, s.realm.Time())
	if t == nil || t.refresh || t.grant.user == nil {
		challenge(w, r, &failure{http.StatusUnauthorized, "invalid_token", "invalid token provided"})
		return
	}
	scopes := t.scopes
	if s.OAuth {
		scopes = []string{"profile", "email", "phone", "address"}
	} else if !t.has("openid") {
		challenge(w, r, &failure{http.StatusForbidden, "insufficient_scope", "access token missing openid scope"})
		return
	}
	claims := s.realm.Claims(t.grant.user, scopes, t.grant.meClaims)
	if err := s.addSources(r, t, claims); err != nil {
		(&failure{http.StatusInternalServerError, "server_error", "the claims could not be signed"}).write(w, r)
		return
	}
	writeJSON(w, http.StatusOK, breakJSON(s.realm, WrongSubject, claims, "sub", "someone-else"))
}

// bearer reads the access token from the header, the body or the query (RFC 6750 §2); from one of them only.
func bearer(w http.ResponseWriter, r *http.Request) (string, *failure) {
	var found []string
	if header := r.Header.Get("Authorization"); header != "" {
		scheme, value, _ := strings.Cut(header, " ")
		if !strings.EqualFold(scheme, "Bearer") || value == "" {
			return "", invalidRequest("invalid authorization header value format")
		}
		found = append(found, value)
	}
	found = append(found, r.URL.Query()["access_token"]...)
	if r.Method == http.MethodPost && r.Header.Get("Content-Type") != "" {
		if failed := readForm(w, r); failed != nil {
			return "", failed
		}
		found = append(found, r.PostForm["access_token"]...)
	}
	switch {
	case len(found) == 0 || found[0] == "":
		return "", invalidRequest("no access token provided")
	case len(found) > 1:
		return "", invalidRequest("access token must only be provided using one mechanism")
	}
	return found[0], nil
}

// challenge answers with the error as JSON and as a header (RFC 6750 §3).
func challenge(w http.ResponseWriter, r *http.Request, f *failure) {
	w.Header().Set("WWW-Authenticate", `Bearer realm="`+r.Host+`", error="`+f.code+`", error_description="`+f.description+`"`)
	f.write(w, r)
}
