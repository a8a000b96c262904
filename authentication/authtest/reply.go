package authtest

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// codeLifetime is Authing's: ten minutes.
const codeLifetime = 10 * time.Minute

// parameter is one name and value of a callback, in order.
type parameter struct{ Name, Value string }

// complete sends the browser back with what the response type asks for.
func (s *Server) complete(w http.ResponseWriter, r *http.Request, q *authRequest, who *login) {
	g := s.grantFor(q, who)
	var reply []parameter
	var code, accessToken string
	var err error
	if q.has("code") {
		code = s.issueCode(g, q)
		reply = append(reply, parameter{"code", code})
	}
	if q.has("token") {
		issued, failed := s.issueAccess(g, g.scopes)
		if err = failed; err == nil {
			accessToken = issued.value
			reply = append(reply,
				parameter{"access_token", issued.value},
				parameter{"token_type", "Bearer"},
				parameter{"expires_in", strconv.Itoa(g.protocol.expiresIn())},
				parameter{"scope", strings.Join(g.scopes, " ")})
		}
	}
	if q.has("id_token") && err == nil {
		var idToken string
		idToken, err = s.issueIDToken(g, idTokenParts{nonce: q.nonce, accessToken: accessToken, code: code})
		reply = append(reply, parameter{"id_token", idToken})
	}
	if err != nil {
		s.errorPage(w, http.StatusInternalServerError, "server_error", "A token could not be signed.")
		return
	}
	if q.protocol == oidc && !q.has("none") {
		// Authing sends it (OpenID Connect Session Management §2); a client must ignore what it does not know.
		reply = append(reply, parameter{"session_state", opaque()})
	}
	s.deliver(w, r, q, reply)
}

// refuse sends the browser back with an error.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, q *authRequest, why refusal) {
	s.deliver(w, r, q, []parameter{{"error", why.code}, {"error_description", why.description}})
}

// deliver sends parameters by the response mode (OAuth 2.0 Form Post Response Mode §2).
func (s *Server) deliver(w http.ResponseWriter, r *http.Request, q *authRequest, reply []parameter) {
	if q.state != "" {
		reply = append(reply, parameter{"state", q.state})
	}
	if s.SendIssuer {
		reply = append(reply, parameter{"iss", q.issuer})
	}
	reply = s.breakReply(reply)
	switch q.mode {
	case "form_post":
		s.postPage(w, q.redirectURI, reply)
	case "fragment":
		redirect(w, r, q.redirectURI+"#"+encodeReply(reply))
	default:
		redirect(w, r, addQuery(q.redirectURI, encodeReply(reply)))
	}
}

func encodeReply(reply []parameter) string {
	var b strings.Builder
	for _, p := range reply {
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(p.Name) + "=" + url.QueryEscape(p.Value))
	}
	return b.String()
}

// addQuery keeps the query that the address has (RFC 6749 §3.1.2), byte for byte.
func addQuery(uri, query string) string {
	switch {
	case query == "":
		return uri
	case !strings.Contains(uri, "?"):
		return uri + "?" + query
	case strings.HasSuffix(uri, "?"), strings.HasSuffix(uri, "&"):
		return uri + query
	}
	return uri + "&" + query
}

// redirect uses 303 after a form, so that the browser does not post it again.
func redirect(w http.ResponseWriter, r *http.Request, to string) {
	status := http.StatusFound
	if r.Method == http.MethodPost {
		status = http.StatusSeeOther
	}
	w.Header().Set("Location", ascii(to))
	w.WriteHeader(status)
}

// ascii percent-encodes what a header must not carry.
func ascii(uri string) string {
	var b strings.Builder
	for i := range len(uri) {
		if c := uri[i]; c <= ' ' || c >= 0x7f {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
