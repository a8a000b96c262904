package authtest

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// breakIDToken spoils the claims of an ID token.
func (s *Server) breakIDToken(claims map[string]any, now time.Time) {
	s.breakAddresses(claims)
	if s.broken(ExpiredIDToken) {
		claims["iat"], claims["exp"] = now.Add(-2*time.Hour).Unix(), now.Add(-time.Hour).Unix()
	}
	if s.broken(FutureIDToken) {
		claims["iat"], claims["exp"] = now.Add(24*time.Hour).Unix(), now.Add(25*time.Hour).Unix()
	}
	if s.broken(WrongAuthorizedParty) {
		claims["azp"] = "another-application"
	}
	if s.broken(WrongNonce) {
		claims["nonce"] = opaque()
	}
	if s.broken(MissingNonce) {
		delete(claims, "nonce")
	}
	if s.broken(MissingSubject) {
		delete(claims, "sub")
	}
	if s.broken(OldAuthTime) {
		claims["auth_time"] = now.Add(-10 * 24 * time.Hour).Unix()
	}
	for fault, name := range map[Fault]string{WrongAtHash: "at_hash", WrongCHash: "c_hash"} {
		if _, present := claims[name]; present && s.broken(fault) {
			claims[name] = halfHash(s.idTokenAlg(), opaque())
		}
	}
}

func (s *Server) breakAccessToken(claims map[string]any, now time.Time) {
	s.breakAddresses(claims)
	if s.broken(ExpiredAccessToken) {
		claims["iat"], claims["exp"] = now.Add(-2*time.Hour).Unix(), now.Add(-time.Hour).Unix()
	}
}

func (s *Server) breakAddresses(claims map[string]any) {
	if s.broken(WrongAudience) {
		claims["aud"] = "another-application"
	}
	if s.broken(WrongIssuer) {
		claims["iss"] = otherIssuer
	}
}

// breakReply spoils the parameters of a callback.
func (s *Server) breakReply(reply []parameter) []parameter {
	without := func(name string) {
		reply = slices.DeleteFunc(reply, func(p parameter) bool { return p.Name == name })
	}
	if s.broken(NoState) {
		without("state")
	}
	if s.broken(WrongState) {
		without("state")
		reply = append(reply, parameter{"state", opaque()})
	}
	if s.broken(WrongIssParameter) {
		without("iss")
		reply = append(reply, parameter{"iss", otherIssuer})
	}
	if s.broken(RepeatedParameter) {
		reply = append(reply, slices.Clone(reply)...)
	}
	return reply
}

// breakJSON spoils the members of a JSON reply.
func (s *Server) breakJSON(fault Fault, reply map[string]any, name string, value any) map[string]any {
	if !s.broken(fault) {
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
