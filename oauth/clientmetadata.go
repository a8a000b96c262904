package oauth

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"strings"
)

// ClientMetadata describes a client to a server (RFC 7591 §2, OpenID Connect Registration §2). An
// empty field is not sent, and the server then has its default.
type ClientMetadata struct {
	// RedirectURIs are the addresses where the browser returns.
	RedirectURIs []string `json:"redirect_uris,omitempty"`
	// ResponseTypes are those that the client uses; the default is code.
	ResponseTypes []string `json:"response_types,omitempty"`
	// GrantTypes are those that the client uses; the default is authorization_code.
	GrantTypes []string `json:"grant_types,omitempty"`
	// ApplicationType is web or native; the default is web.
	ApplicationType string `json:"application_type,omitempty"`
	// ClientName is shown to users. Extra has the names in other languages, such as client_name#zh-CN.
	ClientName string `json:"client_name,omitempty"`
	// ClientURI is a page about the client.
	ClientURI string `json:"client_uri,omitempty"`
	// LogoURI is an image.
	LogoURI string `json:"logo_uri,omitempty"`
	// PolicyURI is a page about how the client uses data.
	PolicyURI string `json:"policy_uri,omitempty"`
	// TOSURI is a page with the terms of service.
	TOSURI string `json:"tos_uri,omitempty"`
	// Contacts are mail addresses of those who are responsible.
	Contacts []string `json:"contacts,omitempty"`
	// Scope is a space-separated list of the scopes that the client may ask for.
	Scope string `json:"scope,omitempty"`
	// SoftwareID is the same for all copies of one program.
	SoftwareID string `json:"software_id,omitempty"`
	// SoftwareVersion is the program's version.
	SoftwareVersion string `json:"software_version,omitempty"`
	// SoftwareStatement is a JWT about the program, by someone whom the server trusts (RFC 7591 §2.3).
	SoftwareStatement string `json:"software_statement,omitempty"`
	// TokenEndpointAuthMethod is how the client authenticates, such as private_key_jwt; the default is
	// client_secret_basic.
	TokenEndpointAuthMethod string `json:"token_endpoint_auth_method,omitempty"`
	// TokenEndpointAuthSigningAlg is the algorithm of its assertions.
	TokenEndpointAuthSigningAlg string `json:"token_endpoint_auth_signing_alg,omitempty"`
	// TLSClientAuthSubjectDN is the subject of the client's certificate, for tls_client_auth (RFC 8705 §2.1.2).
	TLSClientAuthSubjectDN string `json:"tls_client_auth_subject_dn,omitempty"`
	// DPoPBoundAccessTokens makes the server demand DPoP of the client (RFC 9449 §5.2): see Config.DPoP.
	DPoPBoundAccessTokens bool `json:"dpop_bound_access_tokens,omitempty"`
	// TLSClientCertificateBoundAccessTokens makes the server bind tokens to the client's certificate (RFC 8705 §3.4): see
	// Config.CertificateBoundTokens.
	TLSClientCertificateBoundAccessTokens bool `json:"tls_client_certificate_bound_access_tokens,omitempty"`
	// RequirePushedAuthorizationRequests makes the server refuse requests of the client that were not pushed (RFC 9126 §6):
	// see PushAlways.
	RequirePushedAuthorizationRequests bool `json:"require_pushed_authorization_requests,omitempty"`
	// JWKSURI is where JWKSHandler serves the client's keys. It excludes JWKS.
	JWKSURI string `json:"jwks_uri,omitempty"`
	// JWKS are the client's public keys, for a client that cannot serve them. A server reads them only here.
	JWKS JWKSet `json:"jwks,omitempty"`
	// SubjectType is public or pairwise.
	SubjectType string `json:"subject_type,omitempty"`
	// SectorIdentifierURI is a list of the redirect URIs of one sector, for pairwise subjects.
	SectorIdentifierURI string `json:"sector_identifier_uri,omitempty"`
	// IDTokenSignedResponseAlg is the algorithm of ID tokens; the default is RS256. See oidc.Config.IDTokenSigningAlg.
	IDTokenSignedResponseAlg string `json:"id_token_signed_response_alg,omitempty"`
	// IDTokenEncryptedResponseAlg encrypts ID tokens.
	IDTokenEncryptedResponseAlg string `json:"id_token_encrypted_response_alg,omitempty"`
	// IDTokenEncryptedResponseEnc is the enc of encrypted ID tokens.
	IDTokenEncryptedResponseEnc string `json:"id_token_encrypted_response_enc,omitempty"`
	// UserInfoSignedResponseAlg signs user info.
	UserInfoSignedResponseAlg string `json:"userinfo_signed_response_alg,omitempty"`
	// UserInfoEncryptedResponseAlg encrypts user info.
	UserInfoEncryptedResponseAlg string `json:"userinfo_encrypted_response_alg,omitempty"`
	// UserInfoEncryptedResponseEnc is the enc of encrypted user info.
	UserInfoEncryptedResponseEnc string `json:"userinfo_encrypted_response_enc,omitempty"`
	// AuthorizationSignedResponseAlg signs authorization responses in the response modes of JARM (JARM §3); the default is
	// RS256. See oidc.Config.AuthorizationSigningAlg.
	AuthorizationSignedResponseAlg string `json:"authorization_signed_response_alg,omitempty"`
	// AuthorizationEncryptedResponseAlg encrypts them.
	AuthorizationEncryptedResponseAlg string `json:"authorization_encrypted_response_alg,omitempty"`
	// AuthorizationEncryptedResponseEnc is the enc of encrypted ones.
	AuthorizationEncryptedResponseEnc string `json:"authorization_encrypted_response_enc,omitempty"`
	// RequestObjectSigningAlg is the algorithm of request objects.
	RequestObjectSigningAlg string `json:"request_object_signing_alg,omitempty"`
	// RequestObjectEncryptionAlg is how the key of encrypted request objects is given.
	RequestObjectEncryptionAlg string `json:"request_object_encryption_alg,omitempty"`
	// RequestObjectEncryptionEnc is the enc of encrypted request objects.
	RequestObjectEncryptionEnc string `json:"request_object_encryption_enc,omitempty"`
	// AuthorizationDetailsTypes are the types that the client uses (RFC 9396 §10).
	AuthorizationDetailsTypes []string `json:"authorization_details_types,omitempty"`
	// RequestURIs are the addresses of request objects. A server may accept no others.
	RequestURIs []string `json:"request_uris,omitempty"`
	// InitiateLoginURI is where a login that another party starts begins.
	InitiateLoginURI string `json:"initiate_login_uri,omitempty"`
	// PostLogoutRedirectURIs are the addresses where the browser returns after a logout.
	PostLogoutRedirectURIs []string `json:"post_logout_redirect_uris,omitempty"`
	// BackChannelLogoutURI gets logout tokens (OpenID Connect Back-Channel Logout §2.2).
	BackChannelLogoutURI string `json:"backchannel_logout_uri,omitempty"`
	// BackChannelLogoutSessionRequired demands a sid in logout tokens. ReceiveLogout works without it, too.
	BackChannelLogoutSessionRequired bool `json:"backchannel_logout_session_required,omitempty"`
	// FrontChannelLogoutURI is opened in a frame at a logout (OpenID Connect Front-Channel Logout §2).
	FrontChannelLogoutURI string `json:"frontchannel_logout_uri,omitempty"`
	// FrontChannelLogoutSessionRequired demands iss and sid there, which ReceiveLogout needs.
	FrontChannelLogoutSessionRequired bool `json:"frontchannel_logout_session_required,omitempty"`
	// Extra has further members. A member that has a field is an error.
	Extra map[string]any `json:"-"`
}

// MarshalJSON writes the members to be sent.
func (m ClientMetadata) MarshalJSON() ([]byte, error) {
	members, err := m.members()
	if err != nil {
		return nil, err
	}
	return json.Marshal(members)
}

func (m ClientMetadata) members() (map[string]any, error) {
	type plain ClientMetadata
	text, err := json.Marshal(plain(m))
	if err != nil {
		return nil, fmt.Errorf("oauth: client metadata: %w", err)
	}
	members := map[string]any{}
	if err := json.Unmarshal(text, &members); err != nil {
		return nil, fmt.Errorf("oauth: client metadata: %w", err)
	}
	for name := range m.Extra {
		if isClientMember(name) {
			return nil, fmt.Errorf("oauth: client metadata: Extra must not set %s: use its field instead", name)
		}
	}
	maps.Copy(members, m.Extra)
	return members, nil
}

// isClientMember reports whether a member has a field in ClientMetadata, or is the server's.
func isClientMember(name string) bool {
	switch name {
	case "client_id", "client_secret", "client_id_issued_at", "client_secret_expires_at", "registration_access_token", "registration_client_uri":
		return true
	}
	t := reflect.TypeFor[ClientMetadata]()
	for i := range t.NumField() {
		if tag, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); tag == name {
			return true
		}
	}
	return false
}
