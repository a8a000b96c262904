package oidc

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// IDToken is a verified ID token (OpenID Connect Core §2). Issuer and Subject together identify the user.
//
// It prints redacted, but its JSON form is complete. slog's JSON handler writes that form for an IDToken inside a
// struct, map or slice, so log it only on its own.
type IDToken struct {
	// Issuer is iss, the server that issued the token.
	Issuer string
	// Subject is sub, the user's identifier at the issuer.
	Subject string
	// Audience is aud: the client, and perhaps some of Config.TrustedAudiences.
	Audience []string
	// AuthorizedParty is azp: the client, or empty when the token has none.
	AuthorizedParty string
	// Expiry is exp, when the token expires. It does not end a session.
	Expiry time.Time
	// IssuedAt is iat.
	IssuedAt time.Time
	// NotBefore is nbf; zero when the token has none.
	NotBefore time.Time
	// AuthTime is auth_time, when the user authenticated; zero when the server did not say.
	AuthTime time.Time
	// Nonce is nonce, the login's; empty when the token has none.
	Nonce string
	// ACR is acr, the authentication context class; empty when the server did not say.
	ACR string
	// SessionExpiry is session_expiry, when sessions with this login must end (IPSIE OpenID Connect profile); zero when the
	// token has none.
	SessionExpiry time.Time
	// SessionID is sid, the session at the server, which logout requests name; empty when the token has none.
	SessionID string
	// AccessTokenHash is at_hash; empty when the token has none.
	AccessTokenHash string
	// CodeHash is c_hash; empty when the token has none.
	CodeHash string
	// AMR is amr, the authentication methods, such as pwd and otp (RFC 8176 §2).
	AMR []string
	oauth.Profile

	raw, payload string
}

// Claims decodes all claims into v, a pointer, by exact names: unlike in encoding/json, a name in another case fills
// no field.
func (t *IDToken) Claims(v any) error {
	if err := strictjson.Decode(t.payload, v); err != nil {
		return fmt.Errorf("oidc: claims: %w", err)
	}
	return nil
}

// Raw returns the signed token as it was received, of an encrypted one what was in it. A logout sends it as its hint
// (OpenID Connect RP-Initiated Logout §2).
func (t *IDToken) Raw() string { return t.raw }

// VerifyIDToken checks an ID token: encryption when it is configured, form, pinned algorithm, signature, kind, iss, aud,
// azp, exp, nbf, iat, sub, nonce, at_hash, c_hash, auth_time and acr (OpenID Connect Core §3.1.3.7), and session_expiry,
// which must be in whole seconds and not past. A *TokenError says which failed; any other error means that the keys could not be fetched. ES256K is not supported.
//
// A token with scope, scp or client_id and none of nonce, at_hash and c_hash is refused as an access token.
// CompleteLogin and Refresh accept it: they know that theirs is an ID token.
func (c *Client) VerifyIDToken(ctx context.Context, raw string, e Expect) (*IDToken, error) {
	return c.verifyIDToken(ctx, raw, e)
}

// verifyReply is VerifyIDToken for the id_token member of a token reply, whose kind is known: at some servers it has
// the scope of an access token, and after a refresh no nonce. sent are the secrets that were sent to the server.
func (c *Client) verifyReply(ctx context.Context, reply *oauth.Token, e Expect, sent ...string) (*IDToken, error) {
	e.AccessToken = reply.AccessToken
	e.secrets = slices.Concat(sent, []string{reply.AccessToken, reply.RefreshToken, reply.IDToken, c.cfg.ClientSecret}, c.cfg.OlderClientSecrets)
	t, err := c.verifyIDToken(ctx, reply.IDToken, e, kindAccessToken)
	if err == nil {
		reply.IDToken = t.raw // a logout sends the signed token, not the encrypted one
	}
	return t, err
}

func (c *Client) verifyIDToken(ctx context.Context, raw string, e Expect, excused ...kind) (*IDToken, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if c.cfg.ClientID == "" {
		return nil, errors.New("oidc: ClientID is not set: it is the audience of an ID token")
	}
	if err := e.check(); err != nil {
		return nil, err
	}
	if n := len(raw); n > c.idToken.max {
		return nil, refuse(CheckFormat, "it has %d bytes, and MaxIDToken is %d", n, c.idToken.max)
	}
	raw, header, err := c.idToken.encryption.signed(raw, c.idToken.max, kindIDToken)
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
	if !isJWT(token.Header.Type) {
		return nil, kindIDToken.refuseTyp(token.Header.Type)
	}
	t := &IDToken{}
	cl := claims{secrets: e.secrets}
	if err := t.fill(&cl, raw, token.Payload, members); err != nil {
		return nil, err
	}
	if err := kindIDToken.refuseOthers(members, excused...); err != nil {
		return nil, err
	}
	if err := c.issuer.check(&cl, members); err != nil {
		return nil, err
	}
	if err := c.checkIDToken(&cl, alg, e); err != nil {
		return nil, err
	}
	if err := checkRepeated(header, &cl); err != nil {
		return nil, err
	}
	return t, nil
}

// fill copies the claims, checked or not.
func (t *IDToken) fill(cl *claims, raw, payload string, members []strictjson.Member) error {
	if err := cl.read(members, &t.Profile); err != nil {
		return err
	}
	t.raw, t.payload = raw, payload
	t.Issuer, t.Subject, t.Audience, t.AuthorizedParty = cl.iss, cl.sub, cl.aud, cl.azp
	t.Expiry, t.IssuedAt, t.NotBefore, t.AuthTime = cl.exp, cl.iat, cl.nbf, cl.authTime
	t.Nonce, t.ACR, t.SessionID, t.AMR = cl.nonce, cl.acr, cl.sid, cl.amr
	t.SessionExpiry = cl.sessionExpiry
	t.AccessTokenHash, t.CodeHash = cl.atHash, cl.cHash
	return nil
}

// idTokenKeys sends requests only when the algorithm or the keys are not configured.
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
	return s.alg, s.keys, s.noAlg
}

// isJWT reports whether typ is absent or JWT: other kinds of token have their own typ (RFC 8725 §3.11).
func isJWT(typ string) bool {
	return typ == "" || equalMedia(typ, "jwt")
}
