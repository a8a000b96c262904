package oidc

import (
	"context"
	"crypto/subtle"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// The claims of CIBA in an ID token (OpenID Connect CIBA Core §10.3.1).
const (
	authReqIDClaim = "urn:openid:params:jwt:claim:auth_req_id"
	rtHashClaim    = "urn:openid:params:jwt:claim:rt_hash"
)

// BeginCIBALogin asks the server to authenticate a user on the user's own device, as oauth.Client does (OpenID Connect CIBA
// Core §7). oauth.CIBAPingHandler receives the notifications of the ping mode.
func (c *Client) BeginCIBALogin(ctx context.Context, o oauth.CIBAOptions) (*oauth.CIBALogin, error) {
	return beginElsewhere(ctx, c, func(at *oauth.Client) (*oauth.CIBALogin, error) { return at.BeginCIBALogin(ctx, o) })
}

// CompleteCIBALogin polls as oauth.Client does (OpenID Connect CIBA Core §10.1), and verifies the ID token (OpenID Connect
// Core §3.1.3.7): it must be of the user of IDTokenHint, and where it has auth_req_id or rt_hash (§10.3.1, which demands
// them in the push mode alone), of this login and of the refresh token beside it. It refuses a missing or wrong ID token with
// a *TokenError; then the tokens are dropped, because their user is not known.
func (c *Client) CompleteCIBALogin(ctx context.Context, l *oauth.CIBALogin) (*Result, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if l == nil {
		at, err := c.atHand()
		if err == nil {
			_, err = at.CompleteCIBALogin(ctx, nil) // refuses it
		}
		return nil, err
	}
	e := Expect{ciba: &cibaExpect{authReqID: l.AuthReqID, subject: l.Subject}}
	return c.completeElsewhere(ctx, e, []string{l.AuthReqID, l.NotificationToken}, func(at *oauth.Client) (*oauth.Token, error) {
		return at.CompleteCIBALogin(ctx, l)
	})
}

// cibaExpect is what the ID token of a CIBA login must have; nil is another login.
type cibaExpect struct{ authReqID, subject, refreshToken string }

func (e *cibaExpect) check(cl *claims, alg string) error {
	switch {
	case e == nil:
		return nil
	case cl.authReqID != "" && subtle.ConstantTimeCompare([]byte(cl.authReqID), []byte(e.authReqID)) != 1:
		return refuse(CheckAuthReqID, "the token is of another CIBA login")
	case e.subject != "" && cl.sub != e.subject:
		return refuse(CheckSubject, "the token is about another user than IDTokenHint")
	}
	if cl.rtHash != "" && e.refreshToken == "" {
		return refuse(CheckRefreshHash, "the token has rt_hash, and no refresh token came with it")
	}
	return checkHash(CheckRefreshHash, alg, cl.rtHash, e.refreshToken, false)
}
