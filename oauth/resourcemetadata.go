package oauth

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// ResourceMetadata is what an API says about itself (RFC 9728 §2). An empty field is absent in the document. Claims has
// all members. signed_metadata is not read.
type ResourceMetadata struct {
	// Resource is the API's identifier.
	Resource string
	// AuthorizationServers are the issuers whose tokens the API accepts, in its order.
	AuthorizationServers []string
	// ScopesSupported are the scopes of the API.
	ScopesSupported []string
	// DPoPBoundAccessTokensRequired says that the API takes only tokens that are bound to a key (RFC 9728 §2).
	DPoPBoundAccessTokensRequired bool
	// DPoPSigningAlgValuesSupported are the algorithms of proofs that the API takes; empty when it does not say.
	DPoPSigningAlgValuesSupported []string
	// ResourceName is the API's name for users.
	ResourceName string
	// ResourceDocumentation is a page for developers.
	ResourceDocumentation string

	doc string
}

// Claims decodes the whole document into v, by exact names.
func (m *ResourceMetadata) Claims(v any) error { return claims(m.doc, v) }

// parseResourceMetadata reads the document (RFC 9728 §3.2). Names are exact.
func parseResourceMetadata(body string) (*ResourceMetadata, error) {
	body = strings.TrimPrefix(body, "\ufeff")
	members, err := strictjson.ParseObject(body, nil)
	if err != nil {
		return nil, fmt.Errorf("the document: %w", err)
	}
	m := &ResourceMetadata{doc: body}
	var methods []string
	said := false
	for _, member := range members {
		v, ok := member.Value, true
		if v.Kind() == strictjson.Null {
			continue
		}
		switch member.Name {
		case "resource":
			m.Resource, ok = v.ExactStr()
		case "authorization_servers":
			m.AuthorizationServers, ok = v.Strings()
		case "scopes_supported":
			m.ScopesSupported, ok = v.Strings()
		case "bearer_methods_supported":
			methods, ok = v.Strings()
			said = true
		case "dpop_bound_access_tokens_required":
			m.DPoPBoundAccessTokensRequired, ok = v.Bool()
		case "dpop_signing_alg_values_supported":
			m.DPoPSigningAlgValuesSupported, ok = v.Strings()
		case "resource_name":
			m.ResourceName = v.Text()
		case "resource_documentation":
			m.ResourceDocumentation = v.Text()
		}
		if !ok {
			return nil, fmt.Errorf("the document's %s %s", member.Name, v.Misfit())
		}
	}
	if said && !slices.Contains(methods, "header") { // at the other places they do not belong (RFC 9700 §4.3.2)
		return nil, errors.New("the document's bearer_methods_supported does not have header (RFC 9728 §2)")
	}
	return m, nil
}

// suitsMetadata is suits for what the metadata says (RFC 9728 §2).
func (d *DPoP) suitsMetadata(m *ResourceMetadata) error {
	switch {
	case d == nil && m.DPoPBoundAccessTokensRequired:
		return errors.New("oauth: the API's metadata has dpop_bound_access_tokens_required, and ResourceConfig.Client.DPoP is not set")
	case d != nil && lacks(m.DPoPSigningAlgValuesSupported, d.SigningAlg()):
		return fmt.Errorf("oauth: DPoP signs with %s, and the API accepts %s", d.SigningAlg(), httpcore.Clean(strings.Join(m.DPoPSigningAlgValuesSupported, ", ")))
	}
	return nil
}
