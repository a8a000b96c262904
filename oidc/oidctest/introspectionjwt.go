package oidctest

import (
	"mime"
	"net/http"
	"strings"
	"time"
)

// introspectionJWT is the media type of a signed reply, and its typ after the slash (RFC 9701 §4, §5).
const introspectionJWT = "application/token-introspection+jwt"

// asksForJWT says whether the caller takes a signed reply. OAuth has no keys.
func (s *Server) asksForJWT(r *http.Request, c *client) bool {
	return acceptsJWT(r) && !s.OAuth && !c.Broken(PlainIntrospection)
}

func acceptsJWT(r *http.Request) bool {
	for _, part := range strings.Split(r.Header.Get("Accept"), ",") {
		if media, _, err := mime.ParseMediaType(part); err == nil && media == introspectionJWT {
			return true
		}
	}
	return false
}

// writeIntrospection answers with JSON, or with a JWT that has it as a claim, for the caller alone.
func (s *Server) writeIntrospection(w http.ResponseWriter, r *http.Request, reply map[string]any) {
	caller, _ := readCredentials(r) // it was authenticated
	c := s.owner(s.clientOf(caller.id))
	if _, active := reply["active"].(bool); active && c.Broken(TextActive) {
		reply["active"] = "true"
	}
	if !s.asksForJWT(r, c) {
		writeJSON(w, http.StatusOK, reply)
		return
	}
	issued := s.realm.Time()
	if c.Broken(OldIntrospection) {
		issued = issued.Add(-time.Hour)
	}
	claims := map[string]any{"iss": s.issuer(r), "aud": caller.id, "iat": issued.Unix(), "token_introspection": reply}
	breakAddresses(c, claims)
	typ := strings.TrimPrefix(introspectionJWT, "application/")
	if c.Broken(UntypedIntrospection) {
		typ = "JWT"
	}
	raw, err := s.signer.sign(c, typ, s.signer.ownAlg, claims)
	if err != nil {
		(&failure{http.StatusInternalServerError, "server_error", "the reply could not be signed"}).write(w, r)
		return
	}
	w.Header().Set("Content-Type", introspectionJWT)
	_, _ = w.Write([]byte(raw))
}
