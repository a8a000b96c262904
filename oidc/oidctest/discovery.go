package oidctest

import (
	"maps"
	"net/http"
	"slices"
)

// discovery answers with the provider's metadata (OpenID Connect Discovery §3).
func (s *Server) discovery(w http.ResponseWriter, r *http.Request) {
	issuer := s.issuer(r)
	methods := []string{authPost, authBasic, authSecretJWT}
	if len(s.JWKS) > 0 {
		methods = append(methods, authKeyJWT)
	}
	if s.AllowPublic {
		methods = append(methods, authNone)
	}
	algs := []string{s.signer.idTokenAlg}
	for _, alg := range append(s.signer.algs, accessTokenAlg) {
		if !slices.Contains(algs, alg) {
			algs = append(algs, alg)
		}
	}
	document := map[string]any{
		"issuer":                                   issuer,
		"authorization_endpoint":                   issuer + "/auth",
		"token_endpoint":                           issuer + "/token",
		"userinfo_endpoint":                        issuer + "/me",
		"introspection_endpoint":                   issuer + "/token/introspection",
		"revocation_endpoint":                      issuer + "/token/revocation",
		"end_session_endpoint":                     issuer + "/session/end",
		"jwks_uri":                                 issuer + "/.well-known/jwks.json",
		"scopes_supported":                         s.scopes(),
		"response_types_supported":                 s.responseTypes(),
		"response_modes_supported":                 responseModes(),
		"grant_types_supported":                    []string{"authorization_code", "implicit", "refresh_token", "client_credentials", "password"},
		"subject_types_supported":                  []string{"public"},
		"id_token_signing_alg_values_supported":    algs,
		"id_token_encryption_alg_values_supported": encryptionAlgs(),
		"id_token_encryption_enc_values_supported": slices.Sorted(maps.Keys(contentSizes())),
		"userinfo_signing_alg_values_supported":    algs,
		"userinfo_encryption_alg_values_supported": encryptionAlgs(),
		"userinfo_encryption_enc_values_supported": slices.Sorted(maps.Keys(contentSizes())),
		"code_challenge_methods_supported":         []string{"plain", "S256"},
		"prompt_values_supported":                  []string{"none", "login", "consent", "select_account"},
		"claim_types_supported":                    []string{"normal", "aggregated", "distributed"},
		"claims_supported": []string{"sub", "name", "given_name", "family_name", "nickname", "preferred_username", "picture",
			"email", "email_verified", "phone_number", "phone_number_verified", "address", "updated_at"},
		"backchannel_logout_supported":                   true,
		"backchannel_logout_session_supported":           true,
		"frontchannel_logout_supported":                  true,
		"frontchannel_logout_session_supported":          true,
		"claims_parameter_supported":                     true,
		"request_parameter_supported":                    s.takesObjects(),
		"request_uri_parameter_supported":                s.takesObjects(),
		"authorization_response_iss_parameter_supported": s.SendIssuer,
	}
	for name, method := range map[string]string{"token": s.TokenAuth, "introspection": s.IntrospectionAuth, "revocation": s.RevocationAuth} {
		allowed := methods
		if method != "" {
			allowed = []string{method}
		}
		if s.Registration != nil {
			allowed = authMethods()
		}
		for _, c := range s.apps {
			if method := c.method(""); !slices.Contains(allowed, method) {
				allowed = append(slices.Clip(allowed), method)
			}
		}
		document[name+"_endpoint_auth_methods_supported"] = allowed
		if slices.Contains(allowed, authSecretJWT) || slices.Contains(allowed, authKeyJWT) {
			document[name+"_endpoint_auth_signing_alg_values_supported"] = append(assertionAlgs(authSecretJWT), assertionAlgs(authKeyJWT)...)
		}
	}
	if s.takesObjects() {
		document["request_object_signing_alg_values_supported"] = objectAlgs()
	}
	document["introspection_signing_alg_values_supported"] = []string{accessTokenAlg}
	if s.Registration != nil {
		document["registration_endpoint"] = issuer + "/reg"
	}
	document = breakJSON(s.realm, WrongDiscoveryIssuer, document, "issuer", otherIssuer)
	w.Header().Set("Cache-Control", "public, max-age=300")
	writeJSON(w, http.StatusOK, document)
}
