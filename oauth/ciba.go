package oauth

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

const cibaGrant = "urn:openid:params:grant-type:ciba"

// CIBALogin is a pending login that the user confirms on their own device (OpenID Connect CIBA Core §7.3). It is secret.
// Its JSON form is part of the API; a missing or unknown member is an error when it is read back.
//
// It prints redacted, but its JSON form is complete. slog's JSON handler writes that form for a CIBALogin inside a
// struct, map or slice, so log it only on its own.
type CIBALogin struct {
	// AuthReqID identifies the login at the server, in each poll and in the notification.
	AuthReqID string `json:"auth_req_id"`
	// NotificationToken is what the server must send with the notification of the ping mode; empty in the poll mode.
	NotificationToken string `json:"notification_token"`
	// Expiry is when the login expires.
	Expiry time.Time `json:"expiry"`
	// Interval is the shortest time between two polls. It grows when the server says slow_down or does not answer.
	Interval time.Duration `json:"interval"`
	// NextPoll is when the next poll is due. A notification makes it due at once.
	NextPoll time.Time `json:"next_poll"`
	// Scope is the requested scope, a space-separated list.
	Scope string `json:"scope"`
	// Subject is the user of IDTokenHint; empty without one, and for one that cannot be read. Package oidc compares it.
	Subject string `json:"subject"`
	// ClientID is the client that began the login. No other client completes it.
	ClientID string `json:"client_id"`
	// Issuer is the server at which it began, as Client.Issuer names it. No other server gets AuthReqID.
	Issuer string `json:"issuer"`
}

// UnmarshalJSON reads the stored form.
func (l *CIBALogin) UnmarshalJSON(data []byte) error {
	type plain CIBALogin
	if err := strictjson.Exact(data, (*plain)(l)); err != nil {
		return fmt.Errorf("oauth: stored CIBA login: %w", err)
	}
	return nil
}

// BeginCIBALogin asks the server to authenticate a user on the user's own device, without a browser here (OpenID Connect
// CIBA Core §7). The client authenticates as at the token endpoint; the request is not signed (§7.1.1), and the push mode
// is not supported. What the server refuses is an *Error, such as UnknownUserID or InvalidBindingMessage (§13).
func (c *Client) BeginCIBALogin(ctx context.Context, o CIBAOptions) (*CIBALogin, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if c.found != nil {
		return via(ctx, c, func(c *Client) (*CIBALogin, error) { return c.BeginCIBALogin(ctx, o) })
	}
	form, err := o.form()
	if err != nil {
		return nil, err
	}
	if err := c.addDetails(form, o.AuthorizationDetails); err != nil {
		return nil, err
	}
	if err := c.needGrant(); err != nil {
		return nil, err
	}
	if err := c.needEndpoint("BackchannelAuthentication", c.cfg.Endpoints.BackchannelAuthentication); err != nil {
		return nil, err
	}
	l := &CIBALogin{Scope: o.Scope, Subject: subjectOf(o.IDTokenHint), ClientID: c.cfg.ClientID, Issuer: c.Issuer()}
	if o.Ping {
		l.NotificationToken = newNotificationToken()
		form.Set("client_notification_token", l.NotificationToken)
	}
	if s := c.server; s != nil && (o.Ping && s.noPing || !o.Ping && s.noPoll) {
		return nil, refuseDiscovery(DiscoveryMissing, "the server's backchannel_token_delivery_modes_supported has not the mode that is asked for: %w", errors.ErrUnsupported)
	}
	sent := c.cfg.Now()
	a, members, err := c.post(ctx, c.cfg.Endpoints.BackchannelAuthentication, c.cfg.TokenAuth, form, nil)
	if err != nil {
		return nil, err
	}
	if err := l.read(c, &a, members, sent); err != nil {
		return nil, fmt.Errorf("oauth: backchannel authentication reply: %w", err)
	}
	return l, nil
}

// offersCIBA compares the mode with the server's list (OpenID Connect CIBA Core §4); what it does not say is accepted.
func (m *Metadata) offersCIBA(ping bool) bool {
	mode := "poll"
	if ping {
		mode = "ping"
	}
	return len(m.BackchannelTokenDeliveryModesSupported) == 0 || slices.Contains(m.BackchannelTokenDeliveryModesSupported, mode)
}

// read fills l from the reply (OpenID Connect CIBA Core §7.3).
func (l *CIBALogin) read(c *Client, a *answer, members []strictjson.Member, sent time.Time) (err error) {
	if a.err != nil {
		return a.err
	}
	for _, m := range members {
		if m.Name == "auth_req_id" {
			if err = readTokenText(m.Value, &l.AuthReqID, "A.12"); err != nil {
				return fmt.Errorf("%s %w", m.Name, err)
			}
		}
	}
	if l.AuthReqID == "" {
		return errors.New("auth_req_id is missing or empty")
	}
	now := c.cfg.Now()
	if l.Expiry, l.Interval, err = readPolling(members, sent, now); err != nil {
		return err
	}
	l.NextPoll = now.UTC().Add(l.Interval)
	return nil
}

// CompleteCIBALogin polls the token endpoint until the user has decided (OpenID Connect CIBA Core §10.1, §11), by the rules
// of CompleteDeviceLogin. In the ping mode call it when the notification came; before that, it polls. The ID token in the
// reply is not verified here: package oidc does that.
func (c *Client) CompleteCIBALogin(ctx context.Context, l *CIBALogin) (*Token, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if c.found != nil {
		return via(ctx, c, func(c *Client) (*Token, error) { return c.CompleteCIBALogin(ctx, l) })
	}
	if l == nil || l.AuthReqID == "" {
		return nil, refuse(CheckLogin, "the CIBA login is missing, or has no AuthReqID")
	}
	if err := c.samePending(l.ClientID, l.Issuer); err != nil {
		return nil, err
	}
	if err := c.needGrant(); err != nil {
		return nil, err
	}
	p := &poll{newForm("grant_type", cibaGrant, "auth_req_id", l.AuthReqID), l.Expiry, &l.Interval, &l.NextPoll}
	t, err := p.until(ctx, c)
	if err == nil && t.Scope == "" {
		t.Scope = l.Scope // RFC 6749 §5.1: a missing scope is the requested one
	}
	return t, err
}
