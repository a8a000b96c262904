package oauth

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/callback"
	"github.com/seed6e7d3bb2/authing-go/internal/duration"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// CallbackCheck names what was wrong with a callback. Each check is an error, so that errors.Is(err,
// oauth.CheckState) works.
type CallbackCheck string

const (
	CheckLogin     CallbackCheck = "login"     // no login, or one that another client began
	CheckExpired   CallbackCheck = "expired"   // the login is older than its lifetime
	CheckMethod    CallbackCheck = "method"    // the response came in another mode than the requested one
	CheckRepeated  CallbackCheck = "repeated"  // a parameter appears twice
	CheckMalformed CallbackCheck = "malformed" // the query or body cannot be read, or a parameter in a JWT
	CheckState     CallbackCheck = "state"     // missing, or of another browser
	CheckIssuer    CallbackCheck = "issuer"    // iss is missing, or names another server
	CheckReplay    CallbackCheck = "replay"    // the state was used before
	CheckResponse  CallbackCheck = "response"  // neither a code nor an error, or more than was asked for; a JWT or none against the request
)

// Error is the check's name.
func (c CallbackCheck) Error() string { return string(c) }

// CallbackError is a callback that was read and refused.
type CallbackError struct {
	// Check is the check that failed, for programs.
	Check CallbackCheck
	// Detail is the reason, for people; programs compare Check.
	Detail string
}

// Error names check and detail.
func (e *CallbackError) Error() string {
	if e == nil {
		return "oauth: no refusal"
	}
	return "oauth: refused the callback (" + string(e.Check) + "): " + e.Detail
}

// Unwrap gives the Check, for errors.Is.
func (e *CallbackError) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.Check
}

func refuse(check CallbackCheck, format string, args ...any) error {
	return &CallbackError{Check: check, Detail: fmt.Sprintf(format, args...)}
}

// readCallback returns the response in a callback that belongs to login.
func (c *Client) readCallback(ctx context.Context, login *Login, wanted returns, r *http.Request) (AuthorizationResponse, error) {
	var none AuthorizationResponse
	if err := c.checkLogin(login, wanted); err != nil {
		return none, err
	}
	place, isJWT := login.ResponseMode.place(wanted.front())
	params, err := callbackParams(ctx, login, place, r)
	if err == nil && isJWT {
		params, err = c.openResponse(ctx, params, place == ResponseModeQuery && wanted.front())
	}
	if err != nil {
		return none, err
	}
	// State first: until it matches, nothing else in this request is meant for this browser.
	state := params.Get("state")
	if state == "" {
		if r.Method == http.MethodPost && len(params) == 0 {
			return none, refuse(CheckState, "state is missing: the body is empty, or it was read before")
		}
		return none, refuse(CheckState, "state is missing")
	}
	if subtle.ConstantTimeCompare([]byte(state), []byte(login.State)) != 1 {
		return none, refuse(CheckState, "state differs from the state that was sent with this browser")
	}
	if err := c.checkIssuer(params, wanted, isJWT); err != nil {
		return none, err
	}
	if err := c.useOnce(ctx, login); err != nil {
		return none, err
	}
	return wanted.read(params, login, c.cfg.Now())
}

func (c *Client) checkLogin(login *Login, wanted returns) error {
	if login == nil || login.State == "" {
		return refuse(CheckLogin, "this browser began no login, or it was completed already")
	}
	if !wanted.code && login.CodeVerifier != "" {
		return refuse(CheckLogin, "the login has a PKCE verifier, and asks for no code")
	}
	switch place, isJWT := login.ResponseMode.place(wanted.front()); {
	case place == "":
		return refuse(CheckLogin, "the login's response mode is unknown")
	case isJWT != (c.cfg.ReadAuthorizationResponse != nil):
		return refuse(CheckLogin, "the login began with other settings: the client that began or the one that completes it has responses that are JWTs (ReadAuthorizationResponse, AuthorizationSigningAlg)")
	case place == ResponseModeQuery && !isJWT && wanted.front():
		return refuse(CheckLogin, "the login asks for tokens in the query")
	}
	if wanted.code && (login.CodeVerifier == "") != c.cfg.InsecureAllowCodeInjection {
		return refuse(CheckLogin, "the login began with other settings: the client that began or the one that completes it allows logins without PKCE (AllowNoPKCE, InsecureAllowCodeInjection)")
	}
	if login.ClientID != c.cfg.ClientID || login.Issuer != c.cfg.Issuer || login.TokenEndpoint != c.cfg.Endpoints.Token {
		return refuse(CheckLogin, "the login began with another client or another server")
	}
	if old := callback.Age("login", login.CreatedAt, c.cfg.Now(), c.cfg.LoginLifetime); old != "" {
		return refuse(CheckExpired, "%s", old)
	}
	return nil
}

// checkIssuer compares iss, on errors as well (RFC 9207 §2.4). Some servers leave it out beside an ID token, such as
// oidc-provider: the token's own iss, once it is verified, says the same before the code is sent. A JWT always has it.
func (c *Client) checkIssuer(params url.Values, wanted returns, isJWT bool) error {
	iss, sent := params["iss"]
	named := wanted.idToken && params.Get("id_token") != ""
	switch {
	case c.cfg.Issuer == "":
		return nil
	case !sent && (isJWT || !named && c.cfg.RequireIssuer):
		return refuse(CheckIssuer, "iss is missing, but required")
	case sent && c.cfg.AllowIssuer != nil && c.cfg.AllowIssuer(iss[0]):
	case sent && (c.cfg.AllowIssuer != nil || iss[0] != c.cfg.Issuer):
		return refuse(CheckIssuer, "iss is %q, want %q", httpcore.Clean(iss[0], params.Get("code"), params.Get("state"), params.Get("access_token"), params.Get("id_token")), c.cfg.Issuer)
	}
	return nil
}

func (c *Client) useOnce(ctx context.Context, login *Login) error {
	if c.cfg.Replay == nil {
		return nil
	}
	sum := sha256.Sum256([]byte(login.State)) // the store need not learn the state
	first, err := c.cfg.Replay.First(ctx, "oauth-state:"+hex.EncodeToString(sum[:]), login.CreatedAt.Add(duration.Sum(c.cfg.LoginLifetime, time.Minute)))
	if err != nil {
		return fmt.Errorf("oauth: replay store: %w", err)
	}
	if !first {
		return refuse(CheckReplay, "this login was completed already")
	}
	return nil
}
