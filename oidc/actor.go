package oidc

import (
	"encoding/json"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// actor reads act (RFC 8693 §4.1). A token whose actor cannot be read must not pass as one without an actor.
func actor(members []strictjson.Member) (*oauth.Actor, error) {
	v := claim(members, "act")
	if v.Kind() == strictjson.Null {
		return nil, nil
	}
	var a oauth.Actor
	if err := json.Unmarshal([]byte(v.Raw()), &a); err != nil {
		return nil, refuse(CheckActor, "act is not an object with the identifiers of an actor")
	}
	return &a, nil
}
