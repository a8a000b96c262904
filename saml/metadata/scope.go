package metadata

import (
	"regexp"
	"regexp/syntax"
	"strings"
)

// Limits of scopes: each identity provider of a federation writes its own, and a login pays for them.
const (
	maxScope    = 256 // bytes of one
	maxWeight   = 500 // of one pattern
	maxPatterns = 20  // of one identity provider
)

// Scope is a domain for whose users an identity provider may speak (Shibboleth Metadata Extensions 1.0).
type Scope struct {
	// Text is the domain, such as example.org, or the pattern.
	Text string
	// Regexp says that Text is a regular expression in the syntax of package regexp, which runs in linear time. The whole
	// domain must match it. One that package regexp does not take covers nothing, and neither does one with large
	// repetitions, nor those after the first 20 of an identity provider in metadata.
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
	tree, err := syntax.Parse(s.Text, syntax.Perl) // by itself: it must not close the group around it
	if err != nil || weight(tree) > maxWeight {
		return nil
	}
	pattern, err := regexp.Compile(`\A(?:` + s.Text + `)\z`)
	if err != nil {
		return nil
	}
	return pattern
}

// weight is about how many instructions a pattern has: x{1000} is written in few bytes.
func weight(r *syntax.Regexp) int {
	sum := 1
	if r.Op == syntax.OpLiteral {
		sum = len(r.Rune)
	}
	for _, sub := range r.Sub {
		if sum += weight(sub); sum > maxWeight {
			return sum
		}
	}
	if r.Op == syntax.OpRepeat {
		sum *= max(1, r.Min, r.Max)
	}
	return sum
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
