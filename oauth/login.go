package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/authorize"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
	"github.com/seed6e7d3bb2/authing-go/pkce"
)

// Login is a pending login of one browser: all that CompleteLogin must compare. It is secret and belongs to that
// browser, so seal it into a cookie or keep it server-side. Its JSON form is part of the API; a missing or unknown
// member is an error when it is read back.
//
// It prints redacted, but its JSON form is complete. slog's JSON handler writes that form for a Login inside a
// struct, map or slice, so log it only on its own.
type Login struct {
	// URL is where to send the browser, once. It is not needed later and may be emptied before storing.
	URL string `json:"url"`
	// State comes back with the browser, and identifies the login.
	State string `json:"state"`
	// CodeVerifier is the PKCE secret; empty with Config.InsecureAllowCodeInjection.
	CodeVerifier string `json:"code_verifier"`
	// RedirectURI is where the browser returns.
	RedirectURI string `json:"redirect_uri"`
	// ResponseMode is how the response must come; empty means in the query.
	ResponseMode ResponseMode `json:"response_mode"`
	// Scope is the requested scope, a space-separated list.
	Scope string `json:"scope"`
	// Resource are the APIs that the token is for (RFC 8707 §2); empty when none was named.
	Resource []string `json:"resource"`
	// ClientID is the client that began the login. No other client completes it.
	ClientID string `json:"client_id"`
	// Issuer is that client's Config.Issuer, which may be empty.
	Issuer string `json:"issuer"`
	// TokenEndpoint is where that client sends the code. CompleteLogin compares it, unless it was discovered: there Issuer
	// says the same and the address may move.
	TokenEndpoint string `json:"token_endpoint"`
	// CreatedAt is when the login began; Config.LoginLifetime counts from it.
	CreatedAt time.Time `json:"created_at"`
}

// UnmarshalJSON reads the stored form.
func (l *Login) UnmarshalJSON(data []byte) error {
	type plain Login
	if err := strictjson.Exact(data, (*plain)(l)); err != nil {
		return fmt.Errorf("oauth: stored login: %w", err)
	}
	return nil
}

// BeginLogin starts a login by authorization code with a fresh state and PKCE S256 (RFC 6749 §4.1, RFC 9700 §2.1.1).
// With InsecureAllowCodeInjection it sends no PKCE. State and CodeChallenge must be empty. The response type must be
// code: a token that comes through the browser cannot be bound to this login. A missing ClientSecret is an error
// here, unless TokenAuth is None or a custom method. So is what CanLogin finds.
func (c *Client) BeginLogin(ctx context.Context, o AuthorizeOptions) (*Login, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if c.found != nil {
		return via(ctx, c, func(c *Client) (*Login, error) { return c.BeginLogin(ctx, o) })
	}
	switch {
	case o.State != "":
		return nil, errors.New("oauth: State must be empty: BeginLogin makes it")
	case o.CodeChallenge != "" || o.CodeChallengeMethod != "":
		return nil, errors.New("oauth: CodeChallenge and CodeChallengeMethod must be empty: BeginLogin makes them")
	case o.ResponseType != "" && !o.ResponseType.Is(ResponseTypeCode):
		return nil, fmt.Errorf("oauth: ResponseType %s gives no checked login, want code", httpcore.Quote(string(o.ResponseType)))
	}
	switch place, isJWT := o.ResponseMode.place(false); {
	case place == ResponseModeFragment:
		return nil, fmt.Errorf("oauth: ResponseMode %s does not reach the application's server, want query or form_post", o.ResponseMode)
	case place == "":
		return nil, fmt.Errorf("oauth: unknown ResponseMode %s, want query or form_post", httpcore.Quote(string(o.ResponseMode)))
	case isJWT && c.cfg.ReadAuthorizationResponse == nil:
		return nil, fmt.Errorf("oauth: ResponseMode %s needs ReadAuthorizationResponse", o.ResponseMode)
	}
	if err := c.needAuth(c.cfg.TokenAuth); err != nil {
		return nil, err
	}
	fresh, verifier := authorize.NewSecrets(), ""
	if !c.cfg.InsecureAllowCodeInjection {
		verifier, o.CodeChallenge, o.CodeChallengeMethod = fresh.Verifier, fresh.Challenge, pkce.S256
	}
	o.State = fresh.State
	if err := c.checkAuthorize(&o); err != nil {
		return nil, err
	}
	if err := c.CanLogin(ctx, ResponseTypeCode); err != nil { // before anything is pushed
		return nil, err
	}
	url, err := c.requestURL(ctx, &o, nil)
	if err != nil {
		return nil, err
	}
	return &Login{
		URL: url, State: o.State, CodeVerifier: verifier, RedirectURI: o.RedirectURI, ResponseMode: o.ResponseMode,
		Scope: o.Scope, Resource: slices.Clone(o.Resource), ClientID: c.cfg.ClientID, Issuer: c.cfg.Issuer, TokenEndpoint: c.cfg.Endpoints.Token,
		CreatedAt: c.cfg.Now().UTC().Truncate(time.Second),
	}, nil
}

// CompleteLogin checks the callback r against login and exchanges the code for a token. It refuses, with a
// *CallbackError: a login that is nil, too old, of another client, or begun with other settings; a state or iss that
// differs; repeated or unexpected parameters. An error response is an *Error, after state and iss were checked (RFC
// 6749 §4.1.2, RFC 9207 §2.4). The error of a JWT is that of ReadAuthorizationResponse. A Login is for one callback: delete
// it after this call, whatever the result.
//
// r can still be parsed afterwards: parameters that are not OAuth's belong to the application (RFC 6749 §4.1.2). For
// form_post, its body must not have been parsed before. Reading it ends when ctx ends.
func (c *Client) CompleteLogin(ctx context.Context, login *Login, r *http.Request) (*Token, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if c.found != nil && login != nil {
		s, err := c.resolve(ctx)
		if err != nil {
			return nil, err
		}
		return s.CompleteLogin(ctx, s.current(login), r)
	}
	response, err := c.readCallback(ctx, login, returns{code: true}, r)
	if err != nil {
		return nil, err
	}
	t, err := c.GetAccessTokenByCode(ctx, response.Code, CodeOptions{CodeVerifier: login.CodeVerifier, RedirectURI: login.RedirectURI, Resource: login.Resource})
	if err == nil && t.Scope == "" {
		t.Scope = login.Scope // RFC 6749 §5.1: a missing scope is the requested one
	}
	return t, err
}
