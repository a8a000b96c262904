package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// challenges makes the values of WWW-Authenticate: one for each scheme that the API accepts (RFC 9449 §7.2). The error is in
// that of the request.
func (g *TokenGuard) challenges(r *http.Request, a tokenAnswer) []string {
	if g.DPoP == nil {
		return []string{g.challenge("Bearer", a)}
	}
	other := tokenAnswer{status: a.status}
	switch {
	case g.DPoP.state.config.RequireDPoP:
		return []string{g.challenge("DPoP", a)}
	case isDPoP(r.Header.Get("Authorization")):
		return []string{g.challenge("DPoP", a), g.challenge("Bearer", other)}
	}
	return []string{g.challenge("Bearer", a), g.challenge("DPoP", other)}
}

// challenge makes one of them (RFC 6750 §3, RFC 9449 §7.1, RFC 9470 §3, RFC 9728 §5.1). Its values are constants, or were
// checked when the guard was made: none needs an escape.
func (g *TokenGuard) challenge(scheme string, a tokenAnswer) string {
	var b strings.Builder
	b.WriteString(scheme)
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
	if scheme == "DPoP" {
		add("algs", strings.Join(g.DPoP.state.config.Algs, " "))
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
