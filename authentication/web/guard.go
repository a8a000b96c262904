package web

import (
	"context"
	"net/http"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// RequireLogin guards a handler: without a session a navigation goes to the login and comes back, and everything else
// gets 401. It serves the Site's own addresses too, so that one call wraps a whole application.
func (s *Site) RequireLogin(next http.Handler) http.Handler { return next }

// LoadLogin gives a handler the user where there is one, and demands none. It serves the Site's own addresses too.
func (s *Site) LoadLogin(next http.Handler) http.Handler { return next }

// Freshness is how recent and how strong an authentication must be.
type Freshness struct {
	// MaxAge is the longest time since the user authenticated; 0 asks for nothing.
	MaxAge time.Duration
	// ACRValues are the accepted authentication context classes, separated by spaces; empty accepts each.
	ACRValues string
}

// RequireFresh guards a handler inside RequireLogin: an authentication that is too old or too weak is repeated at the
// server.
func (s *Site) RequireFresh(f Freshness) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler { return next }
}

// Admit is RequireLogin for routers whose middleware is no http.Handler. When it returns false, it has answered the
// request; otherwise the handler goes on with the returned request.
func (s *Site) Admit(w http.ResponseWriter, r *http.Request) (*http.Request, bool) { return r, true }

// Identity returns the user of the request, without Token and Data; nil when there is none.
func Identity(ctx context.Context) *authentication.Identity { return nil }

// Token returns the user's token, refreshed when it is about to expire, without the refresh token.
func Token(ctx context.Context) (*oauth.Token, error) { return nil, nil }

// session is the JSON of the user's session for the page's script.
func (v *visit) session() { v.notFound() }
