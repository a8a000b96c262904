package web

import (
	"strconv"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// challenge makes the value of WWW-Authenticate (RFC 6750 §3, RFC 9470 §3, RFC 9728 §5.1). Its values are constants, or
// were checked when the guard was made: none needs an escape.
func (g *TokenGuard) challenge(a tokenAnswer) string {
	var b strings.Builder
	b.WriteString("Bearer")
	separator := " "
	add := func(name, value string) {
		if value != "" {
			b.WriteString(separator + name + `="` + value + `"`)
			separator = ", "
		}
	}
	if a.code != "" {
		add("error", string(a.code))
		add("error_description", a.text)
	}
	if a.code == oauth.InsufficientUserAuthentication {
		add("acr_values", g.Fresh.ACRValues)
		if g.Fresh.MaxAge > 0 {
			add("max_age", strconv.FormatInt(int64(g.Fresh.MaxAge/time.Second), 10))
		}
	}
	add("scope", strings.Join(g.Scopes, " "))
	if g.Resource != nil {
		add("resource_metadata", g.Resource.url)
	}
	if separator == " " {
		add("realm", "api") // the scheme must have a parameter (RFC 6750 §3)
	}
	return b.String()
}
