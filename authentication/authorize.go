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
	// for SAML one of the ACS addresses. Empty is the one in Options.
	RedirectURI string
	// IDP is the entity ID of the identity provider, where there are several (SAML). Empty is the only one.
	IDP string
	// Scope is a list of words between spaces (OIDC, OAuth). Empty is Authing's default: "openid profile email phone
	// address" for OIDC, "user" for OAuth.
	Scope string
	// State comes back with the browser (OIDC, OAuth, SAML's links). Empty is a random one, which AuthorizeParameters
	// reads. BeginLogin makes its own and refuses one given.
	State string
	// Nonce stands in the ID token (OIDC). Empty is a random one, which AuthorizeParameters reads. BeginLogin makes its
	// own and refuses one given.
	Nonce string
	// ResponseType is what comes back (OIDC, OAuth); empty is code.
	ResponseType oauth.ResponseType
	// ResponseMode is how it comes back (OIDC); empty sends nothing, which is the server's default.
	ResponseMode oauth.ResponseMode
	// CodeChallenge is PKCE's (OIDC, OAuth), 43 characters for S256; empty sends none. BeginLogin makes its own and
	// refuses one given.
	CodeChallenge string
	// CodeChallengeMethod says how CodeChallenge was made; empty is S256. It is an error without one.
	CodeChallengeMethod pkce.Method
	// Prompt is a list of the words none, login, consent and select_account (OIDC); SAML knows none and login. Empty
	// sends nothing, or consent for Authing when Scope has offline_access.
	Prompt string
	// Display is page, popup, touch or wap (OIDC); empty sends nothing.
	Display string
	// MaxAge is how long ago the user may have logged in, in whole seconds (OIDC, SAML). CompleteLogin enforces it. Zero
	// asks for nothing; oidc.ReauthenticateNow wants a new login (OIDC).
	MaxAge time.Duration
	// LoginHint is what the user may be called at the server (OIDC); empty sends nothing.
	LoginHint string
	// UILocales is a list of languages between spaces (OIDC); empty sends nothing.
	UILocales string
	// ACRValues is a list of classes of authentication between spaces: a wish in OIDC, which Claims makes a
	// demand, and a demand in SAML. Empty asks for none.
	ACRValues string
	// IDTokenHint is an ID token of the user who is expected (OIDC); empty sends nothing.
	IDTokenHint string
	// Claims is the claims parameter, a JSON object (OpenID Connect Core §5.5); empty sends nothing.
	Claims json.RawMessage
	// TenantID is Authing's tenant_id (OIDC); empty sends nothing.
	TenantID string
	// Renew asks for the password again (CAS).
	Renew bool
	// Gateway asks no question: a user without a session comes back without a ticket (CAS).
	Gateway bool
	// Extra adds parameters (OIDC, OAuth); nil adds none. One that has a field is an error.
	Extra url.Values
}

// Only returns an error, ErrMisconfigured, that names the first option that is set and not among names. Every flow
// begins with it.
func (o AuthorizeOptions) Only(names ...string) error { return only("AuthorizeOptions", o, names) }

// LogoutOptions are the options of every protocol's logout. A flow refuses those that it does not know.
type LogoutOptions struct {
	// RedirectURI is where the browser returns after the logout; empty leaves it at the server. It must be registered
	// there. A single logout by SAML takes none: its answer comes to SLOURL.
	RedirectURI string
	// Expert chooses the logout of OpenID Connect instead of Authing's own page (Authing OIDC).
	Expert bool
	// IDToken is the hint of an expert logout, an ID token of the user; empty sends none.
	IDToken string
	// State comes back with the browser (OpenID Connect); empty sends none.
	State string
	// LogoutHint is what the user is called at the server (OpenID Connect); empty sends none.
	LogoutHint string
	// UILocales is a list of languages between spaces (OpenID Connect); empty sends none.
	UILocales string
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
