package samltest

import (
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/url"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
)

// signer makes signatures with one key.
type signer struct {
	key  key
	hash crypto.Hash
}

// newSigner signs with the current key.
func newSigner(k *keys) (*signer, error) {
	current, err := k.current()
	if err != nil {
		return nil, err
	}
	return &signer{key: current, hash: crypto.SHA256}, nil
}

// sign puts an enveloped signature into the element.
func (g *signer) sign(e *etree.Element) error {
	signature, err := g.signature(e)
	if err != nil {
		return err
	}
	afterIssuer(e, signature)
	return nil
}

// signature is one over the element as it is now. The element must declare the namespaces it uses.
func (g *signer) signature(e *etree.Element) (*etree.Element, error) {
	context, err := dsig.NewSigningContext(g.key.Private, [][]byte{g.key.certificate})
	if err != nil {
		return nil, err
	}
	context.Hash = g.hash
	context.Canonicalizer = dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("")
	// goxmldsig takes from the element what the canonical form leaves out, such as the namespace that only xsi:type
	// uses; so it gets a copy.
	return context.ConstructSignature(e.Copy(), true)
}

// signText signs a message that is a document of its own.
func (g *signer) signText(message string) (*etree.Document, error) {
	document, err := parseXML(message)
	if err != nil {
		return nil, err
	}
	return document, g.sign(document.Root())
}

// signQuery adds SigAlg and returns the signature beside (SAML Bindings §3.4.4.1).
func (g *signer) signQuery(query string) (signed, signature string, err error) {
	signed = query + "&SigAlg=" + url.QueryEscape(dsig.RSASHA256SignatureMethod)
	sum := sha256.Sum256([]byte(signed))
	octets, err := g.key.Private.Sign(rand.Reader, sum[:], crypto.SHA256)
	return signed, base64.StdEncoding.EncodeToString(octets), err
}
