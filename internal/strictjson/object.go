package strictjson

// Member is one member of an object, its name unescaped.
type Member struct {
	Name  string
	Value Value
}

// ParseObject is [Parse] for a text that must be an object: it appends the members to space, in their order and in
// the same pass, so that [Value.Members] need not read the text again. When space is large enough nothing is
// allocated.
//
// The error is an [*Error], with [Misfit] for any other kind of value; then the result is nil.
func ParseObject(data string, space []Member) ([]Member, error) {
	if v := skipSpace(data, 0); v == len(data) || data[v] != '{' {
		if _, err := Parse(data); err != nil {
			return nil, err
		}
		return nil, &Error{Reason: Misfit, Offset: v, Field: "an object is needed"}
	}
	if err := checkEncoding(data); err != nil {
		return nil, err
	}
	// This repeats the loop of parser.object, because members behind a pointer would move space to the heap.
	p := parser{s: data}
	var names nameSet
	i, more := p.first(skipSpace(data, 0), '}')
	for more {
		name, start, end := p.member(i, 1, &names)
		if end >= 0 {
			space = append(space, Member{name, Value{data[start:end]}})
		}
		i, more = p.next(end, '}')
	}
	if err := p.end(i); err != nil {
		return nil, err
	}
	return space, nil
}

func (p *parser) object(i, depth int) int {
	var names nameSet
	i, more := p.first(i, '}')
	for more {
		_, _, end := p.member(i, depth, &names)
		i, more = p.next(end, '}')
	}
	return i
}

// member checks a new name and its value, which is from start to end.
func (p *parser) member(i, depth int, names *nameSet) (name string, start, end int) {
	s := p.s
	if i >= len(s) || s[i] != '"' {
		return "", 0, p.fail(Syntax, i)
	}
	end, escaped := p.str(i)
	if end < 0 {
		return "", 0, -1
	}
	name = s[i+1 : end-1]
	if escaped {
		name = unescape(name)
	}
	if !names.add(name) {
		return "", 0, p.fail(Duplicate, i)
	}
	i = skipSpace(s, end)
	if i >= len(s) || s[i] != ':' {
		return "", 0, p.fail(Syntax, i)
	}
	start = skipSpace(s, i+1)
	return name, start, p.value(start, depth)
}

func (p *parser) array(i, depth int) int {
	i, more := p.first(i, ']')
	for more {
		i, more = p.next(p.value(i, depth), ']')
	}
	return i
}

// first steps over an opening bracket; more is false when the closing one follows, and i is then after it.
func (p *parser) first(i int, closing byte) (next int, more bool) {
	i = skipSpace(p.s, i+1)
	if i < len(p.s) && p.s[i] == closing {
		return i + 1, false
	}
	return i, true
}

// next steps over the comma after an item, or over the closing bracket.
func (p *parser) next(i int, closing byte) (next int, more bool) {
	if i < 0 {
		return -1, false
	}
	i = skipSpace(p.s, i)
	switch {
	case i < len(p.s) && p.s[i] == ',':
		return skipSpace(p.s, i+1), true
	case i < len(p.s) && p.s[i] == closing:
		return i + 1, false
	}
	return p.fail(Syntax, i), false
}
