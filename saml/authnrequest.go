package saml

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/beevik/etree"

	"github.com/seed6e7d3bb2/authing-go/internal/xsd"
)

// authnRequest writes an AuthnRequest for the given address (SAML Core §3.4.1). Its elements are in the order of the
// schema. checkAuthorize has checked o.
func (c *Client) authnRequest(id, destination string, o *AuthorizeOptions, now time.Time) (string, error) {
	doc := etree.NewDocument()
	root := doc.CreateElement("samlp:AuthnRequest")
	root.CreateAttr("xmlns:samlp", nsProtocol)
	root.CreateAttr("xmlns:saml", nsAssertion)
	root.CreateAttr("ID", id)
	root.CreateAttr("Version", "2.0")
	root.CreateAttr("IssueInstant", xsd.FormatTime(now))
	root.CreateAttr("Destination", destination)
	// Only a new authentication meets an age under a second.
	if o.ForceAuthn || o.MaxAge > 0 && o.MaxAge < time.Second {
		root.CreateAttr("ForceAuthn", "true")
	}
	if o.IsPassive {
		root.CreateAttr("IsPassive", "true")
	}
	// The index excludes the address and its binding (SAML Core §3.4.1).
	if o.SendACSIndex {
		index := slices.Index(c.acsURLs(), o.ACSURL)
		if o.ResponseBinding == BindingArtifact {
			index += len(c.acsURLs())
		}
		root.CreateAttr("AssertionConsumerServiceIndex", strconv.Itoa(index))
	} else {
		root.CreateAttr("AssertionConsumerServiceURL", o.ACSURL)
		root.CreateAttr("ProtocolBinding", string(o.ResponseBinding))
	}
	root.CreateElement("saml:Issuer").SetText(c.cfg.EntityID)
	o.NameIDPolicy.write(root)
	o.RequestedAuthnContext.write(root)
	o.Scoping.write(root)
	text, err := doc.WriteToString()
	if err != nil {
		return "", fmt.Errorf("saml: request: %w", err)
	}
	return text, nil
}

// acsURLs are our addresses by their index in the metadata.
func (c *Client) acsURLs() []string {
	return append([]string{c.cfg.ACSURL}, c.cfg.MoreACSURLs...)
}

func (p *NameIDPolicy) write(root *etree.Element) {
	if p == nil {
		return
	}
	e := root.CreateElement("samlp:NameIDPolicy")
	setAttr(e, "Format", p.Format)
	setAttr(e, "SPNameQualifier", p.SPNameQualifier)
	if p.AllowCreate {
		e.CreateAttr("AllowCreate", "true")
	}
}

func (r *RequestedAuthnContext) write(root *etree.Element) {
	if r == nil {
		return
	}
	e := root.CreateElement("samlp:RequestedAuthnContext")
	setAttr(e, "Comparison", r.Comparison)
	for _, class := range r.Classes {
		e.CreateElement("saml:AuthnContextClassRef").SetText(class)
	}
}

func (s *Scoping) write(root *etree.Element) {
	if s == nil {
		return
	}
	e := root.CreateElement("samlp:Scoping")
	if s.ProxyCount != nil {
		e.CreateAttr("ProxyCount", strconv.Itoa(*s.ProxyCount))
	}
	if len(s.IDPs) > 0 {
		list := e.CreateElement("samlp:IDPList")
		for _, id := range s.IDPs {
			list.CreateElement("samlp:IDPEntry").CreateAttr("ProviderID", id)
		}
	}
	for _, id := range s.RequesterIDs {
		e.CreateElement("samlp:RequesterID").SetText(id)
	}
}

func setAttr(e *etree.Element, name, value string) {
	if value != "" {
		e.CreateAttr(name, value)
	}
}
