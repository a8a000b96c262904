package authtest

import (
	"mime"
	"net/http"
	"strings"
)

// token serves /oidc/token and /oauth/token (RFC 6749 §3.2).
func (s *Server) token(p protocol) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if failed := readForm(w, r); failed != nil {
			failed.write(w, r)
			return
		}
		var reply map[string]any
		var failed *failure
		switch r.PostForm.Get("grant_type") {
		case "":
			failed = invalidRequest("missing required parameter 'grant_type'")
		case "authorization_code":
			reply, failed = s.exchangeCode(r, p)
		case "refresh_token":
			reply, failed = s.exchangeRefresh(r, p)
		case "client_credentials":
			reply, failed = s.exchangeKeys(r, p)
		case "password":
			reply, failed = s.exchangePassword(r, p)
		default:
			failed = &failure{http.StatusBadRequest, "unsupported_grant_type", "unsupported grant_type requested"}
		}
		if failed != nil {
			failed.write(w, r)
			return
		}
		reply = s.breakJSON(MissingAccessToken, reply, "access_token", nil)
		w.Header().Set("Pragma", "no-cache")
		writeJSON(w, http.StatusOK, reply)
	}
}

// readForm reads the body alone: credentials in a query are not looked at (RFC 6749 §2.3.1).
func readForm(w http.ResponseWriter, r *http.Request) *failure {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return invalidRequest("only application/x-www-form-urlencoded content-type bodies are supported")
	}
	r.Body = http.MaxBytesReader(w, r.Body, 1<<18)
	if err := r.ParseForm(); err != nil {
		return invalidRequest("failed to parse the request body")
	}
	for _, values := range r.PostForm {
		if len(values) > 1 {
			return invalidRequest("a parameter is repeated")
		}
	}
	return nil
}

// tokens makes the reply to a grant: the access token, and an ID token and a
// refresh token where they are due.
func (s *Server) tokens(g *grant, scopes []string, nonce string, refresh *token) (map[string]any, *failure) {
	access, err := s.issueAccess(g, scopes)
	if err != nil {
		return nil, &failure{http.StatusInternalServerError, "server_error", "a token could not be signed"}
	}
	reply := map[string]any{
		"access_token": access.value, "token_type": "Bearer",
		"expires_in": g.protocol.expiresIn(), "scope": strings.Join(scopes, " "),
	}
	if g.protocol == oidc && g.user != nil && access.has("openid") {
		idToken, err := s.issueIDToken(g, idTokenParts{nonce: nonce, accessToken: access.value})
		if err != nil {
			return nil, &failure{http.StatusInternalServerError, "server_error", "a token could not be signed"}
		}
		reply["id_token"] = idToken
	}
	if refresh != nil {
		reply["refresh_token"] = refresh.value
	}
	return reply, nil
}
