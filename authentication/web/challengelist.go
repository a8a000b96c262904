package web

import "strings"

// receivedChallenge is one challenge of an answer. A parameter's value is without its quotes.
type receivedChallenge struct {
	scheme string            // in lower case
	params map[string]string // by name in lower case
}

// maxChallenges limits the fields that are read, in bytes.
const maxChallenges = 8 << 10

// challenges reads fields WWW-Authenticate (RFC 9110 §11.6.1). A field that does not follow the grammar, or repeats a
// parameter in one challenge, is skipped whole.
func challenges(fields []string) []receivedChallenge {
	var all []receivedChallenge
	size := 0
	for _, field := range fields {
		if size += len(field); size > maxChallenges {
			break
		}
		if read, ok := (&challengeReader{rest: field}).list(); ok {
			all = append(all, read...)
		}
	}
	return all
}

type challengeReader struct{ rest string }

// list reads challenges, which a comma separates as it separates their parameters: what has an equals sign is a parameter.
func (p *challengeReader) list() (all []receivedChallenge, ok bool) {
	for {
		if p.commas(); p.rest == "" {
			return all, true
		}
		name := p.token()
		if name == "" {
			return nil, false
		}
		if len(all) > 0 && p.equals() {
			if !p.param(all[len(all)-1].params, name) {
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
func (p *challengeReader) challenge(scheme string) (receivedChallenge, bool) {
	c := receivedChallenge{strings.ToLower(scheme), map[string]string{}}
	spaced := strings.HasPrefix(p.rest, " ")
	if p.blanks(); p.rest == "" || p.rest[0] == ',' {
		return c, true
	}
	if !spaced {
		return c, false
	}
	if p.token68() {
		return c, true
	}
	name := p.token()
	return c, name != "" && p.equals() && p.param(c.params, name)
}

// param reads a value and keeps it.
func (p *challengeReader) param(params map[string]string, name string) bool {
	value, ok := p.value()
	name = strings.ToLower(name)
	_, twice := params[name]
	params[name] = value
	return ok && !twice
}

func (p *challengeReader) value() (string, bool) {
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
func (p *challengeReader) equals() bool {
	after, found := strings.CutPrefix(strings.TrimLeft(p.rest, " \t"), "=")
	if found {
		p.rest = strings.TrimLeft(after, " \t")
	}
	return found
}

// token68 skips one when nothing follows it in its element.
func (p *challengeReader) token68() bool {
	body := strings.TrimLeftFunc(p.rest, func(c rune) bool { return !notTokenChar(c) })
	after := strings.TrimLeft(strings.TrimLeft(body, "="), " \t")
	if len(body) == len(p.rest) || after != "" && after[0] != ',' {
		return false
	}
	p.rest = after
	return true
}

// token reads a token (RFC 9110 §5.6.2).
func (p *challengeReader) token() string {
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

func (p *challengeReader) blanks() { p.rest = strings.TrimLeft(p.rest, " \t") }
func (p *challengeReader) commas() { p.rest = strings.TrimLeft(p.rest, " \t,") }
