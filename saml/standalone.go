package saml

import (
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
	"github.com/seed6e7d3bb2/authing-go/internal/xsd"
)

// scope is the namespaces in scope at a place (Namespaces in XML 1.0 §6.1), for an element that is cut out there
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

// standalone returns e with the declarations of the prefixes that it uses, so that it can be read by itself. around is
// the namespaces in scope around e, the nearest last.
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
			continue // the default namespace is undeclared here
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

// usedPrefixes adds the prefixes of elements, attributes and types that around declares. A type may name any prefix, but
// the gate limits how many are in scope.
func usedPrefixes(e xmlgate.Element, around scope, all []string) []string {
	all = around.add(all, e.Prefix())
	for a := range e.Attrs {
		if a.Prefix() != "" {
			all = around.add(all, a.Prefix())
		}
		if a.Space() == nsXSI && a.Local() == "type" {
			prefix, _, found := strings.Cut(xsd.Collapse(a.Value()), ":")
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
