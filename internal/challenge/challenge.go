// Package challenge reads WWW-Authenticate, as an API answers (RFC 9110 §11.6.1).
package challenge

import "strings"

// Challenge is one challenge of an answer.
type Challenge struct {
	Scheme string            // in lower case
	Params map[string]string // by name in lower case; a value is without its quotes
}

// maxFields limits the fields that are read, in bytes.
const maxFields = 8 << 10

// Read reads the fields WWW-Authenticate of an answer. A field that does not follow the grammar, or repeats a
// parameter in one challenge, is skipped whole.
func Read(fields []string) []Challenge {
	var all []Challenge
	size := 0
	for _, field := range fields {
		if size += len(field); size > maxFields {
			break
		}
		if read, ok := (&reader{rest: field}).list(); ok {
			all = append(all, read...)
		}
	}
	return all
}

type reader struct{ rest string }

// list reads challenges, which a comma separates as it separates their parameters: what has an equals sign is a parameter.
func (p *reader) list() (all []Challenge, ok bool) {
	for {
		if p.commas(); p.rest == "" {
			return all, true
		}
		name := p.token()
		if name == "" {
			return nil, false
		}
		if len(all) > 0 && p.equals() {
			if !p.param(all[len(all)-1].Params, name) {
				return nil, false
			}
		} else if c, ok := p.challenge(name); ok {
			all = append(all, c)
		} else {
			return nil, false
		}
		if p.blanks(); p.rest != "" && p.rest[0] != ',' {
			return nil, false
		}
	}
}

// challenge reads what follows a scheme in the same element of the list: nothing, a token68, or a first parameter.
func (p *reader) challenge(scheme string) (Challenge, bool) {
	c := Challenge{strings.ToLower(scheme), map[string]string{}}
	spaced := strings.HasPrefix(p.rest, " ")
	if p.blanks(); p.rest == "" || p.rest[0] == ',' {
		return c, true
	}
	if !spaced {
		return c, false
	}
	if p.skip68() {
		return c, true
	}
	name := p.token()
	return c, name != "" && p.equals() && p.param(c.Params, name)
}

// param reads a value and keeps it.
func (p *reader) param(params map[string]string, name string) bool {
	value, ok := p.value()
	name = strings.ToLower(name)
	_, twice := params[name]
	params[name] = value
	return ok && !twice
}

func (p *reader) value() (string, bool) {
	if !strings.HasPrefix(p.rest, `"`) {
		value := p.token()
		return value, value != ""
	}
	var b strings.Builder
	for i := 1; i < len(p.rest); i++ {
		c := p.rest[i]
		if c == '"' {
			p.rest = p.rest[i+1:]
			return b.String(), true
		}
		if c == '\\' {
			if i++; i == len(p.rest) {
				return "", false
			}
			c = p.rest[i]
		}
		if c < ' ' && c != '\t' || c == 0x7f {
			return "", false
		}
		b.WriteByte(c)
	}
	return "", false
}

// equals skips an equals sign, around which blanks may be.
func (p *reader) equals() bool {
	after, found := strings.CutPrefix(strings.TrimLeft(p.rest, " \t"), "=")
	if found {
		p.rest = strings.TrimLeft(after, " \t")
	}
	return found
}

// token68 are the characters of one (RFC 9110 §11.2).
const token68 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/"

// skip68 skips one when nothing follows it in its element.
func (p *reader) skip68() bool {
	body := strings.TrimLeft(p.rest, token68)
	after := strings.TrimLeft(strings.TrimLeft(body, "="), " \t")
	if len(body) == len(p.rest) || after != "" && after[0] != ',' {
		return false
	}
	p.rest = after
	return true
}

// token reads a token (RFC 9110 §5.6.2).
func (p *reader) token() string {
	end := strings.IndexFunc(p.rest, func(c rune) bool {
		return !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.ContainsRune("!#$%&'*+-.^_`|~", c))
	})
	if end < 0 {
		end = len(p.rest)
	}
	token := p.rest[:end]
	p.rest = p.rest[end:]
	return token
}

func (p *reader) blanks() { p.rest = strings.TrimLeft(p.rest, " \t") }
func (p *reader) commas() { p.rest = strings.TrimLeft(p.rest, " \t,") }
