package authentication

import (
	"context"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// MetadataFlow is a LoginFlow whose server reads this application's addresses in a document, so that they are fixed when
// the flow is made (SAML).
type MetadataFlow interface {
	// Metadata returns the document. Its type is application/samlmetadata+xml (SAML Metadata §4.1.1). It sends nothing.
	Metadata(ctx context.Context) ([]byte, error)
	// SAMLAddresses returns the addresses in the document.
	SAMLAddresses() SAMLAddresses
}

// SAMLAddresses are the addresses of a service provider at this application, as in its metadata (SAML Metadata §2.4.4).
type SAMLAddresses struct {
	// ACSURLs are where logins return. AuthorizeOptions.RedirectURI is one of them; empty is the first one.
	ACSURLs []string
	// SLOURL is where logout messages come, and where a single logout returns; empty is no single logout.
	SLOURL string
	// SOAPLogoutURL is where the server itself posts its logouts by SOAP; empty is none.
	SOAPLogoutURL string
}

// Metadata returns the metadata of this application as a SAML service provider; see MetadataFlow.
func (c *Client) Metadata(ctx context.Context) ([]byte, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	flow, ok := c.flow.(MetadataFlow)
	if !ok {
		return nil, unsupported("Metadata", c.spoken())
	}
	return flow.Metadata(ctx)
}

// SAMLAddresses returns the addresses in Metadata, and none for another protocol.
func (c *Client) SAMLAddresses() SAMLAddresses {
	if c.made() != nil {
		return SAMLAddresses{}
	}
	if flow, ok := c.flow.(MetadataFlow); ok {
		return flow.SAMLAddresses()
	}
	return SAMLAddresses{}
}

// Metadata implements MetadataFlow.
func (f *samlFlow) Metadata(ctx context.Context) (_ []byte, err error) {
	defer planned(&err)
	return f.client.Metadata(ctx, saml.MetadataDocOptions{})
}

// SAMLAddresses implements MetadataFlow.
func (f *samlFlow) SAMLAddresses() SAMLAddresses {
	return SAMLAddresses{ACSURLs: f.client.ACSURLs(), SLOURL: f.client.SLOURL(), SOAPLogoutURL: f.client.SOAPLogoutURL()}
}
