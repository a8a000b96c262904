package oidc

import "github.com/seed6e7d3bb2/authing-go/internal/strictjson"

func newAccessToken(cl *claims, members []strictjson.Member, payload string) *AccessToken {
	return &AccessToken{
		Issuer: cl.iss, Subject: cl.sub, ClientID: cl.clientID, AuthorizedParty: cl.azp, JWTID: cl.jti, Scope: cl.scope,
		Audience: cl.aud, Expiry: cl.exp, IssuedAt: cl.iat, NotBefore: cl.nbf, AuthTime: cl.authTime, ACR: cl.acr, AMR: cl.amr,
		Groups: valueList(members, "groups"), Roles: valueList(members, "roles"), Entitlements: valueList(members, "entitlements"),
		Binding: cl.binding, payload: payload,
	}
}

// valueList reads a list of strings, or of objects whose member value is a string, as SCIM has them (RFC 7643 §2.4).
// A list with any other element is nil: a part of an authorization could mean more than the whole.
func valueList(members []strictjson.Member, name string) []string {
	var values []string
	for v := range claim(members, name).Elements {
		if v.Kind() == strictjson.Object {
			v = valueMember(v)
		}
		value, ok := v.ExactStr()
		if !ok {
			return nil
		}
		values = append(values, value)
	}
	return values
}

func valueMember(object strictjson.Value) (value strictjson.Value) {
	for name, v := range object.Members {
		if name == "value" {
			value = v
		}
	}
	return value
}
