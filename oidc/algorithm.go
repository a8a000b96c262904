package oidc

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/jose"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

const defaultAlg = "RS256"

// initVerifiers sets what does not depend on the server's metadata (OpenID Connect Registration §2).
func (c *Client) initVerifiers() error {
	c.idToken.field, c.idToken.alg = "IDTokenSigningAlg", c.cfg.IDTokenSigningAlg
	c.access.field, c.access.alg = "AccessTokenSigningAlg", c.cfg.AccessTokenSigningAlg
	c.idToken.max, c.access.max = cmp.Or(c.cfg.MaxIDToken, jose.MaxToken), jose.MaxToken
	c.idToken.encryptionField = "IDTokenEncryptionAlg"
	if c.access.alg == "" && c.cfg.rules.accepts(defaultAlg) {
		c.access.alg = defaultAlg
	}
	if c.idToken.alg == "" && c.cfg.Keys != nil && c.cfg.Metadata == nil && c.cfg.rules.accepts(defaultAlg) {
		c.idToken.alg = defaultAlg // the keys are configured, so a token is verified without discovery
	}
	if err := c.cfg.checkOlderSecrets(); err != nil {
		return err
	}
	verifiers := []*verifier{&c.idToken, &c.access}
	if err := c.initIntrospection(); err != nil {
		return err
	}
	if err := c.initAuthorization(); err != nil {
		return err
	}
	for _, v := range []*verifier{c.introspection, c.authorization} {
		if v != nil {
			verifiers = append(verifiers, v)
		}
	}
	for _, v := range verifiers {
		if err := v.init(c.cfg); err != nil {
			return err
		}
	}
	if err := c.cfg.checkDecryptionKeys(); err != nil {
		return err
	}
	var err error
	if c.idToken.encryption, err = c.cfg.newEncryption("IDToken", c.cfg.IDTokenEncryptionAlg, c.cfg.IDTokenEncryptionEnc); err != nil {
		return err
	}
	return c.initUserInfo()
}

func (v *verifier) init(c *Config) error {
	if v.alg == "" {
		return nil
	}
	switch {
	case !jose.Supported(v.alg):
		return fmt.Errorf("oidc: %s %.32q is not supported, want RS256, PS256, ES256, EdDSA, HS256 or another of their families", v.field, v.alg)
	case jose.Symmetric(v.alg):
		return v.initSecrets(c.ClientSecret, c.OlderClientSecrets)
	}
	return nil
}

// secretSizes are the minimum lengths in bytes (RFC 7518 §3.2).
var secretSizes = map[string]int{"HS256": 32, "HS384": 48, "HS512": 64}

// pickAlg chooses the algorithm from those that the server offers (OpenID Connect Discovery §3
// id_token_signing_alg_values_supported).
func pickAlg(offered []string, r *rules) (string, error) {
	if r.accepts(defaultAlg) && (len(offered) == 0 || slices.Contains(offered, defaultAlg)) {
		return defaultAlg, nil
	}
	var ours []string
	for _, alg := range offered {
		if jose.Supported(alg) && !jose.Symmetric(alg) && r.accepts(alg) && !slices.Contains(ours, alg) {
			ours = append(ours, alg)
		}
	}
	switch len(ours) {
	case 0:
		if r.algs != nil {
			return "", refuseDiscovery(oauth.DiscoveryAlgorithm, "the server's metadata does not list one of the ID token algorithms that Profile accepts: set IDTokenSigningAlg to the one that the client registered, of "+strings.Join(r.algs, ", "), nil)
		}
		return "", refuseDiscovery(oauth.DiscoveryAlgorithm, "the server offers no asymmetric ID token algorithm that this package knows; set IDTokenSigningAlg if it is one of HS256, HS384, HS512", nil)
	case 1:
		return strings.Clone(ours[0]), nil
	}
	return "", refuseDiscovery(oauth.DiscoveryAlgorithm, "the server offers the ID token algorithms "+strings.Join(ours, ", ")+": choose one as IDTokenSigningAlg", nil)
}
