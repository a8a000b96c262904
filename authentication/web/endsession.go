package web

import (
	"context"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/internal/session"
)

// logout is the user's: it ends the session here, then at the server.
func (v *visit) logout() { v.notFound() }

// loggedOut is the page after a logout, and where the browser comes back from the server's. flow may be nil.
func (v *visit) loggedOut(flow authentication.LoginFlow) { v.notFound() }

// slo receives SAML's messages of single logout.
func (v *visit) slo(flow authentication.LoginFlow) { v.notFound() }

// backChannel receives a logout token.
func (v *visit) backChannel(flow authentication.LoginFlow) { v.notFound() }

// frontChannel receives a logout in a frame.
func (v *visit) frontChannel(flow authentication.LoginFlow) { v.notFound() }

// notice receives a logout that the server began, at the address of a callback.
func (v *visit) notice(flow authentication.LoginFlow) { v.notFound() }

// ended reports whether a mark says that this session has ended at the server.
func (s *Site) ended(ctx context.Context, flow authentication.LoginFlow, h *session.Head) (bool, error) {
	return false, nil
}

// Logout logs the user out here and at the server, as the Site's own address does.
func (s *Site) Logout(w http.ResponseWriter, r *http.Request) {}

// EndSessions ends every session of this user that has begun until now, on every instance.
func (s *Site) EndSessions(ctx context.Context, issuer, subject string) error { return nil }
