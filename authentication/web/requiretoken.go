package web

import (
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/challenge"
	"github.com/seed6e7d3bb2/authing-go/internal/dpop"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// RequireToken admits requests to an API that carry an access token with all of these scopes (RFC 6750 §2.1). The token is
// read from the Authorization field alone. The handler has the Caller by CallerOf.
//
//	mux.Handle("/orders/", web.RequireToken(web.JWT(client, oidc.AccessTokenExpect{Audience: "https://api.example"}), "orders:read")(orders))
//
// All other requests are answered here, also preflights: CORS stands outside. The status is 401 without a token and for one
// that is refused, with the code invalid_token, 403 with insufficient_scope, 400 for a token at another place or a second
// one, 503 with Retry-After when the keys or the introspection cannot be had, and 500 for a mistake in the settings. The
// answer is problem details in JSON (RFC 9457 §3), with a challenge (RFC 6750 §3), and never has the token or an error's
// text.
//
// TokenGuard has the settings.
func RequireToken(v Verifier, scopes ...string) func(http.Handler) http.Handler {
	return TokenGuard{Verifier: v, Scopes: scopes}.Handler
}

// TokenGuard is RequireToken with settings.
type TokenGuard struct {
	// Verifier checks the tokens. It is required.
	Verifier Verifier
	// Scopes are required, all of them; empty requires none. Challenges tell them to the client.
	Scopes []string
	// Fresh demands a recent or strong login of the user (RFC 9470 §3): else the status is 401, with the code
	// insufficient_user_authentication.
	Fresh Freshness
	// Resource is the API's metadata, which challenges name: from there a client finds the authorization server (RFC 9728
	// §5). nil names none.
	Resource *Resource
	// DPoP admits tokens that are bound to a key, with a proof of that key (RFC 9449 §7). nil refuses them, and the scheme DPoP.
	DPoP *DPoP
	// Certificate returns the certificate of the client, for tokens that are bound to one (RFC 8705 §3), where a proxy ends the
	// TLS connection. It must read only what that proxy writes, and what clients cannot send: else everyone can name the
	// certificate of another. It is nil when there is none. A nil Certificate is the certificate of the connection, and a server
	// asks clients for it when its tls.Config has ClientAuth.
	Certificate func(r *http.Request) *x509.Certificate
	// OnError is told of each request that is not admitted, and why. nil logs those with status 500 and 503 to the
	// default slog.Logger.
	OnError func(r *http.Request, err error)
	// Now is the clock for Fresh; nil is time.Now.
	Now func() time.Time
}

var publicGuard = []string{"Scopes", "Fresh"}

// Format prints what is required and not the Verifier, whatever the verb.
func (g TokenGuard) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, g, publicGuard...)
}

// LogValue logs what is required and not the Verifier.
func (g TokenGuard) LogValue() slog.Value { return httpcore.LogRedacted(g, publicGuard...) }

// MarshalJSON writes what is required and not the Verifier, as a string.
func (g TokenGuard) MarshalJSON() ([]byte, error) { return httpcore.MarshalRedacted(g, publicGuard...) }

// Handler returns a handler that admits requests to next, as RequireToken does.
func (g TokenGuard) Handler(next http.Handler) http.Handler {
	g.Scopes = slices.Clone(g.Scopes)
	if g.Now == nil {
		g.Now = time.Now
	}
	mistake := mistaken(g.mistake(next))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Authorization")
		caller, err := (*Caller)(nil), mistake
		if err == nil {
			caller, err = g.admit(w.Header(), r)
		}
		if err != nil {
			g.answer(w, r, err)
			return
		}
		w.Header().Set("Cache-Control", "private, no-cache") // the handler may change it
		next.ServeHTTP(w, r.WithContext(g.withProof(withCaller(r.Context(), caller), r)))
	})
}

func (g *TokenGuard) mistake(next http.Handler) error {
	switch {
	case next == nil:
		return errors.New("web: RequireToken has no handler")
	case g.Verifier == nil:
		return errors.New("web: TokenGuard.Verifier is not set")
	case g.Resource != nil && g.Resource.url == "":
		return errors.New("web: TokenGuard.Resource was not made by NewResource")
	case g.DPoP != nil && g.DPoP.state == nil:
		return errors.New("web: TokenGuard.DPoP was not made by NewDPoP")
	}
	for _, scope := range g.Scopes {
		if !challenge.IsWord(scope) {
			return errors.New("web: TokenGuard.Scopes has an entry that is not one scope (RFC 6749 §3.3)")
		}
	}
	return g.Fresh.check()
}

// admit returns the caller, or why the request is not admitted.
func (g *TokenGuard) admit(h http.Header, r *http.Request) (*Caller, error) {
	token, proves, err := requestToken(r, g.DPoP != nil)
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	var proof *dpop.Proof
	if proves {
		if proof, err = g.DPoP.state.check(h, r, token); err != nil {
			return nil, err
		}
	}
	caller, err := g.verify(r.Context(), token)
	switch {
	case err != nil:
		return nil, err
	case caller == nil:
		return nil, mistaken(errors.New("web: the Verifier returned neither a Caller nor an error"))
	}
	if err := g.checkBinding(r, caller, proof); err != nil {
		return nil, err
	}
	// First the login: its challenge names the scopes too, so that one new token satisfies both.
	if lack := g.Fresh.missing(caller.AuthTime, caller.ACR, g.Now()); lack != "" {
		return nil, fmt.Errorf("web: %w: %s", oauth.InsufficientUserAuthentication, lack)
	}
	for _, scope := range g.Scopes {
		if !caller.HasScope(scope) {
			return nil, fmt.Errorf("web: %w: the token does not have the scope %q", oauth.InsufficientScope, scope)
		}
	}
	return caller, nil
}
