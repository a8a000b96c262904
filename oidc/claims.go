package oidc

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/profile"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// claims are the registered claims of a token of either kind (RFC 7519 §4.1, OpenID Connect Core §2,
// RFC 9068 §2.2).
type claims struct {
	iss, sub, azp, nonce, atHash, cHash, sHash, acr, sid, scope, clientID, jti string
	authReqID, rtHash                                                          string
	aud, amr                                                                   []string
	exp, iat, nbf, authTime, sessionExpiry                                     time.Time
	hasCnf, badCnf                                                             bool
	binding                                                                    oauth.Binding

	secrets []string // secrets that quote replaces
}

// read fills c from a token's members, and into when it is not nil. A claim of the wrong type is refused with the
// check of that claim; null is absent.
func (c *claims) read(members []strictjson.Member, into *oauth.Profile) error {
	for _, m := range members {
		name, v := m.Name, m.Value
		if v.Kind() == strictjson.Null {
			continue
		}
		check, ok := c.readOne(name, v)
		if !ok && check == CheckSessionExpiry {
			return refuse(check, "%s is not a time in whole seconds", name)
		}
		if !ok {
			return refuse(check, "%s %s", name, v.Misfit())
		}
		if check == "" && into != nil {
			(*profile.Claims[oauth.Address])(into).Read(name, v)
		}
	}
	return nil
}

// readOne reads a claim and returns the check that it belongs to, empty for an unregistered claim.
func (c *claims) readOne(name string, v strictjson.Value) (check TokenCheck, ok bool) {
	switch name {
	case "iss":
		c.iss, ok = v.ExactStr()
		return CheckIssuer, ok
	case "sub":
		c.sub, ok = v.ExactStr()
		return CheckSubject, ok
	case "aud":
		c.aud, ok = audience(v)
		return CheckAudience, ok
	case "azp":
		c.azp, _ = v.ExactStr()
		return CheckAuthorized, c.azp != "" // an empty azp does not name this client
	case "exp":
		c.exp, ok = numericDate(v)
		return CheckExpired, ok
	case "nbf":
		c.nbf, ok = numericDate(v)
		return CheckNotBefore, ok
	case "iat":
		c.iat, ok = numericDate(v)
		return CheckIssuedAt, ok
	case "nonce":
		c.nonce, ok = v.ExactStr()
		return CheckNonce, ok
	case "at_hash":
		c.atHash, _ = v.ExactStr()
		return CheckAtHash, c.atHash != ""
	case "c_hash":
		c.cHash, _ = v.ExactStr()
		return CheckCodeHash, c.cHash != ""
	case "s_hash":
		c.sHash, _ = v.ExactStr()
		return CheckStateHash, c.sHash != ""
	case authReqIDClaim:
		c.authReqID, ok = v.ExactStr()
		return CheckAuthReqID, ok
	case rtHashClaim:
		c.rtHash, _ = v.ExactStr()
		return CheckRefreshHash, c.rtHash != ""
	case "auth_time":
		c.authTime, ok = numericDate(v)
		return CheckAuthTime, ok
	case "session_expiry":
		c.sessionExpiry, ok = numericDate(v)
		return CheckSessionExpiry, ok && !strings.ContainsAny(v.Raw(), ".eE")
	case "acr":
		c.acr, ok = v.ExactStr()
		return CheckACR, ok
	case "amr":
		c.amr, _ = v.Strings()
		return CheckACR, true
	case "sid":
		c.sid, ok = v.ExactStr()
		return CheckSessionID, ok
	case "jti":
		c.jti, ok = v.ExactStr()
		return CheckTokenID, ok
	case "client_id":
		c.clientID, ok = v.ExactStr()
		return CheckClientID, ok
	case "scope":
		c.scope, ok = scopeText(v)
		return CheckScope, ok
	case "cnf":
		c.hasCnf, c.badCnf = true, c.binding.UnmarshalJSON([]byte(v.Raw())) != nil
		return CheckBinding, true
	}
	return "", true
}

func audience(v strictjson.Value) ([]string, bool) {
	if s, ok := v.ExactStr(); ok {
		return []string{s}, true
	}
	return v.Strings()
}

// scopeText accepts the string of RFC 9068 §2.2.3, and the list of strings that some servers write.
func scopeText(v strictjson.Value) (string, bool) {
	if s, ok := v.ExactStr(); ok {
		return s, true
	}
	list, ok := v.Strings()
	for _, word := range list {
		ok = ok && !strings.ContainsFunc(word, unicode.IsSpace)
	}
	return strings.Join(list, " "), ok
}

// maxUnix is the last second of the year 9999.
const maxUnix = 253402300799

func numericDate(v strictjson.Value) (time.Time, bool) {
	seconds, ok := v.Int64()
	if !ok || seconds < 0 || seconds > maxUnix {
		return time.Time{}, false
	}
	return time.Unix(seconds, 0).UTC(), true
}

// checkTimes checks exp, nbf and iat of every token.
func (c *claims) checkTimes(now time.Time, skew time.Duration) error {
	switch {
	case c.exp.IsZero():
		return refuse(CheckExpired, "exp is missing")
	case c.iat.IsZero():
		return refuse(CheckIssuedAt, "iat is missing")
	}
	return c.checkOptionalTimes(now, skew)
}

// checkOptionalTimes checks exp, nbf and iat where they are present.
func (c *claims) checkOptionalTimes(now time.Time, skew time.Duration) error {
	switch {
	case !c.exp.IsZero() && !now.Before(c.exp.Add(skew)):
		return refuse(CheckExpired, "expired at %s, now is %s", c.exp.Format(time.RFC3339), now.UTC().Format(time.RFC3339))
	case c.nbf.After(now.Add(skew)):
		return refuse(CheckNotBefore, "not valid before %s, now is %s", c.nbf.Format(time.RFC3339), now.UTC().Format(time.RFC3339))
	case c.iat.After(now.Add(skew)):
		return refuse(CheckIssuedAt, "issued at %s, now is %s", c.iat.Format(time.RFC3339), now.UTC().Format(time.RFC3339))
	}
	return nil
}

func (c *claims) checkAudience(want string) error {
	if len(c.aud) == 0 {
		return refuse(CheckAudience, "aud is missing or empty")
	}
	if !slices.Contains(c.aud, want) {
		return refuse(CheckAudience, "aud is %s, want %q", c.quote(c.aud...), want)
	}
	return nil
}

// quote is a value of a token for an error. It replaces secrets: a server may repeat there what it was sent.
func (c *claims) quote(values ...string) string { return quote(c.secrets, values...) }

func quote(secrets []string, values ...string) string {
	if len(values) == 1 && values[0] == "" {
		return "missing"
	}
	return fmt.Sprintf("%q", httpcore.Clean(strings.Join(values, " "), secrets...))
}
