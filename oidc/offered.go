package oidc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/jose"
)

// offers finds an algorithm that the client registered and the server does not have (OpenID Connect Discovery §3,
// RFC 9701 §7, JARM §4): its replies would all be refused, or our requests. A list that is missing, empty or no list says nothing.
func (c *Client) offers(m *Metadata) error {
	idToken := c.cfg.IDTokenSigningAlg
	if jose.Symmetric(idToken) {
		idToken = "" // servers that sign with a client's secret often do not list it, such as LINE
	}
	pins := [...]struct{ field, value, list string }{
		{"IDTokenSigningAlg", idToken, "id_token_signing_alg"},
		{"IDTokenEncryptionAlg", c.cfg.IDTokenEncryptionAlg, "id_token_encryption_alg"},
		{"IDTokenEncryptionEnc", c.cfg.IDTokenEncryptionEnc, "id_token_encryption_enc"},
		{"UserInfoSigningAlg", c.cfg.UserInfoSigningAlg, "userinfo_signing_alg"},
		{"UserInfoEncryptionAlg", c.cfg.UserInfoEncryptionAlg, "userinfo_encryption_alg"},
		{"UserInfoEncryptionEnc", c.cfg.UserInfoEncryptionEnc, "userinfo_encryption_enc"},
		{"RequestObjectEncryptionAlg", c.cfg.RequestObjectEncryptionAlg, "request_object_encryption_alg"},
		{"RequestObjectEncryptionEnc", c.cfg.RequestObjectEncryptionEnc, "request_object_encryption_enc"},
		{"IntrospectionSigningAlg", c.cfg.IntrospectionSigningAlg, "introspection_signing_alg"},
		{"IntrospectionEncryptionAlg", c.cfg.IntrospectionEncryptionAlg, "introspection_encryption_alg"},
		{"IntrospectionEncryptionEnc", c.cfg.IntrospectionEncryptionEnc, "introspection_encryption_enc"},
		{"AuthorizationSigningAlg", c.cfg.AuthorizationSigningAlg, "authorization_signing_alg"},
		{"AuthorizationEncryptionAlg", c.cfg.AuthorizationEncryptionAlg, "authorization_encryption_alg"},
		{"AuthorizationEncryptionEnc", c.cfg.AuthorizationEncryptionEnc, "authorization_encryption_enc"},
	}
	var said map[string]any
	for _, p := range pins {
		if p.value == "" {
			continue
		}
		if said == nil && m.Claims(&said) != nil {
			return nil // it was not read from a document
		}
		list, _ := said[p.list+"_values_supported"].([]any)
		if len(list) > 0 && !slices.Contains(list, any(p.value)) {
			return fmt.Errorf("oidc: %s is %s, and the server's %s_values_supported is %s", p.field, p.value, p.list, httpcore.Clean(strings.Trim(fmt.Sprint(list), "[]")))
		}
	}
	return nil
}
