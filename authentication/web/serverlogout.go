package web

import (
	"context"
	"errors"
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/internal/session"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// logoutAtServer goes on with a logout after the session here has ended. When the server's logout cannot be built, the
// browser goes to the logged-out page.
func (v *visit) logoutAtServer(ended *session.Session) {
	sent, err := v.sendLogout(ended)
	v.site.report(v.r, v.site.about(ended, Event{Kind: EventLogout, Err: err}))
	if !sent {
		v.toLoggedOut()
	}
}

// sendLogout revokes the refresh token and sends the browser to the server's logout, where there is one.
func (v *visit) sendLogout(ended *session.Session) (sent bool, err error) {
	flow, err := v.site.flow(v.r, ended.Flow)
	if err != nil {
		return false, err
	}
	id, err := unpack(ended.Data)
	if err != nil {
		return false, err
	}
	if next, _ := v.site.successors.of(ended.Key, id); next != nil { // the store has them not yet
		id = next
	}
	revoked := v.site.revoke(v.r.Context(), flow, id)
	if _, ok := able[authentication.LogoutFlow](flow); !ok {
		return false, revoked
	}
	if !navigates(v.r) {
		return false, errors.Join(revoked, errNoNavigation)
	}
	logout, err := v.beginLogout(flow, ended.Flow, id)
	if err == nil {
		err = v.site.pending.SendLogout(v.w, v.r, logout)
	}
	return err == nil, errors.Join(revoked, err)
}

var errNoNavigation = errors.New("web: the session at the server goes on: a script's request cannot go to the server's logout; send a form, or follow a link")

// revoker is the part of TokenFlow that a Client has too.
type revoker interface {
	RevokeToken(ctx context.Context, token string, opts ...oauth.TokenOptions) error
}

// revoke revokes the refresh token, where the server can (RFC 7009 §2). A logout goes on without.
func (s *Site) revoke(ctx context.Context, flow authentication.LoginFlow, id *authentication.Identity) error {
	tokens, ok := able[revoker](flow)
	if !ok || id.Token == nil || id.Token.RefreshToken == "" {
		return nil
	}
	ctx, cancel := patient(ctx)
	defer cancel()
	err := tokens.RevokeToken(ctx, id.Token.RefreshToken, oauth.TokenOptions{TokenTypeHint: "refresh_token"})
	if err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return fmt.Errorf("web: the refresh token was not revoked: %w", err)
	}
	return nil
}

// beginLogout builds the server's logout. It comes back to the logged-out page, where the flow takes its address: SAML's
// comes back to the client's own.
func (v *visit) beginLogout(flow authentication.LoginFlow, name string, id *authentication.Identity) (*authentication.Logout, error) {
	out, _ := able[authentication.LogoutFlow](flow)
	ctx, cancel := patient(v.r.Context())
	defer cancel()
	var options authentication.LogoutOptions
	if v.site.config.LogoutOptions != nil {
		options = v.site.config.LogoutOptions(name, id)
	}
	if options.RedirectURI != "" {
		return out.BeginLogout(ctx, id, options)
	}
	plain := options
	options.RedirectURI = addresses(v.base, v.site.config.Prefix, name).LoggedOut
	logout, err := out.BeginLogout(ctx, id, options)
	if errors.Is(err, authentication.ErrMisconfigured) {
		if logout, second := out.BeginLogout(ctx, id, plain); second == nil {
			return logout, nil
		}
	}
	return logout, err
}
