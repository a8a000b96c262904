package samltest

import (
	"encoding/base64"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// description is the metadata of the identity provider for one application (SAML Metadata §2.4.3).
type description struct {
	entityID   string
	until      time.Time // zero means without an end
	wantSigned bool
	keys       []key
	sso, slo   string // empty means that there is no such service
	artifact   string // of artifacts
}

func (d *description) write() string {
	var b strings.Builder
	b.WriteString(`<md:EntityDescriptor xmlns:md="` + nsMetadata + `"` + attribute("ID", newID()) + attribute("entityID", d.entityID) + attribute("validUntil", instant(d.until)) + ">\n" +
		`  <md:IDPSSODescriptor WantAuthnRequestsSigned="` + strconv.FormatBool(d.wantSigned) + `" protocolSupportEnumeration="` + nsProtocol + "\">\n")
	for _, key := range d.keys {
		b.WriteString(`    <md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="` + nsSignature + `"><ds:X509Data><ds:X509Certificate>` +
			base64.StdEncoding.EncodeToString(key.certificate) + "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>\n")
	}
	service := func(name, location string) {
		for _, binding := range []Binding{BindingRedirect, BindingPOST} {
			b.WriteString("    <md:" + name + attribute("Binding", string(binding)) + attribute("Location", location) + "/>\n")
		}
	}
	if d.artifact != "" {
		b.WriteString(`    <md:ArtifactResolutionService Binding="urn:oasis:names:tc:SAML:2.0:bindings:SOAP"` + attribute("Location", d.artifact) + ` index="0" isDefault="true"/>` + "\n")
	}
	if d.slo != "" {
		service("SingleLogoutService", d.slo)
	}
	for _, format := range nameIDFormats() {
		b.WriteString("    <md:NameIDFormat>" + format + "</md:NameIDFormat>\n")
	}
	service("SingleSignOnService", d.sso)
	b.WriteString("  </md:IDPSSODescriptor>\n</md:EntityDescriptor>")
	return b.String()
}

func (d *description) spoil(on broken, now time.Time) {
	if on(MetadataNoKeys) {
		d.keys = nil
	}
	if on(MetadataOtherEntity) {
		d.entityID = otherIDP
	}
	if on(MetadataExpired) {
		d.until = now.Add(-time.Hour)
	}
	if on(MetadataScript) && d.slo != "" {
		d.slo = "javascript:alert(document.domain)"
	}
}

// metadata serves the description.
func (s *Server) metadata(a *App) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		text, err := s.describe(a, s.realm.Base(r))
		if err != nil {
			http.Error(w, "samltest: the metadata could not be made", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/samlmetadata+xml")
		_, _ = io.WriteString(w, text)
	}
}

func (s *Server) describe(a *App, base string) (string, error) {
	keys, err := s.keys.all()
	if err != nil {
		return "", err
	}
	d := &description{entityID: s.entityID(base), wantSigned: a.DemandSigned, keys: keys, sso: base + a.ssoPath(s.Path)}
	if !s.NoLogout {
		d.slo = base + a.sloPath(s.Path)
	}
	if s.Artifacts {
		d.artifact = base + a.artifactPath(s.Path)
	}
	d.spoil(s.realm.Broken, s.realm.Time())
	if !s.SignMetadata {
		return d.write(), nil
	}
	signer, err := newSigner(&s.keys)
	if err != nil {
		return "", err
	}
	document, err := signer.signText(d.write())
	if err != nil {
		return "", err
	}
	return document.WriteToString()
}

// entityID is the name of the identity provider at a base address.
func (s *Server) entityID(base string) string {
	if s.EntityID != "" {
		return s.EntityID
	}
	return base
}
