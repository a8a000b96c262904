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
	// ForceAuthn wants the user to authenticate anew; whether he did is checked with MaxAge alone. IsPassive
	// wants no page: without a session at the identity provider the login ends with NoPassive.
	ForceAuthn, IsPassive bool
	// MaxAge refuses a user who authenticated longer ago than that when the response comes, beyond the skew; 0
	// means any. SAML has no word for it but ForceAuthn, as which it is sent when it is under a second.
	MaxAge                time.Duration
	NameIDPolicy          *NameIDPolicy
	RequestedAuthnContext *RequestedAuthnContext
	Scoping               *Scoping
	// RelayState is for BuildAuthorizeUrl, at most 80 bytes (SAML Bindings §3.4.3). BeginLogin makes its own.
	RelayState string
	// Extra are further parameters of the address, such as login_hint. They are not signed.
	Extra url.Values
}

// NameIDPolicy is what name is asked for (SAML Core §3.4.1.1). A login whose name has another Format than that ends
// in an error: the request goes through the user's browser, who could ask for one that he chooses himself.
type NameIDPolicy struct {
	Format, SPNameQualifier string
	AllowCreate             bool
}

// RequestedAuthnContext is how the user should authenticate (SAML Core §3.3.2.2.1).
type RequestedAuthnContext struct {
	// Comparison is exact when empty, or minimum, maximum, better.
	Comparison string
	Classes    []string
	// Accept are the classes that end in a login; empty means Classes. With a Comparison other than exact it
	// must be set: no order of classes is known here.
	Accept []string
}

// Scoping limits who may authenticate the user (SAML Core §3.4.1.2).
type Scoping struct {
	ProxyCount   *int
	IDPs         []string // entity IDs
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
	// URL is where to send the browser. Form, when not nil, is what to post there. They are not needed later:
	// empty both before storing it, or a login that goes by POST passes the 4096 bytes of a cookie.
	URL  string     `json:"url"`
	Form url.Values `json:"form"`
	// Key comes back with the browser as RelayState; LoginKey reads it.
	Key string `json:"key"`
	// RequestID is the ID of the AuthnRequest.
	RequestID string `json:"request_id"`
	// IDP is who was asked, Client the entity ID of who asked, ACSURL where the response must come.
	IDP    string `json:"idp"`
	Client string `json:"client"`
	ACSURL string `json:"acs_url"`
	// MaxAge is in seconds; nil when none was asked for. Contexts are the acceptable classes, NameIDFormat that of
	// the name; empty is any.
	MaxAge       *int64    `json:"max_age"`
	Contexts     []string  `json:"contexts"`
	NameIDFormat string    `json:"name_id_format"`
	CreatedAt    time.Time `json:"created_at"`
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
