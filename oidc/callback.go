package oidc

import (
	"context"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// CompleteLogin checks the callback r against login, exchanges the code and verifies the ID token (OpenID Connect
// Core §3.1.2.7, §3.1.3.7). It refuses all that oauth.Client.CompleteLogin refuses, and with a *TokenError a missing or
// wrong ID token, and a response that is a wrong JWT (JARM §2.4). A Login is for one callback: delete it after this
// call, whatever the result. When the ID token was refused or could not be verified, the tokens are dropped too, because
// their user is not known; begin another login. r is read as there.
//
// The response must have exactly what the response type asks for. An ID token in it must have the hashes of the code
// and the access token beside it, and is verified before the code is sent (OpenID Connect Core §3.2.2.11, §3.3.2.12).
// Then the ID token of the token endpoint must be of the same issuer and user (§3.3.3.6). An access token beside a
// code is dropped, because the token endpoint's is the safer one.
func (c *Client) CompleteLogin(ctx context.Context, login *Login, r *http.Request) (*Result, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if login.oauth() == nil {
		at, err := c.atHand()
		if err == nil {
			_, err = at.CompleteLogin(ctx, nil, r) // refuses it
		}
		return nil, err
	}
	f, err := c.flowOfLogin(login)
	if err != nil {
		return nil, err
	}
	s, err := c.resolve(ctx)
	if err != nil {
		return nil, err
	}
	begun := login.oauth()
	if s.discovered {
		begun.TokenEndpoint = s.token // the issuer may have moved it since, and login.Issuer is compared
	}
	response, err := s.oauth.ReadCallback(ctx, begun, login.ResponseType, r)
	if err != nil {
		return nil, err
	}
	var front *IDToken
	if f.idToken {
		if front, err = c.verifyFront(ctx, login, response); err != nil {
			return nil, err
		}
	}
	if !f.code {
		return &Result{Token: response.Token, IDToken: front, SessionState: response.Param("session_state")}, nil
	}
	return c.redeem(ctx, s, login, response, front)
}

// flowOfLogin refuses a login that began with other settings than this client's.
func (c *Client) flowOfLogin(login *Login) (flow, error) {
	f, ok := flowOf(login.ResponseType)
	if !ok || f.token && !c.cfg.AllowFrontChannelAccessToken {
		return f, &oauth.CallbackError{Check: oauth.CheckLogin, Detail: "the login began with other settings: its response type is not one of this client (AllowFrontChannelAccessToken)"}
	}
	return f, c.cfg.sameBinding(login)
}

// verifyFront verifies the ID token that came through the browser.
func (c *Client) verifyFront(ctx context.Context, login *Login, response *oauth.AuthorizationResponse) (*IDToken, error) {
	e := login.expect(response)
	e.FrontChannel = true
	e.secrets = append([]string{response.Code, response.IDToken, login.State, login.CodeVerifier, c.cfg.ClientSecret}, c.cfg.OlderClientSecrets...)
	if t := response.Token; t != nil {
		e.AccessToken = t.AccessToken
		e.secrets = append(e.secrets, t.AccessToken)
	}
	id, err := c.verifyIDToken(ctx, response.IDToken, e)
	if err != nil {
		return nil, err
	}
	return id, compareIssuer(response, id)
}

// redeem exchanges the code; front is nil when no ID token came with it.
func (c *Client) redeem(ctx context.Context, s *server, login *Login, response *oauth.AuthorizationResponse, front *IDToken) (*Result, error) {
	token, err := s.oauth.GetAccessTokenByCode(ctx, response.Code, oauth.CodeOptions{CodeVerifier: login.CodeVerifier, RedirectURI: login.RedirectURI, Resource: login.Resource})
	if err != nil {
		return nil, err
	}
	if token.Scope == "" {
		token.Scope = login.Scope // RFC 6749 §5.1: a missing scope is the requested one
	}
	if token.IDToken == "" {
		return nil, refuse(CheckMissing, "the token reply has no id_token, though openid was requested")
	}
	id, err := c.verifyReply(ctx, token, login.expect(response), response.Code, login.State, login.CodeVerifier)
	if err != nil {
		return nil, err
	}
	if err := compareIssuer(response, id); err != nil {
		return nil, err
	}
	if front != nil {
		switch {
		case id.Issuer != front.Issuer:
			return nil, refuse(CheckIssuer, "iss is %s in the ID token of the token endpoint, and %s in that of the callback", quote(nil, id.Issuer), quote(nil, front.Issuer))
		case id.Subject != front.Subject:
			return nil, refuse(CheckSubject, "the ID tokens of the token endpoint and of the callback are of different users")
		}
	}
	return &Result{Token: token, IDToken: id, SessionState: response.Param("session_state")}, nil
}

// expect is what every ID token of the login must have.
func (l *Login) expect(response *oauth.AuthorizationResponse) Expect {
	return Expect{Nonce: l.Nonce, MaxAge: l.MaxAge, ACRValues: l.ACRValues, Code: response.Code, State: l.State}
}

// compareIssuer compares the iss of the callback, which may be another one of an IssuerFamily.
func compareIssuer(response *oauth.AuthorizationResponse, id *IDToken) error {
	if response.Issuer != "" && response.Issuer != id.Issuer {
		return refuse(CheckIssuer, "iss is %s in the ID token, and %s in the callback", quote(nil, id.Issuer), quote(nil, response.Issuer))
	}
	return nil
}
