package oidc

import (
	"slices"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// kind is one kind of JWT. A server signs many kinds with one key, and several of them have the same iss, sub and
// aud. Many servers write typ JWT for all of them, so each verifier refuses the other kinds by their typ, and by
// claims that only they have, their marks (RFC 8725 §3.11, §3.12).
//
// No mark distinguishes these, when the typ is JWT or absent:
//   - signed user info with iat and exp from an ID token of a login without nonce: the nonce does, and the place where
//     it was received (OpenID Connect Core §5.3.2);
//   - an ID token that has a scope and no nonce, at_hash or c_hash from an access token: see AllowPlainJWT;
//   - an ID-JAG, an authorization grant and a transaction token from a plain access token: their aud does, which is
//     an authorization server or a trust domain, and no API.
//
// Assertions, proofs and attestations of clients and wallets are from another issuer, or have none.
type kind uint8

const (
	kindIDToken kind = iota
	kindAccessToken
	kindLogoutToken
	kindSecurityEvent
	kindIntrospection
	kindUserInfo
	kindAuthorizationResponse
	kindRequestObject
	kindClientAssertion
	kindAuthorizationGrant
	kindIDJAG
	kindTransactionToken
	kindProof
	kindClientAttestation
	kindFederation
	kindStatusList
	kindCredential
	kindKeyBinding
	kindClaims
	kindCount
	noKind = kindCount
)

// kinds says how to recognize each kind. A new kind is a constant, a line here, and its marks in markOf; then every
// verifier refuses it.
var kinds = [kindCount]struct {
	name  string
	check TokenCheck // the check when a mark is found by another kind's verifier
	typs  []string   // besides JWT and none, without application/
}{
	// OpenID Connect Core §2, §5.3.2; RFC 9068 §2; Back-Channel Logout §2.4; RFC 8417 §2.3; RFC 9701 §5
	kindIDToken:       {"an ID token", CheckType, nil},
	kindUserInfo:      {"user info", CheckType, nil},
	kindAccessToken:   {"an access token", CheckScope, []string{"at+jwt"}},
	kindLogoutToken:   {"a logout token or another security event", CheckType, []string{"logout+jwt"}},
	kindSecurityEvent: {"a security event", CheckType, []string{"secevent+jwt"}},
	kindIntrospection: {"an introspection", CheckType, []string{"token-introspection+jwt"}},
	// JARM §2.1; RFC 9101 §4; RFC 7523 §3; drafts of the OAuth working group
	kindAuthorizationResponse: {"an authorization response", CheckType, nil},
	kindRequestObject:         {"a request object", CheckType, []string{"oauth-authz-req+jwt"}},
	kindClientAssertion:       {"a client assertion", CheckType, []string{"client-authentication+jwt"}},
	kindAuthorizationGrant:    {"an authorization grant", CheckType, []string{"authorization-grant+jwt"}},
	kindIDJAG:                 {"an identity assertion authorization grant", CheckType, []string{"oauth-id-jag+jwt"}},
	kindTransactionToken:      {"a transaction token", CheckType, []string{"txntoken+jwt"}},
	// RFC 9449 §4.2; OpenID for Verifiable Credential Issuance appendix F; RFC 9901 §4
	kindProof:             {"a proof of possession", CheckType, []string{"dpop+jwt", "dbsc+jwt", "openid4vci-proof+jwt", "oauth-client-attestation-pop+jwt"}},
	kindClientAttestation: {"an attestation", CheckType, []string{"oauth-client-attestation+jwt", "key-attestation+jwt", "keyattestation+jwt"}},
	kindStatusList:        {"a status list", CheckType, []string{"statuslist+jwt"}},
	kindCredential:        {"a credential", CheckType, []string{"dc+sd-jwt", "vc+sd-jwt", "vp+sd-jwt", "vc+jwt", "vp+jwt"}},
	kindKeyBinding:        {"a key binding", CheckType, []string{"kb+jwt"}},
	// OpenID Connect Core §5.6.2: neither typ nor mark, but the issuer is another one
	kindClaims: {"claims of another party", CheckType, nil},
	// OpenID Federation §3, §7, §8
	kindFederation: {"a statement of a federation", CheckType, []string{
		"entity-statement+jwt", "explicit-registration-response+jwt", "trust-mark+jwt", "trust-mark-delegation+jwt",
		"trust-mark-status-response+jwt", "resolve-response+jwt", "jwk-set+jwt",
	}},
}

// markOf returns the kind of which a claim is a mark, and noKind when it is no mark. It is a switch, because every
// claim of every token is looked up.
func markOf(claim string) kind {
	switch claim {
	case "nonce", "at_hash", "c_hash":
		return kindIDToken
	case "scope", "scp", "client_id": // unless a mark of an ID token is there too
		return kindAccessToken
	case "events":
		return kindLogoutToken
	case "token_introspection":
		return kindIntrospection
	case "code", "access_token", "id_token", "error": // unless there is a sub, which no response has
		return kindAuthorizationResponse
	case "response_type":
		return kindRequestObject
	case "tctx", "rctx", "req_wl":
		return kindTransactionToken
	case "htm", "htu":
		return kindProof
	case "attested_keys":
		return kindClientAttestation
	case "jwks", "authority_hints", "trust_mark_type", "trust_mark_id", "trust_chain":
		return kindFederation
	case "status_list":
		return kindStatusList
	case "vct", "vc", "vp", "_sd", "_sd_alg":
		return kindCredential
	case "sd_hash":
		return kindKeyBinding
	}
	return noKind
}

// refuseTyp is the refusal of a typ that k may not have.
func (k kind) refuseTyp(typ string) error {
	for other := range kindCount {
		if other.has(typ) {
			return refuse(CheckType, "typ says that this is %s, not %s", kinds[other].name, kinds[k].name)
		}
	}
	return refuse(CheckType, "typ says that this is not %s", kinds[k].name)
}

// has reports whether typ is one of k's.
func (k kind) has(typ string) bool {
	return slices.ContainsFunc(kinds[k].typs, func(t string) bool { return equalMedia(typ, t) })
}

// refuseOthers refuses a token with the mark of another kind. The marks of k and of the excused kinds do not count.
func (k kind) refuseOthers(members []strictjson.Member, excused ...kind) error {
	found := uint32(0) // a bit for each kind
	for i := range members {
		if other := markOf(members[i].Name); other != noKind && members[i].Value.Kind() != strictjson.Null {
			found |= 1 << other
		}
	}
	if found&(1<<kindIDToken) != 0 {
		found &^= 1 << kindAccessToken
	}
	found &^= 1 << k
	for _, other := range excused {
		found &^= 1 << other
	}
	if found&(1<<kindAuthorizationResponse) != 0 && claim(members, "sub").Kind() != strictjson.Null {
		found &^= 1 << kindAuthorizationResponse
	}
	if found == 0 {
		return nil
	}
	for _, m := range members {
		if other := markOf(m.Name); other != noKind && found&(1<<other) != 0 && m.Value.Kind() != strictjson.Null {
			return refuse(kinds[other].check, "this is %s: it has %s", kinds[other].name, m.Name)
		}
	}
	return nil
}

// claim returns a null for a claim that is absent.
func claim(members []strictjson.Member, name string) strictjson.Value {
	for i := range members {
		if members[i].Name == name {
			return members[i].Value
		}
	}
	return strictjson.Value{}
}
