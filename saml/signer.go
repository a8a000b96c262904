package saml

import "github.com/seed6e7d3bb2/authing-go/internal/xmldsig"

// signer is the first key that signs.
func (c *Client) signer() (xmldsig.Signer, bool) {
	for _, key := range c.cfg.Keys {
		if key.Signer != nil {
			return xmldsig.Signer{Key: key.Signer, Certificate: key.Certificate, Algorithm: c.cfg.SignatureAlgorithm}, true
		}
	}
	return xmldsig.Signer{}, false
}
