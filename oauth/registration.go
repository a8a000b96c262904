package oauth

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// Registration is a client as the server registered it (RFC 7591 §3.2.1). It is secret: keep it like a password.
//
// It prints redacted, but its JSON form is complete, for storage. slog's JSON handler writes that form for a
// Registration inside a struct, map or slice, so log it only on its own.
type Registration struct {
	// ClientID is the client's identifier.
	ClientID string
	// ClientSecret is its password; empty when the server made none.
	ClientSecret string
	// ClientSecretExpiresAt is when the secret ends; zero means never.
	ClientSecretExpiresAt time.Time
	// IssuedAt is when the client was registered; zero when the server did not say.
	IssuedAt time.Time
	// RegistrationAccessToken is the token for reading, changing and deleting the registration (RFC 7592 §3); empty when
	// the server does not allow that.
	RegistrationAccessToken string
	// RegistrationClientURI is the address of the registration (RFC 7592 §3); empty when there is none.
	RegistrationClientURI string
	// RedirectURIs are the registered ones; empty when the server did not say, as are the fields below.
	RedirectURIs []string
	// TokenEndpointAuthMethod is how the client authenticates.
	TokenEndpointAuthMethod string
	// TokenEndpointAuthSigningAlg is the algorithm of its assertions.
	TokenEndpointAuthSigningAlg string
	// IDTokenSignedResponseAlg is the algorithm of its ID tokens.
	IDTokenSignedResponseAlg string
	// Changed are the members that were sent and have another value at the server, sorted. It is not stored.
	Changed []string

	reply string
}

// Claims decodes the server's whole reply into v, a pointer, by exact names.
func (r *Registration) Claims(v any) error { return claims(r.reply, v) }

// Expired reports whether the client's secret is not valid any more at now.
func (r *Registration) Expired(now time.Time) bool {
	return !r.ClientSecretExpiresAt.IsZero() && !now.Before(r.ClientSecretExpiresAt)
}

// parseRegistration reads a reply. The refusal has what could be read, so that a refused client can be deleted.
func parseRegistration(text string, members []strictjson.Member) (*Registration, *RegistrationError) {
	r := &Registration{reply: text}
	var bad *RegistrationError
	expiry := false
	for _, m := range members {
		var err error
		switch m.Name {
		case "client_id":
			err = readString(m.Value, &r.ClientID)
		case "client_secret":
			err = readString(m.Value, &r.ClientSecret)
		case "client_secret_expires_at":
			expiry = m.Value.Kind() != strictjson.Null
			r.ClientSecretExpiresAt, err = readInstant(m.Value)
		case "client_id_issued_at":
			r.IssuedAt, err = readInstant(m.Value)
		case "registration_access_token":
			err = readTokenText(m.Value, &r.RegistrationAccessToken, "A.12")
		case "registration_client_uri":
			err = readString(m.Value, &r.RegistrationClientURI)
		case "redirect_uris":
			r.RedirectURIs, err = readAudience(m.Value)
		case "token_endpoint_auth_method":
			err = readString(m.Value, &r.TokenEndpointAuthMethod)
		case "token_endpoint_auth_signing_alg":
			err = readString(m.Value, &r.TokenEndpointAuthSigningAlg)
		case "id_token_signed_response_alg":
			err = readString(m.Value, &r.IDTokenSignedResponseAlg)
		}
		if err != nil && bad == nil {
			bad = &RegistrationError{Member: m.Name, Detail: m.Name + " " + err.Error(), Registration: r}
		}
	}
	switch {
	case bad != nil:
	case r.ClientID == "":
		bad = &RegistrationError{Member: "client_id", Detail: "client_id is missing or empty", Registration: r}
	case r.ClientSecret != "" && !expiry:
		bad = &RegistrationError{
			Member: "client_secret_expires_at", Detail: "client_secret_expires_at is missing, and must come with client_secret (RFC 7591 §3.2.1)", Registration: r,
		}
	}
	return r, bad
}

// readInstant reads a time where 0 means none (RFC 7591 §3.2.1).
func readInstant(v strictjson.Value) (time.Time, error) {
	t, err := readTime(v)
	if err == nil && t.Unix() == 0 {
		t = time.Time{}
	}
	return t, err
}

// MarshalJSON writes the complete form for storage: the server's reply.
func (r Registration) MarshalJSON() ([]byte, error) {
	document := map[string]any{}
	if r.reply != "" {
		if err := strictjson.Decode(r.reply, &document); err != nil {
			return nil, fmt.Errorf("oauth: registration: %w", err)
		}
	}
	for name, value := range map[string]string{
		"client_id": r.ClientID, "client_secret": r.ClientSecret, "registration_access_token": r.RegistrationAccessToken,
		"registration_client_uri": r.RegistrationClientURI, "token_endpoint_auth_method": r.TokenEndpointAuthMethod,
		"token_endpoint_auth_signing_alg": r.TokenEndpointAuthSigningAlg, "id_token_signed_response_alg": r.IDTokenSignedResponseAlg,
	} {
		if delete(document, name); value != "" {
			document[name] = value
		}
	}
	for name, value := range map[string]time.Time{"client_id_issued_at": r.IssuedAt, "client_secret_expires_at": r.ClientSecretExpiresAt} {
		if delete(document, name); !value.IsZero() {
			document[name] = value.Unix()
		}
	}
	if r.ClientSecret != "" && r.ClientSecretExpiresAt.IsZero() {
		document["client_secret_expires_at"] = 0
	}
	if delete(document, "redirect_uris"); len(r.RedirectURIs) > 0 {
		document["redirect_uris"] = r.RedirectURIs
	}
	return json.Marshal(document)
}

// UnmarshalJSON reads the stored form.
func (r *Registration) UnmarshalJSON(data []byte) error {
	members, err := strictjson.ParseObject(string(data), nil)
	if err != nil {
		return fmt.Errorf("oauth: stored registration: %w", err)
	}
	read, bad := parseRegistration(string(data), members)
	if bad != nil {
		return errors.New("oauth: stored registration: " + bad.Detail)
	}
	*r = *read
	return nil
}
