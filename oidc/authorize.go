package oidc

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/authorize"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/query"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/pkce"
)

// AuthorizeOptions are the parameters of an authentication request (OpenID Connect Core §3.1.2.1).
type AuthorizeOptions struct {
	// RedirectURI replaces Config.RedirectURI.
	RedirectURI string
	// Scope is a space-separated list; empty means "openid". BeginLogin refuses one without openid, which is not
	// OpenID Connect.
	Scope string
	// State is random when empty. BeginLogin makes its own and refuses a given one.
	State string
	// Nonce is random when empty, and left out with AllowNoNonce. BeginLogin makes its own and refuses a given one.
	Nonce string
	// ResponseType is code unless set. BeginLogin accepts those that end in a login: see there.
	ResponseType oauth.ResponseType
	// ResponseMode is sent when set. query is for the response type code alone; fragment needs the page of
	// FragmentPage at the redirect URI. When it is empty, code comes in the query, and BeginLogin chooses for the other
	// response types: form_post where the server's response_modes_supported has it, else their default, fragment.
	// Login.ResponseMode has the result. With Config.AuthorizationSigningAlg these are the modes of JARM, and query.jwt is for
	// the other response types too when the response is encrypted (JARM §2.3).
	ResponseMode oauth.ResponseMode
	// CodeChallenge is sent with its method; empty sends none. BeginLogin makes its own and refuses a given one.
	CodeChallenge string
	// CodeChallengeMethod is how CodeChallenge was made. Empty is S256 for a challenge of 43 base64url characters,
	// and an error for any other. BeginLogin refuses a given one.
	CodeChallengeMethod pkce.Method
	// Resource are the APIs that the access token is for (RFC 8707 §2); see oauth.AuthorizeOptions.
	Resource []string
	// AuthorizationDetails is a JSON array of what the client asks for, where a scope is not exact enough (RFC 9396 §2); see
	// oauth.AuthorizeOptions.
	AuthorizationDetails json.RawMessage
	// Prompt is a list of the words none, login, consent and select_account.
	Prompt string
	// Display is page, popup, touch or wap.
	Display string
	// MaxAge is the longest allowed time since the user authenticated, in whole seconds. CompleteLogin enforces it.
	// Zero sends nothing; ReauthenticateNow sends max_age=0.
	MaxAge time.Duration
	// LoginHint is a user name that the login page may fill in; empty sends none.
	LoginHint string
	// UILocales are the preferred languages, space-separated, best first; empty sends none.
	UILocales string
	// ACRValues are the preferred authentication context classes, space-separated; empty sends none. The server may
	// ignore them: check IDToken.ACR, or ask for acr as essential in Claims, which CompleteLogin enforces.
	ACRValues string
	// IDTokenHint is an earlier ID token of the expected user, as received; empty sends none.
	IDTokenHint string
	// Claims is the claims parameter, a JSON object (OpenID Connect Core §5.5).
	Claims json.RawMessage
	// Extra adds parameters. A parameter that has a field here is an error.
	Extra url.Values
}

var authorizeParams = []string{
	"acr_values", "claims", "display", "id_token_hint", "login_hint", "max_age", "nonce", "prompt", "ui_locales",
}

// BuildAuthorizeUrl returns the address of the authorization endpoint for one request (OpenID Connect
// Core §3.1.2.1). It keeps nothing: the caller must check state, nonce and the whole response. BeginLogin and
// CompleteLogin do that.
func (c *Client) BuildAuthorizeUrl(ctx context.Context, o AuthorizeOptions) (string, error) {
	if err := c.made(); err != nil {
		return "", err
	}
	if err := c.checkEarly(ctx, &o); err != nil {
		return "", err
	}
	s, err := c.resolve(ctx)
	if err != nil {
		return "", err
	}
	return c.authorizeURL(ctx, s.oauth, &o)
}

// checkEarly finds the caller's mistakes before discovery.
func (c *Client) checkEarly(ctx context.Context, o *AuthorizeOptions) error {
	if c.servers.Load() != nil {
		return nil
	}
	offline, err := c.offline()
	if err == nil {
		early := *o // the server decides the default of ResponseMode
		_, err = c.authorizeURL(ctx, offline, &early)
	}
	return err
}

// authorizeURL sets the defaults of Scope, Nonce and ResponseMode in o.
func (c *Client) authorizeURL(ctx context.Context, at *oauth.Client, o *AuthorizeOptions) (string, error) {
	if o.Scope == "" {
		o.Scope = "openid"
	}
	if o.Nonce == "" && !c.cfg.AllowNoNonce {
		o.Nonce = rand.Text()
	}
	if err := checkAuthorize(o); err != nil {
		return "", err
	}
	if err := c.cfg.rules.authorize(o); err != nil {
		return "", err
	}
	if f, _ := flowOf(o.ResponseType); f.front() && o.ResponseMode == oauth.ResponseModeQueryJWT && (c.authorization == nil || c.authorization.encryption == nil) {
		return "", fmt.Errorf("oidc: ResponseType %s brings a token, and ResponseMode query.jwt would put it into the address of the page, unless AuthorizationEncryptionAlg is set (JARM §2.3.1)", httpcore.Quote(string(o.ResponseType)))
	}
	request := struct { // one allocation
		oauth.AuthorizeOptions
		own [9]query.Param
	}{
		oauth.AuthorizeOptions{
			RedirectURI: o.RedirectURI, Scope: o.Scope, State: o.State, ResponseType: o.ResponseType, ResponseMode: o.ResponseMode,
			CodeChallenge: o.CodeChallenge, CodeChallengeMethod: o.CodeChallengeMethod, Resource: o.Resource,
			AuthorizationDetails: o.AuthorizationDetails, Extra: o.Extra,
		},
		[9]query.Param{
			{Name: "nonce", Value: o.Nonce}, {Name: "prompt", Value: o.Prompt}, {Name: "display", Value: o.Display},
			{Name: "max_age", Value: maxAge(o.MaxAge)}, {Name: "login_hint", Value: o.LoginHint}, {Name: "ui_locales", Value: o.UILocales},
			{Name: "acr_values", Value: o.ACRValues}, {Name: "id_token_hint", Value: o.IDTokenHint}, {Name: "claims", Value: string(o.Claims)},
		},
	}
	link, err := authorize.URL(ctx, at, &request.AuthorizeOptions, request.own[:])
	o.ResponseMode = request.ResponseMode
	return link, err
}

func maxAge(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return strconv.FormatInt(int64(max(d, 0)/time.Second), 10)
}

func checkAuthorize(o *AuthorizeOptions) error {
	for name := range o.Extra {
		if slices.Contains(authorizeParams, name) {
			return fmt.Errorf("oidc: Extra must not set %s: use its field instead", name)
		}
	}
	switch {
	case o.MaxAge > 0 && o.MaxAge%time.Second != 0:
		return errors.New("oidc: MaxAge must be whole seconds")
	case o.MaxAge < 0 && o.MaxAge != ReauthenticateNow:
		return errors.New("oidc: MaxAge is negative")
	case authorize.HasWord(o.Prompt, "none") && strings.TrimSpace(o.Prompt) != "none":
		return errors.New("oidc: Prompt none must be the only value (OpenID Connect Core §3.1.2.1)")
	case len(o.Claims) > 0:
		if doc, err := strictjson.Parse(string(o.Claims)); err != nil || doc.Kind() != strictjson.Object {
			return errors.New("oidc: Claims is not a JSON object")
		}
	}
	return nil
}

// essentialACR returns the classes that the claims parameter requires of the ID token (OpenID Connect Core §5.5.1.1).
func essentialACR(request json.RawMessage) ([]string, error) {
	if len(request) == 0 {
		return nil, nil
	}
	var asked struct {
		IDToken struct {
			ACR struct {
				Essential bool     `json:"essential"`
				Value     string   `json:"value"`
				Values    []string `json:"values"`
			} `json:"acr"`
		} `json:"id_token"`
	}
	if err := strictjson.Decode(request, &asked); err != nil {
		return nil, errors.New("oidc: Claims asks for acr, but not in the form of OpenID Connect Core §5.5.1")
	}
	acr := asked.IDToken.ACR
	switch {
	case !acr.Essential:
		return nil, nil
	case acr.Value != "":
		return []string{acr.Value}, nil
	case len(acr.Values) == 0:
		return nil, errors.New("oidc: Claims requires acr without a value")
	}
	return acr.Values, nil
}
