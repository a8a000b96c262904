package authentication

import (
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

var oidcResponseTypes = []oauth.ResponseType{
	oauth.ResponseTypeCode, oidc.ResponseTypeIDToken, oidc.ResponseTypeIDTokenToken, oidc.ResponseTypeCodeIDToken,
	oidc.ResponseTypeCodeToken, oidc.ResponseTypeCodeIDTokenToken, oidc.ResponseTypeNone,
}

var oauthResponseTypes = []oauth.ResponseType{oauth.ResponseTypeCode, oauth.ResponseTypeToken}

// checkResponse refuses what Authing does not know.
func checkResponse(o AuthorizeOptions, types []oauth.ResponseType) error {
	switch o.ResponseMode {
	case "", oauth.ResponseModeQuery, oauth.ResponseModeFragment, oauth.ResponseModeFormPost:
	default:
		return fmt.Errorf("authentication: unknown ResponseMode %q, want query, fragment or form_post", string(o.ResponseMode))
	}
	if o.ResponseType == "" {
		return nil
	}
	for _, t := range types {
		if t.Is(o.ResponseType) {
			return nil
		}
	}
	return fmt.Errorf("authentication: unknown ResponseType %q, want one of %q", string(o.ResponseType), types)
}
