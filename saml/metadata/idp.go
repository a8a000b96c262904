package metadata

import (
	"crypto"
	"crypto/rsa"
	"errors"
	"slices"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/xsd"
)

// IDP is an identity provider: what its metadata says about logins and logouts (SAML Metadata §2.4.3). Do not change
// one that a source returned: it is shared.
type IDP struct {
	// EntityID is its name, compared byte for byte with the Issuer of what it sends. It is required.
	EntityID string
	// SSO is where requests for logins go, in the order of preference.
	SSO []Endpoint
	// SLO is where logout messages go, in the order of preference; empty is an identity provider without logouts.
	SLO []Endpoint
	// ArtifactResolution is where an artifact is exchanged for its message (SAML Bindings §3.6), by SOAP; empty is an
	// identity provider that sends no artifacts.
	ArtifactResolution []IndexedEndpoint
	// Keys verify its signatures. One at least is required. Of a certificate it is the PublicKey that
	// x509.ParseCertificate reads: the key is trusted, whatever else the certificate says.
	Keys []crypto.PublicKey
	// EncryptionKeys are the RSA keys that what is sent to it can be encrypted to, the best first; others are not read.
	EncryptionKeys []*rsa.PublicKey
	// WantAuthnRequestsSigned says that it wants signed requests; without a key that signs a login is an error.
	WantAuthnRequestsSigned bool
	// RedirectDER writes ECDSA signatures of redirects to it in DER (RFC 3279 §2.2.3); else they are r and s, as XML
	// Signature 1.1 §6.4.3 has them. Those built on OpenSAML, such as Shibboleth's, verify DER alone. It matters only with
	// an ECDSA key and where POST is not offered or not wanted. Metadata does not say it: set it on a copy of what a
	// Source returned.
	RedirectDER bool
	// NameIDFormats are the formats of name identifiers that it offers.
	NameIDFormats []string
	// ValidUntil is when the metadata expires; zero when it does not say.
	ValidUntil time.Time
	// Scopes are the domains for whose users it may speak.
	Scopes []Scope
	// CheckScopes drops values of scoped attributes that no Scopes cover, such as the eduPersonPrincipalName of another
	// university's user: see saml.Assertion.OutOfScope. Sources set it for each identity provider of a group or of MDQ.
	CheckScopes bool
	// RegistrationAuthority is the federation that registered it; empty when the metadata does not say.
	RegistrationAuthority string
	// Attributes say to what categories it belongs.
	Attributes []EntityAttribute
}

// EntityAttribute is an attribute of an entity (SAML Metadata Extension for Entity Attributes 1.0 §2).
type EntityAttribute struct {
	// Name is the attribute, such as EntityCategory.
	Name string
	// Values are in the order of the metadata.
	Values []string
}

// Names of entity attributes, and a category (RFC 8409 §3, REFEDS Hide From Discovery).
const (
	EntityCategory         = "http://macedir.org/entity-category"
	EntityCategorySupport  = "http://macedir.org/entity-category-support"
	AssuranceCertification = "urn:oasis:names:tc:SAML:attribute:assurance-certification"
	HideFromDiscovery      = "http://refeds.org/category/hide-from-discovery"
)

// HasAttribute reports whether it has the entity attribute with that value: p.HasAttribute(EntityCategory,
// HideFromDiscovery).
func (p *IDP) HasAttribute(name, value string) bool {
	return slices.ContainsFunc(p.Attributes, func(a EntityAttribute) bool { return a.Name == name && slices.Contains(a.Values, value) })
}

// Binding is how a message travels: with the browser by redirect, POST, and as an artifact, or without it by SOAP (SAML
// Bindings §3.2, §3.4, §3.5, §3.6).
type Binding string

const (
	BindingRedirect Binding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
	BindingPOST     Binding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
	BindingArtifact Binding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact"
	BindingSOAP     Binding = "urn:oasis:names:tc:SAML:2.0:bindings:SOAP"
)

// Endpoint is an address and how messages travel there (SAML Metadata §2.2.2).
type Endpoint struct {
	// Binding is how messages travel there.
	Binding Binding
	// Location is the address, with https; see InsecureAllowHTTP of the client.
	Location string
	// ResponseLocation is where responses go when not to Location.
	ResponseLocation string
}

// IndexedEndpoint is an address by SOAP that messages name by its index (SAML Metadata §2.2.3).
type IndexedEndpoint struct {
	// Index is what an artifact names, 0 to 65535.
	Index int
	// IsDefault is the one to use where none is named.
	IsDefault bool
	// Location is the address, with https; see InsecureAllowHTTP of the client.
	Location string
}

func (p *IDP) clone() *IDP {
	c := *p
	c.SSO, c.SLO = slices.Clone(p.SSO), slices.Clone(p.SLO)
	c.ArtifactResolution, c.EncryptionKeys = slices.Clone(p.ArtifactResolution), slices.Clone(p.EncryptionKeys)
	c.Keys, c.NameIDFormats = slices.Clone(p.Keys), slices.Clone(p.NameIDFormats)
	c.Scopes, c.Attributes = slices.Clone(p.Scopes), slices.Clone(p.Attributes)
	for i := range c.Attributes {
		c.Attributes[i].Values = slices.Clone(c.Attributes[i].Values)
	}
	return &c
}

// check refuses what is of no use, or harmful. Whether http is allowed is the client's to say.
func (p *IDP) check() error {
	if err := xsd.CheckEntityID("EntityID", p.EntityID); err != nil {
		return err
	}
	if len(p.Keys) == 0 {
		return errors.New("there are no Keys: nothing of it could be verified")
	}
	if err := checkKeys("Keys", p.Keys); err != nil {
		return err
	}
	hc, err := httpcore.New(httpcore.Config{InsecureAllowHTTP: true})
	if err != nil {
		return err
	}
	for _, e := range slices.Concat(p.SSO, p.SLO) {
		if err := hc.CheckURL("Location", e.Location); err != nil {
			return err
		}
		if e.ResponseLocation != "" {
			if err := hc.CheckURL("ResponseLocation", e.ResponseLocation); err != nil {
				return err
			}
		}
	}
	for _, e := range p.ArtifactResolution {
		if err := hc.CheckURL("ArtifactResolution", e.Location); err != nil {
			return err
		}
	}
	for _, key := range p.EncryptionKeys {
		if err := checkKeys("EncryptionKeys", []crypto.PublicKey{key}); err != nil {
			return err
		}
	}
	return nil
}
