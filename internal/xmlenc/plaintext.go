package xmlenc

import (
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// maxScope is how many namespaces the surrounding declares: the gate reads no more on one element.
const maxScope = 64

// surrounding are the tags that the plaintext is read between, so that it finds the namespaces that it was
// encrypted among (XML Encryption 1.1 §4.2). They have container's name, so that rules about what may stand
// where, comments first of all, see what they would see in the message.
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
		// The gate lets no quotes and no references into the name of a namespace.
		b.WriteString(" xmlns" + prefix + `="` + space + `"`)
	}
	b.WriteString(">")
	return surrounding{b.String(), "</" + container.Name() + ">"}, nil
}

// read returns the one element of the plaintext, given between the tags of s. A plaintext that ends s itself,
// and begins another, makes two roots, which the gate refuses.
func (s surrounding) read(text []byte, p Policy) (xmlgate.Element, bool) {
	d, err := xmlgate.Parse(string(text), xmlgate.Options{
		MaxBytes: p.MaxBytes + len(s.start) + len(s.end), MaxNodes: p.MaxNodes, Comments: p.Comments,
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
		// Encryption within encryption is refused where it is not SAML's.
		if only.OK() || child.Space() == encSpace {
			return xmlgate.Element{}, false
		}
		only = child
	}
	return only, only.OK()
}
