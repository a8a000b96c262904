package oidctest

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// pushedPrefix begins the request_uri of a pushed request (RFC 9126 §2.2).
const pushedPrefix = "urn:ietf:params:oauth:request_uri:"

// pushed is an authorization request that its application has pushed.
type pushed struct {
	client string
	form   url.Values
}

// push serves the pushed authorization request endpoint (RFC 9126 §2).
func (s *Server) push(w http.ResponseWriter, r *http.Request) {
	c, form, failed := s.readPushed(w, r)
	if failed != nil {
		failed.write(w, r)
		return
	}
	lifetime := s.PushedLifetime
	if lifetime == 0 {
		lifetime = time.Minute
	}
	address := pushedPrefix + idptest.Opaque()
	s.memory.keepPushed(address, &pushed{c.id, form}, lifetime, s.realm.Time())
	status, reply := breakPushed(c, map[string]any{"request_uri": address, "expires_in": int(lifetime / time.Second)})
	writeJSON(w, status, reply)
}

// readPushed checks a request as the authorization endpoint would (RFC 9126 §2.1).
func (s *Server) readPushed(w http.ResponseWriter, r *http.Request) (*client, url.Values, *failure) {
	if failed := readForm(w, r); failed != nil {
		return nil, nil, failed
	}
	jkt, failed := s.proof(w, r, "", http.StatusBadRequest)
	if failed != nil {
		return nil, nil, failed
	}
	k, failed := s.authenticate(r, s.TokenAuth)
	if failed != nil {
		return nil, nil, failed
	}
	c := k.client
	form, refused := s.pushedParameters(r, c)
	if refused == nil && form.Get("client_id") != c.id {
		refused = &refusal{"invalid_request", "client_id is missing, or not the client"}
	}
	if refused == nil && !idptest.Registered(c.app.RedirectURIs, form.Get("redirect_uri")) {
		refused = &refusal{"invalid_request", "the redirect_uri is not registered for this application"}
	}
	if refused == nil {
		refused = bindPushed(form, jkt)
	}
	if refused == nil {
		refused = s.read(&authRequest{client: c, issuer: s.issuer(r), mode: "query", jwt: c.needsJWT()}, form)
	}
	if refused != nil {
		return nil, nil, &failure{http.StatusBadRequest, refused.code, refused.description}
	}
	return c, form, nil
}

// pushedParameters are those of the form, or of its request object. Beside an object the form has nothing but what
// authenticates the client (RFC 9126 §3).
func (s *Server) pushedParameters(r *http.Request, c *client) (url.Values, *refusal) {
	form := maps.Clone(r.PostForm)
	for _, name := range []string{"client_secret", "client_assertion", "client_assertion_type"} {
		delete(form, name)
	}
	switch {
	case form.Has("request_uri"):
		return nil, &refusal{"invalid_request", "request_uri must not be pushed"}
	case !form.Has("request") || !c.hasKeys():
		return s.openObject(r, c, form)
	}
	for name := range form {
		if name != "request" && name != "client_id" {
			return nil, &refusal{"invalid_request", "a parameter is beside the request object"}
		}
	}
	return s.readObject(r, c, form.Get("request"))
}

// bindPushed binds the code to the key of the proof (RFC 9449 §10.1).
func bindPushed(form url.Values, jkt string) *refusal {
	switch {
	case jkt == "":
	case form.Has("dpop_jkt") && form.Get("dpop_jkt") != jkt:
		return &refusal{"invalid_dpop_proof", "dpop_jkt is not the key of the DPoP proof"}
	default:
		form.Set("dpop_jkt", jkt)
	}
	return nil
}

// parameters are those of an authorization request: pushed before, in a request object, or as they are.
func (s *Server) parameters(r *http.Request, c *client, form url.Values) (url.Values, *refusal) {
	address := form.Get("request_uri")
	isPushed := strings.HasPrefix(address, pushedPrefix)
	switch {
	case isPushed && (form.Has("request") || len(form["request_uri"]) > 1):
		return nil, &refusal{"invalid_request", "request_uri is repeated, or beside a request object"}
	case isPushed:
		found := s.memory.takePushed(address, c.id, s.realm.Time())
		if found == nil {
			return nil, &refusal{"invalid_request_uri", "the request_uri is unknown, used, too old, or of another application"}
		}
		return found.form, nil
	case s.requiresPushes() || c.app.RequirePushedAuthorizationRequests:
		return nil, &refusal{"invalid_request", "this authorization request must be pushed"}
	}
	return s.openObject(r, c, form)
}

func (m *memory) keepPushed(address string, p *pushed, lifetime time.Duration, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pushed.Put(address, p, now.Add(lifetime), now)
}

// takePushed is used once (RFC 9126 §4). Another application cannot use it up.
func (m *memory) takePushed(address, client string, now time.Time) *pushed {
	m.mu.Lock()
	defer m.mu.Unlock()
	p, ok := m.pushed.Get(address, now)
	if !ok || p.client != client {
		return nil
	}
	m.pushed.Drop(address)
	return p
}
