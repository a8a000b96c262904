package oauth

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// Binding says which key an access token is bound to. Its JSON is that of the claim cnf (RFC 7800 §3.1). The zero value
// is a bearer token: everyone who has it can use it.
type Binding struct {
	// JKT is the thumbprint of the public key whose proofs must come with the token (RFC 9449 §6.1, RFC 7638).
	JKT string `json:"jkt,omitempty"`
	// X5T is the SHA-256 of the certificate that the client must have in the TLS connection, in base64url (RFC 8705 §3.1
	// x5t#S256).
	X5T string `json:"x5t#S256,omitempty"`
}

// ErrBinding is the refusal of a token that is bound to another key than it must be, or to none.
const ErrBinding bindingError = "oauth: the access token is not bound to the right key"

type bindingError string

func (e bindingError) Error() string { return string(e) }

// lostKey is a token that only another key can use or renew.
type lostKey struct{ error }

// Is says that the user must log in again.
func (lostKey) Is(target error) bool { return target == ErrLoginAgain || target == ErrBinding }

// Zero reports whether the token is bound to no key.
func (b Binding) Zero() bool { return b == Binding{} }

// UnmarshalJSON reads the claim cnf. A member for another kind of key is an error, because that key would not be checked.
func (b *Binding) UnmarshalJSON(data []byte) error {
	members, err := strictjson.ParseObject(string(data), nil)
	if err != nil {
		return fmt.Errorf("oauth: cnf: %w", err)
	}
	var read Binding
	for _, m := range members {
		at := &read.JKT
		switch m.Name {
		case "jkt":
		case "x5t#S256":
			at = &read.X5T
		default:
			return errors.New("oauth: cnf has a member other than jkt and x5t#S256: that key cannot be checked")
		}
		text, _ := m.Value.ExactStr()
		if digest, err := base64.RawURLEncoding.Strict().DecodeString(text); err != nil || len(digest) != 32 || len(text) != 43 {
			return fmt.Errorf("oauth: cnf: %s is not a SHA-256 in base64url", m.Name)
		}
		*at = text
	}
	if read.Zero() {
		return errors.New("oauth: cnf has no member")
	}
	*b = read
	return nil
}

// bindingIn reads the claim cnf of an access token that is a JWT, without its signature: only to refuse the token. known
// is false for any other token.
func bindingIn(accessToken string) (b Binding, known bool) {
	if strings.Count(accessToken, ".") != 2 {
		return b, false
	}
	_, rest, _ := strings.Cut(accessToken, ".")
	payload, _, _ := strings.Cut(rest, ".")
	text, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil {
		return b, false
	}
	members, err := strictjson.ParseObject(string(text), nil)
	if err != nil {
		return b, false
	}
	for _, m := range members {
		if m.Name == "cnf" && b.UnmarshalJSON([]byte(m.Value.Raw())) != nil {
			return Binding{}, true
		}
	}
	return b, true
}

// ownBinding is what a token must be bound to that this client gets now.
func (c *Client) ownBinding() (b Binding, err error) {
	if c.cfg.DPoP != nil {
		b.JKT = c.cfg.DPoP.JKT()
	}
	if c.cfg.CertificateBoundTokens {
		b.X5T, err = thumbprintOf(c.http)
	}
	return b, err
}

// bind notes the key of a new token, and refuses one of another key, or of none: its use by a thief would not be noticed
// (RFC 9449 §5).
func (c *Client) bind(t *Token) error {
	if c.cfg.DPoP == nil && !c.cfg.CertificateBoundTokens {
		return nil
	}
	own, err := c.ownBinding()
	if err != nil {
		return err
	}
	if said, known := bindingIn(t.AccessToken); known && (said.JKT != own.JKT && own.JKT != "" || said.X5T != own.X5T && own.X5T != "") {
		return fmt.Errorf("%w: its cnf names another key than the client's, or none", ErrBinding)
	}
	t.Binding = own
	return nil
}

// canUse refuses a stored token of another key than the client's before it is sent. An unknown binding is accepted.
func (c *Client) canUse(b Binding) error {
	if b.JKT != "" {
		if err := c.cfg.DPoP.owns(b); err != nil {
			return err
		}
	}
	return ownsCertificate(c.http, b)
}

// precedesKey finds a Bearer token that was stored before the client had a key, and can be replaced.
func (c *Client) precedesKey(t *Token) bool {
	return c.cfg.DPoP != nil && t.Binding.JKT == "" && strings.EqualFold(t.TokenType, tokenTypeBearer) && t.RefreshToken != ""
}

// canRefresh refuses a refresh token of another key. That of a confidential client is bound to the client's
// authentication alone (RFC 9449 §5), so that a new key can follow an old one.
func (c *Client) canRefresh(b Binding) error {
	public := c.cfg.TokenAuth.(*configured).ClientAuth == ClientAuth(None)
	if err := c.canUse(b); err != nil && public {
		return lostKey{err}
	}
	return nil
}
