package strictjson

import "encoding/json"

// Any returns the value in plain Go: map[string]any, []any, string, bool, nil, [json.Number].
func (v Value) Any() any {
	if v.text == "" {
		return nil
	}
	p := plain{s: v.text}
	return p.value()
}

// plain reads a checked text into plain Go, in one pass.
type plain struct {
	s      string
	i      int
	unwrap bool // see DecodeUnwrapped
}

func (p *plain) value() any {
	switch p.s[p.i] {
	case '{':
		return p.object(nil)
	case '[':
		if list := p.list(); !p.unwrap || len(list) != 1 {
			return list
		} else {
			return list[0]
		}
	case '"':
		return p.text()
	}
	start := p.i
	p.i = skipValue(p.s, start)
	switch p.s[start] {
	case 'n':
		return nil
	case 't', 'f':
		return p.s[start] == 't'
	}
	return json.Number(p.s[start:p.i])
}

func (p *plain) text() string {
	end, escaped := skipString(p.s, p.i)
	text := p.s[p.i+1 : end-1]
	p.i = end
	if escaped {
		return unescape(text)
	}
	return text
}

// object adds the members to a map, and makes it when it is nil, with the right size.
func (p *plain) object(into map[string]any) map[string]any {
	type member struct {
		name  string
		value any
	}
	var space [32]member
	members := space[:0]
	for p.i = skipSpace(p.s, p.i+1); p.s[p.i] != '}'; p.i = nextItem(p.s, p.i) {
		name := p.text()
		p.i = skipSpace(p.s, skipSpace(p.s, p.i)+1)
		members = append(members, member{name, p.value()})
	}
	p.i++
	if into == nil {
		into = make(map[string]any, len(members))
	}
	for _, m := range members {
		into[m.name] = m.value
	}
	return into
}

func (p *plain) list() []any {
	var space [8]any
	list := space[:0]
	for p.i = skipSpace(p.s, p.i+1); p.s[p.i] != ']'; p.i = nextItem(p.s, p.i) {
		list = append(list, p.value())
	}
	p.i++
	return append(make([]any, 0, len(list)), list...)
}
