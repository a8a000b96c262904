package oauth

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// field is a member of the document that has a field in Metadata; one of the four pointers points to that field.
type field struct {
	name  string
	text  *string
	list  *[]string
	flag  *bool
	texts *map[string]string
	// needed marks a member that a check or a call depends on: a wrong type is an error. Any other member of the
	// wrong type counts as absent.
	needed bool
}

func (m *Metadata) fields() []field {
	text := func(name string, at *string) field { return field{name: name, text: at, needed: true} }
	list := func(name string, at *[]string) field { return field{name: name, list: at} }
	return []field{
		text("issuer", &m.Issuer),
		text("authorization_endpoint", &m.AuthorizationEndpoint),
		text("token_endpoint", &m.TokenEndpoint),
		text("userinfo_endpoint", &m.UserInfoEndpoint),
		text("jwks_uri", &m.JWKSURI),
		text("end_session_endpoint", &m.EndSessionEndpoint),
		text("introspection_endpoint", &m.IntrospectionEndpoint),
		text("revocation_endpoint", &m.RevocationEndpoint),
		text("pushed_authorization_request_endpoint", &m.PushedAuthorizationRequestEndpoint),
		text("registration_endpoint", &m.RegistrationEndpoint),
		text("device_authorization_endpoint", &m.DeviceAuthorizationEndpoint),
		text("backchannel_authentication_endpoint", &m.BackchannelAuthenticationEndpoint),
		list("scopes_supported", &m.ScopesSupported),
		list("response_types_supported", &m.ResponseTypesSupported),
		list("response_modes_supported", &m.ResponseModesSupported),
		list("grant_types_supported", &m.GrantTypesSupported),
		list("authorization_details_types_supported", &m.AuthorizationDetailsTypesSupported),
		list("claims_supported", &m.ClaimsSupported),
		list("token_endpoint_auth_methods_supported", &m.TokenEndpointAuthMethodsSupported),
		list("introspection_endpoint_auth_methods_supported", &m.IntrospectionEndpointAuthMethodsSupported),
		list("revocation_endpoint_auth_methods_supported", &m.RevocationEndpointAuthMethodsSupported),
		list("token_endpoint_auth_signing_alg_values_supported", &m.TokenEndpointAuthSigningAlgValuesSupported),
		list("introspection_endpoint_auth_signing_alg_values_supported", &m.IntrospectionEndpointAuthSigningAlgValuesSupported),
		list("revocation_endpoint_auth_signing_alg_values_supported", &m.RevocationEndpointAuthSigningAlgValuesSupported),
		{name: "id_token_signing_alg_values_supported", list: &m.IDTokenSigningAlgValuesSupported, needed: true},
		list("request_object_signing_alg_values_supported", &m.RequestObjectSigningAlgValuesSupported),
		list("dpop_signing_alg_values_supported", &m.DPoPSigningAlgValuesSupported),
		{name: "tls_client_certificate_bound_access_tokens", flag: &m.TLSClientCertificateBoundAccessTokens},
		{name: "request_parameter_supported", flag: &m.RequestParameterSupported},
		{name: "require_request_uri_registration", flag: &m.RequireRequestURIRegistration},
		{name: "require_signed_request_object", flag: &m.RequireSignedRequestObject},
		{name: "require_pushed_authorization_requests", flag: &m.RequirePushedAuthorizationRequests, needed: true},
		list("code_challenge_methods_supported", &m.CodeChallengeMethodsSupported),
		{name: "authorization_response_iss_parameter_supported", flag: &m.AuthorizationResponseIssParameterSupported, needed: true},
		list("backchannel_token_delivery_modes_supported", &m.BackchannelTokenDeliveryModesSupported),
		{name: "client_id_metadata_document_supported", flag: &m.ClientIDMetadataDocumentSupported},
		{name: "backchannel_logout_supported", flag: &m.BackChannelLogoutSupported},
		{name: "backchannel_logout_session_supported", flag: &m.BackChannelLogoutSessionSupported},
		{name: "frontchannel_logout_supported", flag: &m.FrontChannelLogoutSupported},
		{name: "frontchannel_logout_session_supported", flag: &m.FrontChannelLogoutSessionSupported},
		{name: "mtls_endpoint_aliases", texts: &m.MTLSEndpointAliases, needed: true},
	}
}

// said returns the fields that have a value.
func (m *Metadata) said() []field {
	var said []field
	for _, f := range m.fields() {
		if f.text != nil && *f.text != "" || f.list != nil && len(*f.list) > 0 || f.flag != nil && *f.flag ||
			f.texts != nil && len(*f.texts) > 0 {
			said = append(said, f)
		}
	}
	return said
}

// ParseMetadata reads a metadata document (RFC 8414 §3.2, OpenID Connect Discovery §4.2), for a server that publishes it at another
// address than the issuer's, or for a document in a file. Member names are exact. A missing issuer is an error. So is
// a wrong type of an address, or of a member that a check depends on; any other member of the wrong type counts as
// absent. A byte order mark is skipped. Errors are a *DiscoveryError with DiscoveryDocument.
//
// ParseMetadata cannot know the right issuer: set Config.Issuer together with the metadata, and NewClient compares
// them.
func ParseMetadata(document []byte) (*Metadata, error) {
	m, err := parseMetadata(document)
	if err != nil {
		return nil, refuseDiscovery(DiscoveryDocument, "%w", err)
	}
	return m, nil
}

// UnmarshalJSON reads a document as ParseMetadata does.
func (m *Metadata) UnmarshalJSON(document []byte) error {
	read, err := ParseMetadata(document)
	if err == nil {
		*m = *read
	}
	return err
}

// MarshalJSON writes a document that ParseMetadata reads back: the fields, and the other members of the document.
func (m Metadata) MarshalJSON() ([]byte, error) {
	document := map[string]any{}
	if m.doc != "" {
		if err := strictjson.Decode(m.doc, &document); err != nil {
			return nil, fmt.Errorf("oauth: metadata: %w", err)
		}
	}
	for _, f := range m.fields() {
		delete(document, f.name)
	}
	for _, f := range m.said() {
		switch {
		case f.text != nil:
			document[f.name] = *f.text
		case f.list != nil:
			document[f.name] = *f.list
		case f.texts != nil:
			document[f.name] = *f.texts
		default:
			document[f.name] = *f.flag
		}
	}
	return json.Marshal(document)
}

func parseMetadata(body []byte) (*Metadata, error) {
	text := strings.TrimPrefix(string(body), "\ufeff")
	doc, err := strictjson.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("the document: %w", err)
	}
	if doc.Kind() != strictjson.Object {
		return nil, errors.New("the document is not a JSON object")
	}
	members := map[string]strictjson.Value{}
	for name, v := range doc.Members {
		members[name] = v
	}
	m := &Metadata{doc: text}
	for _, f := range m.fields() {
		v := members[f.name] // a null when there is none
		ok := true
		switch {
		case v.Kind() == strictjson.Null:
		case f.text != nil:
			*f.text, ok = v.ExactStr()
		case f.list != nil:
			*f.list, ok = v.Strings()
		case f.texts != nil:
			*f.texts, ok = aliases(v)
		default:
			*f.flag, ok = v.Bool()
		}
		if !ok && f.needed {
			return nil, fmt.Errorf("the document's %s %s", f.name, v.Misfit())
		}
	}
	if m.Issuer == "" {
		return nil, errors.New("the document has no issuer")
	}
	return m, nil
}

// aliases reads the addresses of endpoints; what else stands there has no meaning and is ignored (RFC 8705 §5).
func aliases(v strictjson.Value) (map[string]string, bool) {
	if v.Kind() != strictjson.Object {
		return nil, false
	}
	texts := map[string]string{}
	for name, e := range v.Members {
		if !strings.HasSuffix(name, "_endpoint") || e.Kind() == strictjson.Null {
			continue
		}
		s, ok := e.ExactStr()
		if !ok {
			return nil, false
		}
		texts[name] = s
	}
	return texts, true
}
