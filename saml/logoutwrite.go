package saml

import (
	"fmt"
	"time"

	"github.com/beevik/etree"

	"github.com/seed6e7d3bb2/authing-go/internal/xsd"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// logoutLife is how long a LogoutRequest is valid: the browser brings it at once.
const logoutLife = 5 * time.Minute

// newMessage begins a message of ours (SAML Core §3.2.1, §3.2.2).
func (c *Client) newMessage(kind, id, destination string, now time.Time) (*etree.Document, *etree.Element) {
	doc := newDocument()
	root := doc.CreateElement("samlp:" + kind)
	root.CreateAttr("xmlns:samlp", nsProtocol)
	root.CreateAttr("xmlns:saml", nsAssertion)
	root.CreateAttr("ID", id)
	root.CreateAttr("Version", "2.0")
	root.CreateAttr("IssueInstant", xsd.FormatTime(now))
	setAttr(root, "Destination", destination)
	root.CreateElement("saml:Issuer").SetText(c.cfg.EntityID)
	return doc, root
}

// newDocument escapes line ends, which would else be read as other ones.
func newDocument() *etree.Document {
	doc := etree.NewDocument()
	doc.WriteSettings.CanonicalText, doc.WriteSettings.CanonicalAttrVal = true, true
	return doc
}

func write(doc *etree.Document) (string, error) {
	text, err := doc.WriteToString()
	if err != nil {
		return "", fmt.Errorf("saml: message: %w", err)
	}
	return text, nil
}

// logoutRequest writes a LogoutRequest (SAML Core §3.7.1).
func (c *Client) logoutRequest(p *metadata.IDP, id, destination string, o *LogoutOptions, now time.Time) (string, error) {
	doc, root := c.newMessage("LogoutRequest", id, destination, now)
	root.CreateAttr("NotOnOrAfter", xsd.FormatTime(now.Add(logoutLife)))
	setAttr(root, "Reason", o.Reason)
	name := &o.NameID
	if c.cfg.EncryptNameID {
		key, err := c.encryptionKey(p)
		if err != nil {
			return "", err
		}
		if err := name.encrypt(root, key); err != nil {
			return "", err
		}
	} else {
		name.write(root.CreateElement("saml:NameID"))
	}
	for _, index := range o.SessionIndexes {
		root.CreateElement("samlp:SessionIndex").SetText(index)
	}
	return write(doc)
}

// logoutResponse writes a LogoutResponse (SAML Core §3.7.2).
func (c *Client) logoutResponse(destination, inResponseTo string, codes []StatusCode, now time.Time) (string, error) {
	doc, root := c.newMessage("LogoutResponse", c.newID(), destination, now)
	root.CreateAttr("InResponseTo", inResponseTo)
	at := root.CreateElement("samlp:Status")
	for _, code := range codes {
		at = at.CreateElement("samlp:StatusCode")
		at.CreateAttr("Value", string(code))
	}
	return write(doc)
}
