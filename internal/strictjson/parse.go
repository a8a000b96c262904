package strictjson

import "unicode/utf8"

const maxDepth = 64

// Parse checks a whole document and returns its value.
//
// The error is an [*Error]. The cost is linear in the length of data, whatever it holds (RFC 8259 §2).
func Parse(data string) (Value, error) {
	if !utf8.ValidString(data) {
		return Value{}, &Error{Reason: Encoding, Offset: firstInvalid(data)}
	}
	p := parser{s: data}
	start := skipSpace(data, 0)
	end := p.value(start, 0)
	if end < 0 {
		return Value{}, &Error{Reason: p.reason, Offset: p.offset}
	}
	if after := skipSpace(data, end); after != len(data) {
		return Value{}, &Error{Reason: Trailing, Offset: after}
	}
	return Value{data[start:end]}, nil
}

func firstInvalid(data string) int {
	for i, r := range data {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(data[i:]); size == 1 {
				return i
			}
		}
	}
	return len(data)
}

// parser validates; every method takes the offset where its part begins and
// returns the offset behind it, or -1 having kept the reason.
type parser struct {
	s      string
	reason Reason
	offset int
}

func (p *parser) fail(reason Reason, offset int) int {
	p.reason, p.offset = reason, offset
	return -1
}

func (p *parser) value(i, depth int) int {
	if i >= len(p.s) {
		return p.fail(Syntax, i)
	}
	switch c := p.s[i]; {
	case c == '"':
		end, _ := p.str(i)
		return end
	case c == '-' || c >= '0' && c <= '9':
		return p.number(i)
	case c == '{' || c == '[':
		if depth == maxDepth {
			return p.fail(Depth, i)
		}
		if c == '{' {
			return p.object(i, depth+1)
		}
		return p.array(i, depth+1)
	case c == 't':
		return p.literal(i, "true")
	case c == 'f':
		return p.literal(i, "false")
	case c == 'n':
		return p.literal(i, "null")
	}
	return p.fail(Syntax, i)
}

func (p *parser) literal(i int, word string) int {
	end := i + len(word)
	if end > len(p.s) || p.s[i:end] != word {
		return p.fail(Syntax, i)
	}
	return end
}

func (p *parser) object(i, depth int) int {
	s := p.s
	var names nameSet
	i = skipSpace(s, i+1)
	if i < len(s) && s[i] == '}' {
		return i + 1
	}
	for {
		if i >= len(s) || s[i] != '"' {
			return p.fail(Syntax, i)
		}
		end, escaped := p.str(i)
		if end < 0 {
			return -1
		}
		name := s[i+1 : end-1]
		if escaped {
			name = unescape(name)
		}
		if !names.add(name) {
			return p.fail(Duplicate, i)
		}
		i = skipSpace(s, end)
		if i >= len(s) || s[i] != ':' {
			return p.fail(Syntax, i)
		}
		if i = p.value(skipSpace(s, i+1), depth); i < 0 {
			return -1
		}
		i = skipSpace(s, i)
		if i >= len(s) || s[i] != ',' && s[i] != '}' {
			return p.fail(Syntax, i)
		}
		if s[i] == '}' {
			return i + 1
		}
		i = skipSpace(s, i+1)
	}
}

func (p *parser) array(i, depth int) int {
	s := p.s
	i = skipSpace(s, i+1)
	if i < len(s) && s[i] == ']' {
		return i + 1
	}
	for {
		if i = p.value(i, depth); i < 0 {
			return -1
		}
		i = skipSpace(s, i)
		if i >= len(s) || s[i] != ',' && s[i] != ']' {
			return p.fail(Syntax, i)
		}
		if s[i] == ']' {
			return i + 1
		}
		i = skipSpace(s, i+1)
	}
}

func skipSpace(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\n' || s[i] == '\t' || s[i] == '\r') {
		i++
	}
	return i
}
