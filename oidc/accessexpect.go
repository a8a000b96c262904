package oidc

import (
	"errors"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// AccessTokenExpect says what an access token must have. The zero value follows the standard (RFC 9068 §4), with
// Config.ClientID as audience.
type AccessTokenExpect struct {
	// Audience is the resource server's identifier, which aud must have; empty means Config.ClientID.
	Audience string
	// OtherAudiences are more identifiers of this resource server, such as an earlier address: aud must have Audience
	// or one of these.
	OtherAudiences []string
	// Scopes are required: a token without one of them is refused as CheckInsufficientScope. Empty requires none.
	Scopes []string
	// ClientIDs are the clients whose tokens are accepted; empty accepts tokens of every client. When set, a token is
	// refused that has no client in client_id, azp, cid or appid, or has another client in one of them.
	ClientIDs []string
	// AllowPlainJWT also accepts tokens that do not follow RFC 9068 §2: with typ JWT or none, as from Authing, Okta
	// and Entra ID, or without client_id, as from Keycloak. scp, a list or a text, then counts as scope. Only the
	// scope distinguishes such a token from an ID token. An ID token that has a scope and none of nonce, at_hash and
	// c_hash is accepted too.
	AllowPlainJWT bool
	// AllowNoScope, with AllowPlainJWT, accepts plain tokens without any scope. Then only the client distinguishes
	// one from an ID token, whose aud is its client: ClientIDs must be set and must not have Audience, and a token
	// whose aud has its client is refused. An ID token that is for several clients at once may still be accepted.
	AllowNoScope bool
	// AllowBoundToken also accepts tokens that are bound to a key (cnf), and AccessToken.Binding has the key. The caller must
	// check that the request has a proof of that key: else the token works for everyone who stole it. RequireToken of package
	// web does this.
	AllowBoundToken bool
}

func (e *AccessTokenExpect) fill(clientID string) error {
	if e.Audience == "" {
		e.Audience = clientID
	}
	switch {
	case e.Audience == "":
		return errors.New("oidc: AccessTokenExpect.Audience and ClientID are not set")
	case slices.Contains(e.OtherAudiences, ""):
		return errors.New("oidc: AccessTokenExpect.OtherAudiences has an empty entry")
	case slices.ContainsFunc(e.Scopes, func(s string) bool { return s == "" || strings.ContainsAny(s, " \t\r\n") }):
		return errors.New("oidc: AccessTokenExpect.Scopes has an entry that is not one scope")
	case slices.Contains(e.ClientIDs, ""):
		return errors.New("oidc: AccessTokenExpect.ClientIDs has an empty entry")
	case !e.AllowNoScope:
		return nil
	case !e.AllowPlainJWT:
		return errors.New("oidc: AccessTokenExpect.AllowNoScope is for plain tokens, and AllowPlainJWT is not set")
	case len(e.ClientIDs) == 0:
		return errors.New("oidc: AccessTokenExpect.AllowNoScope needs ClientIDs: nothing else distinguishes an access token from an ID token")
	case slices.ContainsFunc(e.ClientIDs, e.isAudience):
		return errors.New("oidc: AccessTokenExpect.ClientIDs must not have the Audience or one of OtherAudiences when AllowNoScope is set: ID tokens of that client would be accepted")
	}
	return nil
}

func (e *AccessTokenExpect) isAudience(name string) bool {
	return name == e.Audience || slices.Contains(e.OtherAudiences, name)
}

// checkAudience accepts a token for this resource server and others (RFC 9068 §4).
func (e *AccessTokenExpect) checkAudience(cl *claims) error {
	if slices.ContainsFunc(cl.aud, e.isAudience) {
		return nil
	}
	return cl.checkAudience(e.Audience)
}

// checkScopes is the application's decision about a token that is valid (RFC 6750 §3.1).
func (e *AccessTokenExpect) checkScopes(t *AccessToken) error {
	for _, scope := range e.Scopes {
		if !t.HasScope(scope) {
			return refuse(CheckInsufficientScope, "the token does not have the scope %q", scope)
		}
	}
	return nil
}

// checkAccess checks what only an access token has, and moves scope and client from the plain names to the standard
// ones.
func (e *AccessTokenExpect) checkAccess(cl *claims, members []strictjson.Member, typed bool) error {
	switch {
	case cl.hasCnf && !e.AllowBoundToken:
		return refuse(CheckBinding, "the token is bound to a key (cnf), and no proof of the key is checked")
	case cl.badCnf:
		return refuse(CheckBinding, "cnf has no key that can be checked, or also another one: want jkt or x5t#S256")
	case typed && cl.sub == "":
		return refuse(CheckSubject, "sub is missing or empty")
	case typed && cl.clientID == "" && !e.AllowPlainJWT:
		return refuse(CheckClientID, "client_id is missing")
	case typed && cl.jti == "":
		return refuse(CheckTokenID, "jti is missing")
	}
	if typed && cl.clientID != "" {
		if err := kindAccessToken.refuseOthers(members, kindIDToken); err != nil {
			return err
		}
		return e.checkClient(cl, members, true)
	}
	if err := kindAccessToken.refuseOthers(members); err != nil {
		return err
	}
	if err := cl.readPlain(members); err != nil {
		return err
	}
	scoped := strings.TrimSpace(cl.scope) != ""
	if !scoped && !e.AllowNoScope {
		return refuse(CheckScope, "the token has no scope, so it cannot be distinguished from an ID token")
	}
	return e.checkClient(cl, members, scoped)
}

// readPlain reads what other servers call scope and client_id.
func (cl *claims) readPlain(members []strictjson.Member) error {
	if scp := claim(members, "scp"); strings.TrimSpace(cl.scope) == "" && scp.Kind() != strictjson.Null {
		var ok bool
		if cl.scope, ok = scopeText(scp); !ok {
			return refuse(CheckScope, "scp %s", scp.Misfit())
		}
	}
	for _, name := range []string{"cid", "appid"} {
		if cl.clientID == "" {
			cl.clientID, _ = claim(members, name).ExactStr()
		}
	}
	return nil
}

// checkClient compares each client claim of the token with ClientIDs. Without a scope, the client also distinguishes
// the token from an ID token, which has its client in aud.
func (e *AccessTokenExpect) checkClient(cl *claims, members []strictjson.Member, told bool) error {
	if len(e.ClientIDs) == 0 {
		return nil
	}
	named := false
	for _, name := range []string{"client_id", "azp", "cid", "appid"} {
		v := claim(members, name)
		if v.Kind() == strictjson.Null {
			continue
		}
		id, _ := v.ExactStr()
		if !slices.Contains(e.ClientIDs, id) {
			return refuse(CheckClientID, "%s is %s, which is not in ClientIDs", name, cl.quote(id))
		}
		if named = true; !told && slices.Contains(cl.aud, id) {
			return refuse(CheckClientID, "%s is in aud, as in an ID token", name)
		}
	}
	if !named {
		return refuse(CheckClientID, "the token names no client, and ClientIDs is set")
	}
	return nil
}
