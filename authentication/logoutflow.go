package authentication

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// LogoutFlow is a Flow whose server has sessions. A logout begins here or at the server.
type LogoutFlow interface {
	// BeginLogout says where to send the browser. End the application's own session first.
	BeginLogout(ctx context.Context, id *Identity, o LogoutOptions) (*Logout, error)
	// CompleteLogout checks the browser's return. Where a Logout has no Key, there is nothing to check. A refusal of the message is wrapped in ErrRefused.
	CompleteLogout(ctx context.Context, l *Logout, r *http.Request) error
	// ReceiveLogout reads the server's message. A refusal of the message is wrapped in ErrRefused, and in
	// ErrLogoutFailed an error to which the answer must have the status 400.
	ReceiveLogout(ctx context.Context, r *http.Request) (*LogoutNotice, error)
}

// Logout is a pending logout of one browser. Its JSON form is part of the API; a missing or unknown member is an
// error when it is read back.
//
// It prints redacted, but its JSON form is complete. slog's JSON handler writes that form for a Logout inside a
// struct, map or slice, so log it only on its own.
type Logout struct {
	// Protocol is the name of the protocol that began it.
	Protocol string `json:"protocol"`
	// Key comes back with the browser; it is empty when the protocol returns nothing.
	Key string `json:"key"`
	// URL is where to send the browser.
	URL string `json:"url"`
	// Form is what to post to URL; nil is a redirect.
	Form url.Values `json:"form"`
	// FormPost says that the browser may come back with a POST from the server's site, which has only SameSite=None
	// cookies.
	FormPost bool `json:"form_post"`
	// CreatedAt is when it began.
	CreatedAt time.Time `json:"created_at"`
	// Data belongs to the flow.
	Data json.RawMessage `json:"data"`
}

// UnmarshalJSON reads the stored form.
func (l *Logout) UnmarshalJSON(data []byte) error {
	type plain Logout
	if err := strictjson.Exact(data, (*plain)(l)); err != nil {
		return fmt.Errorf("authentication: stored logout: %w", err)
	}
	return nil
}

// LogoutKeyFlow is a LogoutFlow where the browser comes back with the Key of its Logout, perhaps at the address that also
// receives the server's own messages (SAML).
type LogoutKeyFlow interface {
	// LogoutKey returns the Key in the response to a logout that began here, and empty for any other request, which
	// is for ReceiveLogout. It leaves the body unread.
	LogoutKey(r *http.Request) string
}

// NoticeFlow is a LogoutFlow whose server may send messages for ReceiveLogout, perhaps to the address of the callback. A
// flow that is none receives nothing: its ReceiveLogout is errors.ErrUnsupported.
type NoticeFlow interface {
	// HasNotice reports whether a request is a message for ReceiveLogout, and neither a login's callback nor the return
	// from a logout. It checks nothing else, and leaves the body unread.
	HasNotice(r *http.Request) bool
	// UnsignedNotices reports whether a notice may be Unsigned. An application that can find sessions only by the notice
	// must then remember at login which sessions exist.
	UnsignedNotices() bool
}

// LogoutNotice is the server's message that sessions have ended. End every session for which Ends is true; answer in
// the same way when there is none. Then send the browser to URL, if it is set.
type LogoutNotice struct {
	// Protocol is the name of the protocol, as in the Identities whose sessions have ended.
	Protocol string
	// Issuer is the server, as in those Identities.
	Issuer string
	// Subject is the user, when the server names one (SAML, OpenID Connect), and else empty.
	Subject string
	// SessionIDs are the sessions, of Subject when it is set. Without SessionIDs all sessions of Subject end.
	SessionIDs []string
	// IssuedAt is when the server made the message, by the server's clock, as Identity.IssuedAt is; zero when it does
	// not say (CAS, and OpenID Connect's front channel).
	IssuedAt time.Time
	// BackChannel says that the server itself sent the message, as CAS does, SAML by SOAP, and OpenID Connect by its back
	// channel: there is no browser and no cookie. So the sessions must be found by Ends, on the server.
	BackChannel bool
	// Unsigned says that nothing proves who sent the message (CAS, OpenID Connect's front channel, and SAML with
	// AllowUnsignedLogout): its sender knows the SessionIDs, and no more. End the sessions that exist, and remember nothing
	// of others.
	Unsigned bool
	// Confirm says that the sessions have ended, and uses the message up: a message that comes again is ErrRefused then.
	// AnswerLogout calls it. So a failure to end the sessions is not final, because the server may send the same message
	// again. nil does nothing.
	Confirm func(context.Context) error
	// URL is where to send the browser with the response; AnswerLogout of package web does it. When it is empty,
	// answer with status 200 and Body.
	URL string
	// Form is what to post to URL; nil is a redirect.
	Form url.Values
	// Body is what to write with the status 200 when there is no URL; nil is nothing.
	Body []byte
	// ContentType is the type of Body.
	ContentType string
	// Unanswered is why the response that the server expects could not be made; AnswerLogout returns it. End the
	// sessions anyway. It is nil when there is no problem.
	Unanswered error
}

// Ends reports whether the session that began with id has ended. A notice that names no session, or names it only
// together with the user (SAML, whose SessionIndex may come again), ends what began until it was issued, by the
// server's clock. So a session that began later goes on, also when the message comes again.
func (n *LogoutNotice) Ends(id *Identity) bool {
	named := id != nil && slices.Contains(n.SessionIDs, id.SessionID)
	switch {
	case id == nil || id.Protocol != n.Protocol || id.Issuer != n.Issuer || n.Subject != "" && n.Subject != id.Subject:
		return false
	case len(n.SessionIDs) > 0 && !named, n.Subject == "" && !named:
		return false
	case named && n.Protocol != samlName:
		return true
	}
	return n.IssuedAt.IsZero() || !id.IssuedAt.After(n.IssuedAt)
}

// BeginLogout starts a logout at the server: send the browser to the Logout's URL. End the application's own
// session first.
func (c *Client) BeginLogout(ctx context.Context, id *Identity, o LogoutOptions) (*Logout, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	flow, ok := c.flow.(LogoutFlow)
	if !ok {
		return nil, unsupported("BeginLogout", c.spoken())
	}
	return flow.BeginLogout(ctx, id, o)
}

// LogoutKey returns the Key of the Logout that a request belongs to, and empty when it belongs to none; see
// LogoutKeyFlow.
func (c *Client) LogoutKey(r *http.Request) string {
	if c.made() != nil {
		return ""
	}
	if flow, ok := c.flow.(LogoutKeyFlow); ok {
		return flow.LogoutKey(r)
	}
	return ""
}

// HasNotice reports whether a request is the server's message for ReceiveLogout, where it comes to the address of the
// callback (CAS), or of the return from a logout; see NoticeFlow.
func (c *Client) HasNotice(r *http.Request) bool {
	if c.made() != nil {
		return false
	}
	flow, ok := c.flow.(NoticeFlow)
	return ok && flow.HasNotice(r)
}

// UnsignedNotices reports whether a notice of ReceiveLogout may be Unsigned; see NoticeFlow.
func (c *Client) UnsignedNotices() bool {
	if c.made() != nil {
		return false
	}
	flow, ok := c.flow.(NoticeFlow)
	return ok && flow.UnsignedNotices()
}

// CompleteLogout checks the browser's return from a logout.
func (c *Client) CompleteLogout(ctx context.Context, l *Logout, r *http.Request) error {
	if err := c.made(); err != nil {
		return err
	}
	flow, ok := c.flow.(LogoutFlow)
	if !ok {
		return unsupported("CompleteLogout", c.spoken())
	}
	return flow.CompleteLogout(ctx, l, r)
}

// ReceiveLogout reads the message of a logout that the server began.
func (c *Client) ReceiveLogout(ctx context.Context, r *http.Request) (*LogoutNotice, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	flow, ok := c.flow.(LogoutFlow)
	if !ok {
		return nil, unsupported("ReceiveLogout", c.spoken())
	}
	return flow.ReceiveLogout(ctx, r)
}
