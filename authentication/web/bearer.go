package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/internal/callback"
)

// BearerFault is what is wrong with how a request carries its token (RFC 6750 §2). Each is an error, so that
// errors.Is(err, web.TokenMissing) works in TokenGuard.OnError, and is authentication.ErrRefused too.
type BearerFault string

const (
	// TokenMissing is a request without a token, or with an Authorization of another scheme.
	TokenMissing BearerFault = "the request has no access token in an Authorization field of scheme Bearer"
	// TokenMalformed is an Authorization field of scheme Bearer whose token is empty, too long, or has characters that no
	// token has.
	TokenMalformed BearerFault = "the Authorization field is not the word Bearer, a space and a token"
	// TokenInQuery is a token in the address, where logs and histories keep it (RFC 6750 §2.3).
	TokenInQuery BearerFault = "an access token must not be in the query"
	// TokenInForm is a token in the body (RFC 6750 §2.2).
	TokenInForm BearerFault = "an access token must not be in the body"
	// TokenTwice is a request with several tokens, or with several Authorization fields: another program on the way
	// could read another one of them.
	TokenTwice BearerFault = "the request has several access tokens"
)

// Error is the reason.
func (f BearerFault) Error() string { return string(f) }

// Unwrap adds the verdict.
func (f BearerFault) Unwrap() error { return authentication.ErrRefused }

const (
	maxBearer     = 64 << 10
	maxBearerForm = 64 << 10
)

// requestToken reads the token of a request from its Authorization field, the only place where it may be. proves says that
// it came with the scheme DPoP, which counts only where it is allowed.
func requestToken(r *http.Request, allowDPoP bool) (token string, proves bool, err error) {
	fields := r.Header.Values("Authorization")
	if len(fields) > 1 {
		return "", false, TokenTwice
	}
	found := false
	if len(fields) == 1 {
		proves = allowDPoP && isDPoP(fields[0])
		token, found, err = readToken(fields[0], proves)
	}
	misplaced := misplacedToken(r)
	switch {
	case misplaced != "" && found:
		return "", false, TokenTwice
	case misplaced != "":
		return "", false, misplaced
	case err != nil:
		return "", false, err
	case !found:
		return "", false, TokenMissing
	}
	return token, proves, nil
}

func isDPoP(field string) bool {
	scheme, _, _ := strings.Cut(field, " ")
	return strings.EqualFold(scheme, "DPoP")
}

// readToken reads credentials of the scheme Bearer, or DPoP (RFC 6750 §2.1, RFC 9449 §7.1, RFC 9110 §11.4). found says that
// it is that scheme.
func readToken(field string, proves bool) (token string, found bool, err error) {
	scheme, token, _ := strings.Cut(field, " ")
	if !proves && !strings.EqualFold(scheme, "Bearer") {
		return "", false, nil
	}
	token = strings.TrimLeft(token, " ")
	body := strings.TrimRight(token, "=")
	if len(token) > maxBearer || body == "" || strings.ContainsFunc(body, notTokenChar) {
		return "", true, TokenMalformed
	}
	return token, true, nil
}

// notTokenChar is every character that no b64token has (RFC 6750 §2.1).
func notTokenChar(c rune) bool {
	return !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.ContainsRune("-._~+/", c))
}

// misplacedToken looks for a token elsewhere. Of a form it reads the beginning, and puts it back.
func misplacedToken(r *http.Request) BearerFault {
	if r.URL != nil && hasAccessToken(r.URL.RawQuery) {
		return TokenInQuery
	}
	if form, _ := callback.Peek(r, maxBearerForm); hasAccessToken(form) {
		return TokenInForm
	}
	return ""
}

// hasAccessToken looks for the parameter as every reader could find it: some separate by a semicolon too.
func hasAccessToken(form string) bool {
	for form != "" {
		at := strings.IndexAny(form, "&;")
		pair := form
		if at < 0 {
			form = ""
		} else {
			pair, form = form[:at], form[at+1:]
		}
		name, _, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(name); err == nil && plain == "access_token" {
			return true
		}
	}
	return false
}
