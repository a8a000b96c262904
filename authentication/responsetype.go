package authentication

import (
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

var oidcResponseTypes = []oauth.ResponseType{
	oauth.ResponseTypeCode, oidc.ResponseTypeIDToken, oidc.ResponseTypeIDTokenToken, oidc.ResponseTypeCodeIDToken,
	oidc.ResponseTypeCodeToken, oidc.ResponseTypeCodeIDTokenToken, oidc.ResponseTypeNone,
}

var oauthResponseTypes = []oauth.ResponseType{oauth.ResponseTypeCode, oauth.ResponseTypeToken}

// checkResponse refuses response types that Authing does not know.
func checkResponse(t oauth.ResponseType, known []oauth.ResponseType) error {
	if t == "" {
		return nil
	}
	for _, k := range known {
		if k.Is(t) {
			return nil
		}
	}
	return fmt.Errorf("authentication: unknown ResponseType %s, want one of %q", httpcore.Quote(string(t)), known)
}
