package oauth

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
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
	// ResponseMode is sent when set.
	ResponseMode ResponseMode
	// CodeChallenge is sent with its method; empty sends none. BeginLogin makes its own and refuses a given one.
	CodeChallenge string
	// CodeChallengeMethod is how CodeChallenge was made. Empty is S256 for a challenge of 43 base64url characters,
	// and an error for any other. BeginLogin refuses a given one.
	CodeChallengeMethod pkce.Method
	// Extra adds parameters. A parameter that has a field here is an error.
	Extra url.Values
}

var authorizeParams = []string{
	"client_id", "client_secret", "code_challenge", "code_challenge_method", "redirect_uri", "response_mode", "response_type", "scope", "state",
}

// BuildAuthorizeUrl returns the address of the authorization endpoint for one request (RFC 6749 §4.1.1). It keeps
// nothing: the caller must check state and, with PKCE, keep the verifier. BeginLogin does both.
func (c *Client) BuildAuthorizeUrl(ctx context.Context, o AuthorizeOptions) (string, error) {
	if err := c.made(); err != nil {
		return "", err
	}
	if c.found != nil {
		return via(ctx, c, func(c *Client) (string, error) { return c.BuildAuthorizeUrl(ctx, o) })
	}
	if o.RedirectURI == "" {
		o.RedirectURI = c.cfg.RedirectURI
	} else if err := checkRedirectURI(c.http, o.RedirectURI); err != nil {
		return "", err
	}
	if err := c.checkAuthorize(&o); err != nil {
		return "", err
	}
	if o.State == "" {
		o.State = rand.Text()
	}
	if o.ResponseType == "" {
		o.ResponseType = ResponseTypeCode
	}
	b := newQuery(c.authorizePrefix)
	if c.cfg.RequestObject != nil {
		if err := c.addRequestObject(ctx, b, &o); err != nil {
			return "", err
		}
		return b.String(), nil
	}
	b.add("response_type", string(o.ResponseType))
	b.add("redirect_uri", o.RedirectURI)
	b.add("scope", o.Scope)
	b.add("state", o.State)
	b.add("response_mode", string(o.ResponseMode))
	b.add("code_challenge", o.CodeChallenge)
	b.add("code_challenge_method", string(o.CodeChallengeMethod))
	for _, name := range slices.Sorted(maps.Keys(o.Extra)) {
		for _, v := range o.Extra[name] {
			b.add(url.QueryEscape(name), v)
		}
	}
	return b.String(), nil
}

// addRequestObject passes the parameters in a request object (RFC 9101 §5).
func (c *Client) addRequestObject(ctx context.Context, b *query, o *AuthorizeOptions) error {
	params := make(url.Values, len(o.Extra)+7)
	maps.Copy(params, o.Extra)
	for name, value := range map[string]string{
		"response_type": string(o.ResponseType), "redirect_uri": o.RedirectURI, "scope": o.Scope, "state": o.State,
		"response_mode": string(o.ResponseMode), "code_challenge": o.CodeChallenge, "code_challenge_method": string(o.CodeChallengeMethod),
	} {
		if value != "" {
			params.Set(name, value)
		}
	}
	signed, err := c.cfg.RequestObject.sign(ctx, c, params)
	if err != nil {
		return err
	}
	for _, name := range []string{"response_type", "scope", "request", "request_uri"} {
		b.add(name, signed.Get(name))
	}
	return nil
}

func (c *Client) checkAuthorize(o *AuthorizeOptions) error {
	if err := c.needClientID(); err != nil {
		return err
	}
	if o.RedirectURI == "" {
		return errors.New("oauth: RedirectURI is not set")
	}
	if !o.ResponseType.Is(ResponseTypeCode) && o.ResponseMode == ResponseModeQuery && hasToken(o.ResponseType) {
		return fmt.Errorf("oauth: ResponseMode query would put a token into the address of the page (response type %s)", httpcore.Quote(string(o.ResponseType)))
	}
	if err := checkChallenge(o); err != nil {
		return err
	}
	if err := checkExtra(o.Extra, authorizeParams...); err != nil {
		return err
	}
	return c.needEndpoint("Authorization", c.cfg.Endpoints.Authorization)
}

func hasToken(t ResponseType) bool {
	words := strings.Fields(string(t))
	return slices.Contains(words, "token") || slices.Contains(words, "id_token")
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
