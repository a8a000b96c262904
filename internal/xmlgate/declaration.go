package xmlgate

import "strings"

// declaration skips the XML declaration, which is allowed only at the start of the text (XML 1.0 §2.8).
func (p *parser) declaration(i int) int {
	const open = "<?xml"
	s := p.src
	if !strings.HasPrefix(s[i:], open) || len(s) == i+len(open) || !isSpace(s[i+len(open)]) {
		return i
	}
	size := strings.Index(s[i:], "?>")
	if size < 0 {
		return p.fail(Syntax, i)
	}
	rest := s[i+len(open) : i+size]
	for n, name := range []string{"version", "encoding", "standalone"} {
		value, after, ok := pseudo(rest, name)
		if !ok {
			if n == 0 {
				return p.fail(Declaration, i)
			}
			continue
		}
		switch {
		case name == "version" && value != "1.0",
			name == "encoding" && !strings.EqualFold(value, "UTF-8"),
			name == "standalone" && value != "yes" && value != "no":
			return p.fail(Declaration, i)
		}
		rest = after
	}
	if !isBlank(rest) {
		return p.fail(Declaration, i)
	}
	return i + size + len("?>")
}

// pseudo reads name="value" after white space at the start of s.
func pseudo(s, name string) (value, rest string, ok bool) {
	i := skipSpace(s, 0)
	if i == 0 || !strings.HasPrefix(s[i:], name) {
		return "", s, false
	}
	i = skipSpace(s, i+len(name))
	if i == len(s) || s[i] != '=' {
		return "", s, false
	}
	i = skipSpace(s, i+1)
	if i == len(s) || s[i] != '"' && s[i] != '\'' {
		return "", s, false
	}
	value, rest, ok = strings.Cut(s[i+1:], s[i:i+1])
	return value, rest, ok
}
