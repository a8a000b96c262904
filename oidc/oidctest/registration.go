package oidctest

import (
	"maps"
	"net/http"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// Registration lets applications register themselves (RFC 7591, RFC 7592, OpenID Connect Dynamic Client Registration
// 1.0). Each has the settings of an App, from the metadata that it sent.
type Registration struct {
	// InitialAccessToken is what a registration must show; empty means that everyone may register.
	InitialAccessToken string
}

// registeredFor is how long a registration lasts.
const registeredFor = 100 * 365 * 24 * time.Hour

// register serves the registration endpoint (RFC 7591 §3.1).
func (s *Server) register(w http.ResponseWriter, r *http.Request) {
	if token := s.Registration.InitialAccessToken; token != "" && !idptest.Same(r.Header.Get("Authorization"), "Bearer "+token) {
		challenge(w, r, &failure{http.StatusUnauthorized, "invalid_token", "the initial access token is missing or wrong"})
		return
	}
	c, failed := s.readMetadata(w, r)
	if failed != nil {
		failed.write(w, r)
		return
	}
	c.id, c.token, c.since = idptest.Opaque()[:21], idptest.Opaque(), s.realm.Time()
	s.keepClient(w, r, http.StatusCreated, c)
}

// configure serves the address of one registration (RFC 7592 §2).
func (s *Server) configure(w http.ResponseWriter, r *http.Request) {
	c := s.memory.registered(r.PathValue("id"), s.realm.Time())
	if c == nil || !idptest.Same(r.Header.Get("Authorization"), "Bearer "+c.token) {
		challenge(w, r, &failure{http.StatusUnauthorized, "invalid_token", "the registration access token is missing or wrong"})
		return
	}
	switch r.Method {
	case http.MethodGet:
		writeJSON(w, http.StatusOK, s.registrationReply(r, c))
	case http.MethodDelete:
		s.memory.forgetClient(c.id)
		w.WriteHeader(http.StatusNoContent)
	default:
		next, failed := s.readMetadata(w, r)
		if failed == nil && (next.named["client_id"] != c.id || next.named["client_secret"] != nil && next.named["client_secret"] != c.secret) {
			failed = invalidMetadata("client_id or client_secret is not that of the client")
		}
		if failed != nil {
			failed.write(w, r)
			return
		}
		next.id, next.token, next.since = c.id, c.token, c.since
		if c.secret != "" && next.secret != "" {
			next.secret, next.app.ClientSecret = c.secret, c.secret
		}
		s.keepClient(w, r, http.StatusOK, next)
	}
}

// keepClient remembers a client and answers with it.
func (s *Server) keepClient(w http.ResponseWriter, r *http.Request, status int, c *client) {
	c.app.ClientID = c.id
	now := s.realm.Time()
	s.memory.keepClient(c, now.Add(registeredFor), now)
	reply := s.registrationReply(r, c)
	reply = breakJSON(s.realm, MissingClientID, reply, "client_id", nil)
	reply = breakJSON(s.realm, OtherRedirectURI, reply, "redirect_uris", []string{"https://attacker.example/callback"})
	reply = breakJSON(s.realm, OtherAuthMethod, reply, "token_endpoint_auth_method", authPost)
	if c.secret != "" {
		reply = breakJSON(s.realm, MissingSecretExpiry, reply, "client_secret_expires_at", nil)
	}
	writeJSON(w, status, reply)
}

// registrationReply is the client's information (RFC 7591 §3.2.1).
func (s *Server) registrationReply(r *http.Request, c *client) map[string]any {
	reply := maps.Clone(c.metadata)
	reply["client_id"], reply["client_id_issued_at"] = c.id, c.since.Unix()
	reply["registration_access_token"], reply["registration_client_uri"] = c.token, s.issuer(r)+"/reg/"+c.id
	if c.secret != "" {
		reply["client_secret"], reply["client_secret_expires_at"] = c.secret, 0
	}
	return reply
}
