package metadata

import (
	"regexp"
	"strings"
)

// maxScope is the longest scope in bytes.
const maxScope = 256

// Scope is a domain for whose users an identity provider may speak (Shibboleth Metadata Extensions 1.0).
type Scope struct {
	// Text is the domain, such as example.org, or the pattern.
	Text string
	// Regexp says that Text is a regular expression in the syntax of package regexp, which runs in linear time. The whole
	// domain must match it. One that package regexp does not take covers nothing.
	Regexp bool
}

// covers reports whether the domain is in the scope. Letters of ASCII are compared without case, but in a regular
// expression.
func (s Scope) covers(domain string) bool {
	if domain == "" || len(domain) > maxScope {
		return false
	}
	if !s.Regexp {
		return lower(s.Text) == lower(domain)
	}
	// It is compiled each time: kept, it would take more memory than all the rest of an identity provider.
	pattern := s.compile()
	return pattern != nil && pattern.MatchString(domain)
}

func (s Scope) compile() *regexp.Regexp {
	if len(s.Text) > maxScope {
		return nil
	}
	if _, err := regexp.Compile(s.Text); err != nil { // by itself: it must not close the group around it
		return nil
	}
	pattern, err := regexp.Compile(`\A(?:` + s.Text + `)\z`)
	if err != nil {
		return nil
	}
	return pattern
}

// lower is s in small letters of ASCII: other letters that fold to them make another domain.
func lower(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// InScope reports whether one of Scopes covers the domain.
func (p *IDP) InScope(domain string) bool {
	for _, s := range p.Scopes {
		if s.covers(domain) {
			return true
		}
	}
	return false
}
