package authentication

import (
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"time"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/pkce"
)

// AuthorizeOptions are the options of every protocol's login. A flow refuses those that it does not
// know.
type AuthorizeOptions struct {
	// RedirectURI is where the browser returns, instead of the one in Options. For CAS it is the service,
	// for SAML one of the ACS addresses.
	RedirectURI string
	// IDP is the entity ID of the identity provider, where there are several (SAML).
	IDP string
	// Scope is a list of words (OIDC, OAuth).
	Scope string
	// State and Nonce are made at random when empty. BeginLogin makes its own and refuses ones given.
	State, Nonce string
	// ResponseType is code unless set (OIDC, OAuth).
	ResponseType oauth.ResponseType
	// ResponseMode is sent when set (OIDC).
	ResponseMode oauth.ResponseMode
	// CodeChallenge and CodeChallengeMethod are PKCE's (OIDC, OAuth). BeginLogin makes its own.
	CodeChallenge       string
	CodeChallengeMethod pkce.Method
	// Prompt, Display, MaxAge, LoginHint, UILocales, ACRValues, IDTokenHint and Claims are those of
	// oidc.AuthorizeOptions. SAML knows Prompt (login, none), MaxAge and ACRValues, its classes of
	// authentication.
	Prompt, Display                              string
	MaxAge                                       time.Duration
	LoginHint, UILocales, ACRValues, IDTokenHint string
	Claims                                       json.RawMessage
	// TenantID is Authing's tenant_id (OIDC).
	TenantID string
	// Renew asks for the password again, Gateway for no question at all (CAS).
	Renew, Gateway bool
	// Extra adds parameters (OIDC, OAuth). One that has a field is an error.
	Extra url.Values
}

// Only returns an error, ErrMisconfigured, that names the first option that is set and not among names. Every flow
// begins with it.
func (o AuthorizeOptions) Only(names ...string) error { return only("AuthorizeOptions", o, names) }

// LogoutOptions are the options of every protocol's logout. A flow refuses those that it does not know.
type LogoutOptions struct {
	// RedirectURI is where the browser returns after the logout. It must be registered at the server.
	// A single logout by SAML takes none: its answer comes to SLOURL.
	RedirectURI string
	// Expert chooses the logout of OpenID Connect instead of Authing's own page (Authing OIDC).
	Expert bool
	// IDToken is the hint of an expert logout.
	IDToken string
	// State comes back with the browser (OpenID Connect).
	State string
	// LogoutHint and UILocales are those of oidc.LogoutOptions.
	LogoutHint, UILocales string
	// SendAppID adds app_id to Authing's logout page.
	SendAppID bool
}

// Only returns an error, ErrMisconfigured, that names the first option that is set and not among names. Every flow
// begins with it.
func (o LogoutOptions) Only(names ...string) error { return only("LogoutOptions", o, names) }

func only(kind string, options any, names []string) error {
	value := reflect.ValueOf(options)
	for i := range value.NumField() {
		if name := value.Type().Field(i).Name; isSet(value.Field(i)) && !slices.Contains(names, name) {
			return misconfigured(fmt.Errorf("authentication: %s.%s is not an option of this protocol", kind, name))
		}
	}
	return nil
}

// isSet tells whether an option says anything: an empty map or slice says as little as none.
func isSet(v reflect.Value) bool {
	if k := v.Kind(); k == reflect.Map || k == reflect.Slice {
		return v.Len() > 0
	}
	return !v.IsZero()
}
