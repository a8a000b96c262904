package samltest

import (
	"crypto"
	"crypto/rsa"
	"net/url"
	"slices"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// App is a service provider that is registered with the server. The zero value takes logins of any entity at any
// loopback address.
type App struct {
	// ID is the application's name in the paths of its endpoints; empty means that they are right below Server.Path.
	ID string
	// SSOPath is the path of single sign-on for this application, as it is written in a URL; empty means Server.Path, ID
	// and "/sso".
	SSOPath string
	// EntityID is the name that the service provider gives itself. Empty means that any entity ID is accepted, and
	// becomes the audience.
	EntityID string
	// ACSURLs are where responses may go, compared byte for byte; the place in the list is the index. The first is the
	// default, for requests without an address and for logins that start at the server. Empty means any loopback host.
	ACSURLs []string
	// SLOURL is where logout messages go; empty means that the application is not told of the end of a session.
	SLOURL string
	// SLOResponseURL is where logout responses go; empty means SLOURL.
	SLOResponseURL string
	// SOAPLogoutURL is where the server itself posts requests for logout by SOAP, without a browser. With it the browser is
	// not sent to SLOURL with requests. Only loopback hosts are called, unless Realm.HTTPClient is set.
	SOAPLogoutURL string
	// SLOBinding is how logout messages travel; empty means BindingRedirect.
	SLOBinding Binding
	// ResponseBinding is how responses travel, whatever the request says: BindingArtifact needs Server.Artifacts. Empty
	// means as the request says, or else by BindingPOST.
	ResponseBinding Binding
	// Key verifies the messages of the service provider: RSA of 2048 bits at least, or ECDSA. Without it no signature is
	// looked at. With it a signature that is there must be good, and logout messages must have one.
	Key crypto.PublicKey
	// DemandSigned refuses AuthnRequests without a signature. It needs Key.
	DemandSigned bool
	// EncryptionKey encrypts assertions by AES-256-GCM and RSA-OAEP; nil means they are sent as they are.
	EncryptionKey *rsa.PublicKey
	// Sign is what is signed; empty means SignAssertion.
	Sign Signature
	// SessionIndex is that of every session, of all users, as some identity providers have it; empty means a new one for
	// each session.
	SessionIndex string
	// NameIDFormat is used when the request asks for none; empty means Unspecified.
	NameIDFormat string
	// Attributes are the names of the claims that are sent as attributes, lists with a value for each element; empty
	// means email, name, username and phone. Without claims of these names, username is preferred_username and phone is
	// phone_number. A claim that the person does not have is left out; one that is nil is the text null.
	Attributes []string
	// Lifetime is how long an assertion can be used; zero means an hour.
	Lifetime time.Duration
	// SessionLifetime is the end of the session that the assertion tells (SessionNotOnOrAfter), counted from the login at
	// the server; zero means that it tells none.
	SessionLifetime time.Duration
}

// below is a path of the application below that of the server.
func (a *App) below(server, what string) string {
	if a.ID != "" {
		server += "/" + url.PathEscape(a.ID)
	}
	return server + what
}

func (a *App) metadataPath(server string) string { return a.below(server, "/metadata") }
func (a *App) sloPath(server string) string      { return a.below(server, "/slo") }
func (a *App) artifactPath(server string) string { return a.below(server, "/artifact") }

func (a *App) ssoPath(server string) string {
	if a.SSOPath != "" {
		return a.SSOPath
	}
	return a.below(server, "/sso")
}

func (a *App) lifetime() time.Duration {
	if a.Lifetime > 0 {
		return a.Lifetime
	}
	return time.Hour
}

// problem says what is wrong with the applications of a server; empty is nothing.
func problem(server string, apps []App) string {
	if server != "" && !idptest.CleanPath(server) {
		return "samltest.Server.Path is not a path without a slash at its end"
	}
	taken := map[string]bool{}
	for i := range apps {
		a := &apps[i]
		if wrong := a.problem(); wrong != "" {
			return wrong
		}
		for _, at := range []string{a.metadataPath(server), a.ssoPath(server), a.sloPath(server), a.artifactPath(server)} {
			if !idptest.CleanPath(at) {
				return "samltest.App: " + at + " is not a path"
			}
			if taken[at] {
				return "samltest.App: two endpoints at " + at
			}
			taken[at] = true
		}
	}
	return ""
}

func (a *App) problem() string {
	switch {
	case !slices.Contains([]Signature{"", SignAssertion, SignResponse, SignBoth}, a.Sign):
		return "unknown samltest.App.Sign"
	case !slices.Contains([]Binding{"", BindingRedirect, BindingPOST}, a.SLOBinding):
		return "unknown samltest.App.SLOBinding"
	case !slices.Contains([]Binding{"", BindingPOST, BindingArtifact}, a.ResponseBinding):
		return "unknown samltest.App.ResponseBinding"
	case a.NameIDFormat != "" && !slices.Contains(nameIDFormats(), a.NameIDFormat):
		return "unknown samltest.App.NameIDFormat"
	case a.Key == nil && a.DemandSigned:
		return "samltest.App.DemandSigned needs Key"
	case a.Key != nil && !verifies(a.Key):
		return "samltest.App.Key is neither RSA of 2048 bits nor ECDSA"
	}
	return ""
}
