package oauth

import (
	"net/http"
	"strings"
)

// tokenChallenge reads WWW-Authenticate: Bearer error="..." (RFC 6750 §3). A client with DPoP sends proofs, so that the
// challenge DPoP comes first (RFC 9449 §7.1).
func (c *Client) tokenChallenge(h http.Header) *Error {
	if c.cfg.DPoP != nil {
		if e := challengeOf(h, tokenTypeDPoP); e != nil {
			return e
		}
	}
	return challengeOf(h, tokenTypeBearer)
}

// challengeOf reads the challenge of one scheme. Other schemes may come before or after it in the same field (RFC 9110
// §11.6.1). Some servers leave the scheme Bearer out.
func challengeOf(h http.Header, want string) *Error {
	for _, field := range h.Values("WWW-Authenticate") {
		var e Error
		found, schemes := false, 0
		for field != "" {
			var p challengeParam
			p, field = nextParam(field)
			if p.scheme != "" {
				if found {
					break // the next challenge begins
				}
				found = strings.EqualFold(p.scheme, want)
				schemes++
			} else if schemes == 0 && want == tokenTypeBearer && strings.HasPrefix(strings.ToLower(p.name), "error") {
				found = true
			}
			switch {
			case !found:
			case strings.EqualFold(p.name, "error"):
				e.Code = ErrorCode(p.value)
			case strings.EqualFold(p.name, "error_description"):
				e.Description = p.value
			case strings.EqualFold(p.name, "error_uri"):
				e.URI = p.value
			}
		}
		if found {
			return &e
		}
	}
	return nil
}

// challengeParam is one parameter. The first one of a challenge has its scheme.
type challengeParam struct{ scheme, name, value string }

// nextParam cuts `name=value`, `name="value"` or a lone scheme off the front of a list.
func nextParam(s string) (p challengeParam, rest string) {
	s = strings.TrimLeft(s, " \t,")
	end := strings.IndexAny(s, "=,")
	if end < 0 || s[end] == ',' {
		p.scheme, rest, _ = strings.Cut(s, ",")
		p.scheme = strings.TrimSpace(p.scheme)
		return p, rest
	}
	p.name, s = strings.TrimSpace(s[:end]), strings.TrimLeft(s[end+1:], " \t")
	if scheme, name, ok := strings.Cut(p.name, " "); ok {
		p.scheme, p.name = scheme, strings.TrimSpace(name)
	}
	if !strings.HasPrefix(s, `"`) {
		p.value, rest, _ = strings.Cut(s, ",")
		p.value = strings.TrimSpace(p.value)
		return p, rest
	}
	var b strings.Builder
	i := 1
	for ; i < len(s) && s[i] != '"'; i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	p.value = b.String()
	return p, s[min(i+1, len(s)):]
}
