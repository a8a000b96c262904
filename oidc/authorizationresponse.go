package oidc

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/callback"
	"github.com/seed6e7d3bb2/authing-go/internal/duration"
	"github.com/seed6e7d3bb2/authing-go/internal/jose"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

const defaultAuthorizationMaxLifetime = 10 * time.Minute

// initAuthorization sets c.authorization when the client registered responses that are JWTs (JARM §3).
func (c *Client) initAuthorization() error {
	v := &verifier{
		field: "AuthorizationSigningAlg", alg: c.cfg.AuthorizationSigningAlg, encryptionField: "AuthorizationEncryptionAlg", max: jose.MaxToken,
	}
	var err error
	v.encryption, err = c.cfg.newEncryption("Authorization", c.cfg.AuthorizationEncryptionAlg, c.cfg.AuthorizationEncryptionEnc)
	switch {
	case err != nil:
		return err
	case c.cfg.AuthorizationMaxLifetime < 0:
		return errors.New("oidc: AuthorizationMaxLifetime is negative")
	case v.alg == "" && v.encryption != nil:
		return errors.New("oidc: AuthorizationEncryptionAlg needs AuthorizationSigningAlg: what is encrypted is signed before (JARM §2.2)")
	case v.alg == "" && c.cfg.AuthorizationMaxLifetime != 0:
		return errors.New("oidc: AuthorizationMaxLifetime needs AuthorizationSigningAlg")
	case v.alg == "":
		return nil
	case c.cfg.ClientID == "":
		return errors.New("oidc: AuthorizationSigningAlg needs a ClientID: it is the audience of the responses")
	case c.cfg.AuthorizationMaxLifetime == 0:
		c.cfg.AuthorizationMaxLifetime = defaultAuthorizationMaxLifetime
	}
	c.authorization = v
	return nil
}

// inJWT is the mode of JARM that travels as mode does, when responses are JWTs.
func (c *Client) inJWT(mode oauth.ResponseMode) oauth.ResponseMode {
	if c.authorization == nil {
		return mode
	}
	return mode + ".jwt"
}

// authorizationReader is nil when responses are plain.
func (c *Client) authorizationReader() func(ctx context.Context, response string) (string, error) {
	if c.authorization == nil {
		return nil
	}
	return c.readAuthorization
}

// LoginKey returns the State of the Login that the callback r belongs to, empty when r names none, so that the
// application finds it. It reads the query, or the form of a POST, which can still be read afterwards. With
// Config.AuthorizationSigningAlg the state is in the JWT, which is decrypted first (JARM §2.1): without a kid, each of
// DecryptionKeys is tried.
//
// Nothing else is checked here: anyone can send any state. CompleteLogin checks the response.
func (c *Client) LoginKey(r *http.Request) string {
	params := callback.Parameters(r)
	if c.made() != nil || c.authorization == nil {
		return params.Get("state")
	}
	signed, _, err := c.authorization.encryption.signed(params.Get("response"), c.authorization.max, kindAuthorizationResponse)
	if err != nil {
		return ""
	}
	return callback.ClaimedState(signed)
}

// readAuthorization returns the claims of a response (JARM §2.4). The client must be the only audience: TrustedAudiences
// are those of ID tokens, and a code is for no one else.
func (c *Client) readAuthorization(ctx context.Context, response string) (string, error) {
	v := c.authorization
	raw, header, err := v.encryption.signed(response, v.max, kindAuthorizationResponse)
	if err != nil {
		return "", err
	}
	s, err := c.resolve(ctx)
	if err != nil {
		return "", err
	}
	token, members, err := v.open(ctx, v.alg, raw, s.keys, nil)
	if err != nil {
		return "", err
	}
	if !isJWT(token.Header.Type) {
		return "", kindAuthorizationResponse.refuseTyp(token.Header.Type)
	}
	cl := claims{secrets: append([]string{c.cfg.ClientSecret}, c.cfg.OlderClientSecrets...)}
	for _, name := range []string{"code", "state", "access_token", "id_token"} {
		if secret := claim(members, name).Text(); secret != "" {
			cl.secrets = append(cl.secrets, secret)
		}
	}
	if err := cl.read(members, nil); err != nil {
		return "", err
	}
	if err := kindAuthorizationResponse.refuseOthers(members, kindAccessToken); err != nil { // scope is a parameter here
		return "", err
	}
	if claim(members, "sub").Kind() != strictjson.Null { // the other tokens with a code or a state of their own have one
		return "", refuse(CheckType, "this is not an authorization response: it has sub")
	}
	if err := c.checkResponder(&cl); err != nil {
		return "", err
	}
	if err := checkRepeated(header, &cl); err != nil {
		return "", err
	}
	return token.Payload, c.checkResponseTimes(&cl)
}

// checkResponder checks from whom and for whom the response is.
func (c *Client) checkResponder(cl *claims) error {
	if !c.issuer.accepts(cl.iss) {
		return refuse(CheckIssuer, "iss is %s, want %q", cl.quote(cl.iss), c.issuer.name)
	}
	if err := c.issuer.checkTenant(c.issuer.tenantOf(cl.iss), cl.secrets); err != nil {
		return err
	}
	if err := cl.checkAudience(c.cfg.ClientID); err != nil {
		return err
	}
	for _, a := range cl.aud {
		if a != c.cfg.ClientID {
			return refuse(CheckAudience, "the response is also for %s", cl.quote(a))
		}
	}
	return nil
}

// checkResponseTimes needs exp alone; iat shows a longer lifetime than the rest of it does.
func (c *Client) checkResponseTimes(cl *claims) error {
	now, most := c.cfg.Now(), c.cfg.AuthorizationMaxLifetime
	if cl.exp.IsZero() {
		return refuse(CheckExpired, "exp is missing")
	}
	if err := cl.checkOptionalTimes(now, c.cfg.Skew); err != nil {
		return err
	}
	if !cl.iat.IsZero() && cl.exp.Sub(cl.iat) > most || cl.exp.Sub(now) > duration.Sum(most, c.cfg.Skew) {
		return refuse(CheckExpired, "exp is %s, a longer lifetime than AuthorizationMaxLifetime allows, %s", cl.exp.Format(time.RFC3339), most)
	}
	return nil
}
