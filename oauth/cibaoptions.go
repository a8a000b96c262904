package oauth

import (
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// CIBAOptions are the parameters of a backchannel authentication request (OpenID Connect CIBA Core §7.1). Exactly one of
// LoginHint, LoginHintToken and IDTokenHint names the user.
type CIBAOptions struct {
	// Scope is a space-separated list; empty is openid. Without openid in it, it is an error.
	Scope string
	// LoginHint is a name of the user at the server, such as an email or phone number.
	LoginHint string
	// LoginHintToken is a token about the user, in a format that the server defines.
	LoginHintToken string
	// IDTokenHint is an earlier ID token of the user, as received.
	IDTokenHint string
	// BindingMessage is a short text that both devices show, so that the user sees that the request is their own.
	BindingMessage string
	// UserCode is a secret of the user, such as a PIN, for a server that wants one against unsolicited requests.
	UserCode string
	// ACRValues are the preferred authentication context classes, space-separated; empty sends none. The server may
	// ignore them: check the ACR of the ID token.
	ACRValues string
	// RequestedExpiry is how long the login may wait for the user, in whole seconds; 0 lets the server decide.
	RequestedExpiry time.Duration
	// Ping is for a client that is registered for the ping mode (§10.2): the server tells a CIBAPingHandler when the user
	// has decided. False is the poll mode.
	Ping bool
	// AuthorizationDetails say what the token is for, where a scope is not exact enough (RFC 9396 §3); see AuthorizeOptions. Empty
	// sends none.
	AuthorizationDetails json.RawMessage
	// Extra adds parameters. A parameter that has a field here is an error.
	Extra url.Values
}

var cibaParams = []string{
	"scope", "login_hint", "login_hint_token", "id_token_hint", "binding_message", "user_code", "acr_values", "requested_expiry",
	"client_notification_token", "request", detailsParam,
}

// form checks the options and writes them.
func (o *CIBAOptions) form() (url.Values, error) {
	if o.Scope == "" {
		o.Scope = "openid"
	}
	hints := 0
	for _, hint := range []string{o.LoginHint, o.LoginHintToken, o.IDTokenHint} {
		if hint != "" {
			hints++
		}
	}
	switch {
	case !hasWord(o.Scope, "openid"):
		return nil, errors.New("oauth: Scope must have the word openid (OpenID Connect CIBA Core §7.1)")
	case hints != 1:
		return nil, errors.New("oauth: exactly one of LoginHint, LoginHintToken and IDTokenHint must be set (OpenID Connect CIBA Core §7.1)")
	case o.RequestedExpiry < 0 || o.RequestedExpiry%time.Second != 0:
		return nil, errors.New("oauth: RequestedExpiry must be whole seconds")
	case strings.ContainsFunc(o.BindingMessage, func(r rune) bool { return !unicode.IsPrint(r) }):
		return nil, errors.New("oauth: BindingMessage has a character that cannot be shown")
	}
	if err := checkExtra(o.Extra, cibaParams...); err != nil {
		return nil, err
	}
	form := newForm(
		"scope", o.Scope, "login_hint", o.LoginHint, "login_hint_token", o.LoginHintToken, "id_token_hint", o.IDTokenHint,
		"binding_message", o.BindingMessage, "user_code", o.UserCode, "acr_values", o.ACRValues,
	)
	if o.RequestedExpiry != 0 {
		form.Set("requested_expiry", strconv.FormatInt(int64(o.RequestedExpiry/time.Second), 10))
	}
	return form, merge(form, o.Extra)
}
