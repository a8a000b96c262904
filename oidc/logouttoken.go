package oidc

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/duration"
	"github.com/seed6e7d3bb2/authing-go/internal/replay"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// logoutEvent is the member of events that makes a logout token (OpenID Connect Back-Channel Logout §2.4).
const logoutEvent = "http://schemas.openid.net/event/backchannel-logout"

const defaultLogoutTokenMaxAge = 10 * time.Minute

// VerifyLogoutToken checks a logout token, which the server posts when sessions end (OpenID Connect Back-Channel Logout
// §2.6): encryption as for ID tokens, form, the algorithm of ID tokens, signature, kind, iss, aud, exp, nbf, iat, jti,
// events, that there is no nonce, and that there is a sub or a sid. A *TokenError says which failed. ReceiveLogout reads it from the request.
//
// When the token is good, end is called to end the sessions; nil ends none. After that the token is used up, and
// CheckReplay refuses it from then on. When end fails, its error is returned, and the server may send the same token
// again. So end may see a token that came before: LogoutRequest.Ends says which sessions it ends, and a session that
// began later is never one of them.
func (c *Client) VerifyLogoutToken(ctx context.Context, raw string, end func(context.Context, *LogoutRequest) error) (*LogoutRequest, error) {
	q, err := c.readLogoutToken(ctx, raw)
	if err != nil {
		return nil, err
	}
	if end != nil {
		if err := end(ctx, q); err != nil {
			return nil, err
		}
	}
	if err := q.Confirm(ctx); err != nil {
		return nil, err
	}
	return q, nil
}

func (c *Client) readLogoutToken(ctx context.Context, raw string) (*LogoutRequest, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if c.cfg.ClientID == "" {
		return nil, errors.New("oidc: ClientID is not set: it is the audience of a logout token")
	}
	raw, header, err := c.idToken.encryption.signed(raw, c.idToken.max, kindLogoutToken)
	if err != nil {
		return nil, err
	}
	alg, keys, err := c.idTokenKeys(ctx)
	if err != nil {
		return nil, err
	}
	var space [32]strictjson.Member
	token, members, err := c.idToken.open(ctx, alg, raw, keys, space[:0])
	if err != nil {
		return nil, err
	}
	if typ := token.Header.Type; !isJWT(typ) && !kindLogoutToken.has(typ) {
		return nil, kindLogoutToken.refuseTyp(typ)
	}
	if err := checkEvents(members); err != nil {
		return nil, err
	}
	var cl claims
	if err := cl.read(members, nil); err != nil {
		return nil, err
	}
	// Claims that are not understood are ignored (§2.4), so those of an access token are not refused.
	if err := kindLogoutToken.refuseOthers(members, kindAccessToken); err != nil {
		return nil, err
	}
	if err := c.checkLogoutToken(&cl, members); err != nil {
		return nil, err
	}
	if err := checkRepeated(header, &cl); err != nil {
		return nil, err
	}
	q := &LogoutRequest{Issuer: cl.iss, Subject: cl.sub, IssuedAt: cl.iat, Expiry: cl.exp, JWTID: cl.jti, payload: token.Payload, client: c}
	if cl.sid != "" {
		q.SessionIDs = []string{cl.sid}
	}
	return q, nil
}

// checkEvents checks what only a logout token has: the event, and no nonce, not even a null (§2.4).
func checkEvents(members []strictjson.Member) error {
	found := false
	for name, event := range claim(members, "events").Members { // none when it is not an object
		found = found || name == logoutEvent && event.Kind() == strictjson.Object
	}
	if !found {
		return refuse(CheckEvents, "events is not an object with a logout, which is an object")
	}
	for i := range members {
		if members[i].Name == "nonce" {
			return refuse(CheckNonce, "a logout token has no nonce, and this one does")
		}
	}
	return nil
}

func (c *Client) checkLogoutToken(cl *claims, members []strictjson.Member) error {
	if err := c.checkLogoutIssuer(cl, members); err != nil {
		return err
	}
	now := c.cfg.Now()
	if err := cl.checkTimes(now, c.cfg.Skew); err != nil {
		return err
	}
	if now.Sub(cl.iat) > duration.Sum(c.cfg.LogoutTokenMaxAge, c.cfg.Skew) {
		return refuse(CheckIssuedAt, "issued at %s, which is older than LogoutTokenMaxAge allows", cl.iat.Format(time.RFC3339))
	}
	if err := c.checkAudience(cl); err != nil {
		return err
	}
	given := func(name string) bool { return claim(members, name).Kind() != strictjson.Null }
	switch {
	case !given("sub") && !given("sid"):
		return refuse(CheckSubject, "the token has neither sub nor sid")
	case given("sid") && cl.sid == "":
		return refuse(CheckSessionID, "sid is empty")
	case cl.jti == "":
		return refuse(CheckTokenID, "jti is missing or empty")
	case given("sub"):
		return cl.checkSubject()
	}
	return nil
}

// checkLogoutIssuer compares iss. Where each tenant has its own issuer, the claim that names the tenant may be absent:
// a logout token need not have it.
func (c *Client) checkLogoutIssuer(cl *claims, members []strictjson.Member) error {
	if claim(members, c.issuer.claim).Kind() != strictjson.Null {
		return c.issuer.check(cl, members)
	}
	if !c.issuer.accepts(cl.iss) {
		return refuse(CheckIssuer, "iss is %s, want %q", cl.quote(cl.iss), c.issuer.name)
	}
	return c.issuer.checkTenant(c.issuer.tenantOf(cl.iss), nil)
}

// logoutReplay is Config.Replay or a memory that is made when it is first needed.
func (c *Client) logoutReplay() oauth.Replay {
	if c.cfg.Replay != nil {
		return c.cfg.Replay
	}
	c.logouts.Do(func() { c.logouts.replay = replay.New(0, c.cfg.Now) })
	return c.logouts.replay
}

// replayKey identifies a logout token: jti is unique for an issuer (RFC 7519 §4.1.7).
func (q *LogoutRequest) replayKey() string {
	sum := sha256.Sum256([]byte(q.Issuer + "\x00" + q.client.cfg.ClientID + "\x00" + q.JWTID))
	return "oidc-logout-token:" + hex.EncodeToString(sum[:])
}

// acceptedUntil is when the times alone refuse the token.
func (q *LogoutRequest) acceptedUntil() time.Time {
	end := q.IssuedAt.Add(q.client.cfg.LogoutTokenMaxAge)
	if q.Expiry.Before(end) {
		end = q.Expiry
	}
	return end.Add(q.client.cfg.Skew)
}
