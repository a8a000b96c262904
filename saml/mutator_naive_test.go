package saml_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"testing"

	"github.com/beevik/etree"
	"github.com/stretchr/testify/assert"
)

// naive reads a response as those do who were fooled: it looks for a signature anywhere, looks for the element that it
// refers to anywhere, verifies that, and then reads the first or last NameID of the document.
type naive struct {
	key  *rsa.PublicKey
	last bool
}

func (n naive) read(t testing.TB, doc string) (user string) {
	t.Helper()
	d := etree.NewDocument()
	if d.ReadFromString(doc) != nil || d.Root() == nil {
		return ""
	}
	if !n.verifies(t, d) {
		return ""
	}
	names := d.FindElements("//NameID")
	if len(names) == 0 {
		return ""
	}
	if n.last {
		return names[len(names)-1].Text()
	}
	return names[0].Text()
}

func (n naive) verifies(t testing.TB, d *etree.Document) bool {
	t.Helper()
	for _, signature := range d.FindElements("//Signature") {
		info, value, reference := signature.SelectElement("SignedInfo"), signature.SelectElement("SignatureValue"), signature.FindElement("./SignedInfo/Reference")
		if info == nil || value == nil || reference == nil {
			continue
		}
		raw, _ := base64.StdEncoding.DecodeString(value.Text())
		sum := sha256.Sum256(canonical(t, info, excC14N, ""))
		if rsa.VerifyPKCS1v15(n.key, crypto.SHA256, sum[:], raw) != nil {
			continue
		}
		want := reference.FindElement("./DigestValue").Text()
		for _, e := range d.FindElements("//*[@ID]") {
			if "#"+e.SelectAttrValue("ID", "") != reference.SelectAttrValue("URI", "") {
				continue
			}
			e = e.Copy()
			if own := e.SelectElement("Signature"); own != nil {
				e.RemoveChild(own)
			}
			digest := sha256.Sum256(canonical(t, e, excC14N, ""))
			if base64.StdEncoding.EncodeToString(digest[:]) == want {
				return true
			}
		}
	}
	return false
}

// TestMutantsFoolTheNaive holds that the mutants are attacks: every named permutation logs a reader in as mallory who
// believes that verifying something is verifying everything.
func TestMutantsFoolTheNaive(t *testing.T) {
	t.Parallel()
	fooled := map[string]int{}
	for _, m := range []message{signedAssertion(), signedResponse()} {
		// Prefixes are declared where they are used, so that a copied element is still the same.
		m.text = oneLogin
		doc := m.xml(t)
		first, last := naive{publicRSA(t, "idp"), false}, naive{publicRSA(t, "idp"), true}
		assert.Equal(t, "alice@example.com", first.read(t, doc))
		w := &mutants{t: t, doc: doc, stride: 1 << 30, named: 1, evil: mallory, yield: func(kind, doc string) {
			if first.read(t, doc) == "mallory@example.com" || last.read(t, doc) == "mallory@example.com" {
				fooled[kind]++
			}
		}}
		w.wraps()
	}
	t.Log(fooled)
	if raceDetector {
		return
	}
	for _, kind := range []string{"xsw1", "xsw2", "xsw3", "xsw4", "xsw5", "xsw6", "xsw7", "xsw8", "xsw9"} {
		assert.NotZero(t, fooled[kind], kind)
	}
}
