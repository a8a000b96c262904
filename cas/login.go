package cas

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// Login is a pending login of one browser: all that CompleteLogin must compare. It is secret and belongs to that
// browser, so seal it into a cookie or keep it server-side. Its JSON form is part of the API; a missing or unknown
// member is an error when it is read back.
//
// It prints redacted, but its JSON form is complete. slog's JSON handler writes that form for a Login inside a
// struct, map or slice, so log it only on its own.
type Login struct {
	// URL is where to send the browser. It is not needed later and may be emptied before storing.
	URL string `json:"url"`
	// Key comes back with the browser; LoginKey reads it. It is empty with AllowSharedService.
	Key string `json:"key"`
	// Service is the service that the ticket is issued for, byte by byte, with the key in it.
	Service string `json:"service"`
	// Method is how the ticket comes back. MethodPost is a POST from the server's site, which only a
	// SameSite=None cookie survives; such a login accepts a ticket by GET too.
	Method Method `json:"method"`
	// Renew says that the user must authenticate again, which validation enforces.
	Renew bool `json:"renew"`
	// Gateway says that the server must show no page: the browser may come back without a ticket.
	Gateway bool `json:"gateway"`
	// Client is the Service of the client that began the login. No other client completes it.
	Client string `json:"client"`
	// Endpoint is where that client validates tickets.
	Endpoint string `json:"endpoint"`
	// CreatedAt is when the login began; Config.LoginLifetime counts from it.
	CreatedAt time.Time `json:"created_at"`
}

// UnmarshalJSON reads the stored form.
func (l *Login) UnmarshalJSON(data []byte) error {
	type plain Login
	if err := strictjson.Exact(data, (*plain)(l)); err != nil {
		return fmt.Errorf("cas: stored login: %w", err)
	}
	return nil
}

// BeginLogin starts a login at the server's login page (CAS §2.1). The service is the one of the options or else of
// Config. login=KEY is appended to it, unless AllowSharedService is set, so that the ticket belongs to this login. It
// must be an http or https URL without a fragment. Method must not be MethodHeader, which does not work in browsers.
//
// After a Gateway login that found no session, do not begin another automatically: the browser would be redirected
// for ever.
func (c *Client) BeginLogin(ctx context.Context, o AuthorizeOptions) (*Login, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	at := c.serviceValidate()
	if err := at.need(); err != nil {
		return nil, err
	}
	if o.Method == MethodHeader {
		return nil, fmt.Errorf("cas: Method %s does not work in browsers, want %s or %s", MethodHeader, MethodGet, MethodPost)
	}
	if o.Service == "" {
		o.Service = c.cfg.Service
	}
	if o.Service == "" {
		return nil, errors.New("cas: Service is not set")
	}
	key := ""
	if !c.cfg.AllowSharedService {
		key = rand.Text()
	}
	var err error
	if o.Service, err = loginService(o.Service, key); err != nil {
		return nil, err
	}
	url, err := c.BuildAuthorizeUrl(ctx, o)
	if err != nil {
		return nil, err
	}
	return &Login{
		URL: url, Key: key, Service: o.Service, Method: o.Method, Renew: o.Renew, Gateway: o.Gateway,
		Client: c.cfg.Service, Endpoint: at.url, CreatedAt: c.cfg.Now().UTC().Truncate(time.Second),
	}, nil
}

// CompleteLogin checks the callback r against login and validates its ticket at the server, with Renew when the login
// had it (CAS §2.2.4, §2.5, §2.8). It refuses, with a *TicketError: a login that is nil, too old or of another
// client; a key that is missing or differs; a ticket that does not appear exactly once. CheckSession means that a
// Gateway login found no session at the server. The server's refusal is a *Failure. A Login is for one callback:
// delete it after this call, whatever the result.
//
// r can still be parsed afterwards. For MethodPost, its body must not have been parsed before; reading it ends when
// ctx ends. After the login give the browser a new session identifier, and redirect it to an address without the
// ticket.
func (c *Client) CompleteLogin(ctx context.Context, login *Login, r *http.Request) (*Success, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if err := c.serviceValidate().need(); err != nil {
		return nil, err
	}
	if err := c.checkLogin(login, r); err != nil {
		return nil, err
	}
	ticket, err := readCallback(ctx, login, r)
	if err != nil {
		return nil, err
	}
	response, err := c.validateService(ctx, c.serviceValidate(), ticket, login.Service, []ValidateOptions{{Renew: login.Renew, key: login.Key}})
	switch {
	case err != nil:
		return nil, err
	case response.Failure != nil:
		return nil, response.Failure
	}
	return response.Success, nil
}
