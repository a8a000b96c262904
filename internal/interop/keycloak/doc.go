// Package keycloak holds the tests of oauth, oidc, saml and authentication against a running Keycloak, started by
// internal/interop/servers/keycloak/start.sh. Without the tag interop it is empty.
//
// Keycloak 26.4 has no nonces for DPoP, no rich authorization requests, no resource indicators, no client ID metadata
// documents, no signed introspections and no self_signed_tls_client_auth. Its metadata never has require_pushed_authorization_requests: a client or a
// policy demands it. It demands neither encrypted request objects nor authorization responses as JWTs.
package keycloak
