package authtest

import (
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/url"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
)

const rsaSHA256 = dsig.RSASHA256SignatureMethod

// samlSigner makes enveloped signatures.
type samlSigner struct {
	key  samlKey
	hash crypto.Hash
}

func (s *Server) samlSigner() (*samlSigner, error) {
	key, err := s.samlKey()
	if err != nil {
		return nil, err
	}
	return &samlSigner{key: key, hash: crypto.SHA256}, nil
}

// sign signs the element and puts the signature where the schema wants it: right
// after Issuer, or first in an element that has none (SAML Core §5.4, §2.3.3).
func (g *samlSigner) sign(e *etree.Element) error {
	signature, err := g.signature(e)
	if err != nil {
		return err
	}
	at := 0
	if issuer := e.SelectElement("Issuer"); issuer != nil {
		at = issuer.Index() + 1
	}
	e.InsertChildAt(at, signature)
	return nil
}

// signature is one over the element as it stands. The element must declare the
// namespaces it uses.
func (g *samlSigner) signature(e *etree.Element) (*etree.Element, error) {
	context, err := dsig.NewSigningContext(g.key.Private, [][]byte{g.key.certificate})
	if err != nil {
		return nil, err
	}
	context.Hash = g.hash
	context.Canonicalizer = dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("")
	// goxmldsig takes from the element what the canonical form leaves out, such as
	// the namespace that only xsi:type uses; so it gets a copy.
	return context.ConstructSignature(e.Copy(), true)
}

// parseXML reads what this package itself wrote.
func parseXML(text string) (*etree.Document, error) {
	document := etree.NewDocument()
	if err := document.ReadFromString(text); err != nil {
		return nil, err
	}
	// What a parser would normalise is written as a reference: the signature is over what the reader gets.
	document.WriteSettings.CanonicalText = true
	document.WriteSettings.CanonicalAttrVal = true
	return document, nil
}

// signQuery adds SigAlg and Signature to a query (SAML Bindings §3.4.4.1).
func (s *Server) signQuery(query string) (string, error) {
	key, err := s.samlKey()
	if err != nil {
		return "", err
	}
	query += "&SigAlg=" + url.QueryEscape(rsaSHA256)
	sum := sha256.Sum256([]byte(query))
	signature, err := key.Private.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		return "", err
	}
	if s.realm.Broken(SAMLLogoutBadSignature) {
		signature[len(signature)-1] ^= 1
	}
	return query + "&Signature=" + url.QueryEscape(base64.StdEncoding.EncodeToString(signature)), nil
}
