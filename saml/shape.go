package saml

import (
	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// oneAssertion returns the one assertion of a response, plain or encrypted (SAML Profiles §4.1.4.2 permits several; one
// is the user). There must be no other one anywhere, not even in Extensions, and no signature but the assertion's own:
// what is not read must not look as if it were read. Only in Advice an assertion is ignored, with all that is in it (SAML
// Core §2.6.1).
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

// checkShape refuses assertions other than e, and signatures other than its own, in root. Those in the Advice of e do not
// count.
func checkShape(root, e xmlgate.Element) error {
	n := census{of: e}
	n.take(root, false)
	switch {
	case n.assertions != 1:
		return refuse(CheckAssertion, "there is an assertion where none is read")
	case n.signatures > 1 || n.signatures == 1 && !xmldsig.Signed(e):
		return refuse(CheckSignature, "there is a signature where none is read, or a second one")
	}
	return nil
}

// census counts assertions and signatures, but not those in the Advice of an assertion.
type census struct {
	of                     xmlgate.Element
	assertions, signatures int
}

func (n *census) take(e xmlgate.Element, advice bool) {
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
		if advice && (next.Is(nsAssertion, "Assertion") || next.Is(nsAssertion, "EncryptedAssertion")) {
			continue
		}
		n.take(next, e == n.of && next.Is(nsAssertion, "Advice")) // the gate bounds the depth
	}
}
