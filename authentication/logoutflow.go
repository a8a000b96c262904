package authentication

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
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
type Logout struct {
	// Protocol is the name of the protocol that began it.
	Protocol string `json:"protocol"`
	// Key comes back with the browser; it is empty where the protocol returns nothing.
	Key string `json:"key"`
	// URL is where to send the browser. Form, when not nil, is what to post there.
	URL       string     `json:"url"`
	Form      url.Values `json:"form"`
	CreatedAt time.Time  `json:"created_at"`
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

// LogoutNotice is the server's word that sessions have ended. End every session of the application whose
// Identity has this Protocol and Issuer, and one of SessionIDs as its SessionID; when there is none, answer
// as if there were.
type LogoutNotice struct {
	Protocol, Issuer string
	SessionIDs       []string
}

// BeginLogout starts a logout at the server: send the browser to the Logout's URL. End the application's own
// session first.
func (c *Client) BeginLogout(ctx context.Context, id *Identity, o LogoutOptions) (*Logout, error) {
	flow, ok := c.flow.(LogoutFlow)
	if !ok {
		return nil, unsupported("BeginLogout", c.name)
	}
	return flow.BeginLogout(ctx, id, o)
}

// CompleteLogout checks the browser's return from a logout.
func (c *Client) CompleteLogout(ctx context.Context, l *Logout, r *http.Request) error {
	flow, ok := c.flow.(LogoutFlow)
	if !ok {
		return unsupported("CompleteLogout", c.name)
	}
	return flow.CompleteLogout(ctx, l, r)
}

// ReceiveLogout reads a logout that the server started.
func (c *Client) ReceiveLogout(ctx context.Context, r *http.Request) (*LogoutNotice, error) {
	flow, ok := c.flow.(LogoutFlow)
	if !ok {
		return nil, unsupported("ReceiveLogout", c.name)
	}
	return flow.ReceiveLogout(ctx, r)
}
