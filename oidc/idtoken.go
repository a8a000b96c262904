package oidc

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/seed6e7d3bb2/authing-go/internal/duration"
	"github.com/seed6e7d3bb2/authing-go/internal/jose"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// IDToken is a verified ID token (OpenID Connect Core §2). Issuer and Subject together are the user.
type IDToken struct {
	Issuer, Subject                        string
	Audience                               []string
	AuthorizedParty                        string
	Expiry, IssuedAt, NotBefore, AuthTime  time.Time
	Nonce, ACR, SessionID, AccessTokenHash string
	AMR                                    []string
	oauth.Profile

	raw, payload string
}

// Claims decodes all claims into v.
func (t *IDToken) Claims(v any) error {
	if err := strictjson.Decode([]byte(t.payload), v); err != nil {
		return fmt.Errorf("oidc: claims: %w", err)
	}
	return nil
}

// Raw returns the token as it was received: the hint of a logout.
func (t *IDToken) Raw() string { return t.raw }

// VerifyIDToken checks an ID token: form, pinned algorithm, signature, kind, iss, aud, azp, exp, nbf,
// iat, sub, nonce, at_hash, c_hash, auth_time and acr (OpenID Connect Core §3.1.3.7). A *TokenError says
// which failed; any other error means that the keys could not be had.
//
// A token with scope, scp or client_id and none of nonce, at_hash and c_hash is taken for an access token. CompleteLogin and
// Refresh know that theirs is none.
func (c *Client) VerifyIDToken(ctx context.Context, raw string, e Expect) (*IDToken, error) {
	return c.verifyIDToken(ctx, raw, e)
}

// verifyReply is VerifyIDToken for the id_token member of a token reply, whose kind is beyond doubt: at some servers
// it has the scope of an access token, and after a refresh no nonce.
func (c *Client) verifyReply(ctx context.Context, raw string, e Expect) (*IDToken, error) {
	return c.verifyIDToken(ctx, raw, e, kindAccessToken)
}

func (c *Client) verifyIDToken(ctx context.Context, raw string, e Expect, excused ...kind) (*IDToken, error) {
	if c.cfg.ClientID == "" {
		return nil, errors.New("oidc: ClientID is not set: it is the audience of an ID token")
	}
	if err := e.check(); err != nil {
		return nil, err
	}
	if n := len(raw); n > c.idToken.max {
		return nil, refuse(CheckFormat, "it has %d bytes, and MaxIDToken is %d", n, c.idToken.max)
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
	if !isJWT(token.Header.Type) {
		return nil, kindIDToken.refuseTyp(token.Header.Type)
	}
	t := &IDToken{}
	var cl claims
	if err := t.fill(&cl, raw, token.Payload, members); err != nil {
		return nil, err
	}
	if err := kindIDToken.refuseOthers(members, excused...); err != nil {
		return nil, err
	}
	if err := c.issuer.check(cl.iss, members); err != nil {
		return nil, err
	}
	if err := c.checkIDToken(&cl, alg, e); err != nil {
		return nil, err
	}
	return t, nil
}

// fill takes over what the token says, checked or not.
func (t *IDToken) fill(cl *claims, raw, payload string, members []strictjson.Member) error {
	if err := cl.read(members, &t.Profile); err != nil {
		return err
	}
	t.raw, t.payload = raw, payload
	t.Issuer, t.Subject, t.Audience, t.AuthorizedParty = cl.iss, cl.sub, cl.aud, cl.azp
	t.Expiry, t.IssuedAt, t.NotBefore, t.AuthTime = cl.exp, cl.iat, cl.nbf, cl.authTime
	t.Nonce, t.ACR, t.SessionID, t.AccessTokenHash, t.AMR = cl.nonce, cl.acr, cl.sid, cl.atHash, cl.amr
	return nil
}

// idTokenKeys needs the network only when algorithm or keys are not configured.
func (c *Client) idTokenKeys(ctx context.Context) (string, KeySet, error) {
	v := &c.idToken
	if v.alg != "" && (v.secret != nil || c.cfg.Keys != nil) {
		return v.alg, c.cfg.Keys, nil
	}
	s, err := c.resolve(ctx)
	if err != nil {
		return "", nil, err
	}
	return c.idTokenKeysAt(s)
}

func (c *Client) idTokenKeysAt(s *server) (string, KeySet, error) {
	v := &c.idToken
	if v.alg != "" {
		return v.alg, s.keys, nil
	}
	alg, err := pickAlg(s.meta.IDTokenSigningAlgValuesSupported)
	return alg, s.keys, err
}

func (c *Client) checkIDToken(cl *claims, alg string, e Expect) error {
	now := c.cfg.Now()
	if err := cl.checkTimes(now, c.cfg.Skew); err != nil {
		return err
	}
	if err := c.checkParties(cl); err != nil {
		return err
	}
	if !e.AllowAnyNonce {
		switch {
		case e.Nonce == "" && cl.nonce != "":
			return refuse(CheckNonce, "the token has a nonce, but none was sent")
		case e.Nonce != "" && cl.nonce == "":
			return refuse(CheckNonce, "the token has no nonce")
		case subtle.ConstantTimeCompare([]byte(e.Nonce), []byte(cl.nonce)) != 1:
			return refuse(CheckNonce, "the nonce is not the one of this login")
		}
	}
	if err := checkHash(CheckAtHash, alg, cl.atHash, e.AccessToken); err != nil {
		return err
	}
	if err := checkHash(CheckCodeHash, alg, cl.cHash, e.Code); err != nil {
		return err
	}
	return c.checkAuthentication(cl, e, now)
}

func (c *Client) checkParties(cl *claims) error {
	switch n := utf8.RuneCountInString(cl.sub); {
	case n == 0:
		return refuse(CheckSubject, "sub is missing or empty")
	case n > 255:
		return refuse(CheckSubject, "sub has %d characters, at most 255 are allowed", n)
	}
	if err := cl.checkAudience(c.cfg.ClientID); err != nil {
		return err
	}
	for _, a := range cl.aud {
		if a != c.cfg.ClientID && !slices.Contains(c.cfg.TrustedAudiences, a) {
			return refuse(CheckAudience, "the token is also for %s, which TrustedAudiences does not name", quote(a))
		}
	}
	if cl.azp != "" && cl.azp != c.cfg.ClientID {
		return refuse(CheckAuthorized, "azp is %s, want %q", quote(cl.azp), c.cfg.ClientID)
	}
	return nil
}

func (c *Client) checkAuthentication(cl *claims, e Expect, now time.Time) error {
	switch {
	case cl.authTime.IsZero() && (e.MaxAge != 0 || c.cfg.RequireAuthTime):
		return refuse(CheckAuthTime, "auth_time is missing")
	case cl.authTime.After(now.Add(c.cfg.Skew)):
		return refuse(CheckAuthTime, "the user logged in at %s, in the future", cl.authTime.Format(time.RFC3339))
	case e.MaxAge != 0 && now.Sub(cl.authTime) > duration.Sum(max(e.MaxAge, 0), c.cfg.Skew):
		return refuse(CheckAuthTime, "the user logged in at %s, which is longer ago than asked", cl.authTime.Format(time.RFC3339))
	case len(e.ACRValues) > 0 && !slices.Contains(e.ACRValues, cl.acr):
		return refuse(CheckACR, "acr is %s, want one of %s", quote(cl.acr), quote(e.ACRValues...))
	}
	return nil
}

// checkHash compares at_hash or c_hash when both sides are there (OpenID Connect Core §3.1.3.6,
// §3.3.2.11).
func checkHash(check TokenCheck, alg, got, value string) error {
	if got == "" || value == "" {
		return nil
	}
	want, ok := jose.Hash(alg, value)
	if !ok || subtle.ConstantTimeCompare([]byte(got), []byte(want)) != 1 {
		return refuse(check, "the hash does not match what came beside the token")
	}
	return nil
}

// isJWT tells whether typ is absent or the general one: each other kind has its own (RFC 8725 §3.11).
func isJWT(typ string) bool {
	return typ == "" || equalMedia(typ, "jwt")
}
