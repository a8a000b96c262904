package oidc

import (
	"errors"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// checkBinding refuses logins whose code nothing binds to the browser, unless an option allows them
// (RFC 9700 §2.1.1).
func (c *Config) checkBinding(*httpcore.Client) error {
	m, builtIn := c.TokenAuth.(oauth.AuthMethod)
	public := (builtIn || c.TokenAuth == nil) && (m == oauth.None || c.ClientSecret == "")
	switch both := c.AllowNoPKCE && c.AllowNoNonce; {
	case both && !c.InsecureAllowCodeInjection:
		return errors.New("oidc: AllowNoPKCE and AllowNoNonce together need InsecureAllowCodeInjection")
	case c.InsecureAllowCodeInjection && !both:
		return errors.New("oidc: InsecureAllowCodeInjection is for AllowNoPKCE and AllowNoNonce together")
	case c.AllowNoPKCE && public:
		return errors.New("oidc: AllowNoPKCE is for confidential clients: ClientSecret is not set (RFC 9700 §2.1.1)")
	case (c.DPoP != nil || c.CertificateBoundTokens) && c.AllowFrontChannelAccessToken:
		return errors.New("oidc: AllowFrontChannelAccessToken contradicts DPoP and CertificateBoundTokens: an access token that comes through the browser is bound to no key")
	}
	return nil
}

// sameBinding refuses a login whose client sends a nonce when this one does not, or the reverse, and one of another response
// type than the Profile has. Package oauth does the same for PKCE.
func (c *Config) sameBinding(l *Login) error {
	if (l.Nonce == "") != c.AllowNoNonce {
		return &oauth.CallbackError{Check: oauth.CheckLogin, Detail: "the login began with other settings: the client that began or the one that completes it allows logins without a nonce (AllowNoNonce)"}
	}
	if c.rules.fapi && l.ResponseType != oauth.ResponseTypeCode {
		return &oauth.CallbackError{Check: oauth.CheckLogin, Detail: "the login began with other settings: its response type is not code, and Profile is set"}
	}
	return nil
}
