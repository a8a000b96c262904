package oauth

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// Metadata is the server's metadata (RFC 8414 §2, OpenID Connect Discovery §3). Set in Config, it replaces discovery;
// ParseMetadata reads it from a document. An empty field is absent in the document.
type Metadata struct {
	// Issuer is issuer, the server's identifier: the iss of its tokens.
	Issuer string
	// AuthorizationEndpoint is authorization_endpoint, where the browser is sent to log in.
	AuthorizationEndpoint string
	// TokenEndpoint is token_endpoint, where codes and refresh tokens are exchanged.
	TokenEndpoint string
	// UserInfoEndpoint is userinfo_endpoint.
	UserInfoEndpoint string
	// JWKSURI is jwks_uri, where the server publishes its keys.
	JWKSURI string
	// EndSessionEndpoint is end_session_endpoint, where the browser is sent to log out.
	EndSessionEndpoint string
	// IntrospectionEndpoint is introspection_endpoint.
	IntrospectionEndpoint string
	// RevocationEndpoint is revocation_endpoint.
	RevocationEndpoint string
	// PushedAuthorizationRequestEndpoint is pushed_authorization_request_endpoint (RFC 9126 §5).
	PushedAuthorizationRequestEndpoint string
	// RegistrationEndpoint is registration_endpoint, where a client registers itself.
	RegistrationEndpoint string
	// DeviceAuthorizationEndpoint is device_authorization_endpoint (RFC 8628 §4), where a device begins a login.
	DeviceAuthorizationEndpoint string
	// BackchannelAuthenticationEndpoint is backchannel_authentication_endpoint (OpenID Connect CIBA Core §4).
	BackchannelAuthenticationEndpoint string
	// ScopesSupported is scopes_supported.
	ScopesSupported []string
	// ResponseTypesSupported is response_types_supported.
	ResponseTypesSupported []string
	// ResponseModesSupported is response_modes_supported.
	ResponseModesSupported []string
	// GrantTypesSupported is grant_types_supported.
	GrantTypesSupported []string
	// AuthorizationDetailsTypesSupported is authorization_details_types_supported (RFC 9396 §10): see
	// AuthorizeOptions.AuthorizationDetails.
	AuthorizationDetailsTypesSupported []string
	// ClaimsSupported is claims_supported.
	ClaimsSupported []string
	// TokenEndpointAuthMethodsSupported is token_endpoint_auth_methods_supported: see Config.TokenAuth.
	TokenEndpointAuthMethodsSupported []string
	// IntrospectionEndpointAuthMethodsSupported is introspection_endpoint_auth_methods_supported: see
	// Config.IntrospectionAuth.
	IntrospectionEndpointAuthMethodsSupported []string
	// RevocationEndpointAuthMethodsSupported is revocation_endpoint_auth_methods_supported: see
	// Config.RevocationAuth.
	RevocationEndpointAuthMethodsSupported []string
	// TokenEndpointAuthSigningAlgValuesSupported is token_endpoint_auth_signing_alg_values_supported: for a SigningAuth
	// in Config.TokenAuth.
	TokenEndpointAuthSigningAlgValuesSupported []string
	// IntrospectionEndpointAuthSigningAlgValuesSupported is introspection_endpoint_auth_signing_alg_values_supported.
	IntrospectionEndpointAuthSigningAlgValuesSupported []string
	// RevocationEndpointAuthSigningAlgValuesSupported is revocation_endpoint_auth_signing_alg_values_supported.
	RevocationEndpointAuthSigningAlgValuesSupported []string
	// IDTokenSigningAlgValuesSupported is id_token_signing_alg_values_supported: see Config of package
	// oidc.
	IDTokenSigningAlgValuesSupported []string
	// RequestObjectSigningAlgValuesSupported is request_object_signing_alg_values_supported: see Config.RequestObject.
	RequestObjectSigningAlgValuesSupported []string
	// DPoPSigningAlgValuesSupported is dpop_signing_alg_values_supported (RFC 9449 §5.1): see Config.DPoP.
	DPoPSigningAlgValuesSupported []string
	// TLSClientCertificateBoundAccessTokens is tls_client_certificate_bound_access_tokens (RFC 8705 §3.3): see
	// Config.CertificateBoundTokens.
	TLSClientCertificateBoundAccessTokens bool
	// RequestParameterSupported is request_parameter_supported.
	RequestParameterSupported bool
	// RequireRequestURIRegistration is require_request_uri_registration: see RequestObject.HostIsRegistered.
	RequireRequestURIRegistration bool
	// RequireSignedRequestObject is require_signed_request_object (RFC 9101 §10.5). It makes BeginLogin fail without
	// Config.RequestObject.
	RequireSignedRequestObject bool
	// RequirePushedAuthorizationRequests is require_pushed_authorization_requests (RFC 9126 §5): see
	// Config.PushedAuthorization.
	RequirePushedAuthorizationRequests bool
	// CodeChallengeMethodsSupported is code_challenge_methods_supported. A list without S256 makes BeginLogin
	// fail, unless Config.InsecureAllowCodeInjection, or AllowNoPKCE of package oidc.
	CodeChallengeMethodsSupported []string
	// AuthorizationResponseIssParameterSupported is authorization_response_iss_parameter_supported. It makes iss
	// required in callbacks (RFC 9207 §3).
	AuthorizationResponseIssParameterSupported bool
	// BackchannelTokenDeliveryModesSupported is backchannel_token_delivery_modes_supported: the CIBA modes poll, ping, push.
	// A list without the mode that is asked for makes BeginCIBALogin fail.
	BackchannelTokenDeliveryModesSupported []string
	// ClientIDMetadataDocumentSupported is client_id_metadata_document_supported: the server takes the address of a
	// ClientDocument as a client_id.
	ClientIDMetadataDocumentSupported bool
	// BackChannelLogoutSupported is backchannel_logout_supported: the server posts logout tokens.
	BackChannelLogoutSupported bool
	// BackChannelLogoutSessionSupported is backchannel_logout_session_supported: they can have a sid.
	BackChannelLogoutSessionSupported bool
	// FrontChannelLogoutSupported is frontchannel_logout_supported: the server opens addresses in frames.
	FrontChannelLogoutSupported bool
	// FrontChannelLogoutSessionSupported is frontchannel_logout_session_supported: they can have iss and sid, which
	// ReceiveLogout of package oidc needs.
	FrontChannelLogoutSessionSupported bool
	// MTLSEndpointAliases is mtls_endpoint_aliases: by the name of an endpoint, its address for calls with mutual TLS
	// (RFC 8705 §5). See Config.UseMTLSAliases.
	MTLSEndpointAliases map[string]string

	doc string // the fields are parts of it
}

// Claims decodes the whole document into v, by exact names. For Metadata that was not read from a document it returns
// an error.
func (m *Metadata) Claims(v any) error {
	if m.doc == "" {
		return errors.New("oauth: this metadata was not read from a document")
	}
	if err := strictjson.Decode(m.doc, v); err != nil {
		return fmt.Errorf("oauth: metadata: %w", err)
	}
	return nil
}

// String lists the fields that are set. Each text is cut to 256 bytes.
func (m Metadata) String() string {
	var b strings.Builder
	b.WriteString("oauth.Metadata{")
	for i, f := range m.said() {
		if i > 0 {
			b.WriteByte(' ')
		}
		switch {
		case f.list != nil:
			fmt.Fprintf(&b, "%s:[%s]", f.name, httpcore.Clean(strings.Join(*f.list, " ")))
		case f.text != nil:
			fmt.Fprintf(&b, "%s:%s", f.name, httpcore.Clean(*f.text))
		case f.texts != nil:
			fmt.Fprintf(&b, "%s:%s", f.name, httpcore.Clean(fmt.Sprint(*f.texts)))
		default:
			fmt.Fprintf(&b, "%s:%t", f.name, *f.flag)
		}
	}
	b.WriteByte('}')
	return b.String()
}

// Clone returns a copy that shares nothing with m.
func (m *Metadata) Clone() *Metadata {
	if m == nil {
		return nil
	}
	c := *m
	for _, f := range c.fields() {
		switch {
		case f.list != nil:
			*f.list = slices.Clone(*f.list)
		case f.texts != nil:
			*f.texts = maps.Clone(*f.texts)
		}
	}
	return &c
}
