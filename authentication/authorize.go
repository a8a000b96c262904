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

// AuthorizeOptions are the options of a login by any protocol. A flow refuses options that it does not know.
type AuthorizeOptions struct {
	// RedirectURI is where the browser returns. For CAS it is the service. OIDC, OAuth and CAS take any address that the
	// server has registered, and a client without one of its own needs it here. SAML takes one of the ACS addresses with
	// which the client was made; see SAMLAddresses. Empty is the address of the client: Options.RedirectURI.
	RedirectURI string
	// IDP is the entity ID of the identity provider, when there are several (SAML). Empty is the only one.
	IDP string
	// Scope is a space-separated list (OIDC, OAuth). Empty is Authing's default: "openid profile email phone
	// address" for OIDC, "user" for OAuth.
	Scope string
	// State comes back with the browser (OIDC, OAuth, SAML's links). Empty is a random one, which AuthorizeParameters
	// returns. BeginLogin makes its own and refuses a given one.
	State string
	// Nonce comes back in the ID token (OIDC). Empty is a random one, which AuthorizeParameters returns. BeginLogin
	// makes its own and refuses a given one.
	Nonce string
	// ResponseType is what comes back (OIDC, OAuth); empty is code. BeginLogin takes those that end in a login: see
	// package oidc.
	ResponseType oauth.ResponseType
	// ResponseMode is how it comes back (OIDC); empty sends nothing, which is the server's default. fragment needs the
	// page of web.FragmentPage at the redirect URI. BeginLogin asks for form_post when it is empty, the response type
	// has a token, and the server's metadata has form_post. With AuthorizationSigningAlg of package oidc it is a mode of
	// JARM, such as form_post.jwt.
	ResponseMode oauth.ResponseMode
	// CodeChallenge is for PKCE (OIDC, OAuth), 43 characters for S256; empty sends none. BeginLogin makes its own and
	// refuses a given one.
	CodeChallenge string
	// CodeChallengeMethod says how CodeChallenge was made; empty is S256. Without a CodeChallenge it is an error.
	CodeChallengeMethod pkce.Method
	// Prompt is a list of none, login, consent and select_account (OIDC); SAML has none and login only. Empty sends
	// nothing, or consent for Authing when Scope has offline_access.
	Prompt string
	// Display is page, popup, touch or wap (OIDC); empty sends nothing.
	Display string
	// MaxAge is the longest allowed time since the user authenticated, in whole seconds (OIDC, SAML). CompleteLogin
	// enforces it; StepUp sets what goes with it. Zero asks for nothing; oidc.ReauthenticateNow asks for a new login (OIDC). SAML servers that write the
	// time of the response for it, such as Keycloak, pass every MaxAge.
	MaxAge time.Duration
	// Resource are the APIs that the access token is for, absolute URIs (OIDC, OAuth; RFC 8707 §2); nil names none.
	Resource []string
	// AuthorizationDetails is a JSON array of what the client asks for, where a scope is not exact enough (OIDC, OAuth; RFC 9396
	// §2); empty sends nothing. oauth.NewAuthorizationDetails makes it.
	AuthorizationDetails json.RawMessage
	// LoginHint is a user name that the login page may fill in (OIDC); empty sends nothing.
	LoginHint string
	// UILocales is a space-separated list of languages (OIDC); empty sends nothing.
	UILocales string
	// ACRValues is a space-separated list of authentication context classes. SAML enforces them; OIDC only asks for
	// them, and Claims can make acr essential there. Empty asks for none.
	ACRValues string
	// IDTokenHint is an ID token of the expected user (OIDC); empty sends nothing.
	IDTokenHint string
	// Claims is the claims parameter, a JSON object (OpenID Connect Core §5.5); empty sends nothing.
	Claims json.RawMessage
	// TenantID is Authing's tenant_id (OIDC); empty sends nothing.
	TenantID string
	// Renew makes the user authenticate again (CAS).
	Renew bool
	// Gateway shows no page: without a session at the server the browser comes back without a ticket (CAS).
	Gateway bool
	// Extra adds parameters (OIDC, OAuth); nil adds none. A parameter that has a field is an error.
	Extra url.Values
}

// Only returns an error, ErrMisconfigured, for the first option that is set and is not in names. Every method of a
// flow begins with it.
func (o AuthorizeOptions) Only(names ...string) error {
	return only("AuthorizeOptions", authorizeFields, reflect.ValueOf(&o).Elem(), names)
}

// LogoutOptions are the options of a logout by any protocol. A flow refuses options that it does not know.
type LogoutOptions struct {
	// RedirectURI is where the browser returns after the logout; empty leaves it at the server. It must be registered
	// there. A SAML single logout takes SLOURL only, where its response comes.
	RedirectURI string
	// Expert chooses the logout of OpenID Connect instead of Authing's own page (Authing OIDC).
	Expert bool
	// IDToken is the hint of an expert logout, an ID token of the user; empty sends none.
	IDToken string
	// OmitIDToken makes BeginLogout leave the user's ID token, which has claims, out of the address that the browser and
	// logs keep (OpenID Connect). The server then asks the user (RP-Initiated Logout §2).
	OmitIDToken bool
	// State comes back with the browser (OpenID Connect); empty sends none.
	State string
	// LogoutHint tells the server which user logs out (OpenID Connect); empty sends none.
	LogoutHint string
	// UILocales is a space-separated list of languages (OpenID Connect); empty sends none.
	UILocales string
	// SendAppID adds app_id to Authing's logout page.
	SendAppID bool
}

// Only returns an error, ErrMisconfigured, for the first option that is set and is not in names. Every method of a
// flow begins with it.
func (o LogoutOptions) Only(names ...string) error {
	return only("LogoutOptions", logoutFields, reflect.ValueOf(&o).Elem(), names)
}

var authorizeFields, logoutFields = fieldNames[AuthorizeOptions](), fieldNames[LogoutOptions]()

func fieldNames[T any]() (names []string) {
	for _, f := range reflect.VisibleFields(reflect.TypeFor[T]()) {
		names = append(names, f.Name)
	}
	return names
}

func only(kind string, fields []string, options reflect.Value, names []string) error {
	for i, name := range fields {
		if isSet(options.Field(i)) && !slices.Contains(names, name) {
			return misconfigured(fmt.Errorf("authentication: %s.%s is not an option of this protocol", kind, name))
		}
	}
	return nil
}

// isSet reports whether an option is set: an empty map or slice counts as not set.
func isSet(v reflect.Value) bool {
	if k := v.Kind(); k == reflect.Map || k == reflect.Slice {
		return v.Len() > 0
	}
	return !v.IsZero()
}
