package oidc

import (
	"fmt"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// Login is a pending login of one browser: all that CompleteLogin must compare (OpenID Connect Core §3.1.2.7). It is
// secret and belongs to that browser, so seal it into a cookie or keep it server-side. Its JSON form is part of the
// API; a missing or unknown member is an error when it is read back.
//
// It prints redacted, but its JSON form is complete. slog's JSON handler writes that form for a Login inside a
// struct, map or slice, so log it only on its own.
type Login struct {
	// URL is where to send the browser. It is not needed later and may be emptied before storing.
	URL string `json:"url"`
	// State comes back with the browser, and identifies the login.
	State string `json:"state"`
	// Nonce comes back in the ID token; empty with Config.AllowNoNonce.
	Nonce string `json:"nonce"`
	// CodeVerifier is the PKCE secret; empty with Config.AllowNoPKCE, and for a response type without code.
	CodeVerifier string `json:"code_verifier"`
	// RedirectURI is where the browser returns.
	RedirectURI string `json:"redirect_uri"`
	// ResponseType is what the response must have, exactly; empty means a code.
	ResponseType oauth.ResponseType `json:"response_type"`
	// ResponseMode is how the response must come; empty means in the query.
	ResponseMode oauth.ResponseMode `json:"response_mode"`
	// Scope is the requested scope, a space-separated list.
	Scope string `json:"scope"`
	// Resource are the APIs that the access token is for (RFC 8707 §2); empty when none was named.
	Resource []string `json:"resource"`
	// ClientID is the client that began the login. No other client completes it.
	ClientID string `json:"client_id"`
	// Issuer is Config.Issuer.
	Issuer string `json:"issuer"`
	// TokenEndpoint is where that client sends the code. CompleteLogin compares it, unless it is from discovered metadata,
	// where Issuer says the same and the address may move.
	TokenEndpoint string `json:"token_endpoint"`
	// MaxAge is the requested max_age; 0 when none was requested, and ReauthenticateNow for a max_age of 0.
	MaxAge time.Duration `json:"max_age"`
	// ACRValues are the values of acr that Claims requested as essential; empty accepts any.
	ACRValues []string `json:"acr_values"`
	// CreatedAt is when the login began; Config.LoginLifetime counts from it.
	CreatedAt time.Time `json:"created_at"`
}

// UnmarshalJSON reads the stored form.
func (l *Login) UnmarshalJSON(data []byte) error {
	type plain Login
	if err := strictjson.Exact(data, (*plain)(l)); err != nil {
		return fmt.Errorf("oidc: stored login: %w", err)
	}
	return nil
}

// Result is a completed login or refresh.
//
// It prints redacted, but its JSON form is complete. slog's JSON handler writes that form for a Result inside a
// struct, map or slice, so log it only on its own.
type Result struct {
	// Token is the reply of the token endpoint. Without code in the response type it is the access token that came
	// through the browser for "id_token token", and nil for id_token.
	Token *oauth.Token
	// IDToken is the verified ID token; nil after a refresh whose reply has none. When two came, it is the one of the
	// token endpoint, which no browser saw.
	IDToken *IDToken
	// SessionState is session_state of the callback, for a page that watches the session at the server (OpenID Connect
	// Session Management §2); empty when there was none, and after a refresh. Nothing proves where it comes from.
	SessionState string
}

// oauth is the part of the login that the code exchange needs; nil when l cannot be from BeginLogin.
func (l *Login) oauth() *oauth.Login {
	if l == nil || l.State == "" {
		return nil
	}
	return &oauth.Login{
		State: l.State, CodeVerifier: l.CodeVerifier, RedirectURI: l.RedirectURI, ResponseMode: l.ResponseMode,
		Scope: l.Scope, Resource: l.Resource, ClientID: l.ClientID, Issuer: l.Issuer, TokenEndpoint: l.TokenEndpoint, CreatedAt: l.CreatedAt,
	}
}
