package saml

import (
	"fmt"
	"net/url"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// AuthorizeOptions are the choices of one login (SAML Core §3.4.1).
type AuthorizeOptions struct {
	// IDP is the entity ID of the identity provider; empty is the only one.
	IDP string
	// ACSURL is where the response comes; empty is Config.ACSURL.
	ACSURL string
	// SendACSIndex sends the address's index in our metadata and not the address.
	SendACSIndex bool
	// Binding is how the request travels; empty is by redirect where the identity provider offers that.
	Binding Binding
	// ForceAuthn wants the user to authenticate anew; whether he did is checked with MaxAge alone.
	ForceAuthn bool
	// IsPassive wants no page: without a session at the identity provider the login ends with NoPassive.
	IsPassive bool
	// MaxAge refuses a user who authenticated longer ago than that when the response comes, beyond the skew; 0
	// means any. SAML has no word for it but ForceAuthn, as which it is sent when it is under a second.
	MaxAge time.Duration
	// NameIDPolicy is what kind of name is wanted; nil is Config.NameIDFormat.
	NameIDPolicy *NameIDPolicy
	// RequestedAuthnContext is how the user must authenticate; nil is any way.
	RequestedAuthnContext *RequestedAuthnContext
	// Scoping is what a proxying identity provider is told; nil is nothing.
	Scoping *Scoping
	// RelayState is for BuildAuthorizeUrl, at most 80 bytes (SAML Bindings §3.4.3). BeginLogin makes its own.
	RelayState string
	// Extra are further parameters of the address, such as login_hint. They are not signed.
	Extra url.Values
}

// NameIDPolicy is what name is asked for (SAML Core §3.4.1.1). A login whose name has another Format than that ends
// in an error: the request goes through the user's browser, who could ask for one that he chooses himself.
type NameIDPolicy struct {
	// Format is the kind of name, a URI; another one in the response is refused. Empty is any.
	Format string
	// SPNameQualifier is the group whose name for the user is wanted; empty is this service provider.
	SPNameQualifier string
	// AllowCreate lets the identity provider make a new name for the user.
	AllowCreate bool
}

// RequestedAuthnContext is how the user should authenticate (SAML Core §3.3.2.2.1).
type RequestedAuthnContext struct {
	// Comparison is exact when empty, or minimum, maximum, better.
	Comparison string
	// Classes are those that are asked for, URIs, the best first. One at least is required.
	Classes []string
	// Accept are the classes that end in a login; empty means Classes. With a Comparison other than exact it
	// must be set: no order of classes is known here.
	Accept []string
}

// Scoping limits who may authenticate the user (SAML Core §3.4.1.2).
type Scoping struct {
	// ProxyCount is through how many identity providers the request may go; nil leaves it unsaid.
	ProxyCount *int
	// IDPs are the entity IDs of those that may log the user in; empty leaves it unsaid.
	IDPs []string
	// RequesterIDs are the entity IDs of those for whom it is asked; empty leaves it unsaid.
	RequesterIDs []string
}

// Login is one browser's login under way: all that CompleteLogin must compare. It is a secret of that
// browser, so seal it into a cookie or keep it server-side; the response is a POST from another site, which
// only a cookie with SameSite=None survives. Its JSON form is part of the API; a missing or unknown member
// is an error when it is read back.
//
// It prints redacted, and its JSON form is whole. slog's JSON handler writes that form of one that stands inside a
// struct, map or slice of yours: log it by itself.
type Login struct {
	// URL is where to send the browser. It and Form are not needed later: empty both before storing the login, or one
	// that goes by POST passes the 4096 bytes of a cookie.
	URL string `json:"url"`
	// Form, when not nil, is what to post to URL.
	Form url.Values `json:"form"`
	// Key comes back with the browser as RelayState; LoginKey reads it.
	Key string `json:"key"`
	// RequestID is the ID of the AuthnRequest.
	RequestID string `json:"request_id"`
	// IDP is the entity ID of the identity provider that was asked.
	IDP string `json:"idp"`
	// Client is the entity ID of who asked. Another client does not complete the login.
	Client string `json:"client"`
	// ACSURL is where the response must come.
	ACSURL string `json:"acs_url"`
	// MaxAge is in seconds; nil when none was asked for.
	MaxAge *int64 `json:"max_age"`
	// Contexts are the acceptable classes of authentication; empty is any.
	Contexts []string `json:"contexts"`
	// NameIDFormat is the acceptable kind of name; empty is any.
	NameIDFormat string `json:"name_id_format"`
	// CreatedAt is when the login began; Config.LoginLifetime counts from it.
	CreatedAt time.Time `json:"created_at"`
}

// UnmarshalJSON reads the stored form.
func (l *Login) UnmarshalJSON(data []byte) error {
	type plain Login
	var p plain
	if err := strictjson.Exact(data, &p); err != nil {
		return fmt.Errorf("saml: stored login: %w", err)
	}
	*l = Login(p)
	return nil
}
