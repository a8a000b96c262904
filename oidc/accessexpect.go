package oidc

import (
	"errors"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// AccessTokenExpect is what an access token must answer to. The zero value wants what the
// standard wants (RFC 9068 §4), with Config.ClientID as audience.
type AccessTokenExpect struct {
	// Audience is the resource that the token must be for; empty means Config.ClientID.
	Audience string
	// ClientIDs are the clients whose tokens are taken; empty takes those of every client. A token that names none in
	// client_id, azp, cid or appid is refused then, and so is one that names another in any of them.
	ClientIDs []string
	// AllowPlainJWT accepts also tokens that are not as RFC 9068 §2 wants them: with typ JWT or none, as of Authing,
	// Okta and Entra, and without client_id, as of Keycloak. scp, a list or a text, then counts as scope. Only the scope
	// tells such a token from an ID token, so a server that puts a scope into ID tokens that have none of nonce, at_hash
	// and c_hash would make them pass.
	AllowPlainJWT bool
	// AllowNoScope, beside AllowPlainJWT, accepts plain tokens without any scope. Nothing but the client then tells one
	// from an ID token, whose aud is its client: ClientIDs must be set and must not hold Audience, and a token whose aud
	// holds its client is refused. A server that issues ID tokens for several clients at once could still make one pass.
	AllowNoScope bool
}

func (e *AccessTokenExpect) fill(clientID string) error {
	if e.Audience == "" {
		e.Audience = clientID
	}
	switch {
	case e.Audience == "":
		return errors.New("oidc: AccessTokenExpect.Audience is not set, and there is no ClientID in its place")
	case slices.Contains(e.ClientIDs, ""):
		return errors.New("oidc: AccessTokenExpect.ClientIDs has an empty one")
	case !e.AllowNoScope:
		return nil
	case !e.AllowPlainJWT:
		return errors.New("oidc: AccessTokenExpect.AllowNoScope is for plain tokens, and AllowPlainJWT is not set")
	case len(e.ClientIDs) == 0:
		return errors.New("oidc: AccessTokenExpect.AllowNoScope needs ClientIDs: nothing else tells an access token from an ID token")
	case slices.Contains(e.ClientIDs, e.Audience):
		return errors.New("oidc: AccessTokenExpect.ClientIDs must not hold the Audience where AllowNoScope is set: ID tokens of that client would pass")
	}
	return nil
}

// checkAccess checks what is an access token's own, and puts the plain names of scope and client in their places.
func (e *AccessTokenExpect) checkAccess(cl *claims, members []strictjson.Member, typed bool) error {
	switch {
	case cl.hasCnf:
		return refuse(CheckBinding, "the token is bound to a key, and a bearer has no proof of it")
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
		return refuse(CheckScope, "the token has no scope, so nothing tells it from an ID token")
	}
	return e.checkClient(cl, members, scoped)
}

// readPlain reads what other servers call scope and client_id.
func (cl *claims) readPlain(members []strictjson.Member) error {
	if scp := claim(members, "scp"); strings.TrimSpace(cl.scope) == "" && scp.Kind() != strictjson.Null {
		var ok bool
		if cl.scope, ok = scopeText(scp); !ok {
			return refuse(CheckScope, "scp %s", misfit(scp))
		}
	}
	for _, name := range []string{"cid", "appid"} {
		if cl.clientID == "" {
			cl.clientID, _ = claim(members, name).ExactStr()
		}
	}
	return nil
}

// checkClient compares every name of the client that the token has with ClientIDs. Until something else told the token
// from an ID token, the client does: it stands in the aud of an ID token.
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
			return refuse(CheckClientID, "%s is %s, which ClientIDs does not name", name, cl.quote(id))
		}
		if named = true; !told && slices.Contains(cl.aud, id) {
			return refuse(CheckClientID, "%s stands in aud, as it does in an ID token", name)
		}
	}
	if !named {
		return refuse(CheckClientID, "the token names no client, and ClientIDs is set")
	}
	return nil
}
