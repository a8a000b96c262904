package saml

import (
	"crypto"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// MetadataOptions say how metadata are read (SAML Metadata §2, §3).
type MetadataOptions struct {
	// EntityID is the identity provider that is wanted; empty means the only entity there is.
	EntityID string
	// Keys, when set, demand a signature by one of them: of the whole document, or of the wanted entity itself.
	// When empty no signature is looked at, and whoever the document came from is trusted.
	Keys []crypto.PublicKey
	// AllowSHA1 takes signatures with SHA-1, for which collisions can be made.
	AllowSHA1 bool
	// AllowSmallRSA takes signatures by RSA keys of 1024 to 2047 bits, which states and large companies can break.
	AllowSmallRSA bool
	// AllowInclusiveC14N takes signatures over Canonical XML 1.0 and 1.1, which cover the namespaces around them.
	AllowInclusiveC14N bool
	// MaxBytes is the longest document; 0 means 8 MiB.
	MaxBytes int
	// MaxNodes is the most elements, texts and XML attributes in it; 0 means 250,000.
	MaxNodes int
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// InsecureAllowHTTP permits addresses with http on hosts other than loopback. Anyone on the way can then send
	// the browser elsewhere.
	InsecureAllowHTTP bool
}

// ParseMetadata reads an identity provider out of its metadata: of one entity, or of a group of which EntityID
// names one (SAML Metadata §2.3). Metadata that are past their validUntil, of another entity, without
// SAML 2.0, without an address to log in or a key to verify with, or with an address that no browser should be
// sent to are an *InvalidError, as is a signature that Keys do not verify. Certificates are not looked at but for
// their keys; keys that cannot verify are skipped.
func ParseMetadata(data []byte, o MetadataOptions) (*IDP, error) {
	r, err := newMetadataReader(o)
	if err != nil {
		return nil, err
	}
	m, err := r.read(string(data))
	if err != nil {
		return nil, err
	}
	e, err := m.find(o.EntityID)
	if err != nil {
		return nil, err
	}
	return e.idp, e.err
}

// metadataReader reads documents by the same options.
type metadataReader struct {
	MetadataOptions
	http *httpcore.Client // for its check of addresses alone
}

func newMetadataReader(o MetadataOptions) (*metadataReader, error) {
	switch {
	case o.MaxBytes < 0:
		return nil, errors.New("saml: MaxBytes is negative")
	case o.MaxNodes < 0:
		return nil, errors.New("saml: MaxNodes is negative")
	}
	if o.EntityID != "" {
		if err := checkEntityID("EntityID", o.EntityID); err != nil {
			return nil, fmt.Errorf("saml: %w", err)
		}
	}
	o.Keys = slices.Clone(o.Keys)
	for i, k := range o.Keys {
		if err := checkVerifies(i, k); err != nil {
			return nil, fmt.Errorf("saml: %w", err)
		}
	}
	if o.MaxBytes == 0 {
		o.MaxBytes = defaultMaxMessage
	}
	if o.MaxNodes == 0 {
		o.MaxNodes = defaultMaxNodes
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	hc, err := httpcore.New(httpcore.Config{InsecureAllowHTTP: o.InsecureAllowHTTP})
	if err != nil {
		return nil, fmt.Errorf("saml: %w", err)
	}
	return &metadataReader{o, hc}, nil
}

// read passes the gate and, when the whole document is signed, the signature: then all is read from what was
// signed.
func (r *metadataReader) read(text string) (*metadata, error) {
	doc, err := xmlgate.Parse(text, xmlgate.Options{
		MaxBytes: r.MaxBytes, MaxNodes: r.MaxNodes, Comments: metadataComments, AnyIDs: len(r.Keys) == 0,
	})
	if err != nil {
		return nil, because(CheckXML, err, "the metadata")
	}
	root, verified := doc.Root(), len(r.Keys) == 0
	if !verified && xmldsig.Signed(root) {
		if root, err = r.verify(root); err != nil {
			return nil, err
		}
		verified = true
	}
	m := &metadata{r: r, now: r.Now(), entries: map[string]*metadataEntry{}}
	if !root.Is(nsMetadata, "EntityDescriptor") && !root.Is(nsMetadata, "EntitiesDescriptor") {
		return nil, refuse(CheckMetadata, "the root is neither EntityDescriptor nor EntitiesDescriptor of SAML 2.0")
	}
	m.whole = readSpan(span{cache: noCache}, root)
	m.walk(root, span{cache: noCache}, verified)
	return m, nil
}

// verify returns what was signed of e.
func (r *metadataReader) verify(e xmlgate.Element) (xmlgate.Element, error) {
	doc, err := xmldsig.Verify(e, r.Keys, xmldsig.Policy{
		AllowSHA1: r.AllowSHA1, AllowSmallRSA: r.AllowSmallRSA, AllowInclusiveC14N: r.AllowInclusiveC14N, MaxNodes: r.MaxNodes,
	})
	if err != nil {
		return xmlgate.Element{}, because(signatureCheck(err), err, "the metadata")
	}
	return doc.Root(), nil
}

const nsXMLEnc = "http://www.w3.org/2001/04/xmlenc#"

// metadataComments is where comments may stand: metadata are written by people. None may stand in a signature,
// a key or a value that is read.
func metadataComments(space, local string) bool {
	switch space {
	case nsDSig, nsDSig11, nsXMLEnc, nsAssertion:
		return false
	case nsMetadata:
		return local != "NameIDFormat"
	}
	return true
}
