package saml

import (
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// scope are the namespaces that hold at a place (Namespaces in XML 1.0 §6.1), for what is cut out of there
// (SAML Core §2.7.3.1.1).
type scope []namespace

type namespace struct{ prefix, name string }

func scopeAt(e xmlgate.Element) scope {
	var s scope
	for prefix, name := range e.Namespaces {
		s = append(s, namespace{prefix, name})
	}
	return s
}

// standalone returns e with the declarations of the prefixes that it uses, so that it can be read by itself.
// around is what holds around e, the nearest last.
func standalone(e xmlgate.Element, around scope) string {
	own := []string{}
	for prefix := range e.Declarations {
		own = append(own, prefix)
	}
	used := usedPrefixes(e, around, nil)
	raw, tag := e.Raw(), 1+len(e.Name())
	var b strings.Builder
	b.WriteString(raw[:tag])
	for _, ns := range slices.Backward(around) {
		if slices.Contains(own, ns.prefix) || !slices.Contains(used, ns.prefix) {
			continue
		}
		own = append(own, ns.prefix)
		if ns.name == "" {
			continue // the default namespace ended here
		}
		b.WriteString(" xmlns")
		if ns.prefix != "" {
			b.WriteString(":" + ns.prefix)
		}
		b.WriteString(`="` + ns.name + `"`)
	}
	b.WriteString(raw[tag:])
	return b.String()
}

// usedPrefixes adds those of elements, of attributes and of types that around declares. They are few: the gate bounds
// those in scope, while a type may name any.
func usedPrefixes(e xmlgate.Element, around scope, all []string) []string {
	all = around.add(all, e.Prefix())
	for a := range e.Attrs {
		if a.Prefix() != "" {
			all = around.add(all, a.Prefix())
		}
		if a.Space() == nsXSI && a.Local() == "type" {
			prefix, _, found := strings.Cut(a.Value(), ":")
			if !found {
				prefix = ""
			}
			all = around.add(all, prefix)
		}
	}
	for next := range e.Children {
		all = usedPrefixes(next, around, all)
	}
	return all
}

func (s scope) add(all []string, prefix string) []string {
	if slices.Contains(all, prefix) || !slices.ContainsFunc(s, func(ns namespace) bool { return ns.prefix == prefix }) {
		return all
	}
	return append(all, prefix)
}
