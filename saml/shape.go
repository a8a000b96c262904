package saml

import (
	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// oneAssertion returns the one assertion of a response, plain or encrypted (SAML Profiles §4.1.4.2 permits
// several; one is the user). No other may stand anywhere, in Advice or Extensions either, and no signature but
// the one of the assertion: what is not read must not look as if it were.
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
		return refuse(CheckAssertion, "an assertion stands where none is read")
	case n.signatures > 1 || n.signatures == 1 && !xmldsig.Signed(e):
		return refuse(CheckSignature, "a signature stands where none is read, or twice")
	}
	return nil
}

// census counts.
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
		n.take(next) // as deep as the gate permits
	}
}
