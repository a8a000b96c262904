package saml

import (
	"fmt"
	"net/url"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// LogoutOptions are the choices of one logout that starts here (SAML Core §3.7.1).
type LogoutOptions struct {
	// IDP is the entity ID of the identity provider; empty is the only one.
	IDP string
	// NameID is who logs out, as the Assertion had it. It is required.
	NameID NameID
	// SessionIndexes are the sessions to end; empty means all of the user's.
	SessionIndexes []string
	// Binding is how the request travels; empty is by redirect where the identity provider offers that.
	Binding Binding
	// Reason is a URI such as urn:oasis:names:tc:SAML:2.0:logout:user (SAML Core §3.7.3); empty sends none.
	Reason string
	// RelayState is for BuildLogoutUrl, at most 80 bytes. BeginLogout makes its own.
	RelayState string
}

// Logout is one browser's logout under way: all that CompleteLogout must compare. Its JSON form is part of the
// API; a missing or unknown member is an error when it is read back.
type Logout struct {
	// URL is where to send the browser. Form, when not nil, is what to post there. They are not needed later
	// and may be emptied before storing.
	URL  string     `json:"url"`
	Form url.Values `json:"form"`
	// Key comes back with the browser as RelayState; LogoutKey reads it.
	Key       string    `json:"key"`
	RequestID string    `json:"request_id"`
	IDP       string    `json:"idp"`
	Client    string    `json:"client"`
	CreatedAt time.Time `json:"created_at"`
}

// UnmarshalJSON reads the stored form.
func (l *Logout) UnmarshalJSON(data []byte) error {
	type plain Logout
	var p plain
	if err := strictjson.Exact(data, &p); err != nil {
		return fmt.Errorf("saml: stored logout: %w", err)
	}
	*l = Logout(p)
	return nil
}

// LogoutRequest is the identity provider's word that sessions end (SAML Core §3.7.1).
type LogoutRequest struct {
	// Issuer is the entity ID of the identity provider.
	Issuer string
	ID     string
	NameID NameID
	// SessionIndexes are the sessions that end; empty means all of the user's.
	SessionIndexes []string
	Reason         string
	// Binding is how it came, RelayState what came with it and goes back with the answer.
	Binding    Binding
	RelayState string
}

// LogoutReply is our answer to a LogoutRequest: where to send the browser, and what to post there when Form is
// not nil.
type LogoutReply struct {
	URL  string
	Form url.Values
}
