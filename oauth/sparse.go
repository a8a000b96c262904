package oauth

import (
	"maps"
	"slices"
)

// sparse is Metadata without its empty fields, which are most of it when an application set the others.
type sparse struct {
	doc  string
	said []saying
}

// saying is a value, and the place of its field in fields.
type saying struct {
	at    int
	value any
}

// sparse leaves out the addresses that the client keeps in another place. It changes m.
func (m *Metadata) sparse(kept []address) *sparse {
	for _, a := range kept {
		*a.at = ""
	}
	s := &sparse{doc: m.doc}
	say := func(at int, value any) { s.said = append(s.said, saying{at, value}) }
	for i, f := range m.fields() {
		switch {
		case f.text != nil && *f.text != "":
			say(i, *f.text)
		case f.list != nil && *f.list != nil:
			say(i, *f.list)
		case f.texts != nil && *f.texts != nil:
			say(i, *f.texts)
		case f.flag != nil && *f.flag:
			say(i, true)
		}
	}
	s.said = slices.Clone(s.said) // without room for more
	return s
}

// metadata returns a copy that shares nothing with s.
func (s *sparse) metadata() *Metadata {
	m := &Metadata{doc: s.doc}
	fields := m.fields()
	for _, said := range s.said {
		switch f := fields[said.at]; value := said.value.(type) {
		case string:
			*f.text = value
		case []string:
			*f.list = slices.Clone(value)
		case map[string]string:
			*f.texts = maps.Clone(value)
		case bool:
			*f.flag = value
		}
	}
	return m
}
