package oidc

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/callback"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// Logout is a pending logout of one browser: all that CompleteLogout must compare. Its JSON form is part of the API; a
// missing or unknown member is an error when it is read back.
//
// It prints redacted, but its JSON form is complete. slog's JSON handler writes that form for a Logout inside a
// struct, map or slice, so log it only on its own.
type Logout struct {
	// URL is where to send the browser. It has the ID token. It is not needed later and may be emptied before storing.
	URL string `json:"url"`
	// State comes back with the browser, and identifies the logout; empty when the browser does not come back.
	State string `json:"state"`
	// PostLogoutRedirectURI is where the browser returns; empty leaves it at the server.
	PostLogoutRedirectURI string `json:"post_logout_redirect_uri"`
	// ClientID is the client that began the logout. No other client completes it.
	ClientID string `json:"client_id"`
	// Issuer is Config.Issuer.
	Issuer string `json:"issuer"`
	// CreatedAt is when the logout began; Config.LoginLifetime counts from it.
	CreatedAt time.Time `json:"created_at"`
}

// UnmarshalJSON reads the stored form.
func (l *Logout) UnmarshalJSON(data []byte) error {
	type plain Logout
	if err := strictjson.Exact(data, (*plain)(l)); err != nil {
		return fmt.Errorf("oidc: stored logout: %w", err)
	}
	return nil
}

// BeginLogout starts a logout at the server (OpenID Connect RP-Initiated Logout §2). End the application's own session
// first. With a PostLogoutRedirectURI it makes a fresh state, which CompleteLogout compares when the browser returns;
// State must be empty.
func (c *Client) BeginLogout(ctx context.Context, o LogoutOptions) (*Logout, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if o.State != "" {
		return nil, errors.New("oidc: State must be empty: BeginLogout makes it")
	}
	if o.PostLogoutRedirectURI != "" {
		o.State = rand.Text()
	}
	link, err := c.BuildLogoutUrl(ctx, o)
	if err != nil {
		return nil, err
	}
	return &Logout{
		URL: link, State: o.State, PostLogoutRedirectURI: o.PostLogoutRedirectURI, ClientID: c.cfg.ClientID, Issuer: c.cfg.Issuer,
		CreatedAt: c.cfg.Now().UTC().Truncate(time.Second),
	}, nil
}

const defaultLogoutLifetime = time.Hour

// CompleteLogout checks the browser's return from a logout (OpenID Connect RP-Initiated Logout §3). It refuses, with an
// *oauth.CallbackError: a logout that is nil, too old, of another client, or does not return; a state that is missing
// or differs; a parameter that appears twice. A refusal changes nothing: the application's session has ended already.
// It proves only that the browser which began the logout has come back, and not that the user is logged out there.
// A Logout is for one return: delete it after this call, whatever the result.
func (c *Client) CompleteLogout(_ context.Context, logout *Logout, r *http.Request) error {
	if err := c.made(); err != nil {
		return err
	}
	switch {
	case r == nil || r.URL == nil:
		return errors.New("oidc: CompleteLogout needs the request")
	case logout == nil || logout.State == "":
		return refuseRequest(oauth.CheckLogin, "this browser began no logout that returns, or it was completed already")
	case logout.ClientID != c.cfg.ClientID || logout.Issuer != c.cfg.Issuer:
		return refuseRequest(oauth.CheckLogin, "the logout began with another client or another server")
	}
	lifetime := c.cfg.LoginLifetime
	if lifetime == 0 {
		lifetime = defaultLogoutLifetime
	}
	if old := callback.Age("logout", logout.CreatedAt, c.cfg.Now(), lifetime); old != "" {
		return refuseRequest(oauth.CheckExpired, "%s", old)
	}
	if r.Method != http.MethodGet && r.Method != "" {
		return refuseRequest(oauth.CheckMethod, "the return came by %s, want GET", callback.Method(r))
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return refuseRequest(oauth.CheckMalformed, "the query cannot be read")
	}
	var own url.Values
	if u, err := url.Parse(logout.PostLogoutRedirectURI); err == nil {
		own = u.Query()
	}
	for name, values := range query {
		if len(values) > 1 && len(own[name]) < len(values) {
			return refuseRequest(oauth.CheckRepeated, "parameter %q appears %d times", httpcore.Clean(name), len(values))
		}
	}
	switch state := query.Get("state"); {
	case state == "":
		return refuseRequest(oauth.CheckState, "state is missing")
	case subtle.ConstantTimeCompare([]byte(state), []byte(logout.State)) != 1:
		return refuseRequest(oauth.CheckState, "state differs from the state that was sent with this browser")
	}
	return nil
}
