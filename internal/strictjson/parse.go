package strictjson

import (
	"strings"
	"unicode/utf8"
)

const maxDepth = 64

// Parse checks a whole document and returns its value.
//
// The error is an [*Error]. The cost is linear in the length of data, for any input (RFC 8259 §2).
func Parse(data string) (Value, error) {
	if err := checkEncoding(data); err != nil {
		return Value{}, err
	}
	p := parser{s: data}
	start := skipSpace(data, 0)
	end := p.value(start, 0)
	if err := p.end(end); err != nil {
		return Value{}, err
	}
	return Value{data[start:end]}, nil
}

func checkEncoding(data string) error {
	if utf8.ValidString(data) {
		if strings.HasPrefix(data, "\ufeff") {
			return &Error{Reason: Mark, Offset: 0}
		}
		return nil
	}
	for i, r := range data {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(data[i:]); size == 1 {
				return &Error{Reason: Encoding, Offset: i}
			}
		}
	}
	return &Error{Reason: Encoding, Offset: len(data)}
}

// parser validates; every method takes the offset where its part begins and returns the offset after it, or -1 and
// keeps the reason.
type parser struct {
	s      string
	reason Reason
	offset int
}

func (p *parser) fail(reason Reason, offset int) int {
	p.reason, p.offset = reason, offset
	return -1
}

// end returns the error of the whole text, whose value ends at i.
func (p *parser) end(i int) error {
	if i < 0 {
		return &Error{Reason: p.reason, Offset: p.offset}
	}
	if after := skipSpace(p.s, i); after != len(p.s) {
		return &Error{Reason: Trailing, Offset: after}
	}
	return nil
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

func skipSpace(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\n' || s[i] == '\t' || s[i] == '\r') {
		i++
	}
	return i
}
