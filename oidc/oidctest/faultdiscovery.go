package oidctest

import (
	"maps"
	"net/http"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// Faults in what the server says about itself. HTML, Redirect, Oversized and BrokenJSON of package idptest are for the
// same paths.
const (
	// NoOpenIDDocument answers 404 for .well-known/openid-configuration.
	NoOpenIDDocument idptest.Fault = "oidctest.NoOpenIDDocument"
	// NoOAuthDocument answers 404 for .well-known/oauth-authorization-server.
	NoOAuthDocument idptest.Fault = "oidctest.NoOAuthDocument"
	// RepeatedMember writes issuer twice into the documents.
	RepeatedMember idptest.Fault = "oidctest.RepeatedMember"
	// MissingEndpoints leaves the authorization and token endpoints and the address of the keys out of the documents.
	MissingEndpoints idptest.Fault = "oidctest.MissingEndpoints"
	// HTTPEndpoints names a token endpoint with http, on another host than a loopback host.
	HTTPEndpoints idptest.Fault = "oidctest.HTTPEndpoints"
	// NoPKCEMethods leaves code_challenge_methods_supported out of the documents.
	NoPKCEMethods idptest.Fault = "oidctest.NoPKCEMethods"
	// MissingPushedEndpoint leaves pushed_authorization_request_endpoint out of the documents, and says that requests must be
	// pushed.
	MissingPushedEndpoint idptest.Fault = "oidctest.MissingPushedEndpoint"
	// HTTPAliases names a token endpoint with http in mtls_endpoint_aliases.
	HTTPAliases idptest.Fault = "oidctest.HTTPAliases"
	// NoAlgorithms offers none as the only algorithm of ID tokens.
	NoAlgorithms idptest.Fault = "oidctest.NoAlgorithms"
	// EmptyJWKS makes a JWKS without keys.
	EmptyJWKS idptest.Fault = "oidctest.EmptyJWKS"
	// MissingEncryptionKey leaves the keys for encryption out of the JWKS.
	MissingEncryptionKey idptest.Fault = "oidctest.MissingEncryptionKey"
	// NoJWKS answers 404 for the JWKS.
	NoJWKS idptest.Fault = "oidctest.NoJWKS"
	// WrongWebFingerIssuer makes WebFinger name another issuer.
	WrongWebFingerIssuer idptest.Fault = "oidctest.WrongWebFingerIssuer"
	// NoWebFingerLink makes WebFinger answer without a link to the issuer.
	NoWebFingerLink idptest.Fault = "oidctest.NoWebFingerLink"
)

func (s *Server) discoveryFaults() []idptest.Fault {
	all := []idptest.Fault{WrongDiscoveryIssuer, NoOAuthDocument, RepeatedMember, MissingEndpoints, HTTPEndpoints, NoPKCEMethods, MissingPushedEndpoint, HTTPAliases}
	if s.OAuth {
		return all
	}
	return append(all, NoOpenIDDocument, NoAlgorithms, EmptyJWKS, MissingEncryptionKey, NoJWKS, WrongWebFingerIssuer, NoWebFingerLink)
}

// breakDocument spoils the metadata.
func breakDocument(realm *idptest.Realm, document map[string]any) map[string]any {
	document = breakJSON(realm, WrongDiscoveryIssuer, document, "issuer", otherIssuer)
	for _, name := range []string{"authorization_endpoint", "token_endpoint", "jwks_uri"} {
		document = breakJSON(realm, MissingEndpoints, document, name, nil)
	}
	document = breakJSON(realm, NoPKCEMethods, document, "code_challenge_methods_supported", nil)
	document = breakJSON(realm, MissingPushedEndpoint, document, "pushed_authorization_request_endpoint", nil)
	document = breakJSON(realm, MissingPushedEndpoint, document, "require_pushed_authorization_requests", true)
	document = breakJSON(realm, HTTPEndpoints, document, "token_endpoint", "http://attacker.example/token")
	document = breakJSON(realm, NoAlgorithms, document, "id_token_signing_alg_values_supported", []string{"none"})
	if aliases, ok := document["mtls_endpoint_aliases"].(map[string]string); ok {
		spoilt := maps.Clone(aliases)
		spoilt["token_endpoint"] = "http" + strings.TrimPrefix(spoilt["token_endpoint"], "https")
		document = breakJSON(realm, HTTPAliases, document, "mtls_endpoint_aliases", spoilt)
	}
	return document
}

// missing answers 404 when the fault is on.
func missing(realm *idptest.Realm, fault idptest.Fault, w http.ResponseWriter, r *http.Request) bool {
	if !realm.Broken(fault) {
		return false
	}
	http.NotFound(w, r)
	return true
}
