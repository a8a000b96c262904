package oidctest

import (
	"encoding/json"
	"net/http"
	"slices"
)

// openIDDocument answers with the provider's metadata (OpenID Connect Discovery §3).
func (s *Server) openIDDocument(w http.ResponseWriter, r *http.Request) {
	if !missing(s.realm, NoOpenIDDocument, w, r) {
		s.describe(w, s.metadata(s.issuer(r)))
	}
}

// oauthDocument answers with the same metadata at the other place (RFC 8414 §3.1). A server of OAuth alone leaves out
// what is of OpenID Connect.
func (s *Server) oauthDocument(w http.ResponseWriter, r *http.Request) {
	if missing(s.realm, NoOAuthDocument, w, r) {
		return
	}
	document := s.metadata(s.issuer(r))
	if s.OAuth {
		for name := range document {
			if !slices.Contains(oauthMembers(), name) {
				delete(document, name)
			}
		}
	}
	s.describe(w, document)
}

func oauthMembers() []string {
	return []string{
		"issuer", "authorization_endpoint", "token_endpoint", "introspection_endpoint", "revocation_endpoint", "registration_endpoint", "device_authorization_endpoint",
		"userinfo_endpoint", "scopes_supported", "response_types_supported", "response_modes_supported", "grant_types_supported",
		"code_challenge_methods_supported", "client_id_metadata_document_supported", "authorization_response_iss_parameter_supported", "mtls_endpoint_aliases",
		"token_endpoint_auth_methods_supported", "introspection_endpoint_auth_methods_supported", "revocation_endpoint_auth_methods_supported",
		"token_endpoint_auth_signing_alg_values_supported", "introspection_endpoint_auth_signing_alg_values_supported",
		"revocation_endpoint_auth_signing_alg_values_supported", "dpop_signing_alg_values_supported",
		"tls_client_certificate_bound_access_tokens", "pushed_authorization_request_endpoint", "require_pushed_authorization_requests",
		"authorization_details_types_supported", "request_parameter_supported", "request_uri_parameter_supported", "request_object_signing_alg_values_supported",
		"require_signed_request_object", "request_object_encryption_alg_values_supported", "request_object_encryption_enc_values_supported",
	}
}

func (s *Server) describe(w http.ResponseWriter, document map[string]any) {
	document = breakDocument(s.realm, document)
	w.Header().Set("Cache-Control", "public, max-age=300")
	if !s.realm.Broken(RepeatedMember) {
		writeJSON(w, http.StatusOK, document)
		return
	}
	text, err := json.Marshal(document)
	if err != nil {
		http.Error(w, "oidctest: "+err.Error(), http.StatusInternalServerError)
		return
	}
	name, _ := json.Marshal(document["issuer"])
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = w.Write(append([]byte(`{"issuer":`+string(name)+","), text[1:]...))
}
