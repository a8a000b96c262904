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
	// Binding is how the request travels; empty is by redirect where the identity provider offers that, and with an
	// ECDSA key by POST where it offers that.
	Binding Binding
	// ResponseBinding is how the response should come: by POST when empty, or as an artifact by BindingArtifact, which
	// needs Config.AcceptArtifacts. What comes is taken by either.
	ResponseBinding Binding
	// ForceAuthn asks that the user authenticates anew; only MaxAge checks it.
	ForceAuthn bool
	// IsPassive asks for no page: without a session at the identity provider the login ends with NoPassive.
	IsPassive bool
	// MaxAge refuses a user who authenticated longer ago than that when the response comes, beyond the skew; 0 means
	// any. SAML has no such parameter: the request does not say it, but one under a second is sent as ForceAuthn. It
	// compares AuthnInstant. Keycloak writes the time of the response there, also for an old session: such a server passes
	// every MaxAge, and only ForceAuthn makes it ask the user.
	MaxAge time.Duration
	// NameIDPolicy is the name identifier that is wanted; nil is one with Config.NameIDFormat.
	NameIDPolicy *NameIDPolicy
	// RequestedAuthnContext is how the user must authenticate; nil is any way.
	RequestedAuthnContext *RequestedAuthnContext
	// Scoping is for an identity provider that is a proxy; nil sends none.
	Scoping *Scoping
	// RelayState is for BuildAuthorizeUrl, at most 80 bytes (SAML Bindings §3.4.3). BeginLogin makes its own.
	RelayState string
	// Extra are further parameters of the address, such as login_hint. They are not signed.
	Extra url.Values
}

// NameIDPolicy is the name identifier that a login asks for (SAML Core §3.4.1.1). One with another Format is refused:
// the request goes through the user's browser, where the user could change it to a Format with a value of their choice.
type NameIDPolicy struct {
	// Format is the format of the name identifier, a URI; another one in the response is refused. Empty is any.
	Format string
	// SPNameQualifier is the group of service providers that the name identifier is for; empty is this service provider.
	SPNameQualifier string
	// AllowCreate lets the identity provider make a new name identifier for the user.
	AllowCreate bool
}

// RequestedAuthnContext is how the user should authenticate (SAML Core §3.3.2.2.1).
type RequestedAuthnContext struct {
	// Comparison is exact when empty, or minimum, maximum, better.
	Comparison string
	// Classes are the URIs of the classes that are asked for, the best first. One at least is required.
	Classes []string
	// Accept are the classes with which a login succeeds; empty means Classes. With a Comparison other than exact it
	// must be set, because the order of classes is not known here.
	Accept []string
}

// Scoping limits who may authenticate the user (SAML Core §3.4.1.2).
type Scoping struct {
	// ProxyCount is through how many identity providers the request may go; nil sends none.
	ProxyCount *int
	// IDPs are the entity IDs of the identity providers that may log the user in; empty sends none.
	IDPs []string
	// RequesterIDs are the entity IDs of the service providers that the login is for; empty sends none.
	RequesterIDs []string
}

// Login is one browser's login under way: all that CompleteLogin must compare. It is a secret of that
// browser, so seal it into a cookie or keep it server-side. The response is a POST from another site: the browser sends
// only cookies with SameSite=None with it. Its JSON form is part of the API; a missing or unknown member is an error
// when it is read back.
//
// It prints redacted, and its JSON form is whole. slog's JSON handler writes the JSON form of a value inside a struct,
// map or slice of yours: log the value by itself.
type Login struct {
	// URL is where to send the browser. URL and Form are not needed later: empty both before you store the login. With
	// a Form it would be over the 4096 bytes of a cookie.
	URL string `json:"url"`
	// Form, when not nil, is what to post to URL.
	Form url.Values `json:"form"`
	// Key comes back with the browser as RelayState; LoginKey reads it.
	Key string `json:"key"`
	// RequestID is the ID of the AuthnRequest.
	RequestID string `json:"request_id"`
	// IDP is the entity ID of the identity provider that was asked.
	IDP string `json:"idp"`
	// Client is the entity ID of the client that began the login. Another client does not complete it.
	Client string `json:"client"`
	// ACSURL is where the response must come.
	ACSURL string `json:"acs_url"`
	// MaxAge is in seconds; nil when none was asked for.
	MaxAge *int64 `json:"max_age"`
	// Contexts are the acceptable classes of authentication; empty is any.
	Contexts []string `json:"contexts"`
	// NameIDFormat is the acceptable format of the name identifier; empty is any.
	NameIDFormat string `json:"name_id_format"`
	// CreatedAt is when the login began; Config.LoginLifetime counts from it.
	CreatedAt time.Time `json:"created_at"`
}

// UnmarshalJSON reads the stored form.
func (l *Login) UnmarshalJSON(data []byte) error {
	type plain Login
	if err := strictjson.Exact(data, (*plain)(l)); err != nil {
		return fmt.Errorf("saml: stored login: %w", err)
	}
	return nil
}
