package metadata

import (
	"errors"
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// Namespaces (SAML Metadata §1.1, XML Signature 1.1 §1.2, XML Encryption 1.1 §1.3; and of the extensions that are read).
const (
	nsMetadata  = "urn:oasis:names:tc:SAML:2.0:metadata"
	nsProtocol  = "urn:oasis:names:tc:SAML:2.0:protocol"
	nsAssertion = "urn:oasis:names:tc:SAML:2.0:assertion"
	nsDSig      = "http://www.w3.org/2000/09/xmldsig#"
	nsDSig11    = "http://www.w3.org/2009/xmldsig11#"
	nsXMLEnc    = "http://www.w3.org/2001/04/xmlenc#"
	nsScope     = "urn:mace:shibboleth:metadata:1.0"
	nsRPI       = "urn:oasis:names:tc:SAML:metadata:rpi"
	nsEntity    = "urn:oasis:names:tc:SAML:metadata:attribute"
)

// reader reads documents by the same options.
type reader struct {
	Options
	one  bool             // only a document of one entity is accepted, which is of a federation
	url  string           // where they are fetched, for errors; empty when they are given
	http *httpcore.Client // for its check of addresses alone
}

func newReader(o Options) (*reader, error) {
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("saml: metadata: %w", err)
	}
	o.complete()
	hc, err := httpcore.New(httpcore.Config{InsecureAllowHTTP: o.InsecureAllowHTTP})
	if err != nil {
		return nil, fmt.Errorf("saml: metadata: %w", err)
	}
	return &reader{Options: o, http: hc}, nil
}

// fail makes the error of a document, or of one of its entities.
func (r *reader) fail(check Check, entityID, detail string) *Error {
	return r.because(check, entityID, detail, nil)
}

func (r *reader) because(check Check, entityID, detail string, cause error) *Error {
	return &Error{Check: check, EntityID: entityID, URL: r.url, Detail: detail, Err: cause}
}

// policy says which signatures are accepted.
func (r *reader) policy() xmldsig.Policy {
	return xmldsig.Policy{
		AllowSHA1: r.AllowSHA1, AllowSmallRSA: r.AllowSmallRSA, AllowInclusiveC14N: r.AllowInclusiveC14N, AllowLastSignature: r.AllowLastSignature,
		// Metadata may have comments, and federations sign it with a canonicalization that names them.
		IgnoreComments: true, MaxNodes: r.MaxNodes,
	}
}

// verify returns what was signed of e.
func (r *reader) verify(e xmlgate.Element, entityID string) (xmlgate.Element, *Error) {
	doc, err := xmldsig.Verify(e, r.Keys, r.policy())
	if err != nil {
		return xmlgate.Element{}, r.ofSignature(err, entityID)
	}
	return doc.Root(), nil
}

func (r *reader) ofSignature(err error, entityID string) *Error {
	if errors.Is(err, xmldsig.CheckAlgorithm) {
		return r.because(CheckAlgorithm, entityID, "", err)
	}
	if errors.Is(err, xmlgate.Limit) {
		return r.because(CheckSignature, entityID, "MaxNodes is the limit that can be set", err)
	}
	return r.because(CheckSignature, entityID, "", err)
}

// ofPass types what ended the reading of a document.
func (r *reader) ofPass(err error) error {
	var own *Error
	var signature *xmldsig.Error
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &signature):
		return r.ofSignature(err, r.EntityID)
	}
	if errors.Is(err, xmlgate.Limit) {
		return r.because(CheckXML, r.EntityID, "MaxNodes and MaxBytes, which is MaxReply of a Source, are the limits that can be set", err)
	}
	return r.because(CheckXML, r.EntityID, "", err)
}

// comments is where comments may be: metadata is written by people. None may be in a signature, a key or a value that
// is read.
func comments(space, local string) bool {
	switch space {
	case nsDSig:
		return local == "KeyInfo" || local == "X509Data" || local == "KeyValue" || local == "RSAKeyValue"
	case nsDSig11:
		return local == "ECKeyValue"
	case nsAssertion:
		return local == "Attribute"
	case nsMetadata:
		return local != "NameIDFormat"
	case nsScope:
		return local != "Scope"
	}
	return space != nsXMLEnc
}
