package xmlenc

import (
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// maxScope is how many namespaces the surrounding tags declare: the gate reads no more on one element.
const maxScope = 64

// surrounding is the tags between which the plaintext is parsed, with the namespaces that were in scope when it was
// encrypted (XML Encryption 1.1 §4.2). They have container's name, so that rules about places, such as those for
// comments, apply as in the message.
type surrounding struct{ start, end string }

func newSurrounding(container xmlgate.Element) (surrounding, error) {
	var b strings.Builder
	b.WriteString("<" + container.Name())
	n := 0
	for prefix, space := range container.Namespaces {
		if n++; n > maxScope {
			return surrounding{}, refuse(CheckLimit, "too many namespaces are declared around the EncryptedData")
		}
		if prefix != "" {
			prefix = ":" + prefix
		}
		// The gate accepts no quotes and no references in the name of a namespace.
		b.WriteString(" xmlns" + prefix + `="` + space + `"`)
	}
	b.WriteString(">")
	return surrounding{b.String(), "</" + container.Name() + ">"}, nil
}

// read returns the one element of the plaintext, which is given between the tags of s. A plaintext that closes s and
// opens another element makes two roots, which the gate refuses.
func (s surrounding) read(text []byte, p Policy) (xmlgate.Element, bool) {
	d, err := xmlgate.Parse(string(text), xmlgate.Options{
		MaxBytes: p.MaxBytes + len(s.start) + len(s.end), MaxNodes: p.MaxNodes, Comments: p.Comments, AnyIDs: p.AllowAnyIDs,
	})
	if err != nil {
		return xmlgate.Element{}, false
	}
	root := d.Root()
	if len(root.Raw()) != len(text) || !root.Blank() {
		return xmlgate.Element{}, false
	}
	var only xmlgate.Element
	for child := range root.Children {
		// Nested encryption is refused, except what SAML has.
		if only.OK() || child.Space() == encSpace {
			return xmlgate.Element{}, false
		}
		only = child
	}
	return only, only.OK()
}
