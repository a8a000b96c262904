package oidc

import (
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/internal/fragment"
)

// FragmentPage wraps the handler of the redirect URI for logins of response mode fragment or fragment.jwt. Browsers
// send no fragment to a server, so a GET without a response gets a small page, whose script posts the parameters of the
// fragment to the same address and removes them from the browser's history; next completes the login with that POST
// (OpenID Connect Core §15.5.3). All other requests go to next. The page forbids caches, frames, and all scripts but
// its own.
//
// The POST is of the application's own site: a SameSite=Lax cookie comes with it.
func FragmentPage(next http.Handler) http.Handler {
	return fragment.Handler(next, func(*http.Request) fragment.Words {
		return fragment.Words{
			Lang: "en", Title: "Signing in",
			Empty:    "There is no sign-in to complete here. Please go back to the application and sign in again.",
			NoScript: "To complete the sign-in, please allow JavaScript for this page, and load it again.",
		}
	})
}
