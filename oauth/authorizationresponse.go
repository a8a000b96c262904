package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// AuthorizationResponse is what the authorization endpoint returned for a login (RFC 6749 §4.1.2, §4.2.2). It prints
// redacted.
type AuthorizationResponse struct {
	// Code is the authorization code; empty when the response type has none.
	Code string
	// Token is the access token that came through the browser, with its type, scope and lifetime, which counts from
	// the callback; nil when the response type has none. Nothing here binds it to this login: the at_hash of a verified
	// ID token does (OpenID Connect Core §3.2.2.9).
	Token *Token
	// IDToken is the ID token as received; empty when the response type has none. It is not verified.
	IDToken string
	// Issuer is iss, compared with Config.Issuer when that is set; empty when the server sent none (RFC 9207 §2).
	Issuer string

	params url.Values
}

// Param returns another parameter of the response, such as session_state; empty when there is none.
func (a *AuthorizationResponse) Param(name string) string { return a.params.Get(name) }

// ReadCallback checks the callback r against login, and returns the response without exchanging its code. It refuses
// all that CompleteLogin refuses. The response must have all that the response type t asks for, and nothing else:
// code, token, id_token, or a combination of them (OAuth 2.0 Multiple Response Type Encoding Practices §3, §5). An
// empty t is code. A login of response mode fragment is completed by the POST of a page at the redirect URI that
// posts the fragment's parameters.
//
// Only CompleteLogin is a complete login. Package oidc uses ReadCallback for the response types of OpenID Connect, and
// verifies the ID token before it sends the code: its iss is then the server's, also where the callback has none.
func (c *Client) ReadCallback(ctx context.Context, login *Login, t ResponseType, r *http.Request) (*AuthorizationResponse, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	wanted, ok := t.returns()
	if !ok {
		return nil, fmt.Errorf("oauth: ReadCallback: ResponseType %s, want words of code, token and id_token", httpcore.Quote(string(t)))
	}
	if c.found != nil && login != nil {
		s, err := c.resolve(ctx)
		if err != nil {
			return nil, err
		}
		return s.ReadCallback(ctx, s.current(login), t, r)
	}
	response, err := c.readCallback(ctx, login, wanted, r)
	if err != nil {
		return nil, err
	}
	return &response, nil
}

// returns says what a response type returns.
type returns struct{ code, token, idToken bool }

// returns is false for a response type with an unknown or a repeated word.
func (t ResponseType) returns() (a returns, ok bool) {
	if t == "" {
		t = ResponseTypeCode
	}
	for word := range strings.FieldsSeq(string(t)) {
		var part *bool
		switch word {
		case "code":
			part = &a.code
		case "token":
			part = &a.token
		case "id_token":
			part = &a.idToken
		default:
			return a, false
		}
		if *part {
			return a, false
		}
		*part = true
	}
	return a, a != returns{}
}

// front reports whether a token comes through the browser.
func (a returns) front() bool { return a.token || a.idToken }

// parts are the parameters that a response has only when they were asked for.
func (a returns) parts() [5]part {
	return [...]part{
		{"code", "a code", a.code}, {"access_token", "an access token", a.token}, {"id_token", "an ID token", a.idToken},
		{"refresh_token", "a refresh token", false}, // RFC 6749 §4.2.2
		{"response", "a JWT", false},
	}
}

type part struct {
	name, text string
	asked      bool
}

// read returns what was asked for, or the server's error. More or less than that is refused.
func (a returns) read(params url.Values, login *Login, now time.Time) (AuthorizationResponse, error) {
	var none AuthorizationResponse
	parts, failed := a.parts(), ErrorCode(params.Get("error"))
	for _, p := range parts {
		if params.Has(p.name) && !p.asked {
			return none, refuse(CheckResponse, "the callback has %s, which was not asked for", p.name)
		}
		if params.Has(p.name) && params.Has("error") {
			return none, refuse(CheckResponse, "the callback has both %s and an error", p.text)
		}
	}
	if failed != "" {
		clean := func(s string) string { return httpcore.Clean(s, login.State, login.CodeVerifier) }
		word := func(s string) string { return httpcore.CleanWord(s, login.State, login.CodeVerifier) }
		return none, &Error{Code: failed.clean(word), Description: clean(params.Get("error_description")), URI: clean(params.Get("error_uri"))}
	}
	for _, p := range parts {
		if p.asked && params.Get(p.name) == "" {
			return none, refuse(CheckResponse, "the callback has neither %s nor an error", p.text)
		}
	}
	response := AuthorizationResponse{Code: params.Get("code"), IDToken: params.Get("id_token"), Issuer: params.Get("iss"), params: params}
	if a.token {
		t, err := frontToken(params, now)
		if err != nil {
			return none, refuse(CheckResponse, "the callback's %v", err)
		}
		if t.Scope == "" {
			t.Scope = login.Scope // RFC 6749 §4.2.2: a missing scope is the requested one
		}
		response.Token = t
	}
	return response, nil
}

// frontToken reads the parameters of an access token by the rules of a token reply (RFC 6749 §4.2.2, §7.1).
func frontToken(params url.Values, now time.Time) (*Token, error) {
	t := &Token{AccessToken: params.Get("access_token"), TokenType: params.Get("token_type"), Scope: params.Get("scope")}
	if err := checkTokenText(t.AccessToken, "A.12"); err != nil {
		return nil, fmt.Errorf("access_token %w", err)
	}
	if !strings.EqualFold(t.TokenType, "Bearer") {
		return nil, errors.New("token_type is missing, or is not Bearer")
	}
	if s := params.Get("expires_in"); s != "" {
		v, err := strictjson.Parse(s)
		if err != nil || v.Kind() != strictjson.Number {
			return nil, errors.New("expires_in is not a number of seconds")
		}
		if t.ExpiresIn, _, err = readLifetime(v); err != nil {
			return nil, fmt.Errorf("expires_in %w", err)
		}
		t.Expiry = now.Add(time.Duration(t.ExpiresIn) * time.Second).UTC()
	}
	return t, nil
}
