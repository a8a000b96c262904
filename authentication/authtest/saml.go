package authtest

import (
	"crypto"
	"crypto/rsa"
	"net/http"
	"slices"
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

// SAMLApp is a SAML service provider that is registered with the server. The
// zero value takes logins of any entity at any loopback address.
type SAMLApp struct {
	// ID is the application's, in the paths; empty means Server.AppID.
	ID string
	// EntityID is the name the service provider gives itself. Empty means that
	// whoever asks is believed, and is the audience of what he gets.
	EntityID string
	// ACSURLs are where responses may go, compared byte for byte; the place in
	// the list is the index. The first is the default, for requests without an
	// address and for logins that start at the server. Empty means
	// Server.RedirectURIs and, when those are empty too, any loopback host.
	ACSURLs []string
	// SLOURL is where logout messages go; empty means that the application is
	// not told of the end of a session. SLOResponseURL is where responses go when
	// that is another address.
	SLOURL, SLOResponseURL string
	// SLOBinding is how logout messages travel; empty means SAMLRedirect.
	SLOBinding SAMLBinding
	// Key verifies the messages of the service provider: RSA of 2048 bits at
	// least, or ECDSA. Signatures are not looked at without it. With it a
	// signature that is there must be good, and logout messages must have one.
	Key crypto.PublicKey
	// DemandSigned refuses AuthnRequests without a signature, as Authing does when
	// samlRequestSigningCert is set. It needs Key.
	DemandSigned bool
	// EncryptionKey encrypts assertions by AES-256-GCM and RSA-OAEP; nil means
	// they are sent as they are.
	EncryptionKey *rsa.PublicKey
	// Sign is what is signed; empty means SAMLSignAssertion.
	Sign SAMLSignature
	// NameIDFormat is used when the request asks for none; empty means SAMLUnspecified.
	NameIDFormat string
	// Attributes are the names of the claims that are sent as attributes, lists with a value
	// for each element; empty means email, name, username and phone, as Authing sends them.
	Attributes []string
	// Lifetime is how long an assertion can be used; zero means an hour, as at Authing.
	Lifetime time.Duration
	// SessionLifetime is the end of the session that the assertion tells, counted
	// from the login at the server; zero means that it tells none, as Authing's.
	SessionLifetime time.Duration
}

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

// samlProblem says what is wrong with the applications; empty is nothing.
func (s *Server) samlProblem() string {
	ids := map[string]bool{}
	for _, a := range s.samlApps() {
		if ids[s.samlID(&a)] {
			return "two SAMLApps with one ID"
		}
		ids[s.samlID(&a)] = true
		switch a.Sign {
		case "", SAMLSignAssertion, SAMLSignResponse, SAMLSignBoth:
		default:
			return "unknown SAMLApp.Sign"
		}
		switch a.SLOBinding {
		case "", SAMLRedirect, SAMLPost:
		default:
			return "unknown SAMLApp.SLOBinding"
		}
		if a.NameIDFormat != "" && !slices.Contains(nameIDFormats(), a.NameIDFormat) {
			return "unknown SAMLApp.NameIDFormat"
		}
		if a.Key == nil && a.DemandSigned {
			return "SAMLApp.DemandSigned needs Key"
		}
		if a.Key != nil && !verifies(a.Key) {
			return "SAMLApp.Key is neither RSA of 2048 bits nor ECDSA"
		}
	}
	return ""
}

func nameIDFormats() []string {
	return []string{SAMLUnspecified, SAMLEmail, SAMLPersistent, SAMLTransient}
}

// samlRefusal is why a request is not answered to its sender but on a page.
type samlRefusal struct{ code, text string }

func (s *Server) samlRefuse(w http.ResponseWriter, why *samlRefusal) {
	s.errorPage(w, http.StatusBadRequest, why.code, why.text)
}

// samlNobody answers for an application that does not exist, with Authing's code.
func (s *Server) samlNobody(w http.ResponseWriter) {
	s.errorPage(w, http.StatusNotFound, "7348", "SAML SP app does not exist")
}
