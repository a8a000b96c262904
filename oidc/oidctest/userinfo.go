package oidctest

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"strings"
)

// userInfo serves the user info endpoint (OpenID Connect Core §5.3).
func (s *Server) userInfo(w http.ResponseWriter, r *http.Request) {
	value, scheme, failed := token68(w, r)
	if failed == nil && s.fapi() && r.URL.Query().Has("access_token") { // FAPI 2.0 Security Profile §5.3.4
		failed = invalidRequest("the access token is in the query")
	}
	if failed != nil {
		challengeFor(w, r, scheme, failed)
		return
	}
	t := s.memory.live(value, s.realm.Time())
	if t == nil || t.refresh || t.grant.user == nil {
		challengeFor(w, r, scheme, &failure{http.StatusUnauthorized, "invalid_token", "invalid token provided"})
		return
	}
	if failed := s.checkUse(w, r, t, scheme); failed != nil {
		challengeFor(w, r, scheme, failed)
		return
	}
	scopes := t.scopes
	if s.OAuth {
		scopes = []string{"profile", "email", "phone", "address"}
	} else if !t.has("openid") {
		challengeFor(w, r, scheme, &failure{http.StatusForbidden, "insufficient_scope", "access token missing openid scope"})
		return
	}
	claims := s.realm.Claims(t.grant.user, scopes, t.grant.meClaims)
	if err := s.addSources(r, t, claims); err != nil {
		(&failure{http.StatusInternalServerError, "server_error", "the claims could not be signed"}).write(w, r)
		return
	}
	s.writeUserInfo(w, r, t.grant, breakJSON(s.owner(t.grant.app), WrongSubject, claims, "sub", "someone-else"))
}

// writeUserInfo answers in the form that the application registered: JSON, signed, encrypted, or signed and then
// encrypted (OpenID Connect Core §5.3.2).
func (s *Server) writeUserInfo(w http.ResponseWriter, r *http.Request, g *grant, claims map[string]any) {
	c := g.app
	if c == nil || c.app.UserInfoSigningAlg == "" && c.userInfo.alg == "" || c.Broken(PlainUserInfo) {
		writeJSON(w, http.StatusOK, claims)
		return
	}
	text, err := s.userInfoToken(g, claims)
	if err != nil {
		(&failure{http.StatusInternalServerError, "server_error", "the user info could not be signed or encrypted"}).write(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/jwt")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = io.WriteString(w, text)
}

func (s *Server) userInfoToken(g *grant, claims map[string]any) (string, error) {
	c := g.app
	if c.app.UserInfoSigningAlg == "" {
		text, err := json.Marshal(claims)
		if err != nil {
			return "", err
		}
		return s.encrypt(c, c.userInfo, "", string(text))
	}
	claims = maps.Clone(claims)
	claims["iss"], claims["aud"] = g.issuer, g.client
	breakAddresses(c, claims)
	if c.Broken(BareUserInfo) {
		delete(claims, "iss")
		delete(claims, "aud")
	}
	signed, err := s.signer.sign(c, "JWT", c.app.UserInfoSigningAlg, claims)
	if err != nil {
		return "", err
	}
	return s.encrypt(c, c.userInfo, "JWT", signed)
}

// bearer is token68 of the scheme Bearer alone.
func bearer(w http.ResponseWriter, r *http.Request) (string, *failure) {
	token, scheme, failed := token68(w, r)
	if failed == nil && scheme != "Bearer" {
		failed = invalidRequest("invalid authorization header value format")
	}
	return token, failed
}

// token68 reads the access token from the header, the body or the query (RFC 6750 §2); from one of them only. The scheme is
// DPoP where the header says it (RFC 9449 §7.1), and else Bearer.
func token68(w http.ResponseWriter, r *http.Request) (token, scheme string, failed *failure) {
	var found []string
	scheme = "Bearer"
	if header := r.Header.Get("Authorization"); header != "" {
		name, value, _ := strings.Cut(header, " ")
		if strings.EqualFold(name, "DPoP") {
			scheme = "DPoP"
		} else if !strings.EqualFold(name, "Bearer") {
			value = ""
		}
		if value == "" {
			return "", scheme, invalidRequest("invalid authorization header value format")
		}
		found = append(found, value)
	}
	found = append(found, r.URL.Query()["access_token"]...)
	if r.Method == http.MethodPost && r.Header.Get("Content-Type") != "" {
		if failed := readForm(w, r); failed != nil {
			return "", scheme, failed
		}
		found = append(found, r.PostForm["access_token"]...)
	}
	switch {
	case len(found) == 0 || found[0] == "":
		return "", scheme, invalidRequest("no access token provided")
	case len(found) > 1:
		return "", scheme, invalidRequest("access token must only be provided using one mechanism")
	}
	return found[0], scheme, nil
}

// challenge answers with the error as JSON and as a header (RFC 6750 §3).
func challenge(w http.ResponseWriter, r *http.Request, f *failure) { challengeFor(w, r, "Bearer", f) }

func challengeFor(w http.ResponseWriter, r *http.Request, scheme string, f *failure) {
	w.Header().Set("WWW-Authenticate", scheme+` realm="`+r.Host+`", error="`+f.code+`", error_description="`+f.description+`"`)
	f.write(w, r)
}
