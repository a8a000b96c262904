package oidc

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// LogoutOptions are the parameters of a logout request (OpenID Connect RP-Initiated Logout §2).
type LogoutOptions struct {
	// IDTokenHint is the ID token of the session, as received. Without it client_id is sent.
	IDTokenHint string
	// PostLogoutRedirectURI is where the browser returns; it must be registered at the server.
	PostLogoutRedirectURI string
	// State comes back with the browser; it needs PostLogoutRedirectURI.
	State string
	// LogoutHint tells the server which user logs out; empty sends none.
	LogoutHint string
	// UILocales are the preferred languages, space-separated, best first; empty sends none.
	UILocales string
	// Extra adds parameters. A parameter that has a field here is an error.
	Extra url.Values
}

var logoutParams = []string{"client_id", "id_token_hint", "logout_hint", "post_logout_redirect_uri", "state", "ui_locales"}

// BuildLogoutUrl returns the address that ends the user's session at the server (OpenID Connect
// RP-Initiated Logout §2). End the application's own session first. The address contains the ID token: redirect the
// browser there, and do not show or log the address.
func (c *Client) BuildLogoutUrl(ctx context.Context, o LogoutOptions) (string, error) {
	if err := c.made(); err != nil {
		return "", err
	}
	for name := range o.Extra {
		if slices.Contains(logoutParams, name) {
			return "", fmt.Errorf("oidc: Extra must not set %s: use its field instead", name)
		}
	}
	if o.State != "" && o.PostLogoutRedirectURI == "" {
		return "", errors.New("oidc: State needs PostLogoutRedirectURI: without it the browser does not return")
	}
	if err := checkReturn(o.PostLogoutRedirectURI); err != nil {
		return "", err
	}
	if o.IDTokenHint == "" && c.cfg.ClientID == "" {
		return "", errors.New("oidc: ClientID and IDTokenHint are not set")
	}
	s, err := c.resolve(ctx)
	if err != nil {
		return "", err
	}
	endpoint, err := need("end_session_endpoint", s.endSession)
	if err != nil {
		return "", err
	}
	query := make(url.Values, len(o.Extra)+4)
	maps.Copy(query, o.Extra)
	if o.IDTokenHint == "" {
		query.Set("client_id", c.cfg.ClientID)
	}
	for name, value := range map[string]string{
		"id_token_hint": o.IDTokenHint, "post_logout_redirect_uri": o.PostLogoutRedirectURI, "state": o.State,
		"logout_hint": o.LogoutHint, "ui_locales": o.UILocales,
	} {
		if value != "" {
			query.Set(name, value)
		}
	}
	sep := "?"
	if strings.Contains(endpoint, "?") {
		sep = "&"
	}
	return endpoint + sep + query.Encode(), nil
}

func checkReturn(uri string) error {
	if u, err := url.Parse(uri); uri != "" && (err != nil || !u.IsAbs() || u.Opaque != "" || strings.Contains(uri, "#")) {
		return errors.New("oidc: PostLogoutRedirectURI must be an absolute URI without a fragment")
	}
	return nil
}
