package main

import (
	"strings"
	"time"
)

// loginCases are tokens that do not fit what the application asked for, or what came with them.
func loginCases() []tokenCase {
	now := time.Now()
	maxAge := all(func(tr *trial) { tr.maxAge = 5 * time.Minute }, set("auth_time", now.Add(-time.Minute).Unix()))
	required := all(func(tr *trial) { tr.acr = []string{"urn:mfa"} }, set("acr", "urn:mfa"))
	beside := all(func(tr *trial) { tr.accessToken = accessToken }, set("at_hash", half(accessToken)))
	implicit := all(func(tr *trial) { tr.browser = true }, beside)
	hybrid := all(func(tr *trial) { tr.browser, tr.code = true, code }, set("c_hash", half(code)))
	withState := all(func(tr *trial) { tr.state = state }, set("s_hash", half(state)))
	pair := func(tr *trial) { tr.pair = true }
	front := func(c change) change { return func(tr *trial) { tr.front = c } }
	return []tokenCase{
		{id: "I21", name: "nonce of another login", spoil: set("nonce", "of-another-login")},
		{id: "I21", name: "no nonce", spoil: set("nonce", nil)},
		{id: "I21", name: "a nonce, and none was sent", base: all(set("nonce", nil), func(tr *trial) { tr.nonce = "" }), spoil: set("nonce", nonce)},
		{id: "I22", name: "old auth_time under max_age", base: maxAge, spoil: set("auth_time", now.Add(-time.Hour).Unix())},
		{id: "I22", name: "no auth_time under max_age", base: maxAge, spoil: set("auth_time", nil)},
		{id: "I22", name: "auth_time is text", base: maxAge, spoil: set("auth_time", "now")},
		{id: "I22", name: "auth_time tomorrow", base: maxAge, spoil: set("auth_time", now.AddDate(0, 0, 1).Unix())},
		{id: "I23", name: "acr is not the required one", base: required, spoil: set("acr", "urn:password")},
		{id: "I23", name: "no acr where one is required", base: required, spoil: set("acr", nil)},
		{id: "I24", name: "at_hash of another access token", base: beside, spoil: set("at_hash", half("another"))},
		{id: "I24", name: "at_hash is a number", base: beside, spoil: set("at_hash", 7)},
		{id: "I24", name: "no at_hash in the browser", base: implicit, spoil: set("at_hash", nil)},
		{id: "I25", name: "c_hash of another code", base: hybrid, spoil: set("c_hash", half("another"))},
		{id: "I25", name: "no c_hash in the browser", base: hybrid, spoil: set("c_hash", nil)},
		{id: "I26", name: "s_hash of another state", base: withState, spoil: set("s_hash", half("another"))},
		{id: "I27", name: "another sub from the token endpoint", base: pair, spoil: front(set("sub", "another-person"))},
	}
}

// kindCases are valid tokens of another kind, for the same client.
func kindCases() []tokenCase {
	withoutNonce := all(set("nonce", nil), func(tr *trial) { tr.nonce = "" })
	list := []tokenCase{
		{id: "I33", name: "scope and no nonce: an access token", base: withoutNonce, spoil: set("scope", "openid profile")},
		{id: "I33", name: "client_id and no nonce: an access token", base: withoutNonce, spoil: set("client_id", clientID)},
		{id: "I33", name: "events: a logout token", spoil: set("events", map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}})},
		{id: "I33", name: "token_introspection: an introspection reply", spoil: set("token_introspection", map[string]any{"active": true})},
	}
	for _, typ := range strings.Fields("at+jwt application/at+jwt logout+jwt dpop+jwt secevent+jwt token-introspection+jwt oauth-authz-req+jwt entity-statement+jwt") {
		list = append(list, tokenCase{id: "I11", name: "typ " + typ, spoil: head("typ", typ)})
	}
	return list
}
