package xmldsig

import (
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

const (
	exclusive   = "http://www.w3.org/2001/10/xml-exc-c14n#"
	inclusive10 = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
	inclusive11 = "http://www.w3.org/2006/12/xml-c14n11"

	maxPrefixes = 32 // of one PrefixList
)

// c14n is a canonicalization with its parameter.
type c14n struct {
	inclusive bool
	version11 bool
	comments  bool     // that it would keep: nothing with a comment may then be canonicalized
	prefixes  []string // of an exclusive one: the prefixes that are treated as in an inclusive one; "" is the default
}

func (a *c14n) equal(b *c14n) bool {
	return a.inclusive == b.inclusive && a.version11 == b.version11 && a.comments == b.comments && slices.Equal(a.prefixes, b.prefixes)
}

// c14nOf reads the canonicalization that e names: a CanonicalizationMethod or a Transform.
func (p *Policy) c14nOf(e xmlgate.Element) (c14n, error) {
	uri, ok := only(e, "Algorithm")
	if !ok {
		return c14n{}, refuse(CheckShape, "a canonicalization without exactly its Algorithm")
	}
	uri, comments := withComments(uri)
	switch uri {
	case exclusive:
		prefixes, err := prefixList(e)
		return c14n{prefixes: prefixes, comments: comments}, err
	case inclusive10, inclusive11:
		switch {
		case !p.AllowInclusiveC14N:
			return c14n{}, refuse(CheckTransform, "the canonicalization is inclusive, which only AllowInclusiveC14N accepts")
		case !empty(e):
			return c14n{}, refuse(CheckShape, "a canonicalization with a parameter")
		}
		return c14n{inclusive: true, version11: uri == inclusive11, comments: comments}, nil
	}
	return c14n{}, refuse(CheckTransform, "the canonicalization is unknown or never accepted")
}

// withComments splits the URI of a canonicalization that keeps comments. Without a comment the octets are the same.
func withComments(uri string) (without string, comments bool) {
	switch uri {
	case exclusive + "WithComments":
		return exclusive, true
	case inclusive10 + "#WithComments":
		return inclusive10, true
	case inclusive11 + "#WithComments":
		return inclusive11, true
	}
	return uri, false
}

// prefixList reads the InclusiveNamespaces in e, if there are any (Exclusive XML Canonicalization 1.0 §4).
func prefixList(e xmlgate.Element) ([]string, error) {
	if empty(e) {
		return nil, nil
	}
	var children [1]xmlgate.Element
	if n, ok := childrenOf(e, children[:]); !ok || n != 1 || !children[0].Is(exclusive, "InclusiveNamespaces") || !empty(children[0]) {
		return nil, refuse(CheckShape, "a canonicalization with another parameter than InclusiveNamespaces")
	}
	list, ok := only(children[0], "PrefixList")
	if !ok {
		return nil, refuse(CheckShape, "InclusiveNamespaces without exactly a PrefixList")
	}
	prefixes := strings.Fields(list)
	if len(prefixes) > maxPrefixes {
		return nil, refuse(CheckTransform, "the PrefixList is too long")
	}
	for i, prefix := range prefixes {
		if prefix == "#default" {
			prefixes[i] = ""
		}
	}
	return prefixes, nil
}

// fitFor refuses what c would have to write otherwise: a comment in e when c keeps comments, and in version 1.1 an
// xml:base around e, which c would have to join (Canonical XML 1.1 §2.4).
func (c *c14n) fitFor(e xmlgate.Element) error {
	if c.comments && strings.Contains(e.Raw(), "<!--") { // in a CDATA section it is none, and refused too
		return refuse(CheckTransform, "a canonicalization with comments, and a comment in what it covers")
	}
	if !c.version11 {
		return nil
	}
	for around := range e.Ancestors {
		if _, ok := around.Attr(xmlSpace, "base"); ok {
			return refuse(CheckTransform, "Canonical XML 1.1 below an xml:base")
		}
	}
	return nil
}
