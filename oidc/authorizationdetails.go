package oidc

import (
	"encoding/json"

	"github.com/seed6e7d3bb2/authing-go/internal/authorize"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// authorizationDetails reads the claim of an access token (RFC 9396 §9.1). A token whose details cannot be read must not
// pass as one without details.
func authorizationDetails(members []strictjson.Member) (json.RawMessage, error) {
	v := claim(members, "authorization_details")
	if v.Kind() == strictjson.Null {
		return nil, nil
	}
	if err := authorize.CheckDetails(v); err != nil {
		return nil, refuse(CheckAuthorizationDetails, "authorization_details %v", err)
	}
	return json.RawMessage(v.Raw()), nil
}
