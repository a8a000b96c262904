package oidc

import (
	"context"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/jose"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// GetUserInfoByAccessToken fetches the user's claims (OpenID Connect Core §5.3.1). The reply must have sub; set
// Subject to the ID token's sub to compare it (OpenID Connect Core §5.3.4). A missing or different sub is
// oauth.ErrSubject; a missing one also oauth.ErrNoSubject.
//
// With UserInfoSigningAlg or UserInfoEncryptionAlg the reply must be such a token (OpenID Connect Core §5.3.2), and a
// *TokenError says why one is refused: its form, algorithms, key, signature, kind, iss, aud, exp, nbf or iat. A signed
// reply must have iss and aud; without both options it must be JSON.
func (c *Client) GetUserInfoByAccessToken(ctx context.Context, accessToken string, opts ...oauth.UserInfoOptions) (*oauth.UserInfo, error) {
	if err := c.demands().userInfo(opts); err != nil {
		return nil, err
	}
	u, err := call(ctx, c, func(o *oauth.Client) (*oauth.UserInfo, error) {
		return o.GetUserInfoByAccessToken(ctx, accessToken, opts...)
	})
	if err == nil && u.Subject == "" {
		return nil, oauth.ErrNoSubject
	}
	return u, err
}

// initUserInfo sets c.userInfo when the client registered signed or encrypted user info (OpenID Connect Registration
// §2).
func (c *Client) initUserInfo() error {
	v := &verifier{field: "UserInfoSigningAlg", alg: c.cfg.UserInfoSigningAlg, encryptionField: "UserInfoEncryptionAlg", max: c.idToken.max}
	if err := v.init(c.cfg); err != nil {
		return err
	}
	var err error
	v.encryption, err = c.cfg.newEncryption("UserInfo", c.cfg.UserInfoEncryptionAlg, c.cfg.UserInfoEncryptionEnc)
	if v.alg != "" || v.encryption != nil {
		c.userInfo = v
	}
	return err
}

// userInfoReader is nil when user info is JSON.
func (c *Client) userInfoReader() func(ctx context.Context, accessToken, mediaType, body string) (string, error) {
	if c.userInfo == nil {
		return nil
	}
	return c.readUserInfo
}

// readUserInfo returns the claims in a signed or encrypted reply (OpenID Connect Core §5.3.2).
func (c *Client) readUserInfo(ctx context.Context, accessToken, mediaType, body string) (string, error) {
	v := c.userInfo
	field, alg := v.field, v.alg
	if alg == "" {
		field, alg = v.encryption.field, v.encryption.alg
	}
	if mediaType != "application/jwt" {
		return "", refuse(CheckUnsigned, "user info has the media type %q, and %s is %s: want application/jwt", httpcore.Clean(mediaType, accessToken), field, alg)
	}
	if n := len(body); n > v.max {
		return "", refuse(CheckFormat, "user info has %d bytes, and MaxIDToken is %d", n, v.max)
	}
	if v.alg == "" {
		return v.encryption.claims(body, v.max)
	}
	signed, header, err := v.encryption.signed(body, v.max, kindUserInfo)
	if err != nil {
		return "", err
	}
	return c.verifyUserInfo(ctx, accessToken, signed, header)
}

// claims is open for a content that is not signed: who may encrypt is not known, as for JSON, and the connection alone
// proves from whom it is.
func (e *encryption) claims(raw string, limit int) (string, error) {
	text, header, err := e.open(raw, limit)
	switch {
	case err != nil:
		return "", err
	case !isJWT(header.Type):
		return "", kindUserInfo.refuseTyp(header.Type)
	case equalMedia(header.ContentType, "jwt") || !strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "{"):
		return "", refuse(CheckFormat, "the encrypted user info is not JSON: when it is signed too, set UserInfoSigningAlg")
	}
	members, err := readClaims(text, nil)
	if err != nil {
		return "", err
	}
	var cl claims
	for _, c := range [...]struct {
		name     string
		repeated *strictjson.Value
	}{{"iss", &header.Issuer}, {"sub", &header.Subject}, {"aud", &header.Audience}} {
		v := claim(members, c.name)
		if v.Kind() == strictjson.Null {
			*c.repeated = strictjson.Value{} // JSON need not have iss and aud, so the header repeats nothing
		} else if check, ok := cl.readOne(c.name, v); !ok {
			return "", refuse(check, "%s %s", c.name, v.Misfit())
		}
	}
	return text, checkRepeated(header, &cl)
}

// verifyUserInfo checks what every JWT has, and iss and aud, which Core §5.3.2 recommends. They are demanded, because
// without them whatever else the server signs about this user, or for another client, would pass. exp, nbf and iat
// are checked when they are there.
func (c *Client) verifyUserInfo(ctx context.Context, accessToken, raw string, header *jose.EncryptionHeader) (string, error) {
	keys := c.cfg.Keys
	if keys == nil {
		s, err := c.resolve(ctx)
		if err != nil {
			return "", err
		}
		keys = s.keys
	}
	var space [32]strictjson.Member
	token, members, err := c.userInfo.open(ctx, c.userInfo.alg, raw, keys, space[:0])
	if err != nil {
		return "", err
	}
	if !isJWT(token.Header.Type) {
		return "", kindUserInfo.refuseTyp(token.Header.Type)
	}
	cl := claims{secrets: append([]string{accessToken, c.cfg.ClientSecret}, c.cfg.OlderClientSecrets...)}
	if err := cl.read(members, nil); err != nil {
		return "", err
	}
	if err := kindUserInfo.refuseOthers(members); err != nil {
		return "", err
	}
	if err := c.issuer.check(&cl, members); err != nil {
		return "", err
	}
	if err := cl.checkAudience(c.cfg.ClientID); err != nil {
		return "", err
	}
	if err := checkRepeated(header, &cl); err != nil {
		return "", err
	}
	return token.Payload, cl.checkOptionalTimes(c.cfg.Now(), c.cfg.Skew)
}
