package authtest

import (
	"net/http"
	"time"
)

// SAMLSignature is what an identity provider signs of its responses.
type SAMLSignature string

const (
	// SAMLSignAssertion signs the assertion alone, as Authing does by default.
	SAMLSignAssertion SAMLSignature = "assertion"
	// SAMLSignResponse signs the response alone.
	SAMLSignResponse SAMLSignature = "response"
	// SAMLSignBoth signs the assertion and then the response.
	SAMLSignBoth SAMLSignature = "both"
)

// SAMLBinding is how a message travels with the browser (SAML Bindings §3.4, §3.5).
type SAMLBinding string

const (
	// SAMLRedirect puts the message into a query.
	SAMLRedirect SAMLBinding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
	// SAMLPost puts it into a form that the browser posts.
	SAMLPost SAMLBinding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
)

// Formats of name identifiers (SAML Core §8.3).
const (
	// SAMLUnspecified is the person's account name; it is what Authing sends.
	SAMLUnspecified = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
	// SAMLEmail is the email address.
	SAMLEmail = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
	// SAMLPersistent is a name that this application alone knows the person by.
	SAMLPersistent = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
	// SAMLTransient is a new name at each login.
	SAMLTransient = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
)

func (s *Server) samlRoutes(mux *http.ServeMux) {
	const at = "/api/v2/saml-idp/{app}"
	mux.HandleFunc("GET "+at+"/metadata", s.samlMetadata)
	mux.HandleFunc("GET "+at, s.samlLogin)
	mux.HandleFunc("POST "+at, s.samlLogin)
	mux.HandleFunc("GET "+at+"/slo", s.samlLogout)
	mux.HandleFunc("POST "+at+"/slo", s.samlLogout)
}

func (s *Server) samlApps() []SAMLApp {
	if len(s.SAMLApps) == 0 {
		return []SAMLApp{{}}
	}
	return s.SAMLApps
}

func (s *Server) samlID(a *SAMLApp) string { return either(a.ID, s.appID()) }

// samlApp is the application that the path names, or nil.
func (s *Server) samlApp(r *http.Request) *SAMLApp {
	apps := s.samlApps()
	for i := range apps {
		if s.samlID(&apps[i]) == r.PathValue("app") {
			return &apps[i]
		}
	}
	return nil
}

// samlAt is an endpoint of the application; what is "", "/slo" or "/metadata".
func (s *Server) samlAt(base string, a *SAMLApp, what string) string {
	return base + "/api/v2/saml-idp/" + s.samlID(a) + what
}

func (s *Server) acsURLs(a *SAMLApp) []string {
	if len(a.ACSURLs) > 0 {
		return a.ACSURLs
	}
	return s.RedirectURIs
}

func (a *SAMLApp) lifetime() time.Duration {
	if a.Lifetime > 0 {
		return a.Lifetime
	}
	return time.Hour
}

func nameIDFormats() []string {
	return []string{SAMLUnspecified, SAMLEmail, SAMLPersistent, SAMLTransient}
}

// samlRefusal is why a request is not answered to its sender but on a page.
type samlRefusal struct{ code, text string }

func (s *Server) samlRefuse(w http.ResponseWriter, why *samlRefusal) {
	s.realm.ErrorPage(w, http.StatusBadRequest, why.code, why.text)
}

// samlNobody answers for an application that does not exist, with Authing's code.
func (s *Server) samlNobody(w http.ResponseWriter) {
	s.realm.ErrorPage(w, http.StatusNotFound, "7348", "SAML SP app does not exist")
}
