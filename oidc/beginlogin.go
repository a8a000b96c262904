package oidc

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/authorize"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/pkce"
)

// BeginLogin starts a login with a fresh state, nonce and PKCE S256 (OpenID Connect Core §3, RFC 9700 §2.1.1);
// AllowNoPKCE and AllowNoNonce leave one out. State, Nonce and CodeChallenge must be empty. The response type is code,
// id_token or "code id_token", or one with token when AllowFrontChannelAccessToken is set. id_token needs no
// secret and no token endpoint. A login that cannot be completed is an error here: when a secret is missing, or when
// the server lacks an endpoint, the response type, an algorithm, PKCE S256 or the configured client authentication.
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
	}
	f, err := c.flowFor(&o)
	if err != nil {
		return nil, err
	}
	if o.RedirectURI == "" {
		o.RedirectURI = c.cfg.RedirectURI
	}
	if o.Scope == "" {
		o.Scope = "openid"
	}
	if !authorize.HasWord(o.Scope, "openid") {
		return nil, errors.New("oidc: Scope must have the word openid")
	}
	if err := checkAuthorize(&o); err != nil {
		return nil, err
	}
	acr, err := essentialACR(o.Claims)
	if err != nil {
		return nil, err
	}
	fresh, verifier := authorize.NewSecrets(), ""
	if f.code && !c.cfg.AllowNoPKCE {
		verifier, o.CodeChallenge, o.CodeChallengeMethod = fresh.Verifier, fresh.Challenge, pkce.S256
	}
	if !c.cfg.AllowNoNonce {
		o.Nonce = fresh.Nonce
	}
	o.State = fresh.State
	if f.code {
		if err := c.checkSecret(); err != nil {
			return nil, err
		}
	}
	if err := c.checkEarly(ctx, &o); err != nil {
		return nil, err
	}
	s, err := c.loginServer(ctx, o.ResponseType)
	if err != nil {
		return nil, err
	}
	mode := c.mode(f, &o, s)
	link, err := c.authorizeURL(ctx, s.oauth, &o)
	if err != nil {
		return nil, err
	}
	return &Login{
		URL: link, State: o.State, Nonce: o.Nonce, CodeVerifier: verifier, RedirectURI: o.RedirectURI,
		ResponseType: cmp.Or(o.ResponseType, oauth.ResponseTypeCode), ResponseMode: cmp.Or(o.ResponseMode, mode),
		Scope: o.Scope, Resource: slices.Clone(o.Resource), ClientID: c.cfg.ClientID, Issuer: c.issuer.name, TokenEndpoint: s.token,
		MaxAge: o.MaxAge, ACRValues: acr, CreatedAt: c.cfg.Now().UTC().Truncate(time.Second),
	}, nil
}

// flowFor returns the flow of the response type, when this client may use it in the response mode.
func (c *Client) flowFor(o *AuthorizeOptions) (flow, error) {
	f, ok := flowOf(o.ResponseType)
	refuse := func(why string) (flow, error) {
		return f, fmt.Errorf("oidc: ResponseType %s %s", httpcore.Quote(string(o.ResponseType)), why)
	}
	switch {
	case !ok:
		return refuse("is not for BeginLogin, want code, id_token, or one of them or both with token")
	case f.token && !c.cfg.AllowFrontChannelAccessToken:
		return refuse("brings an access token through the browser, and needs AllowFrontChannelAccessToken")
	case f.idToken && c.cfg.AllowNoNonce:
		return refuse("needs a nonce, and AllowNoNonce is set (OpenID Connect Core §3.2.2.1)")
	}
	switch o.ResponseMode {
	case "", oauth.ResponseModeFragment, oauth.ResponseModeFormPost:
	case oauth.ResponseModeJWT, oauth.ResponseModeQueryJWT, oauth.ResponseModeFragmentJWT, oauth.ResponseModeFormPostJWT:
		if c.authorization == nil {
			return f, fmt.Errorf("oidc: ResponseMode %s needs AuthorizationSigningAlg", o.ResponseMode)
		}
	case oauth.ResponseModeQuery:
		if f.front() {
			return refuse("brings a token, and ResponseMode query would put it into the address of the page")
		}
	default:
		return f, fmt.Errorf("oidc: unknown ResponseMode %s, want query, fragment or form_post", httpcore.Quote(string(o.ResponseMode)))
	}
	return f, nil
}

// loginServer returns a server where a login can be completed. What it lacks must be an error before the browser is
// sent there.
func (c *Client) loginServer(ctx context.Context, t oauth.ResponseType) (*server, error) {
	s, err := c.verifiedServer(ctx)
	if err != nil {
		return nil, err
	}
	if c.authorization != nil && c.authorization.secret == nil && s.keys == nil {
		if _, err = need("jwks_uri", ""); err != nil {
			return nil, err
		}
	}
	return s, s.oauth.CanLogin(ctx, t)
}

// verifiedServer returns a server whose ID tokens can be verified.
func (c *Client) verifiedServer(ctx context.Context) (*server, error) {
	s, err := c.resolve(ctx)
	if err != nil {
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
	if s.lacks != nil {
		return nil, s.lacks
	}
	return s, nil
}
