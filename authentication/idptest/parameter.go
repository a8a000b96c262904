package idptest

import (
	"net/url"
	"strings"
)

// Parameter is one name and value of a query or a form, before encoding.
type Parameter struct {
	// Name is the parameter's name.
	Name string
	// Value is its value.
	Value string
}

// Parameters are those of a query or a form, in their order. url.Values has none.
type Parameters []Parameter

// Add adds a parameter at the end.
func (p *Parameters) Add(name, value string) { *p = append(*p, Parameter{name, value}) }

// Encode is the query, or the body of a form.
func (p Parameters) Encode() string {
	var b strings.Builder
	for _, one := range p {
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(one.Name) + "=" + url.QueryEscape(one.Value))
	}
	return b.String()
}

// Pairs are parameters of names and values in turn.
func Pairs(namesAndValues ...string) Parameters {
	var p Parameters
	for i := 0; i+1 < len(namesAndValues); i += 2 {
		p.Add(namesAndValues[i], namesAndValues[i+1])
	}
	return p
}
