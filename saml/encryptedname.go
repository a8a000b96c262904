package saml

import (
	"crypto/rsa"
	"fmt"

	"github.com/beevik/etree"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlenc"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// write fills in a saml:NameID (SAML Core §2.2.3).
func (n *NameID) write(e *etree.Element) {
	setAttr(e, "Format", n.Format)
	setAttr(e, "NameQualifier", n.NameQualifier)
	setAttr(e, "SPNameQualifier", n.SPNameQualifier)
	setAttr(e, "SPProvidedID", n.SPProvidedID)
	e.SetText(n.Value)
}

// encryptionKey is the first key of p that is long enough.
func (c *Client) encryptionKey(p *metadata.IDP) (*rsa.PublicKey, error) {
	for _, key := range p.EncryptionKeys {
		if key != nil && key.N != nil && (key.N.BitLen() >= minRSA || c.cfg.AllowSmallRSA) {
			return key, nil
		}
	}
	return nil, &metadata.Error{Check: metadata.CheckKey, EntityID: p.EntityID, Detail: "there is no RSA key of 2048 bits to encrypt a name identifier to, and EncryptNameID is on"}
}

// encrypt adds a saml:EncryptedID to root (SAML Core §2.2.4).
func (n *NameID) encrypt(root *etree.Element, key *rsa.PublicKey) error {
	plain := newDocument()
	e := plain.CreateElement("saml:NameID")
	e.CreateAttr("xmlns:saml", nsAssertion)
	n.write(e)
	text, err := write(plain)
	if err != nil {
		return err
	}
	sealed, err := xmlenc.Encrypt(text, key)
	if err != nil {
		return fmt.Errorf("saml: encrypt: %w", err)
	}
	doc := etree.NewDocument()
	if err := doc.ReadFromString(sealed); err != nil {
		return fmt.Errorf("saml: encrypt: %w", err)
	}
	root.CreateElement("saml:EncryptedID").AddChild(doc.Root())
	return nil
}
