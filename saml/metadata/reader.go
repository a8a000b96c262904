package metadata

import (
	"errors"
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// Namespaces (SAML Metadata §1.1, XML Signature 1.1 §1.2, XML Encryption 1.1 §1.3).
const (
	nsMetadata  = "urn:oasis:names:tc:SAML:2.0:metadata"
	nsProtocol  = "urn:oasis:names:tc:SAML:2.0:protocol"
	nsAssertion = "urn:oasis:names:tc:SAML:2.0:assertion"
	nsDSig      = "http://www.w3.org/2000/09/xmldsig#"
	nsDSig11    = "http://www.w3.org/2009/xmldsig11#"
	nsXMLEnc    = "http://www.w3.org/2001/04/xmlenc#"
)

// reader reads documents by the same options.
type reader struct {
	Options
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

// read parses the document and, when the whole of it is signed, verifies that signature: then only what was signed
// is read.
func (r *reader) read(text string) (*document, error) {
	doc, err := xmlgate.Parse(text, xmlgate.Options{
		MaxBytes: r.MaxBytes, MaxNodes: r.MaxNodes, Comments: comments, AnyIDs: len(r.Keys) == 0,
	})
	if err != nil {
		return nil, r.because(CheckXML, r.EntityID, "", err)
	}
	root, verified := doc.Root(), len(r.Keys) == 0
	if !verified && xmldsig.Signed(root) {
		var failure *Error
		if root, failure = r.verify(root, r.EntityID); failure != nil {
			return nil, failure
		}
		verified = true
	}
	if !root.Is(nsMetadata, "EntityDescriptor") && !root.Is(nsMetadata, "EntitiesDescriptor") {
		return nil, r.fail(CheckXML, r.EntityID, "the root is neither EntityDescriptor nor EntitiesDescriptor of SAML 2.0")
	}
	d := &document{r: r, now: r.Now(), entries: map[string]*entry{}}
	d.whole = readLifetime(lifetime{cache: noCache}, root)
	d.walk(root, lifetime{cache: noCache}, verified)
	return d, nil
}

// verify returns what was signed of e.
func (r *reader) verify(e xmlgate.Element, entityID string) (xmlgate.Element, *Error) {
	doc, err := xmldsig.Verify(e, r.Keys, xmldsig.Policy{
		AllowSHA1: r.AllowSHA1, AllowSmallRSA: r.AllowSmallRSA, AllowInclusiveC14N: r.AllowInclusiveC14N, AllowLastSignature: r.AllowLastSignature, MaxNodes: r.MaxNodes,
	})
	switch {
	case errors.Is(err, xmldsig.CheckAlgorithm):
		return xmlgate.Element{}, r.because(CheckAlgorithm, entityID, "", err)
	case err != nil:
		return xmlgate.Element{}, r.because(CheckSignature, entityID, "", err)
	}
	return doc.Root(), nil
}

// comments is where comments may be: metadata is written by people. None may be in a signature, a key or a value that
// is read.
func comments(space, local string) bool {
	switch space {
	case nsDSig, nsDSig11, nsXMLEnc, nsAssertion:
		return false
	case nsMetadata:
		return local != "NameIDFormat"
	}
	return true
}
