package authentication

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/profile"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

func parseValidateToken(body []byte) (*ValidateTokenResult, error) {
	doc, err := strictjson.Parse(string(body))
	if err != nil {
		return nil, err
	}
	if doc.Kind() != strictjson.Object {
		return nil, errors.New("is not a JSON object")
	}
	r := &ValidateTokenResult{reply: body}
	for name, v := range doc.Members {
		if v.Kind() == strictjson.Null {
			continue
		}
		ok := true
		switch name { // claims that show the kind of the token; see kind.go of package oidc
		case "nonce", "at_hash", "c_hash":
			r.ofIDToken = true
		case "scope", "scp", "client_id":
			r.ofAccessToken = true
		case "events", "token_introspection", "response_type":
			r.ofAnother = true
		}
		switch name {
		case "iss":
			r.Issuer, ok = v.ExactStr()
			ok = ok && r.Issuer != ""
		case "sub":
			r.Subject, ok = v.ExactStr()
		case "azp":
			r.AuthorizedParty, ok = v.ExactStr()
		case "aud":
			r.Audience, ok = audience(v)
		case "exp":
			r.Expiry, ok = seconds(v)
		case "iat":
			r.IssuedAt, ok = seconds(v)
		case "nonce":
			r.Nonce, ok = v.ExactStr()
		case "scope":
			r.Scope, ok = v.ExactStr()
		case "jti":
			r.JWTID, ok = v.ExactStr()
		default:
			(*profile.Claims[oauth.Address])(&r.Profile).Read(name, v)
		}
		if !ok {
			return nil, fmt.Errorf("%s has a value of the wrong type, or half of a surrogate pair", name)
		}
	}
	if r.Expiry.IsZero() {
		return nil, errors.New("exp is missing")
	}
	return r, nil
}

func audience(v strictjson.Value) ([]string, bool) {
	if s, ok := v.ExactStr(); ok {
		return []string{s}, true
	}
	var list []string
	for e := range v.Elements {
		s, ok := e.ExactStr()
		if !ok {
			return nil, false
		}
		list = append(list, s)
	}
	return list, len(list) > 0
}

// maxUnix is the last second of the year 9999.
const maxUnix = 253402300799

func seconds(v strictjson.Value) (time.Time, bool) {
	n, ok := v.Int64()
	return time.Unix(n, 0).UTC(), ok && n > 0 && n <= maxUnix
}

// checkKind refuses one kind of token in place of the other: Authing's have the same iss and aud.
func (r *ValidateTokenResult) checkKind(idToken bool) error {
	switch {
	case r.ofAnother:
		return refused(&oidc.TokenError{Check: oidc.CheckType, Detail: "this is a logout token or another security event, an introspection or a request object"})
	case idToken && r.ofAccessToken && !r.ofIDToken:
		return refused(&oidc.TokenError{Check: oidc.CheckScope, Detail: "this is an access token: it has a scope, scp or client_id and no nonce, at_hash or c_hash"})
	case !idToken && r.ofIDToken:
		return refused(&oidc.TokenError{Check: oidc.CheckType, Detail: "this is an ID token: it has nonce, at_hash or c_hash"})
	}
	return nil
}

// checkValidated compares the reply with this application, because Authing accepts tokens of every application of the
// user pool.
func (c *Client) checkValidated(r *ValidateTokenResult, o ValidateTokenOptions, issuer string) error {
	if !c.options.Now().Before(r.Expiry.Add(time.Minute)) {
		return refused(&oidc.TokenError{Check: oidc.CheckExpired, Detail: "expired, though Authing calls it valid"})
	}
	if err := r.checkKind(o.IDToken != ""); err != nil {
		return err
	}
	app := c.options.AppID
	ours := r.AuthorizedParty == app
	switch {
	case o.AllowAnyAudience:
	case r.Issuer != "" && r.Issuer != issuer:
		return refused(&oidc.TokenError{Check: oidc.CheckIssuer, Detail: "iss is not this application's issuer"})
	case o.IDToken != "" && r.AuthorizedParty != "" && !ours:
		return refused(&oidc.TokenError{Check: oidc.CheckAuthorized, Detail: "the token was issued to another application"})
	// The access token of a machine has the account's ID as aud, and the application's as azp.
	case ours && (o.AccessToken != "" || len(r.Audience) == 0):
	case len(r.Audience) == 0 && r.AuthorizedParty == "":
	case !slices.Contains(r.Audience, app):
		return refused(&oidc.TokenError{Check: oidc.CheckAudience, Detail: "the token is for another application"})
	}
	return nil
}
