package oauth

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"

	"github.com/seed6e7d3bb2/authing-go/internal/authorize"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/query"
	"github.com/seed6e7d3bb2/authing-go/pkce"
)

// AuthorizeOptions are the parameters of an authorization request (RFC 6749 §4.1.1, RFC 7636 §4.3).
type AuthorizeOptions struct {
	// RedirectURI replaces Config.RedirectURI.
	RedirectURI string
	// Scope is a space-separated list; empty sends none.
	Scope string
	// State is random when empty. BeginLogin makes its own and refuses a given one.
	State string
	// ResponseType is code unless set.
	ResponseType ResponseType
	// ResponseMode is sent when set. With Config.ReadAuthorizationResponse an empty one is jwt, or where the server's
	// response_modes_supported lacks that, the mode that jwt is short for (JARM §2.3.4).
	ResponseMode ResponseMode
	// CodeChallenge is sent with its method; empty sends none. BeginLogin makes its own and refuses a given one.
	CodeChallenge string
	// CodeChallengeMethod is how CodeChallenge was made. Empty is S256 for a challenge of 43 base64url characters,
	// and an error for any other. BeginLogin refuses a given one.
	CodeChallengeMethod pkce.Method
	// Resource are the APIs that the token is for, absolute URIs without a fragment (RFC 8707 §2); empty sends none.
	// CompleteLogin sends them again with the code.
	Resource []string
	// AuthorizationDetails is a JSON array of what the client asks for, where a scope is not exact enough (RFC 9396 §2); empty
	// sends none. NewAuthorizationDetails makes it. Token.AuthorizationDetails is what was granted. A type that the server's
	// metadata does not list is an error. In a request that is pushed they may be long, and the browser does not see them
	// (RFC 9396 §11.4).
	AuthorizationDetails json.RawMessage
	// Extra adds parameters. A parameter that has a field here is an error.
	Extra url.Values
}

var authorizeParams = []string{
	detailsParam, "client_assertion", "client_assertion_type", "client_id", "client_secret", "code_challenge", "code_challenge_method", "dpop_jkt", "redirect_uri", "resource", "response_mode", "response_type", "scope", "state",
}

// BuildAuthorizeUrl returns the address of the authorization endpoint for one request (RFC 6749 §4.1.1). It keeps
// nothing: the caller must check state and, with PKCE, keep the verifier. BeginLogin does both. It sends nothing, except to
// discover the server and to push the request: see PushedAuthorization.
func (c *Client) BuildAuthorizeUrl(ctx context.Context, o AuthorizeOptions) (string, error) {
	return c.authorizeURL(ctx, &o, nil)
}

func init() {
	authorize.URL = func(ctx context.Context, client, options any, more []query.Param) (string, error) {
		return client.(*Client).authorizeURL(ctx, options.(*AuthorizeOptions), more)
	}
}

// authorizeURL is BuildAuthorizeUrl with the parameters of another specification, whose names are not in Extra. It sets
// the defaults in o.
func (c *Client) authorizeURL(ctx context.Context, o *AuthorizeOptions, more []query.Param) (string, error) {
	if err := c.made(); err != nil {
		return "", err
	}
	if c.found != nil {
		return via(ctx, c, func(c *Client) (string, error) { return c.authorizeURL(ctx, o, more) })
	}
	if err := c.checkAuthorize(o); err != nil {
		return "", err
	}
	return c.requestURL(ctx, o, more)
}

// requestURL is authorizeURL of checked options. Nothing is sent unless the request is pushed.
func (c *Client) requestURL(ctx context.Context, o *AuthorizeOptions, more []query.Param) (string, error) {
	push, err := c.pushes()
	if err != nil {
		return "", err
	}
	if o.State == "" {
		o.State = rand.Text()
	}
	if o.ResponseType == "" {
		o.ResponseType = ResponseTypeCode
	}
	var space [21]query.Param
	params := append(append(space[:0],
		query.Param{Name: "client_id", Value: c.cfg.ClientID},
		query.Param{Name: "response_type", Value: string(o.ResponseType)},
		query.Param{Name: "redirect_uri", Value: o.RedirectURI},
		query.Param{Name: "scope", Value: o.Scope},
		query.Param{Name: "state", Value: o.State},
		query.Param{Name: "response_mode", Value: string(o.ResponseMode)},
		query.Param{Name: "code_challenge", Value: o.CodeChallenge},
		query.Param{Name: "code_challenge_method", Value: string(o.CodeChallengeMethod)},
		query.Param{Name: detailsParam, Value: string(o.AuthorizationDetails)},
		query.Param{Name: "dpop_jkt", Value: c.cfg.DPoP.JKT()}, // RFC 9449 §10: the code is of use to no other key
	), more...)
	for _, resource := range o.Resource {
		params = append(params, query.Param{Name: "resource", Value: resource})
	}
	extra := o.Extra
	if c.cfg.RequestObject != nil {
		if params, err = c.signRequest(ctx, params, extra, push); err != nil {
			return "", err
		}
		extra = nil // it is in the object
	}
	if push {
		if params, err = c.push(ctx, params, extra); err != nil {
			return "", err
		}
		extra = nil
	}
	return query.Add(c.cfg.Endpoints.Authorization, params, extra), nil
}

// signRequest puts the parameters into a request object (RFC 9101 §5), and returns those of the address, or of the form that
// is pushed (RFC 9126 §3).
func (c *Client) signRequest(ctx context.Context, params []query.Param, extra url.Values, pushed bool) ([]query.Param, error) {
	all := make(url.Values, len(extra)+len(params))
	maps.Copy(all, extra)
	for _, p := range params[1:] { // the object has client_id by itself
		if p.Value != "" {
			all.Add(p.Name, p.Value)
		}
	}
	signed, err := c.cfg.RequestObject.sign(ctx, c, all, pushed)
	if err != nil {
		return nil, err
	}
	address := params[:1:1]
	for _, name := range []string{"response_type", "scope", "request", "request_uri"} {
		address = append(address, query.Param{Name: name, Value: signed.Get(name)})
	}
	return address, nil
}

// checkAuthorize also sets the defaults of RedirectURI, ResponseMode and CodeChallengeMethod.
func (c *Client) checkAuthorize(o *AuthorizeOptions) error {
	if err := c.needClientID(); err != nil {
		return err
	}
	switch o.RedirectURI {
	case "", c.cfg.RedirectURI: // NewClient checked it
		o.RedirectURI = c.cfg.RedirectURI
	default:
		if err := checkRedirectURI(c.http, o.RedirectURI); err != nil {
			return err
		}
	}
	if o.RedirectURI == "" {
		return errors.New("oauth: RedirectURI is not set")
	}
	if o.ResponseMode == ResponseModeQuery && !o.ResponseType.Is(ResponseTypeCode) && hasToken(o.ResponseType) {
		return fmt.Errorf("oauth: ResponseMode query would put a token into the address of the page (response type %s)", httpcore.Quote(string(o.ResponseType)))
	}
	if err := c.checkMode(o); err != nil {
		return err
	}
	if err := checkChallenge(o); err != nil {
		return err
	}
	if err := checkExtra(o.Extra, authorizeParams...); err != nil {
		return err
	}
	if c.cfg.PushedAuthorization == PushAlways && o.Extra.Has("request_uri") {
		return errors.New("oauth: Extra must not set request_uri: a pushed request must not have one (RFC 9126 §2.1)")
	}
	if err := checkResources(o.Resource); err != nil {
		return err
	}
	if err := c.checkDetails(o.AuthorizationDetails); err != nil {
		return err
	}
	return c.needEndpoint("Authorization", c.cfg.Endpoints.Authorization)
}

func hasToken(t ResponseType) bool {
	return authorize.HasWord(string(t), "token") || authorize.HasWord(string(t), "id_token")
}

func checkChallenge(o *AuthorizeOptions) error {
	switch {
	case o.CodeChallenge == "" && o.CodeChallengeMethod == "":
		return nil
	case o.CodeChallenge == "":
		return errors.New("oauth: CodeChallengeMethod is set without CodeChallenge")
	case o.CodeChallengeMethod == "":
		// RFC 7636 §4.3 reads a missing method as plain. Plain must be asked for by name.
		if pkce.CheckChallenge(o.CodeChallenge, pkce.S256) != nil {
			return errors.New("oauth: CodeChallenge has no CodeChallengeMethod and is not an S256 challenge")
		}
		o.CodeChallengeMethod = pkce.S256
	}
	if err := pkce.CheckChallenge(o.CodeChallenge, o.CodeChallengeMethod); err != nil {
		return fmt.Errorf("oauth: CodeChallenge: %w", err)
	}
	return nil
}

// checkExtra refuses a parameter that has a typed field, so that it has one source.
func checkExtra(extra url.Values, typed ...string) error {
	for name := range extra {
		if slices.Contains(typed, name) {
			return fmt.Errorf("oauth: Extra must not set %s: use its field instead", name)
		}
	}
	return nil
}
