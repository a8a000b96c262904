package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

// DeviceOptions are the parameters of a device authorization request (RFC 8628 §3.1).
type DeviceOptions struct {
	// Scope is a space-separated list; empty sends none.
	Scope string
	// AuthorizationDetails say what the token is for, where a scope is not exact enough (RFC 9396 §3); see AuthorizeOptions. Empty
	// sends none.
	AuthorizationDetails json.RawMessage
	// Extra adds parameters. A parameter that the call sets itself is an error.
	Extra url.Values
}

// DeviceLogin is a pending login of a device without a browser (RFC 8628 §3.2): show the user VerificationURI and UserCode,
// or Link as a QR code with UserCode beside it. It is secret. Its JSON form is part of the API; a missing or unknown
// member is an error when it is read back.
//
// It prints redacted, but its JSON form is complete. slog's JSON handler writes that form for a DeviceLogin inside a
// struct, map or slice, so log it only on its own.
type DeviceLogin struct {
	// UserCode is what the user types at VerificationURI. It has printable characters alone.
	UserCode string `json:"user_code"`
	// VerificationURI is where the user goes with a browser on another device.
	VerificationURI string `json:"verification_uri"`
	// VerificationURIComplete is that address with the code in it; empty when the server sent none.
	VerificationURIComplete string `json:"verification_uri_complete"`
	// DeviceCode is what the device sends in each poll. Only device and server know it.
	DeviceCode string `json:"device_code"`
	// Expiry is when both codes expire.
	Expiry time.Time `json:"expiry"`
	// Interval is the shortest time between two polls. It grows when the server says slow_down or does not answer.
	Interval time.Duration `json:"interval"`
	// NextPoll is when the next poll is due.
	NextPoll time.Time `json:"next_poll"`
	// Scope is the requested scope, a space-separated list.
	Scope string `json:"scope"`
	// ClientID is the client that began the login. No other client completes it.
	ClientID string `json:"client_id"`
	// Issuer is the server at which it began, as Client.Issuer names it. No other server gets DeviceCode.
	Issuer string `json:"issuer"`
}

// Link returns the address for a QR code: VerificationURIComplete, or VerificationURI, where the user must type the code
// (RFC 8628 §3.3.1). Show UserCode beside the QR code in both cases: the user compares it with the server's page.
func (l *DeviceLogin) Link() string {
	if l.VerificationURIComplete != "" {
		return l.VerificationURIComplete
	}
	return l.VerificationURI
}

// UnmarshalJSON reads the stored form.
func (l *DeviceLogin) UnmarshalJSON(data []byte) error {
	type plain DeviceLogin
	if err := strictjson.Exact(data, (*plain)(l)); err != nil {
		return fmt.Errorf("oauth: stored device login: %w", err)
	}
	return nil
}

// BeginDeviceLogin starts a login on a device that has no browser or no keyboard (RFC 8628 §3.1). The client
// authenticates as at the token endpoint. A reply whose addresses are not https (or http to loopback), or whose codes
// cannot be shown or sent, is an error.
//
// An attacker can begin such a login on their own device and send the link to a user, who then lets the attacker in
// (RFC 8628 §5.4). So tell users to enter only codes that their own device shows.
func (c *Client) BeginDeviceLogin(ctx context.Context, o DeviceOptions) (*DeviceLogin, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if c.found != nil {
		return via(ctx, c, func(c *Client) (*DeviceLogin, error) { return c.BeginDeviceLogin(ctx, o) })
	}
	form := newForm("scope", o.Scope)
	if err := c.addDetails(form, o.AuthorizationDetails); err != nil {
		return nil, err
	}
	if err := checkExtra(o.Extra, "scope", detailsParam); err != nil {
		return nil, err
	}
	if err := merge(form, o.Extra); err != nil {
		return nil, err
	}
	if err := c.needGrant(); err != nil {
		return nil, err
	}
	if err := c.needEndpoint("DeviceAuthorization", c.cfg.Endpoints.DeviceAuthorization); err != nil {
		return nil, err
	}
	sent := c.cfg.Now()
	a, members, err := c.post(ctx, c.cfg.Endpoints.DeviceAuthorization, c.cfg.TokenAuth, form, nil)
	if err != nil {
		return nil, err
	}
	l := &DeviceLogin{Scope: o.Scope, ClientID: c.cfg.ClientID, Issuer: c.Issuer()}
	if err := l.read(c, &a, members, sent); err != nil {
		return nil, fmt.Errorf("oauth: device authorization reply: %w", err)
	}
	return l, nil
}

// read fills l from the reply (RFC 8628 §3.2).
func (l *DeviceLogin) read(c *Client, a *answer, members []strictjson.Member, sent time.Time) (err error) {
	if a.err != nil {
		return a.err
	}
	older := "" // Google still has the name of a draft
	for _, m := range members {
		switch m.Name {
		case "device_code":
			err = readTokenText(m.Value, &l.DeviceCode, "A.12")
		case "user_code":
			err = readString(m.Value, &l.UserCode)
		case "verification_uri":
			err = readString(m.Value, &l.VerificationURI)
		case "verification_url":
			err = readString(m.Value, &older)
		case "verification_uri_complete":
			err = readString(m.Value, &l.VerificationURIComplete)
		}
		if err != nil {
			return fmt.Errorf("%s %w", m.Name, err)
		}
	}
	if l.VerificationURI == "" {
		l.VerificationURI = older
	}
	now := c.cfg.Now()
	if l.Expiry, l.Interval, err = readPolling(members, sent, now); err != nil {
		return err
	}
	l.NextPoll = now.UTC().Add(l.Interval)
	return l.check(c)
}

const (
	maxUserCode = 64   // far more than a person types
	maxShown    = 2048 // a QR code has room for less than 3000 bytes
)

// check refuses what must not be shown: a terminal obeys control characters, and a browser opens any address.
func (l *DeviceLogin) check(c *Client) error {
	switch {
	case l.DeviceCode == "":
		return errors.New("device_code is missing or empty")
	case l.UserCode == "":
		return errors.New("user_code is missing or empty")
	case len(l.UserCode) > maxUserCode || strings.ContainsFunc(l.UserCode, func(r rune) bool { return !unicode.IsPrint(r) }):
		return fmt.Errorf("user_code has more than %d bytes, or a character that cannot be shown", maxUserCode)
	}
	if err := c.checkShown("verification_uri", l.VerificationURI); err != nil {
		return err
	}
	if l.VerificationURIComplete == "" {
		return nil
	}
	return c.checkShown("verification_uri_complete", l.VerificationURIComplete)
}

// checkShown checks an address that a terminal and a browser get. Some servers have the code in its fragment.
func (c *Client) checkShown(name, raw string) error {
	if len(raw) > maxShown || strings.ContainsFunc(raw, func(r rune) bool { return r == ' ' || !unicode.IsPrint(r) }) {
		return fmt.Errorf("%s has more than %d bytes, a blank, or a character that cannot be shown", name, maxShown)
	}
	address, _, _ := strings.Cut(raw, "#")
	return c.http.CheckURL(name, address)
}

// CompleteDeviceLogin polls the token endpoint until the user has decided (RFC 8628 §3.4, §3.5). It waits for Interval
// before each poll, for longer after slow_down, after a Retry-After (status 429 or 503; see Config.MaxRetryAfter), and after a
// poll without an answer. It ends with the token, or with an error: AccessDenied when the user refused, ExpiredToken after
// Expiry, or that of ctx. After ctx ended, and only then, the same login may be completed by another call; it updates
// Interval and NextPoll, so keep it. l is for one call at a time.
func (c *Client) CompleteDeviceLogin(ctx context.Context, l *DeviceLogin) (*Token, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if c.found != nil {
		return via(ctx, c, func(c *Client) (*Token, error) { return c.CompleteDeviceLogin(ctx, l) })
	}
	if l == nil || l.DeviceCode == "" {
		return nil, refuse(CheckLogin, "the device login is missing, or has no DeviceCode")
	}
	if err := c.samePending(l.ClientID, l.Issuer); err != nil {
		return nil, err
	}
	if err := c.needGrant(); err != nil {
		return nil, err
	}
	p := &poll{newForm("grant_type", deviceGrant, "device_code", l.DeviceCode), l.Expiry, &l.Interval, &l.NextPoll}
	t, err := p.until(ctx, c)
	if err == nil && t.Scope == "" {
		t.Scope = l.Scope // RFC 6749 §5.1: a missing scope is the requested one
	}
	return t, err
}
