package authentication

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// Identity is a user who logged in, by any protocol. It prints redacted; its JSON form is for storage and is
// complete. slog's JSON handler writes that form, with tokens and claims, for an Identity inside a struct, map or
// slice, so log it only on its own.
type Identity struct {
	// Protocol is the name of the protocol by which the user logged in.
	Protocol string `json:"protocol"`
	// Issuer is the server that authenticated the user. With Subject it identifies the user; see Key.
	Issuer string `json:"issuer"`
	// Subject is the user's identifier at that server.
	Subject string `json:"subject"`
	// SessionID is the server's identifier of this session, when it has one.
	SessionID string `json:"session_id,omitempty"`
	// Claims are the server's data about the user: JSON values, numbers as json.Number.
	Claims map[string]any `json:"claims,omitempty"`
	// Token is nil for protocols without tokens, and for the response type id_token.
	Token *oauth.Token `json:"token,omitempty"`
	// IssuedAt is when the server said that the user logged in here, by the server's clock: the time of the ID token or the
	// assertion. A refresh keeps it. It is zero when the server did not say (OAuth, CAS).
	IssuedAt time.Time `json:"issued_at,omitzero"`
	// AuthTime is when the user authenticated, by the server's clock, and so perhaps long before this login: auth_time of the
	// ID token, AuthnInstant of the assertion (some servers write the time of the response), or CAS's authenticationDate,
	// and without that the beginning of a CAS login with Renew. A refresh keeps it. It is zero when the server did not say:
	// then the user counts as not fresh.
	AuthTime time.Time `json:"auth_time,omitzero"`
	// ACR is the class of the authentication: acr of the ID token, AuthnContextClassRef of the assertion. A refreshed ID
	// token without one keeps it. It is empty when the server did not say (also OAuth, CAS).
	ACR string `json:"acr,omitempty"`
	// Expiry is when Token expires (OIDC, OAuth), which ends no session: see RefreshIfExpired. Where Token is nil it ends the
	// session: for SAML it is SessionExpiry. It is zero when the server did not say, and for CAS.
	Expiry time.Time `json:"expiry,omitzero"`
	// SessionExpiry is when the server demands that the application's session ends, with or without tokens: the claim
	// session_expiry of the ID token (IPSIE), SessionNotOnOrAfter of the assertion. A refreshed ID token may set another one,
	// and without one keeps it. Past it, Refresh is ErrRefused and oauth.ErrLoginAgain. It is zero when the server did not
	// say (also OAuth, CAS).
	SessionExpiry time.Time `json:"session_expiry,omitzero"`
	// Data belongs to the flow, for refreshes and logouts; nil when it needs nothing.
	Data json.RawMessage `json:"data,omitempty"`
}

// Key identifies the user: it is the issuer and the subject. An email or a user name may pass to another user.
func (i *Identity) Key() string {
	// Then the issuer has no space, so two users cannot share a key.
	return strings.ReplaceAll(i.Issuer, " ", "%20") + " " + i.Subject
}

// UnmarshalJSON reads the stored form, with the numbers in Claims as they were.
func (i *Identity) UnmarshalJSON(data []byte) error {
	type plain Identity
	var p plain
	if err := strictjson.Decode(data, &p); err != nil {
		return fmt.Errorf("authentication: stored identity: %w", err)
	}
	*i = Identity(p)
	return nil
}

// clone copies the mutable parts. Claims are JSON values.
func (i *Identity) clone() *Identity {
	if i == nil {
		return nil
	}
	c := *i
	if i.Token != nil {
		token := *i.Token
		c.Token = &token
	}
	c.Claims, _ = cloneJSON(i.Claims).(map[string]any)
	c.Data = bytes.Clone(i.Data)
	return &c
}

func cloneJSON(v any) any {
	switch v := v.(type) {
	case map[string]any:
		c := maps.Clone(v)
		for name, member := range c {
			c[name] = cloneJSON(member)
		}
		return c
	case []any:
		c := slices.Clone(v)
		for i, element := range c {
			c[i] = cloneJSON(element)
		}
		return c
	}
	return v
}

// mergeClaims adds claims that first does not have, or has as null.
func mergeClaims(first, second map[string]any) map[string]any {
	merged := maps.Clone(first)
	if merged == nil {
		merged = make(map[string]any, len(second))
	}
	for name, value := range second {
		if merged[name] == nil {
			merged[name] = value
		}
	}
	return merged
}
