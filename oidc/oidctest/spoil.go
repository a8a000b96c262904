package oidctest

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// breakIDToken spoils the claims of an ID token.
func breakIDToken(on faults, alg string, claims map[string]any, now time.Time) {
	breakAddresses(on, claims)
	if on.Broken(ExpiredIDToken) {
		claims["iat"], claims["exp"] = now.Add(-2*time.Hour).Unix(), now.Add(-time.Hour).Unix()
	}
	if on.Broken(FutureIDToken) {
		claims["iat"], claims["exp"] = now.Add(24*time.Hour).Unix(), now.Add(25*time.Hour).Unix()
	}
	if on.Broken(WrongAuthorizedParty) {
		claims["azp"] = "another-application"
	}
	if on.Broken(WrongNonce) {
		claims["nonce"] = idptest.Opaque()
	}
	if on.Broken(OldAuthTime) {
		claims["auth_time"] = now.Add(-10 * 24 * time.Hour).Unix()
	}
	for fault, name := range map[idptest.Fault]string{
		WrongAtHash: "at_hash", WrongCHash: "c_hash", WrongSHash: "s_hash", WrongRTHash: "urn:openid:params:jwt:claim:rt_hash",
		OtherAuthReqID: "urn:openid:params:jwt:claim:auth_req_id",
	} {
		if _, present := claims[name]; present && on.Broken(fault) {
			claims[name] = halfHash(alg, idptest.Opaque())
		}
	}
	for fault, name := range map[idptest.Fault]string{
		MissingNonce: "nonce", MissingSubject: "sub", MissingIssuedAt: "iat", MissingIssuer: "iss", EndlessIDToken: "exp", MissingAudience: "aud",
		MissingAtHash: "at_hash", MissingCHash: "c_hash", MissingSHash: "s_hash",
	} {
		if on.Broken(fault) {
			delete(claims, name)
		}
	}
}

func breakAccessToken(on faults, claims map[string]any, now time.Time) {
	breakAddresses(on, claims)
	if on.Broken(ExpiredAccessToken) {
		claims["iat"], claims["exp"] = now.Add(-2*time.Hour).Unix(), now.Add(-time.Hour).Unix()
	}
}

func breakAddresses(on faults, claims map[string]any) {
	if on.Broken(WrongAudience) {
		claims["aud"] = "another-application"
	}
	if on.Broken(WrongIssuer) {
		claims["iss"] = otherIssuer
	}
	for fault, more := range map[idptest.Fault][]string{ListAudience: nil, SecondAudience: {"another-application"}} {
		if on.Broken(fault) {
			claims["aud"] = append(audiences(claims["aud"]), more...)
		}
	}
}

func audiences(aud any) []string {
	if one, ok := aud.(string); ok {
		return []string{one}
	}
	list, _ := aud.([]string)
	return slices.Clone(list)
}

// breakReply spoils the parameters of a callback.
func breakReply(on faults, reply idptest.Parameters) idptest.Parameters {
	without := func(name string) {
		reply = slices.DeleteFunc(reply, func(p idptest.Parameter) bool { return p.Name == name })
	}
	if on.Broken(idptest.NoState) {
		without("state")
	}
	if on.Broken(idptest.WrongState) {
		without("state")
		reply.Add("state", idptest.Opaque())
	}
	if on.Broken(WrongIssParameter) {
		without("iss")
		reply.Add("iss", otherIssuer)
	}
	if on.Broken(MissingIssParameter) {
		without("iss")
	}
	return reply
}

// breakCount repeats the parameters of a callback.
func breakCount(on faults, reply idptest.Parameters) idptest.Parameters {
	if on.Broken(idptest.RepeatedParameter) {
		reply = append(reply, slices.Clone(reply)...)
	}
	return reply
}

// breakJSON spoils the members of a JSON reply.
func breakJSON(on faults, fault idptest.Fault, reply map[string]any, name string, value any) map[string]any {
	if !on.Broken(fault) {
		return reply
	}
	spoilt := maps.Clone(reply)
	if value == nil {
		delete(spoilt, name)
	} else {
		spoilt[name] = value
	}
	return spoilt
}

// otherCase writes letters small and capital in turn.
func otherCase(word string) string {
	letters := []byte(strings.ToLower(word))
	for i := 1; i < len(letters); i += 2 {
		letters[i] -= 'a' - 'A'
	}
	return string(letters)
}

// spoil changes a bit in the signature of a compact JWS.
func spoil(raw string) string {
	at := strings.LastIndexByte(raw, '.') + 1
	if at == len(raw) {
		return raw
	}
	// The first character: all its bits count, unlike the last one's.
	other := byte('A')
	if raw[at] == 'A' {
		other = 'B'
	}
	return raw[:at] + string(other) + raw[at+1:]
}
