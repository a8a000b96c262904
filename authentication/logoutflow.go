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

// LogoutFlow is a Flow whose server knows of sessions: a logout that starts here and is finished here, and
// one that the server starts.
type LogoutFlow interface {
	// BeginLogout says where to send the browser. The application's own session is ended first.
	BeginLogout(ctx context.Context, id *Identity, o LogoutOptions) (*Logout, error)
	// CompleteLogout checks the browser's return. What it read and refused is wrapped in ErrRefused.
	CompleteLogout(ctx context.Context, l *Logout, r *http.Request) error
	// ReceiveLogout reads the server's message. What it read and refused is wrapped in ErrRefused.
	ReceiveLogout(ctx context.Context, r *http.Request) (*LogoutNotice, error)
}

// Logout is one browser's logout under way. Its JSON form is part of the API; a missing or unknown member
// is an error when it is read back.
//
// It prints redacted, and its JSON form is whole. slog's JSON handler writes that form of one that stands inside a
// struct, map or slice of yours: log it by itself.
type Logout struct {
	// Protocol is the name of the protocol that began it.
	Protocol string `json:"protocol"`
	// Key comes back with the browser; it is empty where the protocol returns nothing.
	Key string `json:"key"`
	// URL is where to send the browser.
	URL string `json:"url"`
	// Form is what to post to URL; nil is a redirect.
	Form url.Values `json:"form"`
	// FormPost tells that the browser may come back with a POST from the server's site, which only a
	// SameSite=None cookie survives.
	FormPost bool `json:"form_post"`
	// CreatedAt is when it was begun.
	CreatedAt time.Time `json:"created_at"`
	// Data is the flow's own.
	Data json.RawMessage `json:"data"`
}

// UnmarshalJSON reads the stored form.
func (l *Logout) UnmarshalJSON(data []byte) error {
	type plain Logout
	var p plain
	if err := strictjson.Exact(data, &p); err != nil {
		return fmt.Errorf("authentication: stored logout: %w", err)
	}
	*l = Logout(p)
	return nil
}

// LogoutKeyFlow is a LogoutFlow to which the browser comes back with the Key of its Logout, at the address where
// the server's own messages come as well.
type LogoutKeyFlow interface {
	// LogoutKey returns the Key in the answer to a logout that began here, and empty for anything else: that
	// is ReceiveLogout's. It leaves the body as it was.
	LogoutKey(r *http.Request) string
}

// LogoutNotice is the server's word that sessions have ended. End every session that it Ends; when there is
// none, answer as if there were. Then send the browser to URL, when there is one.
type LogoutNotice struct {
	// Protocol is the name of the protocol, as in the Identities whose sessions have ended.
	Protocol string
	// Issuer is the server, as in those Identities.
	Issuer string
	// Subject is the user, where the server names one (SAML); empty where it does not.
	Subject string
	// SessionIDs are the sessions, of Subject where there is one. When there are none, all of Subject's end.
	SessionIDs []string
	// URL is where to send the browser with the answer; package web's AnswerLogout does it. An empty one wants
	// nothing but the status 200.
	URL string
	// Form is what to post to URL; nil is a redirect.
	Form url.Values
	// Unanswered is why the server's message cannot be answered, where it wants to be; AnswerLogout returns it. The
	// sessions have ended all the same. It is nil when nothing hinders the answer.
	Unanswered error
}

// Ends tells whether the session that began with id has ended.
func (n *LogoutNotice) Ends(id *Identity) bool {
	if id == nil || id.Protocol != n.Protocol || id.Issuer != n.Issuer {
		return false
	}
	if len(n.SessionIDs) == 0 {
		return n.Subject != "" && n.Subject == id.Subject
	}
	return slices.Contains(n.SessionIDs, id.SessionID) && (n.Subject == "" || n.Subject == id.Subject)
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

// LogoutKey returns the Key of the Logout that a request answers, and empty when the request is none; see
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

// ReceiveLogout reads a logout that the server started.
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
