package oauth

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"github.com/seed6e7d3bb2/authing-go/internal/authorize"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// NewAuthorizationDetails makes the authorization details of a request (RFC 9396 §2): what the client asks for, where a
// scope is not exact enough. Each value becomes one object by encoding/json. It must have the member type, a text that is
// not empty; the API says which other members belong to that type. No value, and one without a type, are errors.
func NewAuthorizationDetails(details ...any) (json.RawMessage, error) {
	text, err := json.Marshal(append([]any{}, details...))
	if err != nil {
		return nil, fmt.Errorf("oauth: AuthorizationDetails: %w", err)
	}
	if _, err := readRequestedDetails(text); err != nil {
		return nil, err
	}
	return text, nil
}

// AuthorizationDetailsOf decodes those details that have this type, in their order, each by exact names (RFC 9396 §2).
// There may be none: a server may grant less than was asked for, and other values, so read the details of the Token, not
// those of the request (RFC 9396 §7). Details that are no array of objects with a type are an error; nil has none.
func AuthorizationDetailsOf[T any](details json.RawMessage, detailType string) ([]T, error) {
	if len(details) == 0 {
		return nil, nil
	}
	v, err := strictjson.Parse(string(details))
	if err != nil {
		return nil, fmt.Errorf("oauth: authorization_details: %w", err)
	}
	if err := authorize.CheckDetails(v); err != nil {
		return nil, fmt.Errorf("oauth: authorization_details %w", err)
	}
	var found []T
	for detail := range v.Elements {
		if authorize.DetailType(detail) != detailType {
			continue
		}
		var one T
		if err := strictjson.Decode(detail.Raw(), &one); err != nil {
			return nil, fmt.Errorf("oauth: authorization_details: %w", err)
		}
		found = append(found, one)
	}
	return found, nil
}

func readRequestedDetails(details json.RawMessage) (strictjson.Value, error) {
	v, err := strictjson.Parse(string(details))
	if err != nil {
		return v, fmt.Errorf("oauth: AuthorizationDetails: %w", err)
	}
	if err := authorize.CheckDetails(v); err != nil {
		return v, fmt.Errorf("oauth: AuthorizationDetails %w (RFC 9396 §2)", err)
	}
	for range v.Elements {
		return v, nil
	}
	return v, errors.New("oauth: AuthorizationDetails is an empty array")
}

// checkDetails finds a mistake of the caller, and a type that the server does not have (RFC 9396 §10). No error repeats
// the details: they may have numbers of accounts.
func (c *Client) checkDetails(details json.RawMessage) error {
	if len(details) == 0 {
		return nil
	}
	v, err := readRequestedDetails(details)
	if err != nil {
		return err
	}
	i := 0
	for detail := range v.Elements {
		if c.server != nil && lacks(c.server.detailTypes, authorize.DetailType(detail)) {
			return refuseDiscovery(DiscoveryMissing, "the server's authorization_details_types_supported has not the type of AuthorizationDetails[%d]: %w", i, errors.ErrUnsupported)
		}
		i++
	}
	return nil
}

const detailsParam = "authorization_details"

// addDetails adds the details to a form. They can be wherever scope can (RFC 9396 §3, §6).
func (c *Client) addDetails(form url.Values, details json.RawMessage) error {
	if len(details) == 0 { // no allocation without them
		return nil
	}
	if err := c.checkDetails(details); err != nil {
		return err
	}
	addValues(form, detailsParam, string(details))
	return nil
}

// readDetails takes the details of a reply, whose null counts as absent.
func readDetails(v strictjson.Value, to *json.RawMessage) error {
	if v.Kind() == strictjson.Null {
		return nil
	}
	if err := authorize.CheckDetails(v); err != nil {
		return err
	}
	*to = json.RawMessage(v.Raw())
	return nil
}
