package authentication

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/callback"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// samlSession is what a logout needs of an assertion.
type samlSession struct {
	NameID       samlNameID `json:"name_id"`
	SessionIndex string     `json:"session_index"`
}

type samlNameID struct {
	Value           string `json:"value"`
	Format          string `json:"format,omitempty"`
	NameQualifier   string `json:"name_qualifier,omitempty"`
	SPNameQualifier string `json:"sp_name_qualifier,omitempty"`
	SPProvidedID    string `json:"sp_provided_id,omitempty"`
}

func (f *samlFlow) identity(a *saml.Assertion) (*Identity, error) {
	id := &Identity{
		Protocol: samlName, Issuer: a.Issuer, Subject: samlSubject(a.Issuer, a.NameID), SessionID: a.SessionIndex,
		Claims: samlClaims(a.Attributes), IssuedAt: a.IssueInstant,
		AuthTime: a.AuthnInstant, ACR: a.AuthnContext, Expiry: a.SessionNotOnOrAfter, SessionExpiry: a.SessionNotOnOrAfter,
	}
	if id.Subject == "" {
		return nil, refused(errors.New("the assertion does not name the user"))
	}
	var err error
	if id.Data, err = json.Marshal(samlSession{samlNameID(a.NameID), a.SessionIndex}); err != nil {
		return nil, fmt.Errorf("authentication: %w", err)
	}
	return id, nil
}

// samlSubject is the name identifier's value. A value from another NameQualifier than the issuer has that qualifier
// in front (SAML Core §2.2.2), because two users may have the same value. So has a value that contains a "!", because
// users may choose their own.
func samlSubject(issuer string, n saml.NameID) string {
	domain := cmp.Or(n.NameQualifier, issuer)
	if n.Value == "" || domain == issuer && !strings.Contains(n.Value, "!") {
		return n.Value
	}
	return strings.NewReplacer("%", "%25", "!", "%21").Replace(domain) + "!" + n.Value
}

// samlClaims keeps every value, in order: one alone is itself, others are a list. Some identity providers write one attribute
// for each value. Package saml refuses two different attributes with the same name.
func samlClaims(all []saml.Attribute) map[string]any {
	claims := make(map[string]any, len(all))
	for _, attribute := range all {
		before, repeated := claims[attribute.Name]
		if !repeated && len(attribute.Values) == 1 {
			claims[attribute.Name] = samlClaim(attribute.Values[0])
			continue
		}
		values, several := before.([]any)
		if repeated && !several {
			values = []any{before}
		}
		values = slices.Grow(values, len(attribute.Values))
		for _, v := range attribute.Values {
			values = append(values, samlClaim(v))
		}
		switch len(values) {
		case 0:
			claims[attribute.Name] = []any{} // an attribute without values is kept
		case 1:
			claims[attribute.Name] = values[0]
		default:
			claims[attribute.Name] = values
		}
	}
	return claims
}

func samlClaim(v saml.Value) any {
	switch {
	case v.Nil:
		return nil
	case v.NameID != nil:
		return samlNameClaim(*v.NameID)
	case v.XML != "":
		return v.XML
	}
	return v.Text
}

// samlNameClaim is a value that is a name identifier, such as eduPersonTargetedID.
func samlNameClaim(n saml.NameID) map[string]any {
	claim := map[string]any{"value": n.Value}
	for member, text := range map[string]string{
		"format": n.Format, "name_qualifier": n.NameQualifier, "sp_name_qualifier": n.SPNameQualifier, "sp_provided_id": n.SPProvidedID,
	} {
		if text != "" {
			claim[member] = text
		}
	}
	return claim
}

// judgeSAML wraps the errors of SAML by their kind; see judge. Unusable metadata is an outage, also when a refusal
// wraps it: without metadata a message can be neither accepted nor refused. The exception is a message from an
// identity provider that is not configured.
func judgeSAML(err error) error {
	var bad *metadata.Error
	var invalid *saml.InvalidError
	var status *saml.StatusError
	var unresolved *saml.ResolveError
	switch {
	case errors.As(err, &unresolved): // the server failed, and not the browser's message
		return err
	case errors.Is(err, callback.Parsed), errors.Is(err, metadata.CheckConfig):
		return misconfigured(err)
	case errors.As(err, &bad) && !errors.Is(err, saml.CheckUnknownIDP):
		return err
	case errors.As(err, &invalid):
		return refused(err)
	case errors.As(err, &status) && ourMistake(status):
		return misconfigured(err)
	case errors.As(err, &status):
		return denied(err)
	}
	return err
}

// judgeSAMLLogin is judgeSAML for the end of a login, where the identity provider is compared with the configured
// one.
func judgeSAMLLogin(err error) error {
	if errors.Is(err, saml.CheckIssuer) {
		return misconfigured(refused(err))
	}
	return judgeSAML(err)
}

// ourMistake distinguishes a refusal of this application from a refusal of the user.
func ourMistake(status *saml.StatusError) bool {
	switch {
	case errors.Is(status, saml.InvalidNameIDPolicy), errors.Is(status, saml.VersionMismatch):
		return true
	}
	return len(status.Codes) == 1 && status.Codes[0] == saml.Requester
}
