package authtest

import (
	"encoding/base64"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

const (
	nsMetadata  = "urn:oasis:names:tc:SAML:2.0:metadata"
	nsProtocol  = "urn:oasis:names:tc:SAML:2.0:protocol"
	nsAssertion = "urn:oasis:names:tc:SAML:2.0:assertion"
	nsSignature = "http://www.w3.org/2000/09/xmldsig#"
)

// samlMetadata serves the description of the identity provider (SAML Metadata
// §2.4.3). Its entity ID is the address of the server, as at Authing.
func (s *Server) samlMetadata(w http.ResponseWriter, r *http.Request) {
	a := s.samlApp(r)
	if a == nil {
		s.samlNobody(w)
		return
	}
	text, err := s.describe(s.realm.Base(r), a)
	if err != nil {
		http.Error(w, "authtest: no metadata", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/samlmetadata+xml")
	_, _ = io.WriteString(w, text)
}

func (s *Server) describe(base string, a *SAMLApp) (string, error) {
	ring, err := s.samlRing()
	if err != nil {
		return "", err
	}
	if s.realm.Broken(SAMLMetadataNoKeys) {
		ring = nil
	}
	entity, until, slo := base, "", s.samlAt(base, a, "/slo")
	if s.realm.Broken(SAMLMetadataOtherEntity) {
		entity = otherIssuer
	}
	if s.realm.Broken(SAMLMetadataExpired) {
		until = samlInstant(s.realm.Time().Add(-time.Hour))
	}
	if s.realm.Broken(SAMLMetadataScript) {
		slo = "javascript:alert(document.domain)"
	}
	var b strings.Builder
	b.WriteString(`<md:EntityDescriptor xmlns:md="` + nsMetadata + `" ID="` + samlID() + `" entityID="` + idptest.EscapeXML(entity) + `"` + xmlAttribute("validUntil", until) + ">\n" +
		`  <md:IDPSSODescriptor WantAuthnRequestsSigned="` + strconv.FormatBool(a.DemandSigned) + `" protocolSupportEnumeration="` + nsProtocol + "\">\n")
	for _, key := range ring {
		b.WriteString(`    <md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="` + nsSignature + `"><ds:X509Data><ds:X509Certificate>` +
			base64.StdEncoding.EncodeToString(key.certificate) + "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>\n")
	}
	endpoint := func(name, location string) {
		for _, binding := range []SAMLBinding{SAMLRedirect, SAMLPost} {
			b.WriteString("    <md:" + name + ` Binding="` + string(binding) + `" Location="` + idptest.EscapeXML(location) + "\"/>\n")
		}
	}
	if !s.NoSAMLLogout {
		endpoint("SingleLogoutService", slo)
	}
	for _, format := range nameIDFormats() {
		b.WriteString("    <md:NameIDFormat>" + format + "</md:NameIDFormat>\n")
	}
	endpoint("SingleSignOnService", s.samlAt(base, a, ""))
	b.WriteString("  </md:IDPSSODescriptor>\n</md:EntityDescriptor>")
	if !s.SignSAMLMetadata {
		return b.String(), nil
	}
	document, err := parseXML(b.String())
	if err != nil {
		return "", err
	}
	signer, err := s.samlSigner()
	if err != nil {
		return "", err
	}
	if err := signer.sign(document.Root()); err != nil {
		return "", err
	}
	return document.WriteToString()
}

// samlID is an ID for a message: an NCName that nobody guesses.
func samlID() string { return "_" + idptest.OpaqueHex() }
