package oidctest

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// breakIDToken spoils the claims of an ID token.
func breakIDToken(realm *idptest.Realm, alg string, claims map[string]any, now time.Time) {
	breakAddresses(realm, claims)
	if realm.Broken(ExpiredIDToken) {
		claims["iat"], claims["exp"] = now.Add(-2*time.Hour).Unix(), now.Add(-time.Hour).Unix()
	}
	if realm.Broken(FutureIDToken) {
		claims["iat"], claims["exp"] = now.Add(24*time.Hour).Unix(), now.Add(25*time.Hour).Unix()
	}
	if realm.Broken(WrongAuthorizedParty) {
		claims["azp"] = "another-application"
	}
	if realm.Broken(WrongNonce) {
		claims["nonce"] = idptest.Opaque()
	}
	if realm.Broken(MissingNonce) {
		delete(claims, "nonce")
	}
	if realm.Broken(MissingSubject) {
		delete(claims, "sub")
	}
	if realm.Broken(OldAuthTime) {
		claims["auth_time"] = now.Add(-10 * 24 * time.Hour).Unix()
	}
	for fault, name := range map[idptest.Fault]string{WrongAtHash: "at_hash", WrongCHash: "c_hash", WrongSHash: "s_hash"} {
		if _, present := claims[name]; present && realm.Broken(fault) {
			claims[name] = halfHash(alg, idptest.Opaque())
		}
	}
	for fault, name := range map[idptest.Fault]string{MissingAtHash: "at_hash", MissingCHash: "c_hash", MissingSHash: "s_hash"} {
		if realm.Broken(fault) {
			delete(claims, name)
		}
	}
}

func breakAccessToken(realm *idptest.Realm, claims map[string]any, now time.Time) {
	breakAddresses(realm, claims)
	if realm.Broken(ExpiredAccessToken) {
		claims["iat"], claims["exp"] = now.Add(-2*time.Hour).Unix(), now.Add(-time.Hour).Unix()
	}
}

func breakAddresses(realm *idptest.Realm, claims map[string]any) {
	if realm.Broken(WrongAudience) {
		claims["aud"] = "another-application"
	}
	if realm.Broken(WrongIssuer) {
		claims["iss"] = otherIssuer
	}
}

// breakReply spoils the parameters of a callback.
func breakReply(realm *idptest.Realm, reply idptest.Parameters) idptest.Parameters {
	without := func(name string) {
		reply = slices.DeleteFunc(reply, func(p idptest.Parameter) bool { return p.Name == name })
	}
	if realm.Broken(idptest.NoState) {
		without("state")
	}
	if realm.Broken(idptest.WrongState) {
		without("state")
		reply.Add("state", idptest.Opaque())
	}
	if realm.Broken(WrongIssParameter) {
		without("iss")
		reply.Add("iss", otherIssuer)
	}
	if realm.Broken(idptest.RepeatedParameter) {
		reply = append(reply, slices.Clone(reply)...)
	}
	return reply
}

// breakJSON spoils the members of a JSON reply.
func breakJSON(realm *idptest.Realm, fault idptest.Fault, reply map[string]any, name string, value any) map[string]any {
	if !realm.Broken(fault) {
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
