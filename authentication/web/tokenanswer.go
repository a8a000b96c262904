package web

import (
	"cmp"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// tokenAnswer is the answer to a request that is not admitted. Its texts are our own: nothing of the request is in them.
type tokenAnswer struct {
	status int
	// code is the error of the challenge; empty is a challenge without one (RFC 6750 §3.1).
	code oauth.ErrorCode
	// word is the code of the problem, where there is none of RFC 6750.
	word, text string
}

func tokenAnswerFor(err error) tokenAnswer {
	var fault BearerFault
	switch {
	case errors.Is(err, authentication.ErrMisconfigured):
		return tokenAnswer{http.StatusInternalServerError, "", "misconfigured", "This API is not set up correctly."}
	case errors.Is(err, TokenMissing):
		return tokenAnswer{http.StatusUnauthorized, "", "token_required", "This API needs an access token."}
	case errors.As(err, &fault):
		return tokenAnswer{http.StatusBadRequest, oauth.InvalidRequest, "", string(fault)}
	case errors.Is(err, oauth.InsufficientUserAuthentication):
		return tokenAnswer{http.StatusUnauthorized, oauth.InsufficientUserAuthentication, "", "A more recent or stronger login is required."}
	case errors.Is(err, oauth.InsufficientScope), errors.Is(err, oidc.CheckInsufficientScope):
		return tokenAnswer{http.StatusForbidden, oauth.InsufficientScope, "", "The access token does not have the required scope."}
	case errors.Is(err, oauth.UseDPoPNonce):
		return tokenAnswer{http.StatusUnauthorized, oauth.UseDPoPNonce, "", "The proof needs the nonce of this answer."}
	case errors.Is(err, oauth.InvalidDPoPProof):
		return tokenAnswer{http.StatusUnauthorized, oauth.InvalidDPoPProof, "", "The proof of the key is missing, or not for this request."}
	case errors.Is(err, authentication.ErrRefused):
		return tokenAnswer{http.StatusUnauthorized, oauth.InvalidToken, "", "The access token is expired, revoked, or not for this API."}
	case errors.Is(err, authentication.ErrDenied):
		return tokenAnswer{http.StatusForbidden, "", "denied", "The caller may not call this API."}
	}
	return tokenAnswer{http.StatusServiceUnavailable, "", "no_answer", "Access tokens cannot be checked now."}
}

// defaultRetryAfter is the pause after which the keys of a server are asked for again.
const defaultRetryAfter = 10 * time.Second

func (g *TokenGuard) answer(w http.ResponseWriter, r *http.Request, err error) {
	a := tokenAnswerFor(err)
	g.report(r, a.status, err)
	quiet(w)
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	switch {
	case a.status == http.StatusServiceUnavailable:
		h.Set("Retry-After", wholeSeconds(cmp.Or(authentication.RetryAfter(err), defaultRetryAfter)))
	case a.status < http.StatusInternalServerError:
		h["Www-Authenticate"] = g.challenges(r, a)
	}
	writeJSON(w, Problem{Status: a.status, Code: cmp.Or(a.word, string(a.code)), Text: a.text})
}

func (g *TokenGuard) report(r *http.Request, status int, err error) {
	switch {
	case g.OnError != nil:
		g.OnError(r, err)
	case status == http.StatusInternalServerError:
		slog.ErrorContext(r.Context(), "an API is not set up correctly", "err", err)
	case status == http.StatusServiceUnavailable:
		slog.WarnContext(r.Context(), "an access token cannot be checked", "err", err)
	}
}
