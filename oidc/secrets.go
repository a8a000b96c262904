package oidc

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/seed6e7d3bb2/authing-go/internal/jose"
)

// maxOlderSecrets limits the secrets that are tried for one token.
const maxOlderSecrets = 4

// checkOlderSecrets finds mistakes that do not depend on an algorithm.
func (c *Config) checkOlderSecrets() error {
	if len(c.OlderClientSecrets) > 0 && c.ClientSecret == "" {
		return errors.New("oidc: OlderClientSecrets needs ClientSecret")
	}
	if n := len(c.OlderClientSecrets); n > maxOlderSecrets {
		return fmt.Errorf("oidc: OlderClientSecrets has %d secrets, at most %d are allowed", n, maxOlderSecrets)
	}
	for i, secret := range c.OlderClientSecrets {
		switch {
		case secret == "":
			return fmt.Errorf("oidc: OlderClientSecrets[%d] is empty", i)
		case strings.ContainsFunc(secret, unicode.IsControl):
			return fmt.Errorf("oidc: OlderClientSecrets[%d] has a control character, such as the line end of a file", i)
		}
	}
	return nil
}

// initSecrets prepares the keys of an HMAC: the client's secret, and those before it.
func (v *verifier) initSecrets(current string, older []string) error {
	size := secretSizes[v.alg]
	switch n := len(current); {
	case n == 0:
		return fmt.Errorf("oidc: %s %s needs a ClientSecret", v.field, v.alg)
	case n < size:
		return fmt.Errorf("oidc: %s %s needs a ClientSecret of at least %d bytes, got %d (RFC 7518 §3.2)", v.field, v.alg, size, n)
	}
	var err error
	if v.secret, err = jose.NewSecret(v.alg, []byte(current)); err != nil {
		return err
	}
	for i, text := range older {
		if n := len(text); n < size {
			return fmt.Errorf("oidc: %s %s needs secrets of at least %d bytes, and OlderClientSecrets[%d] has %d (RFC 7518 §3.2)", v.field, v.alg, size, i, n)
		}
		secret, err := jose.NewSecret(v.alg, []byte(text))
		if err != nil {
			return err
		}
		v.older = append(v.older, secret)
	}
	return nil
}

// verifySecrets tries the current secret first. kid has no say: a server gives a secret no name (OpenID Connect Core
// §10.1).
func (v *verifier) verifySecrets(alg string, token *jose.Compact) error {
	err := token.Verify(alg, v.secret)
	for i := 0; i < len(v.older) && errors.Is(err, jose.Signature); i++ {
		err = token.Verify(alg, v.older[i])
	}
	return err
}
