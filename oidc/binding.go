package oidc

import (
	"errors"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// checkBinding refuses logins whose code nothing ties to the browser, unless that was said (RFC 9700 §2.1.1).
func (c *Config) checkBinding() error {
	m, builtIn := c.TokenAuth.(oauth.AuthMethod)
	public := (builtIn || c.TokenAuth == nil) && (m == oauth.None || c.ClientSecret == "")
	switch both := c.AllowNoPKCE && c.AllowNoNonce; {
	case both && !c.InsecureAllowCodeInjection:
		return errors.New("oidc: AllowNoPKCE and AllowNoNonce together need InsecureAllowCodeInjection")
	case c.InsecureAllowCodeInjection && !both:
		return errors.New("oidc: InsecureAllowCodeInjection is for AllowNoPKCE and AllowNoNonce together")
	case c.AllowNoPKCE && public:
		return errors.New("oidc: AllowNoPKCE is for confidential clients: ClientSecret is not set (RFC 9700 §2.1.1)")
	}
	return nil
}

// sameBinding refuses a login that was begun by a client that sends a nonce where this one does not, or the
// other way round; package oauth does so for PKCE.
func (c *Config) sameBinding(l *Login) error {
	if (l.Nonce == "") != c.AllowNoNonce {
		return &oauth.CallbackError{Check: oauth.CheckLogin, Detail: "the login was begun under other rules: one end leaves the nonce out (AllowNoNonce)"}
	}
	return nil
}
