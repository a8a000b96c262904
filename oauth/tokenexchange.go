package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

const exchangeGrant = "urn:ietf:params:oauth:grant-type:token-exchange"

// notApplicable is the token_type of a token that is no access token (RFC 8693 §2.2.1).
const notApplicable = "N_A"

// TokenTypeID is the type of a security token (RFC 8693 §3). A server may have others.
type TokenTypeID string

const (
	TokenTypeAccessToken  TokenTypeID = "urn:ietf:params:oauth:token-type:access_token"
	TokenTypeRefreshToken TokenTypeID = "urn:ietf:params:oauth:token-type:refresh_token"
	TokenTypeIDToken      TokenTypeID = "urn:ietf:params:oauth:token-type:id_token"
	TokenTypeJWT          TokenTypeID = "urn:ietf:params:oauth:token-type:jwt"
	TokenTypeSAML1        TokenTypeID = "urn:ietf:params:oauth:token-type:saml1"
	TokenTypeSAML2        TokenTypeID = "urn:ietf:params:oauth:token-type:saml2"
)

// forError names a type of the specification. Another text of the server may be a token in the wrong member.
func (t TokenTypeID) forError() string {
	switch t {
	case TokenTypeAccessToken, TokenTypeRefreshToken, TokenTypeIDToken, TokenTypeJWT, TokenTypeSAML1, TokenTypeSAML2:
		return string(t)
	}
	return "none of RFC 8693"
}

// TokenExchangeOptions are the parameters of a token exchange (RFC 8693 §2.1).
type TokenExchangeOptions struct {
	// SubjectToken is the token of the party on whose behalf the request is made. It is required.
	SubjectToken string
	// SubjectTokenType is its type; empty is TokenTypeAccessToken.
	SubjectTokenType TokenTypeID
	// ActorToken is the token of the party that will act for the subject; empty sends none.
	ActorToken string
	// ActorTokenType is its type. It is required with ActorToken, and an error without.
	ActorTokenType TokenTypeID
	// RequestedTokenType is the type of the token to issue. Empty lets the server decide, and else a token of another type
	// is refused.
	RequestedTokenType TokenTypeID
	// Resource are the addresses of the services where the token will be used.
	Resource []string
	// Audience are the names of those services at the server.
	Audience []string
	// Scope is a space-separated list; empty sends none.
	Scope string
	// AuthorizationDetails say what the token is for, where a scope is not exact enough (RFC 9396 §6); see AuthorizeOptions. Empty
	// sends none.
	AuthorizationDetails json.RawMessage
	// Extra adds parameters. A parameter that has a field here is an error.
	Extra url.Values
}

// ExchangedToken is the result of a token exchange (RFC 8693 §2.2.1).
type ExchangedToken struct {
	// Token is the reply. Its AccessToken is the issued token, whatever its type. When its TokenType is N_A, the issued token
	// is no access token, and must not be sent to an API as one: Transport refuses it.
	Token *Token
	// IssuedTokenType is the type of the issued token.
	IssuedTokenType TokenTypeID
	// Actor is the claim act of an issued token that is a JWT, as the server sent it; its signature is not verified. nil
	// when the token says nothing, or is no JWT: then it does not show whether the server issued it for an actor.
	Actor *Actor
}

var exchangeParams = []string{
	"subject_token", "subject_token_type", "actor_token", "actor_token_type", "requested_token_type", "resource", "audience", "scope", detailsParam,
}

func (o *TokenExchangeOptions) form() (url.Values, error) {
	if o.SubjectTokenType == "" {
		o.SubjectTokenType = TokenTypeAccessToken
	}
	switch {
	case o.SubjectToken == "":
		return nil, errors.New("oauth: SubjectToken is not set")
	case (o.ActorToken == "") != (o.ActorTokenType == ""):
		return nil, errors.New("oauth: ActorToken and ActorTokenType must be set together (RFC 8693 §2.1)")
	case slices.Contains(o.Resource, "") || slices.Contains(o.Audience, ""):
		return nil, errors.New("oauth: Resource and Audience must have no empty entry")
	}
	for _, resource := range o.Resource {
		if u, err := url.Parse(resource); err != nil || !u.IsAbs() || strings.Contains(resource, "#") {
			return nil, errors.New("oauth: Resource must have absolute URIs without a fragment (RFC 8693 §2.1)")
		}
	}
	if err := checkExtra(o.Extra, exchangeParams...); err != nil {
		return nil, err
	}
	form := newForm(
		"grant_type", exchangeGrant, "subject_token", o.SubjectToken, "subject_token_type", string(o.SubjectTokenType),
		"actor_token", o.ActorToken, "actor_token_type", string(o.ActorTokenType), "requested_token_type", string(o.RequestedTokenType), "scope", o.Scope,
	)
	for name, values := range map[string][]string{"resource": o.Resource, "audience": o.Audience} {
		if len(values) > 0 {
			form[name] = slices.Clone(values)
		}
	}
	return form, merge(form, o.Extra)
}

// ExchangeToken exchanges a token for another one: for another service, of another type, or for an actor (RFC 8693 §2).
// A reply without issued_token_type, with another one than RequestedTokenType, or whose token_type contradicts it, is an
// error. The scope of the reply may be smaller or larger than that of the subject token: see Token.Scope.
func (c *Client) ExchangeToken(ctx context.Context, o TokenExchangeOptions) (*ExchangedToken, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if c.found != nil {
		return via(ctx, c, func(c *Client) (*ExchangedToken, error) { return c.ExchangeToken(ctx, o) })
	}
	form, err := o.form()
	if err != nil {
		return nil, err
	}
	if err := c.addDetails(form, o.AuthorizationDetails); err != nil {
		return nil, err
	}
	t, err := c.grant(ctx, form, notApplicable)
	if err != nil {
		return nil, err
	}
	if t.Scope == "" {
		t.Scope = o.Scope // RFC 8693 §2.2.1: a missing scope is the requested one
	}
	e := &ExchangedToken{Token: t, IssuedTokenType: t.issued}
	if err := e.check(o.RequestedTokenType); err != nil {
		return nil, fmt.Errorf("oauth: token exchange reply: %w", err)
	}
	return e, nil
}

// check compares the types, and reads the actor.
func (e *ExchangedToken) check(requested TokenTypeID) (err error) {
	t := e.Token
	usable := t.TokenType != notApplicable
	switch {
	case e.IssuedTokenType == "":
		return errors.New("issued_token_type is missing or empty")
	case requested != "" && e.IssuedTokenType != requested:
		return fmt.Errorf("issued_token_type is %s, want %q", e.IssuedTokenType.forError(), httpcore.Clean(string(requested)))
	case e.IssuedTokenType == TokenTypeAccessToken && !usable:
		return errors.New("token_type is N_A, and issued_token_type is an access token")
	}
	for _, m := range claimsOf(t.AccessToken) {
		if m.Name == "act" {
			if e.Actor, err = readActor(m.Value); err != nil {
				return fmt.Errorf("the claim act %w", err)
			}
		}
	}
	return nil
}
