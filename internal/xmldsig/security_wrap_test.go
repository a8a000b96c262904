package xmldsig

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// wrapping is one arrangement of what an attacker has: a signed element, its signature, and an element of their own.
type wrapping struct{ name, text string }

// wrappings arranges them in every way: XSW1 to XSW8 and the ninth are among them. evil says who the signed element
// is about; where puts the original.
func wrappings(t *testing.T, signed, id string) []wrapping {
	e := root(t, signed)
	signature := ""
	for child := range e.Children {
		if child.Is(space, "Signature") {
			signature = child.Raw()
		}
	}
	require.NotEmpty(t, signature)
	bare := strings.Replace(signed, signature, "", 1)
	closing := "</" + e.Name() + ">"
	var all []wrapping
	for _, evilID := range []string{"evil", id} {
		evil := strings.NewReplacer("alice", "mallory", `ID="`+id+`"`, `ID="`+evilID+`"`, `ID="a1"`, `ID="a9"`).Replace(bare)
		for _, original := range []string{signed, bare} {
			for _, held := range []string{"", signature, strings.Replace(signature, "#"+id, "#"+evilID, 1)} {
				holder := evil
				if held != "" {
					holder = insert(evil, root(t, evil), held)
				}
				for where, place := range map[string]func() string{
					"before":   func() string { return original + holder },
					"behind":   func() string { return holder + original },
					"first in": func() string { _, at, _ := root(t, holder).Offsets(); return holder[:at] + original + holder[at:] },
					"last in":  func() string { return strings.TrimSuffix(holder, closing) + original + closing },
					"around":   func() string { return strings.TrimSuffix(original, closing) + holder + closing },
					"extensions": func() string {
						return strings.TrimSuffix(holder, closing) + "<Extensions>" + original + "</Extensions>" + closing
					},
					"signature": func() string { return strings.Replace(holder, "</ds:Signature>", original+"</ds:Signature>", 1) },
					"object": func() string {
						return strings.Replace(holder, "</ds:Signature>", "<ds:Object>"+original+"</ds:Object></ds:Signature>", 1)
					},
					"key info": func() string {
						return strings.Replace(holder, "</ds:Signature>", "<ds:KeyInfo>"+original+"</ds:KeyInfo></ds:Signature>", 1)
					},
					"signed info": func() string { return strings.Replace(holder, "<ds:SignedInfo>", "<ds:SignedInfo>"+original, 1) },
					"own, around": func() string {
						return strings.TrimSuffix(original, closing) + strings.Replace(holder, "</ds:Signature>", "<ds:Object/></ds:Signature>", 1) + closing
					},
				} {
					all = append(all, wrapping{fmt.Sprintf("%s, evil %s, original signed %t, signature held %t", where, evilID, original == signed, held != ""), place()})
				}
			}
		}
	}
	return all
}

// TestSAML12Wrapping: of every arrangement, as a whole or within a response, each element that has a signature is
// refused, or is the original.
func TestSAML12Wrapping(t *testing.T) {
	t.Parallel()
	const open, closing = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="outer">`, `</samlp:Response>`
	one := `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="a1"><saml:Issuer>https://idp.example.com</saml:Issuer><saml:Subject>alice</saml:Subject></saml:Assertion>`
	for name, original := range map[string]string{"response": message, "assertion": one} {
		id := map[string]string{"response": "r1", "assertion": "a1"}[name]
		signed, err := Signer{Key: rsaKey()}.Sign(original)
		require.NoError(t, err)
		tried, accepted := 0, 0
		for _, w := range wrappings(t, signed, id) {
			for _, whole := range []string{w.text, open + w.text + closing} {
				d, err := xmlgate.Parse(whole, xmlgate.Options{})
				if err != nil {
					continue
				}
				for _, e := range signedElements(d.Root()) {
					tried++
					v, err := Verify(e, public(rsaKey()), Policy{AllowEmptyReference: true, AllowInclusiveC14N: true})
					if err == nil {
						accepted++
						assert.Equal(t, original, v.Root().Raw(), w.name)
					}
				}
			}
		}
		assert.Greater(t, tried, 100, name)
		assert.Greater(t, accepted, 10, name)
	}
}

// signedElements are all that a reader might verify.
func signedElements(e xmlgate.Element) (all []xmlgate.Element) {
	if Signed(e) {
		all = append(all, e)
	}
	for child := range e.Children {
		all = append(all, signedElements(child)...)
	}
	return all
}
