// Package keycloak holds the tests of oauth, oidc, saml and authentication against a running Keycloak, started by
// internal/interop/servers/keycloak/start.sh. Without the tag interop it is empty.
package keycloak
