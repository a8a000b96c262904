package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// Introspector asks a server about a token: *oauth.Client, *oidc.Client (also with signed replies) and
// *authentication.Client do.
type Introspector interface {
	IntrospectToken(ctx context.Context, token string, opts ...oauth.TokenOptions) (*oauth.Introspection, error)
}

// boundTokens is an Introspector that may refuse tokens which are bound to no key: *oidc.Client, by its Profile.
type boundTokens interface{ RequiresBoundTokens() bool }

var _ boundTokens = (*oidc.Client)(nil)

// IntrospectionExpect says what a server must say about a token. Audience or ClientIDs must be set: many servers call every
// token active that they ever issued, also those for other APIs.
type IntrospectionExpect struct {
	// Audience is this API's identifier, which aud must have. Empty does not look at aud.
	Audience string
	// OtherAudiences are more identifiers of this API, such as an earlier address: aud must have Audience or one of these.
	OtherAudiences []string
	// ClientIDs are the clients whose tokens are accepted: client_id must be one of them. Empty accepts those of every
	// client that Audience admits. When both are set, both must hold.
	ClientIDs []string
	// Issuer is the server's name. A reply with another iss is refused, and one without iss counts as its. Empty accepts
	// every iss.
	Issuer string
	// RequireUser refuses tokens of programs: those without sub, or whose sub is the client itself.
	RequireUser bool
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// skew is how far the server's clock may be away.
const skew = time.Minute

// Introspection verifies tokens of any form by asking the server about each (RFC 7662 §2). oauth.IntrospectionCache limits
// the calls. It sends token_type_hint=access_token, and refuses a token that is not active or past its exp, for another
// audience or client, or of another type than Bearer and DPoP. It is a BoundVerifier.
func Introspection(c Introspector, e IntrospectionExpect) Verifier {
	e.OtherAudiences, e.ClientIDs = slices.Clone(e.OtherAudiences), slices.Clone(e.ClientIDs)
	if e.Now == nil {
		e.Now = time.Now
	}
	return &introspection{c, e, mistaken(e.mistake(c))}
}

type introspection struct {
	client  Introspector
	expect  IntrospectionExpect
	mistake error
}

func (e *IntrospectionExpect) mistake(c Introspector) error {
	switch {
	case c == nil:
		return errors.New("web: Introspection has no client")
	case e.Audience == "" && len(e.ClientIDs) == 0:
		return errors.New("web: IntrospectionExpect needs Audience or ClientIDs: else tokens for every other API would be accepted")
	case e.Audience == "" && len(e.OtherAudiences) > 0:
		return errors.New("web: IntrospectionExpect.OtherAudiences is set, and Audience is not")
	case slices.Contains(e.OtherAudiences, ""):
		return errors.New("web: IntrospectionExpect.OtherAudiences has an empty entry")
	case slices.Contains(e.ClientIDs, ""):
		return errors.New("web: IntrospectionExpect.ClientIDs has an empty entry")
	}
	return nil
}

// VerifyToken implements Verifier.
func (i *introspection) VerifyToken(ctx context.Context, token string) (*Caller, error) {
	return unbound(i.VerifyBoundToken(ctx, token))
}

// VerifyBoundToken implements BoundVerifier.
func (i *introspection) VerifyBoundToken(ctx context.Context, token string) (*Caller, error) {
	if i.mistake != nil {
		return nil, i.mistake
	}
	answer, err := i.client.IntrospectToken(ctx, token, oauth.TokenOptions{TokenTypeHint: "access_token"})
	switch {
	case err != nil:
		return nil, unanswered{judge(err)}
	case answer == nil:
		return nil, mistaken(errors.New("web: the client of Introspection returned neither a reply nor an error"))
	case !answer.Active:
		return nil, refuse(errors.New("web: the token is not active"))
	}
	caller := &Caller{
		Issuer: answer.Issuer, Subject: answer.Subject, ClientID: answer.ClientID, Scope: answer.Scope, Audience: answer.Audience, Expiry: answer.Expiry,
		Binding: answer.Binding,
	}
	if caller.Issuer == "" {
		caller.Issuer = i.expect.Issuer
	}
	if err := answer.Claims(&caller.Claims); err != nil {
		return nil, unanswered{err}
	}
	if b, ok := i.client.(boundTokens); ok && b.RequiresBoundTokens() && caller.Binding.Zero() {
		return nil, misbound("the token is bound to no key (cnf), and the Profile of the client demands it")
	}
	if reason := i.expect.refusal(answer, caller); reason != "" {
		return nil, refuse(errors.New("web: the token was introspected, and refused: " + reason))
	}
	return caller, nil
}

// refusal says why an active token is refused, and is empty when it is not. It also reads what only Claims have.
func (e *IntrospectionExpect) refusal(a *oauth.Introspection, c *Caller) string {
	now := e.Now()
	switch {
	case a.TokenType != "" && !strings.EqualFold(a.TokenType, "Bearer") && !strings.EqualFold(a.TokenType, "DPoP"):
		return "token_type is neither Bearer nor DPoP"
	case strings.EqualFold(a.TokenType, "DPoP") && a.Binding.JKT == "":
		return "token_type is DPoP, and cnf has no jkt"
	case c.Claims["cnf"] != nil && a.Binding.Zero():
		return "it is bound to a key (cnf) that cannot be checked"
	case !isAccess(c.Claims["token_use"]):
		return "token_use is not access_token"
	case !a.Expiry.IsZero() && !now.Before(a.Expiry.Add(skew)):
		return "exp is past"
	case now.Add(skew).Before(a.NotBefore):
		return "nbf is in the future"
	case e.Issuer != "" && a.Issuer != "" && a.Issuer != e.Issuer:
		return "iss is another issuer"
	case e.Audience != "" && !slices.ContainsFunc(a.Audience, e.isAudience):
		return "aud is missing, or is another API"
	case len(e.ClientIDs) > 0 && !slices.Contains(e.ClientIDs, a.ClientID):
		return "client_id is missing, or not one of ClientIDs"
	case e.RequireUser && (a.Subject == "" || a.Subject == a.ClientID):
		return "it has no user"
	}
	return c.readLogin()
}

func (e *IntrospectionExpect) isAudience(name string) bool {
	return name == e.Audience || slices.Contains(e.OtherAudiences, name)
}

// isAccess knows that some servers, such as Hydra, call a refresh token active too, and tell the two apart here.
func isAccess(tokenUse any) bool {
	return tokenUse == nil || tokenUse == "access_token" || tokenUse == "access"
}

// readLogin reads auth_time and acr (RFC 9470 §6.2).
func (c *Caller) readLogin() string {
	if v := c.Claims["auth_time"]; v != nil {
		number, _ := v.(json.Number)
		seconds, err := number.Float64() // it may have a fraction (RFC 7519 §2)
		if err != nil || seconds < 0 || seconds > maxUnix {
			return "auth_time is not a time in seconds"
		}
		c.AuthTime = time.Unix(int64(seconds), 0).UTC()
	}
	if v := c.Claims["acr"]; v != nil {
		acr, ok := v.(string)
		if !ok {
			return "acr is not a string"
		}
		c.ACR = acr
	}
	return ""
}

// maxUnix is the last second of the year 9999.
const maxUnix = 253402300799

// unanswered is an introspection without a usable reply. It is never the refusal of the caller's token, although a reply
// may have been refused: its signature, or our own credentials.
type unanswered struct{ cause error }

// Error is the text of the cause.
func (u unanswered) Error() string { return fmt.Sprintf("web: no introspection: %v", u.cause) }

// Is hides the verdicts about the caller.
func (u unanswered) Is(target error) bool {
	return target != authentication.ErrRefused && target != authentication.ErrDenied && errors.Is(u.cause, target)
}

// As gives the cause.
func (u unanswered) As(target any) bool { return errors.As(u.cause, target) }
