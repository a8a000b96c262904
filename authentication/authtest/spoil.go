package authtest

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// breakIDToken spoils the claims of an ID token.
func (s *Server) breakIDToken(claims map[string]any, now time.Time) {
	s.breakAddresses(claims)
	if s.realm.Broken(ExpiredIDToken) {
		claims["iat"], claims["exp"] = now.Add(-2*time.Hour).Unix(), now.Add(-time.Hour).Unix()
	}
	if s.realm.Broken(FutureIDToken) {
		claims["iat"], claims["exp"] = now.Add(24*time.Hour).Unix(), now.Add(25*time.Hour).Unix()
	}
	if s.realm.Broken(WrongAuthorizedParty) {
		claims["azp"] = "another-application"
	}
	if s.realm.Broken(WrongNonce) {
		claims["nonce"] = idptest.Opaque()
	}
	if s.realm.Broken(MissingNonce) {
		delete(claims, "nonce")
	}
	if s.realm.Broken(MissingSubject) {
		delete(claims, "sub")
	}
	if s.realm.Broken(OldAuthTime) {
		claims["auth_time"] = now.Add(-10 * 24 * time.Hour).Unix()
	}
	for fault, name := range map[idptest.Fault]string{WrongAtHash: "at_hash", WrongCHash: "c_hash"} {
		if _, present := claims[name]; present && s.realm.Broken(fault) {
			claims[name] = halfHash(s.idTokenAlg(), idptest.Opaque())
		}
	}
}

func (s *Server) breakAccessToken(claims map[string]any, now time.Time) {
	s.breakAddresses(claims)
	if s.realm.Broken(ExpiredAccessToken) {
		claims["iat"], claims["exp"] = now.Add(-2*time.Hour).Unix(), now.Add(-time.Hour).Unix()
	}
}

func (s *Server) breakAddresses(claims map[string]any) {
	if s.realm.Broken(WrongAudience) {
		claims["aud"] = "another-application"
	}
	if s.realm.Broken(WrongIssuer) {
		claims["iss"] = otherIssuer
	}
}

// breakReply spoils the parameters of a callback.
func (s *Server) breakReply(reply idptest.Parameters) idptest.Parameters {
	without := func(name string) {
		reply = slices.DeleteFunc(reply, func(p idptest.Parameter) bool { return p.Name == name })
	}
	if s.realm.Broken(idptest.NoState) {
		without("state")
	}
	if s.realm.Broken(idptest.WrongState) {
		without("state")
		reply.Add("state", idptest.Opaque())
	}
	if s.realm.Broken(WrongIssParameter) {
		without("iss")
		reply.Add("iss", otherIssuer)
	}
	if s.realm.Broken(idptest.RepeatedParameter) {
		reply = append(reply, slices.Clone(reply)...)
	}
	return reply
}

// breakJSON spoils the members of a JSON reply.
func (s *Server) breakJSON(fault idptest.Fault, reply map[string]any, name string, value any) map[string]any {
	if !s.realm.Broken(fault) {
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
