package oidctest

import (
	"maps"
	"slices"
	"strings"
)

// metadata is what the server says of itself (OpenID Connect Discovery §3, RFC 8414 §2).
func (s *Server) metadata(issuer string) map[string]any {
	document := map[string]any{
		"issuer":                                        issuer,
		"authorization_endpoint":                        issuer + "/auth",
		"token_endpoint":                                issuer + "/token",
		"pushed_authorization_request_endpoint":         issuer + "/par",
		"require_pushed_authorization_requests":         s.requiresPushes(),
		"userinfo_endpoint":                             issuer + "/me",
		"introspection_endpoint":                        issuer + "/token/introspection",
		"revocation_endpoint":                           issuer + "/token/revocation",
		"end_session_endpoint":                          issuer + "/session/end",
		"jwks_uri":                                      issuer + "/.well-known/jwks.json",
		"scopes_supported":                              s.scopes(),
		"response_types_supported":                      s.responseTypes(),
		"response_modes_supported":                      s.responseModes(),
		"grant_types_supported":                         append(s.usualGrants(), s.moreGrants()...),
		"subject_types_supported":                       []string{"public"},
		"id_token_signing_alg_values_supported":         s.signingAlgs(func(c *client) string { return c.idTokenAlg }),
		"id_token_encryption_alg_values_supported":      encryptionAlgs(),
		"id_token_encryption_enc_values_supported":      slices.Sorted(maps.Keys(contentSizes())),
		"userinfo_signing_alg_values_supported":         s.signingAlgs(func(c *client) string { return c.app.UserInfoSigningAlg }),
		"userinfo_encryption_alg_values_supported":      encryptionAlgs(),
		"userinfo_encryption_enc_values_supported":      slices.Sorted(maps.Keys(contentSizes())),
		"authorization_signing_alg_values_supported":    s.signingAlgs(func(c *client) string { return c.app.AuthorizationSigningAlg }),
		"authorization_encryption_alg_values_supported": encryptionAlgs(),
		"authorization_encryption_enc_values_supported": slices.Sorted(maps.Keys(contentSizes())),
		"code_challenge_methods_supported":              s.challengeMethods(),
		"prompt_values_supported":                       []string{"none", "login", "consent", "select_account"},
		"claim_types_supported":                         []string{"normal", "aggregated", "distributed"},
		"claims_supported": []string{"sub", "name", "given_name", "family_name", "nickname", "preferred_username", "picture",
			"email", "email_verified", "phone_number", "phone_number_verified", "address", "updated_at"},
		"backchannel_logout_supported":                   true,
		"backchannel_logout_session_supported":           true,
		"frontchannel_logout_supported":                  true,
		"frontchannel_logout_session_supported":          true,
		"claims_parameter_supported":                     true,
		"request_parameter_supported":                    s.takesObjects(),
		"request_uri_parameter_supported":                s.takesObjects(),
		"authorization_response_iss_parameter_supported": s.sendsIssuer(),
	}
	s.describeMethods(document)
	if s.FAPI2MessageSigning {
		document["require_signed_request_object"] = true
	}
	if s.takesObjects() {
		document["request_object_signing_alg_values_supported"] = s.allowed(objectAlgs())
		document["request_object_encryption_alg_values_supported"] = s.decrypter.algs()
		document["request_object_encryption_enc_values_supported"] = slices.Sorted(maps.Keys(contentSizes()))
	}
	document["dpop_signing_alg_values_supported"] = s.allowed(proofAlgs())
	document["introspection_signing_alg_values_supported"] = []string{s.signer.ownAlg}
	if len(s.AuthorizationDetailsTypes) > 0 {
		document["authorization_details_types_supported"] = s.AuthorizationDetailsTypes
	}
	if s.ClientIDMetadataDocuments {
		document["client_id_metadata_document_supported"] = true
	}
	if s.Registration != nil {
		document["registration_endpoint"] = issuer + "/reg"
	}
	if s.Device != nil {
		document["device_authorization_endpoint"] = issuer + "/device/auth"
	}
	if s.CIBA != nil {
		document["backchannel_authentication_endpoint"] = issuer + "/backchannel"
		document["backchannel_token_delivery_modes_supported"] = []string{s.CIBA.mode()}
		document["backchannel_user_code_parameter_supported"] = s.CIBA.UserCode != ""
	}
	if s.MTLSBase != "" {
		document["tls_client_certificate_bound_access_tokens"] = true
		document["mtls_endpoint_aliases"] = s.aliases()
	}
	return document
}

// describeMethods adds how applications authenticate.
func (s *Server) describeMethods(document map[string]any) {
	methods := []string{authPost, authBasic, authSecretJWT}
	if len(s.JWKS) > 0 {
		methods = append(methods, authKeyJWT)
	}
	if s.AllowPublic {
		methods = append(methods, authNone)
	}
	for name, method := range map[string]string{"token": s.TokenAuth, "introspection": s.IntrospectionAuth, "revocation": s.RevocationAuth} {
		allowed := methods
		if method != "" {
			allowed = []string{method}
		}
		if s.Registration != nil || s.ClientIDMetadataDocuments {
			allowed = authMethods()
		}
		for _, c := range s.apps {
			if method := c.method(""); !slices.Contains(allowed, method) {
				allowed = append(slices.Clip(allowed), method)
			}
		}
		allowed = slices.DeleteFunc(slices.Clone(allowed), s.weak)
		document[name+"_endpoint_auth_methods_supported"] = allowed
		if slices.Contains(allowed, authSecretJWT) || slices.Contains(allowed, authKeyJWT) {
			document[name+"_endpoint_auth_signing_alg_values_supported"] = s.allowed(objectAlgs())
		}
	}
}

// aliases are the endpoints with mutual TLS (RFC 8705 §5).
func (s *Server) aliases() map[string]string {
	base := strings.TrimSuffix(s.MTLSBase, "/") + s.Path
	aliases := map[string]string{
		"token_endpoint": base + "/token", "userinfo_endpoint": base + "/me", "pushed_authorization_request_endpoint": base + "/par",
		"introspection_endpoint": base + "/token/introspection", "revocation_endpoint": base + "/token/revocation",
	}
	if s.Device != nil {
		aliases["device_authorization_endpoint"] = base + "/device/auth"
	}
	if s.CIBA != nil {
		aliases["backchannel_authentication_endpoint"] = base + "/backchannel"
	}
	return aliases
}

// signingAlgs are those of the server's keys, and what the applications have besides: an HMAC needs no key.
func (s *Server) signingAlgs(of func(*client) string) []string {
	algs := append([]string{s.signer.idTokenAlg}, s.signer.algs...)
	for _, c := range append([]*client{s.client}, s.apps...) {
		algs = append(algs, of(c))
	}
	if s.Registration != nil {
		algs = append(algs, s.allowed(assertionAlgs(authSecretJWT))...)
	}
	var all []string
	for _, alg := range algs {
		if alg != "" && !slices.Contains(all, alg) {
			all = append(all, alg)
		}
	}
	return all
}
