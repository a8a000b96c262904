package saml

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/beevik/etree"

	"github.com/seed6e7d3bb2/authing-go/internal/xsd"
)

// MetadataDocOptions are the choices for our own metadata (SAML Metadata §2.3.2).
type MetadataDocOptions struct {
	// Sign signs it with the first key that signs; without one that is an error.
	Sign bool
	// ValidFor is after what time it expires, in whole seconds. 0 writes no validUntil.
	ValidFor time.Duration
	// CacheDuration is how long it need not be fetched again, in whole seconds. 0 writes no cacheDuration.
	CacheDuration time.Duration
	// NameIDFormats are the formats of name identifiers that are wanted, the best first; empty writes none.
	NameIDFormats []string
}

// Metadata returns the metadata of this service provider (SAML Metadata §2.4.4): its entity ID, keys, and addresses.
// ACSURL has index 0, and MoreACSURLs have the next ones; with AcceptArtifacts the same addresses for artifacts follow. It
// is the same octets each time unless ValidFor or Sign is set.
func (c *Client) Metadata(ctx context.Context, o MetadataDocOptions) ([]byte, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	signer, signs := c.signer()
	switch {
	case ctx == nil:
		return nil, errors.New("saml: the context is nil")
	case o.Sign && !signs:
		return nil, errors.New("saml: Sign needs one of Keys with a Signer")
	case o.ValidFor < 0 || o.ValidFor > 0 && o.ValidFor < time.Second:
		return nil, errors.New("saml: ValidFor is negative or under a second")
	case o.CacheDuration < 0 || o.CacheDuration > 0 && o.CacheDuration < time.Second:
		return nil, errors.New("saml: CacheDuration is negative or under a second")
	case !areNames(o.NameIDFormats, false):
		return nil, errors.New("saml: NameIDFormats has a format that is empty or not text")
	}
	doc := etree.NewDocument()
	root := doc.CreateElement("md:EntityDescriptor")
	root.CreateAttr("xmlns:md", nsMetadata)
	root.CreateAttr("entityID", c.cfg.EntityID)
	if o.Sign {
		root.CreateAttr("ID", c.newID())
	}
	if o.ValidFor > 0 {
		root.CreateAttr("validUntil", xsd.FormatTime(c.cfg.Now().Add(o.ValidFor)))
	}
	if o.CacheDuration > 0 {
		root.CreateAttr("cacheDuration", fmt.Sprintf("PT%dS", int64(o.CacheDuration/time.Second)))
	}
	if err := c.writeRole(root, o); err != nil {
		return nil, fmt.Errorf("saml: metadata: %w", err)
	}
	c.cfg.Organization.write(root)
	for i := range c.cfg.Contacts {
		c.cfg.Contacts[i].write(root)
	}
	text, err := doc.WriteToString()
	if err == nil && o.Sign {
		text, err = signer.Sign(text)
	}
	if err != nil {
		return nil, fmt.Errorf("saml: metadata: %w", err)
	}
	return []byte(text), nil
}

// writeRole writes the SPSSODescriptor; the order of its elements is the schema's (SAML Metadata §2.4.2, §2.4.4).
func (c *Client) writeRole(root *etree.Element, o MetadataDocOptions) error {
	_, signs := c.signer()
	role := root.CreateElement("md:SPSSODescriptor")
	role.CreateAttr("AuthnRequestsSigned", strconv.FormatBool(signs))
	// A signature is always demanded: of the assertion, unless the configuration says of the response.
	role.CreateAttr("WantAssertionsSigned", strconv.FormatBool(c.cfg.WantAssertionsSigned || !c.cfg.WantResponseSigned))
	role.CreateAttr("protocolSupportEnumeration", nsProtocol)
	if c.cfg.UIInfo != nil || len(c.cfg.DiscoveryURLs) > 0 {
		extensions := role.CreateElement("md:Extensions")
		c.cfg.UIInfo.write(extensions)
		c.writeDiscovery(extensions)
	}
	for i := range c.cfg.Keys {
		if err := c.writeKey(role, &c.cfg.Keys[i]); err != nil {
			return err
		}
	}
	if c.cfg.SLOURL != "" {
		for _, binding := range [...]Binding{BindingRedirect, BindingPOST} {
			writeEndpoint(role, "md:SingleLogoutService", binding, c.cfg.SLOURL)
		}
	}
	if c.cfg.SOAPLogoutURL != "" {
		writeEndpoint(role, "md:SingleLogoutService", BindingSOAP, c.cfg.SOAPLogoutURL)
	}
	for _, format := range o.NameIDFormats {
		role.CreateElement("md:NameIDFormat").SetText(format)
	}
	for i, s := range c.acsURLs() {
		e := writeEndpoint(role, "md:AssertionConsumerService", BindingPOST, s)
		e.CreateAttr("index", strconv.Itoa(i))
		if i == 0 {
			e.CreateAttr("isDefault", "true")
		}
	}
	if c.cfg.AcceptArtifacts {
		for i, s := range c.acsURLs() {
			e := writeEndpoint(role, "md:AssertionConsumerService", BindingArtifact, s)
			e.CreateAttr("index", strconv.Itoa(len(c.acsURLs())+i))
		}
	}
	c.cfg.AttributeService.write(role)
	return nil
}

func writeEndpoint(role *etree.Element, name string, binding Binding, location string) *etree.Element {
	e := role.CreateElement(name)
	e.CreateAttr("Binding", string(binding))
	e.CreateAttr("Location", location)
	return e
}

// writeKey writes a KeyDescriptor for each use of a key (SAML Metadata §2.4.1.1).
func (c *Client) writeKey(role *etree.Element, k *Key) error {
	for _, use := range [...]string{"signing", "encryption"} {
		if use == "signing" && k.Signer == nil || use == "encryption" && !k.decrypts() {
			continue
		}
		e := role.CreateElement("md:KeyDescriptor")
		e.CreateAttr("use", use)
		info := e.CreateElement("ds:KeyInfo")
		info.CreateAttr("xmlns:ds", nsDSig)
		if k.Certificate != nil {
			info.CreateElement("ds:X509Data").CreateElement("ds:X509Certificate").SetText(base64.StdEncoding.EncodeToString(k.Certificate))
		} else if err := writeKeyValue(info, k.public()); err != nil {
			return err
		}
		if use == "encryption" {
			for _, method := range c.encryptionMethods(k) {
				e.CreateElement("md:EncryptionMethod").CreateAttr("Algorithm", method)
			}
		}
	}
	return nil
}

// encryptionMethods are the methods that are accepted for a key, the best first (XML Encryption 1.1 §5.2, §5.5, §5.6).
func (c *Client) encryptionMethods(k *Key) []string {
	methods := []string{
		"http://www.w3.org/2009/xmlenc11#aes256-gcm", "http://www.w3.org/2009/xmlenc11#aes192-gcm", "http://www.w3.org/2009/xmlenc11#aes128-gcm",
	}
	if c.cfg.AllowCBC {
		methods = append(methods, nsXMLEnc+"aes256-cbc", nsXMLEnc+"aes192-cbc", nsXMLEnc+"aes128-cbc")
	}
	if c.cfg.AllowTripleDES {
		methods = append(methods, nsXMLEnc+"tripledes-cbc")
	}
	if k.Exchanger != nil {
		return append(methods, "http://www.w3.org/2009/xmlenc11#ECDH-ES", nsXMLEnc+"kw-aes256", nsXMLEnc+"kw-aes192", nsXMLEnc+"kw-aes128")
	}
	methods = append(methods, "http://www.w3.org/2009/xmlenc11#rsa-oaep", nsXMLEnc+"rsa-oaep-mgf1p")
	if c.cfg.AllowRSA15 {
		methods = append(methods, nsXMLEnc+"rsa-1_5")
	}
	return methods
}
