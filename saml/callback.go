package saml

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/callback"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// CompleteLogin checks the response r, which was posted, or the artifact that stands for one, against login and returns
// who logged in (SAML Profiles §4.1.4.3, SAML Bindings §3.5, §3.6). Everything in the Assertion comes from octets that a
// key of the identity provider signed.
//
// A response that was read and refused is an *InvalidError. A response in which the identity provider says no is a
// *StatusError. Its issuer, its Destination and, where it has them, InResponseTo and signature were checked before; many
// identity providers do not sign it, so it proves nothing about the user. Metadata that cannot be used is a
// *metadata.Error, and an artifact that the identity provider's server did not resolve is a *ResolveError. Last, the
// request and the assertion are marked as used in Replay; an error of the store is none of these four.
//
// A nil login means that the identity provider began it. It is refused unless AllowUnsolicited, and also when it is
// older than LoginLifetime. Assertion.RelayState is what came with it.
//
// r is only read, and can be parsed afterwards. Its body must not have been parsed before; the end of ctx ends the
// reading. A Login is for one response: drop it, whatever the result. After a login give the browser a new session
// identifier.
func (c *Client) CompleteLogin(ctx context.Context, login *Login, r *http.Request) (*Assertion, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	x := exchange{c: c, login: login, now: c.cfg.Now()}
	if err := x.checkLogin(); err != nil {
		if login == nil && r != nil && r.Method != http.MethodPost && !hasArtifact(r) {
			// Without the form the login cannot be found, so the method is the mistake.
			return nil, refuse(CheckMethod, "it came by %s, want POST", callback.Method(r))
		}
		return nil, err
	}
	if r == nil || r.URL == nil {
		return nil, errors.New("saml: CompleteLogin needs the callback's request")
	}
	in, err := c.readAnswer(ctx, r)
	if err != nil {
		return nil, err
	}
	// The sender decides how long the body takes: by an old time a message passes that the store has forgotten.
	x.now = c.cfg.Now()
	if err := x.checkLogin(); err != nil {
		return nil, err
	}
	// Key first: without it the request is not for this browser.
	if login != nil && subtle.ConstantTimeCompare([]byte(in.relayState), []byte(login.Key)) != 1 {
		return nil, refuse(CheckRelayState, "RelayState differs from the one that this browser was sent with")
	}
	response, err := x.response(ctx, in)
	if err != nil {
		return nil, err
	}
	a, err := x.readResponse(ctx, response)
	if err != nil {
		return nil, err
	}
	if err := x.useOnce(ctx, a); err != nil {
		return nil, err
	}
	if login == nil {
		a.RelayState = in.relayState
	}
	return a, nil
}

// response is the response that came, or the one that an artifact stands for.
func (x *exchange) response(ctx context.Context, in answer) (xmlgate.Element, error) {
	if !in.artifact.sent {
		doc, err := x.c.gate(in.message)
		if err != nil {
			return xmlgate.Element{}, err
		}
		return doc.Root(), nil
	}
	text, err := in.artifact.value(paramArtifact)
	if err != nil {
		return xmlgate.Element{}, err
	}
	response, err := x.resolve(ctx, text)
	if err != nil {
		return xmlgate.Element{}, err
	}
	x.now = x.c.cfg.Now() // the server decided how long its reply took
	return response, x.checkLogin()
}

// exchange is one response and what it is compared with.
type exchange struct {
	c        *Client
	login    *Login // nil when the identity provider began
	idp      *metadata.IDP
	artifact string // that stood for the response, a secret
	// acs is the address that the response is for; empty for a login that began elsewhere, until the response names it.
	acs string
	now time.Time
	// end is when the last of the assertion's confirmations ends.
	end time.Time
	// sealed is how many attributes were encrypted.
	sealed int
}

func (x *exchange) checkLogin() error {
	c, l := x.c, x.login
	switch {
	case l == nil && !c.cfg.AllowUnsolicited:
		return refuse(CheckUnsolicited, "there is no login: this browser began none, it was completed already, or its cookie was lost (a POST from another site brings only SameSite=None); AllowUnsolicited is off")
	case l == nil:
		return nil
	case l.Key == "" || l.RequestID == "" || l.IDP == "":
		return refuse(CheckLogin, "the login is empty")
	case l.Client != c.cfg.EntityID || !c.isACS(l.ACSURL):
		return refuse(CheckLogin, "the login was begun by another client: by %q for %q", l.Client, l.ACSURL)
	}
	if old := callback.Age("login", l.CreatedAt, x.now, c.cfg.LoginLifetime); old != "" {
		return refuse(CheckExpired, "%s", old)
	}
	x.acs = l.ACSURL
	return nil
}

// isACS tells whether address is one of ours.
func (c *Client) isACS(address string) bool {
	if address == c.cfg.ACSURL {
		return true
	}
	for _, more := range c.cfg.MoreACSURLs {
		if address == more {
			return true
		}
	}
	return false
}

// past and future allow for the skew of the clocks.
func (x *exchange) past(t time.Time) bool   { return !x.now.Add(-x.c.cfg.Skew).Before(t) }
func (x *exchange) future(t time.Time) bool { return t.After(x.now.Add(x.c.cfg.Skew)) }
