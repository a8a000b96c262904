package oidc

import (
	"crypto/subtle"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/seed6e7d3bb2/authing-go/internal/duration"
	"github.com/seed6e7d3bb2/authing-go/internal/jose"
)

// checkIDToken checks what only an ID token has (OpenID Connect Core §3.1.3.7).
func (c *Client) checkIDToken(cl *claims, alg string, e Expect) error {
	now := c.cfg.Now()
	if err := cl.checkTimes(now, c.cfg.Skew); err != nil {
		return err
	}
	if most := c.cfg.IDTokenMaxAge; most != 0 && now.Sub(cl.iat) > duration.Sum(most, c.cfg.Skew) {
		return refuse(CheckIssuedAt, "issued at %s, which is older than IDTokenMaxAge allows", cl.iat.Format(time.RFC3339))
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
			return refuse(CheckNonce, "the nonce is not this login's")
		}
	}
	if err := checkHash(CheckAtHash, alg, cl.atHash, e.AccessToken, e.FrontChannel); err != nil {
		return err
	}
	if err := checkHash(CheckCodeHash, alg, cl.cHash, e.Code, e.FrontChannel); err != nil {
		return err
	}
	if err := checkHash(CheckStateHash, alg, cl.sHash, e.State, false); err != nil {
		return err
	}
	if err := e.ciba.check(cl, alg); err != nil {
		return err
	}
	return c.checkAuthentication(cl, e, now)
}

func (c *Client) checkParties(cl *claims) error {
	if err := cl.checkSubject(); err != nil {
		return err
	}
	if err := c.checkAudience(cl); err != nil {
		return err
	}
	if cl.azp != "" && cl.azp != c.cfg.ClientID {
		return refuse(CheckAuthorized, "azp is %s, want %q", cl.quote(cl.azp), c.cfg.ClientID)
	}
	return nil
}

func (cl *claims) checkSubject() error {
	switch n := utf8.RuneCountInString(cl.sub); {
	case n == 0:
		return refuse(CheckSubject, "sub is missing or empty")
	case n > 255:
		return refuse(CheckSubject, "sub has %d characters, at most 255 are allowed", n)
	}
	return nil
}

// checkAudience accepts the client, and besides it only TrustedAudiences.
func (c *Client) checkAudience(cl *claims) error {
	if err := cl.checkAudience(c.cfg.ClientID); err != nil {
		return err
	}
	for _, a := range cl.aud {
		if a != c.cfg.ClientID && !slices.Contains(c.cfg.TrustedAudiences, a) {
			return refuse(CheckAudience, "the token is also for %s, which is not in TrustedAudiences", cl.quote(a))
		}
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
		return refuse(CheckAuthTime, "the user logged in at %s, which is older than max_age allows", cl.authTime.Format(time.RFC3339))
	case !cl.sessionExpiry.IsZero() && !now.Before(cl.sessionExpiry): // no skew: this clock ends the session
		return refuse(CheckSessionExpiry, "the session ended at %s, now is %s", cl.sessionExpiry.Format(time.RFC3339), now.UTC().Format(time.RFC3339))
	case len(e.ACRValues) > 0 && !slices.Contains(e.ACRValues, cl.acr):
		return refuse(CheckACR, "acr is %s, want one of %s", cl.quote(cl.acr), quote(nil, e.ACRValues...))
	}
	return nil
}

// checkHash compares at_hash, c_hash or s_hash with the value that it is of, when both are present (OpenID Connect
// Core §3.1.3.6, §3.3.2.11). Without a needed hash the value may belong to another token.
func checkHash(check TokenCheck, alg, got, value string, needed bool) error {
	if value == "" || got == "" && !needed {
		return nil
	}
	if got == "" {
		return refuse(check, "%s is missing, and what it is of came through the browser", check)
	}
	want, ok := jose.Hash(alg, value)
	if !ok || subtle.ConstantTimeCompare([]byte(got), []byte(want)) != 1 {
		return refuse(check, "the hash does not match the access token, code or state that came with the token")
	}
	return nil
}
