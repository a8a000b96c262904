package oidctest

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// complete sends the browser back with what the response type asks for.
func (s *Server) complete(w http.ResponseWriter, r *http.Request, q *authRequest, who *idptest.Login) {
	g := s.grantFor(q, who)
	if !q.has("none") {
		g.sid = s.join(g, who)
	}
	var reply idptest.Parameters
	var code, accessToken string
	var err error
	if q.has("code") {
		code = s.issueCode(g, q)
		reply.Add("code", code)
	}
	if q.has("token") {
		issued, failed := s.issueAccess(&token{grant: g, scopes: g.scopes, resources: g.resources, details: g.details})
		if err = failed; err == nil {
			accessToken = issued.value
			reply.Add("access_token", issued.value)
			reply.Add("token_type", "Bearer")
			reply.Add("expires_in", strconv.Itoa(s.expiresIn()))
			reply.Add("scope", strings.Join(g.scopes, " "))
		}
	}
	if q.has("id_token") && err == nil {
		var idToken string
		idToken, err = s.issueIDToken(g, idTokenParts{nonce: q.nonce, accessToken: accessToken, code: code, state: q.state, front: true})
		reply.Add("id_token", idToken)
	}
	if err != nil {
		s.realm.ErrorPage(w, http.StatusInternalServerError, "server_error", "A token could not be signed.")
		return
	}
	if !s.OAuth && !q.has("none") {
		// Many providers send it (OpenID Connect Session Management §2); a client must ignore what it does not know.
		reply.Add("session_state", idptest.Opaque())
	}
	s.deliver(w, r, q, breakParts(q.client, reply))
}

func (s *Server) grantFor(q *authRequest, who *idptest.Login) *grant {
	g := &grant{
		issuer: q.issuer, client: q.client.id, app: q.client, user: who.User, scopes: q.scopes, resources: q.resources, details: q.details, login: who.Time,
		idClaims: q.idClaims, meClaims: q.meClaims,
		// Never one of the implicit grant (RFC 6749 §4.2.2).
		offline: q.offline || s.OAuth && q.has("code"),
	}
	if q.wantAuthTime {
		g.authTime = who.Time
	}
	return g
}

// refuse sends the browser back with an error.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, q *authRequest, why refusal) {
	s.deliver(w, r, q, idptest.Pairs("error", why.code, "error_description", why.description))
}

// deliver sends parameters by the response mode (OAuth 2.0 Form Post Response Mode §2).
func (s *Server) deliver(w http.ResponseWriter, r *http.Request, q *authRequest, reply idptest.Parameters) {
	if q.state != "" {
		reply.Add("state", q.state)
	}
	if s.sendsIssuer() && !sendsJWT(q) { // that of a JWT says it (RFC 9207 §2.4)
		reply.Add("iss", q.issuer)
	}
	reply = breakReply(q.client, reply)
	if sendsJWT(q) {
		response, err := s.responseJWT(q, reply)
		if err != nil {
			s.realm.ErrorPage(w, http.StatusInternalServerError, "server_error", "The response could not be signed or encrypted.")
			return
		}
		reply = idptest.Pairs("response", response)
	}
	reply = breakCount(q.client, reply)
	switch modeOf(q) {
	case "form_post":
		s.realm.PostPage(w, "Signing you in", "reply", q.redirectURI, reply)
	case "fragment":
		idptest.SendTo(w, r, q.redirectURI+"#"+reply.Encode())
	default:
		idptest.SendTo(w, r, idptest.AddQuery(q.redirectURI, reply.Encode()))
	}
}
