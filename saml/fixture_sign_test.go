package saml_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	_ "crypto/sha1"
	_ "crypto/sha256"
	_ "crypto/sha512"
	"encoding/asn1"
	"encoding/base64"
	"math/big"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
	"github.com/stretchr/testify/require"
)

// Identifiers of XML Signature 1.1 and RFC 9231, in words of these tests.
const (
	excC14N   = "http://www.w3.org/2001/10/xml-exc-c14n#"
	incC14N10 = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
	incC14N11 = "http://www.w3.org/2006/12/xml-c14n11"
	enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
	more      = "http://www.w3.org/2001/04/xmldsig-more#"
	more2007  = "http://www.w3.org/2007/05/xmldsig-more#"

	rsaSHA1   = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
	rsaSHA256 = more + "rsa-sha256"
	sha1URI   = "http://www.w3.org/2000/09/xmldsig#sha1"
	sha256URI = "http://www.w3.org/2001/04/xmlenc#sha256"
	sha384URI = more + "sha384"
	sha512URI = "http://www.w3.org/2001/04/xmlenc#sha512"
)

// signature is how a signature is made: its canonical octets by goxmldsig, the rest by the standard library. The zero
// value is RSA-SHA256 by the identity provider.
type signature struct {
	key    string // its name; empty is "idp"
	method string
	digest string
	c14n   string              // of SignedInfo and of the reference
	prefix string              // of the signature's elements; "-" is none
	list   string              // InclusiveNamespaces of the reference
	uri    string              // of the reference; empty is the parent's ID, "-" is URI=""
	info   string              // what KeyInfo holds; empty leaves it out
	der    bool                // an ECDSA signature as goxmldsig makes it, which is wrong
	value  func([]byte) []byte // changes the value
	octets func([]byte) []byte // makes the value of what is signed, instead of a key
	edits  []edit              // of the signature's text before it is signed
}

func (s *signature) withDefaults() signature {
	o := *s
	for _, d := range []struct {
		field *string
		value string
	}{{&o.key, "idp"}, {&o.method, rsaSHA256}, {&o.digest, sha256URI}, {&o.c14n, excC14N}, {&o.prefix, "ds"}} {
		if *d.field == "" {
			*d.field = d.value
		}
	}
	return o
}

const signatureText = `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>` +
	`<ds:CanonicalizationMethod Algorithm="{C14N}"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="{METHOD}"></ds:SignatureMethod>` +
	`<ds:Reference URI="{URI}"><ds:Transforms><ds:Transform Algorithm="` + enveloped + `"></ds:Transform><ds:Transform Algorithm="{C14N}">{LIST}</ds:Transform></ds:Transforms>` +
	`<ds:DigestMethod Algorithm="{DIGEST}"></ds:DigestMethod><ds:DigestValue>{DIGESTVALUE}</ds:DigestValue></ds:Reference></ds:SignedInfo>` +
	`<ds:SignatureValue>{VALUE}</ds:SignatureValue>{INFO}</ds:Signature>`

// mark puts a signature in the place of the mark; the element around it is what is signed. Without a signature the
// mark is removed.
func (s *signature) mark(t testing.TB, doc, mark string) string {
	t.Helper()
	if s == nil {
		return strings.ReplaceAll(doc, mark, "")
	}
	require.Equal(t, 1, strings.Count(doc, mark), "%s in %s", mark, doc)
	o := s.withDefaults()
	text := signatureText
	if o.uri == "" {
		o.uri = "#" + parentID(t, doc, mark)
	}
	list, info := "", ""
	if o.list != "" {
		list = `<ec:InclusiveNamespaces xmlns:ec="` + excC14N + `" PrefixList="` + o.list + `"></ec:InclusiveNamespaces>`
	}
	if o.info != "" {
		info = "<ds:KeyInfo>" + o.info + "</ds:KeyInfo>"
	}
	text = strings.NewReplacer("{C14N}", o.c14n, "{METHOD}", o.method, "{DIGEST}", o.digest, "{URI}", strings.TrimPrefix(o.uri, "-"), "{LIST}", list, "{INFO}", info).Replace(text)
	if o.prefix == "-" {
		text = strings.NewReplacer("<ds:", "<", "</ds:", "</", "xmlns:ds=", "xmlns=").Replace(text)
	} else {
		text = strings.NewReplacer("<ds:", "<"+o.prefix+":", "</ds:", "</"+o.prefix+":", "xmlns:ds=", "xmlns:"+o.prefix+"=").Replace(text)
	}
	for _, e := range o.edits {
		text = e.apply(t, text)
	}
	return o.fill(t, strings.Replace(doc, mark, text, 1))
}

// fill computes the digest and the value of the signature that has {DIGESTVALUE} and {VALUE} in it.
func (s *signature) fill(t testing.TB, doc string) string {
	t.Helper()
	o := s.withDefaults()
	sig := theSignature(t, doc)
	parent, at := sig.Parent(), sig.Index()
	parent.RemoveChildAt(at)
	sum := hashOf(t, o.digest, canonical(t, parent, o.c14n, o.list))
	doc = strings.ReplaceAll(doc, "{DIGESTVALUE}", base64.StdEncoding.EncodeToString(sum))
	info := theSignature(t, doc).SelectElement("SignedInfo")
	require.NotNil(t, info)
	method := info.SelectElement("CanonicalizationMethod").SelectAttrValue("Algorithm", o.c14n)
	value := o.sign(t, canonical(t, info, method, ""))
	if o.value != nil {
		value = o.value(value)
	}
	return strings.ReplaceAll(doc, "{VALUE}", base64.StdEncoding.EncodeToString(value))
}

// rsaValues keeps what RSA keys signed. They sign the same octets alike, and good messages are signed a thousand times.
var rsaValues sync.Map

func (s signature) sign(t testing.TB, octets []byte) []byte {
	t.Helper()
	if s.octets != nil {
		return s.octets(octets)
	}
	k := key(t, s.key)
	h := methodHash(s.method)
	hash := h.New()
	hash.Write(octets)
	sum := hash.Sum(nil)
	known := s.key + "\x00" + s.method + string(sum)
	if value, ok := rsaValues.Load(known); ok {
		return slices.Clone(value.([]byte))
	}
	var options crypto.SignerOpts = h
	if strings.HasSuffix(s.method, "-rsa-MGF1") {
		options = &rsa.PSSOptions{SaltLength: h.Size(), Hash: h}
	}
	value, err := k.Sign(rand.Reader, sum, options)
	require.NoError(t, err)
	if public, ok := k.Public().(*ecdsa.PublicKey); ok {
		if s.der {
			return value
		}
		return rawECDSA(t, public, value)
	}
	rsaValues.Store(known, value)
	return slices.Clone(value)
}

// rawECDSA makes r||s (XML Signature 1.1 §6.4.3) out of DER.
func rawECDSA(t testing.TB, public *ecdsa.PublicKey, der []byte) []byte {
	t.Helper()
	var rs struct{ R, S *big.Int }
	_, err := asn1.Unmarshal(der, &rs)
	require.NoError(t, err)
	size := (public.Curve.Params().BitSize + 7) / 8
	return append(rs.R.FillBytes(make([]byte, size)), rs.S.FillBytes(make([]byte, size))...)
}

func methodHash(uri string) crypto.Hash {
	switch {
	case strings.HasSuffix(uri, "sha1"):
		return crypto.SHA1
	case strings.HasSuffix(uri, "sha384"), strings.HasSuffix(uri, "#sha384-rsa-MGF1"):
		return crypto.SHA384
	case strings.HasSuffix(uri, "sha512"), strings.HasSuffix(uri, "#sha512-rsa-MGF1"):
		return crypto.SHA512
	}
	return crypto.SHA256
}

func hashOf(t testing.TB, uri string, octets []byte) []byte {
	t.Helper()
	h := methodHash(uri).New()
	h.Write(octets)
	return h.Sum(nil)
}

// canonical is goxmldsig's canonical form of an element in its document.
func canonical(t testing.TB, e *etree.Element, method, list string) []byte {
	t.Helper()
	var c dsig.Canonicalizer
	switch method {
	case incC14N10:
		c = dsig.MakeC14N10RecCanonicalizer()
	case incC14N11:
		c = dsig.MakeC14N11Canonicalizer()
	case incC14N10 + "#WithComments":
		c = dsig.MakeC14N10WithCommentsCanonicalizer()
	case incC14N11 + "#WithComments":
		c = dsig.MakeC14N11WithCommentsCanonicalizer()
	case excC14N + "WithComments":
		c = dsig.MakeC14N10ExclusiveWithCommentsCanonicalizerWithPrefixList(list)
	default:
		c = dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList(list)
	}
	if !strings.HasPrefix(method, incC14N10) {
		e = detached(e) // the others look at no ancestors
	}
	octets, err := c.Canonicalize(e)
	require.NoError(t, err)
	return octets
}

// detached is a copy of an element with all declarations that are in scope. Attributes of the namespace xml, which C14N
// 1.1 would inherit, are not around signed elements here.
func detached(e *etree.Element) *etree.Element {
	copied := e.Copy()
	for around := e.Parent(); around != nil; around = around.Parent() {
		for _, a := range around.Attr {
			if (a.Space == "xmlns" || a.Space == "" && a.Key == "xmlns") && copied.SelectAttr(a.FullKey()) == nil {
				copied.CreateAttr(a.FullKey(), a.Value)
			}
		}
	}
	return copied
}

func tree(t testing.TB, doc string) *etree.Document {
	t.Helper()
	d := etree.NewDocument()
	require.NoError(t, d.ReadFromString(doc), doc)
	return d
}

// theSignature is the one that is not filled yet.
func theSignature(t testing.TB, doc string) *etree.Element {
	t.Helper()
	for _, value := range tree(t, doc).FindElements("//SignatureValue") {
		for _, token := range value.Child {
			if data, ok := token.(*etree.CharData); ok && strings.Contains(data.Data, "{VALUE}") {
				return value.Parent()
			}
		}
	}
	require.FailNow(t, "no signature to fill", doc)
	return nil
}

// parentID is the ID of the element around a mark.
func parentID(t testing.TB, doc, mark string) string {
	t.Helper()
	e := tree(t, strings.Replace(doc, mark, "<mark/>", 1)).FindElement("//mark")
	require.NotNil(t, e)
	return strings.TrimSpace(e.Parent().SelectAttrValue("ID", ""))
}

func publicRSA(t testing.TB, name string) *rsa.PublicKey {
	t.Helper()
	public, ok := key(t, name).Public().(*rsa.PublicKey)
	require.True(t, ok)
	return public
}
