package xmldsig

import "github.com/seed6e7d3bb2/authing-go/internal/xmlgate"

const (
	samlSpace     = "urn:oasis:names:tc:SAML:2.0:assertion"
	protocolSpace = "urn:oasis:names:tc:SAML:2.0:protocol"
	metadataSpace = "urn:oasis:names:tc:SAML:2.0:metadata"
)

// Signed reports whether a ds:Signature is a child of e.
func Signed(e xmlgate.Element) bool {
	if !e.OK() {
		return false
	}
	for child := range e.Children {
		if child.Is(space, "Signature") {
			return true
		}
	}
	return false
}

// locate returns the one signature of e in its place: after the Issuer when there is one, else first
// (SAML Core §2.3.3, §3.2.1; SAML Metadata §2.3). It covers the same octets when it is last.
func (p *Policy) locate(e xmlgate.Element) (xmlgate.Element, error) {
	var found xmlgate.Element
	place, issuer := -1, -1
	i := 0
	for child := range e.Children {
		switch {
		case child.Is(space, "Signature"):
			if found.OK() {
				return found, refuse(CheckPlace, "two signatures of one element")
			}
			found, place = child, i
		case child.Is(samlSpace, "Issuer"):
			issuer = i
		}
		i++
	}
	switch {
	case !found.OK():
		return found, refuse(CheckMissing, "the element is not signed")
	case issuer <= 0 && place == issuer+1:
	case issuer <= 0 && place == i-1 && p.AllowLastSignature:
	case issuer <= 0 && place == i-1:
		return found, refuse(CheckPlace, "the signature is last, which only AllowLastSignature accepts")
	default:
		return found, refuse(CheckPlace, "the signature is neither after the Issuer nor first")
	}
	if strays(e, e, holder) {
		return found, refuse(CheckPlace, "a signature where none is allowed")
	}
	return found, nil
}

// strays reports whether at, which is in that place, has a signature, or an Object, where no reader looks for it. The gate
// limits the depth.
func strays(top, at xmlgate.Element, in place) bool {
	signatures := 0
	for child := range at.Children {
		if in == advice && (child.Is(samlSpace, "Assertion") || child.Is(samlSpace, "EncryptedAssertion")) {
			continue
		}
		if child.Space() == space {
			switch child.Local() {
			case "Signature":
				if signatures++; in != holder || signatures > 1 {
					return true
				}
			case "Object", "Manifest":
				return true
			}
		}
		if strays(top, child, in.step(top, at, child)) {
			return true
		}
	}
	return false
}

// place says which signatures an element may have inside.
type place int

const (
	elsewhere place = iota // none
	holder                 // its own
	advice                 // those of assertions, which are ignored with all that is in them (SAML Core §2.6.1)
)

// step is the place of child, a child of at, which is in p.
func (p place) step(top, at, child xmlgate.Element) place {
	switch {
	case p != holder:
	case mayHold(top, at, child):
		return holder
	case at.Is(samlSpace, "Assertion") && child.Is(samlSpace, "Advice"):
		return advice
	}
	return elsewhere
}

// mayHold reports whether child, a child of at, may have its own signature below that of top.
func mayHold(top, at, child xmlgate.Element) bool {
	switch child.Space() {
	case samlSpace:
		return child.Local() == "Assertion" && (at == top || at.Is(protocolSpace, "Response"))
	case protocolSpace: // the message that an artifact stands for (SAML Core §3.5.2)
		return child.Local() == "Response" && at == top && top.Is(protocolSpace, "ArtifactResponse")
	case metadataSpace:
		switch child.Local() {
		case "EntitiesDescriptor", "EntityDescriptor":
			return at.Is(metadataSpace, "EntitiesDescriptor")
		case "RoleDescriptor", "IDPSSODescriptor", "SPSSODescriptor", "AuthnAuthorityDescriptor",
			"AttributeAuthorityDescriptor", "PDPDescriptor", "AffiliationDescriptor":
			return at.Is(metadataSpace, "EntityDescriptor")
		}
	}
	return false
}
