package oidc

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/callback"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/pkce"
)

// Login is a pending login of one browser: all that CompleteLogin must compare. It is secret and belongs to that
// browser, so seal it into a cookie or keep it server-side. Its JSON form is part of the API; a missing or unknown
// member is an error when it is read back.
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
	// CodeVerifier is the PKCE secret; empty with Config.AllowNoPKCE.
	CodeVerifier string `json:"code_verifier"`
	// RedirectURI is where the browser returns.
	RedirectURI string `json:"redirect_uri"`
	// ResponseMode is how the response must come; empty means in the query.
	ResponseMode oauth.ResponseMode `json:"response_mode"`
	// Scope is the requested scope, a space-separated list.
	Scope string `json:"scope"`
	// ClientID is the client that began the login. No other client completes it.
	ClientID string `json:"client_id"`
	// Issuer is Config.Issuer.
	Issuer string `json:"issuer"`
	// TokenEndpoint is where that client sends the code.
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
	var p plain
	if err := strictjson.Exact(data, &p); err != nil {
		return fmt.Errorf("oidc: stored login: %w", err)
	}
	*l = Login(p)
	return nil
}

// Result is a completed login or refresh.
//
// It prints redacted, but its JSON form is complete. slog's JSON handler writes that form for a Result inside a
// struct, map or slice, so log it only on its own.
type Result struct {
	// Token is the reply of the token endpoint.
	Token *oauth.Token
	// IDToken is the verified ID token; nil after a refresh whose reply has none.
	IDToken *IDToken
}

// BeginLogin starts a login by authorization code with a fresh state, nonce and PKCE S256 (OpenID
// Connect Core §3.1, RFC 9700 §2.1.1); AllowNoPKCE and AllowNoNonce leave one out. State, Nonce and
// CodeChallenge must be empty, and the response type must be code. A login that cannot be completed is an error here:
// when a secret is missing, or when the server lacks an endpoint, an algorithm, PKCE S256 or the configured client
// authentication.
func (c *Client) BeginLogin(ctx context.Context, o AuthorizeOptions) (*Login, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	switch {
	case o.State != "":
		return nil, errors.New("oidc: State must be empty: BeginLogin makes it")
	case o.Nonce != "":
		return nil, errors.New("oidc: Nonce must be empty: BeginLogin makes it")
	case o.CodeChallenge != "" || o.CodeChallengeMethod != "":
		return nil, errors.New("oidc: CodeChallenge and CodeChallengeMethod must be empty: BeginLogin makes them")
	case o.ResponseType != "" && !o.ResponseType.Is(oauth.ResponseTypeCode):
		return nil, fmt.Errorf("oidc: ResponseType %s is not for BeginLogin, want code", httpcore.Quote(string(o.ResponseType)))
	case o.ResponseMode == oauth.ResponseModeFragment:
		return nil, errors.New("oidc: ResponseMode fragment does not reach the application's server, want query or form_post")
	case o.ResponseMode != "" && o.ResponseMode != oauth.ResponseModeQuery && o.ResponseMode != oauth.ResponseModeFormPost:
		return nil, fmt.Errorf("oidc: unknown ResponseMode %s, want query or form_post", httpcore.Quote(string(o.ResponseMode)))
	}
	if o.RedirectURI == "" {
		o.RedirectURI = c.cfg.RedirectURI
	}
	if o.Scope == "" {
		o.Scope = "openid"
	}
	if !slices.Contains(strings.Fields(o.Scope), "openid") {
		return nil, errors.New("oidc: Scope must have the word openid")
	}
	if err := checkAuthorize(&o); err != nil {
		return nil, err
	}
	acr, err := essentialACR(o.Claims)
	if err != nil {
		return nil, err
	}
	verifier := ""
	if !c.cfg.AllowNoPKCE {
		verifier = pkce.NewVerifier()
		if o.CodeChallenge, err = pkce.Challenge(verifier, pkce.S256); err != nil {
			return nil, err
		}
		o.CodeChallengeMethod = pkce.S256
	}
	if !c.cfg.AllowNoNonce {
		o.Nonce = rand.Text()
	}
	o.State = rand.Text()
	if err := c.checkSecret(); err != nil {
		return nil, err
	}
	if _, err := c.authorizeURL(ctx, c.offline, o); err != nil {
		return nil, err
	}
	s, err := c.loginServer(ctx)
	if err != nil {
		return nil, err
	}
	link, err := c.authorizeURL(ctx, s, o)
	if err != nil {
		return nil, err
	}
	return &Login{
		URL: link, State: o.State, Nonce: o.Nonce, CodeVerifier: verifier, RedirectURI: o.RedirectURI, ResponseMode: o.ResponseMode,
		Scope: o.Scope, ClientID: c.cfg.ClientID, Issuer: s.meta.Issuer, TokenEndpoint: s.meta.TokenEndpoint,
		MaxAge: o.MaxAge, ACRValues: acr, CreatedAt: c.cfg.Now().UTC().Truncate(time.Second),
	}, nil
}

// loginServer returns a server where a login can be completed. What it lacks must be an error before the browser is
// sent there.
func (c *Client) loginServer(ctx context.Context) (*server, error) {
	s, err := c.resolve(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := need("authorization_endpoint", s.meta.AuthorizationEndpoint); err != nil {
		return nil, err
	}
	if _, err := need("token_endpoint", s.meta.TokenEndpoint); err != nil {
		return nil, err
	}
	_, keys, err := c.idTokenKeysAt(s)
	if err != nil {
		return nil, err
	}
	if c.idToken.secret == nil && keys == nil {
		if _, err = need("jwks_uri", ""); err != nil {
			return nil, err
		}
	}
	return s, c.canLogin(s)
}

// CompleteLogin checks the callback r against login, exchanges the code and verifies the ID token
// (OpenID Connect Core §3.1.2.7, §3.1.3.7). It refuses all that oauth.Client.CompleteLogin refuses, and with a
// *TokenError a missing or wrong ID token. A Login is for one callback: delete it after this call, whatever the
// result. When the ID token was refused or could not be verified, the tokens are dropped too, because their user is
// not known; begin another login. r is read as there.
func (c *Client) CompleteLogin(ctx context.Context, login *Login, r *http.Request) (*Result, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if login.oauth() == nil {
		_, err := c.offline.oauth.CompleteLogin(ctx, nil, r)
		return nil, err
	}
	if err := c.cfg.sameBinding(login); err != nil {
		return nil, err
	}
	s, err := c.resolve(ctx)
	if err != nil {
		return nil, err
	}
	flow, answered := s.oauth, ""
	if c.cfg.IssuerFamily != nil {
		// A client for this one callback, to learn the iss in it.
		flow, err = c.newOAuth(s, func(iss string) bool { answered = iss; return c.issuer.accepts(iss) })
		if err != nil {
			return nil, err
		}
	}
	token, err := flow.CompleteLogin(ctx, login.oauth(), r)
	if err != nil {
		return nil, s.explain(err, "token_endpoint")
	}
	if token.IDToken == "" {
		return nil, refuse(CheckMissing, "the token reply has no id_token, though openid was requested")
	}
	id, err := c.verifyReply(ctx, token, Expect{Nonce: login.Nonce, MaxAge: login.MaxAge, ACRValues: login.ACRValues},
		codeOf(r), login.State, login.CodeVerifier)
	if err != nil {
		return nil, err
	}
	if answered != "" && answered != id.Issuer {
		return nil, refuse(CheckIssuer, "iss is %s in the ID token, and %s in the callback", quote(nil, id.Issuer), quote(nil, answered))
	}
	return &Result{Token: token, IDToken: id}, nil
}

// codeOf reads the code again from an accepted callback.
func codeOf(r *http.Request) string {
	params := r.URL.RawQuery
	if r.Method == http.MethodPost {
		params, _ = callback.Peek(r, 64<<10)
	}
	values, _ := url.ParseQuery(params)
	return values.Get("code")
}

// oauth is the part of the login that the code exchange needs; nil when l cannot be from BeginLogin.
func (l *Login) oauth() *oauth.Login {
	if l == nil || l.State == "" {
		return nil
	}
	return &oauth.Login{
		State: l.State, CodeVerifier: l.CodeVerifier, RedirectURI: l.RedirectURI, ResponseMode: l.ResponseMode,
		Scope: l.Scope, ClientID: l.ClientID, Issuer: l.Issuer, TokenEndpoint: l.TokenEndpoint, CreatedAt: l.CreatedAt,
	}
}
