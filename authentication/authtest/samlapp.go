package authtest

import (
	"crypto"
	"crypto/rsa"
	"slices"
	"time"
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
	// not told of the end of a session.
	SLOURL string
	// SLOResponseURL is where logout responses go; empty means SLOURL.
	SLOResponseURL string
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
