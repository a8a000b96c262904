package saml

import (
	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// oneAssertion returns the one assertion of a response, plain or encrypted (SAML Profiles §4.1.4.2 permits several; one
// is the user). There must be no other one anywhere, not even in Advice or Extensions, and no signature but the
// assertion's own: what is not read must not look as if it were read.
func oneAssertion(root xmlgate.Element) (e xmlgate.Element, encrypted bool, err error) {
	direct := 0
	for next := range root.Children {
		switch {
		case next.Is(nsAssertion, "EncryptedAssertion"):
			encrypted = true
		case !next.Is(nsAssertion, "Assertion"):
			continue
		}
		e = next
		direct++
	}
	if direct != 1 {
		return e, false, refuse(CheckAssertion, "there are %d assertions, want exactly one", direct)
	}
	return e, encrypted, checkShape(root, e)
}

// checkShape refuses assertions other than e, and signatures other than its own, in root.
func checkShape(root, e xmlgate.Element) error {
	var n census
	n.take(root)
	switch {
	case n.assertions != 1:
		return refuse(CheckAssertion, "there is an assertion where none is read")
	case n.signatures > 1 || n.signatures == 1 && !xmldsig.Signed(e):
		return refuse(CheckSignature, "there is a signature where none is read, or a second one")
	}
	return nil
}

// census counts assertions and signatures.
type census struct{ assertions, signatures int }

func (n *census) take(e xmlgate.Element) {
	switch e.Local() {
	case "Assertion", "EncryptedAssertion":
		if e.Space() == nsAssertion {
			n.assertions++
		}
	case "Signature":
		if e.Space() == nsDSig {
			n.signatures++
		}
	}
	for next := range e.Children {
		n.take(next) // the gate bounds the depth
	}
}
