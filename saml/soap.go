package saml

import (
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

const (
	nsSOAP = "http://schemas.xmlsoap.org/soap/envelope/"
	// soapAction and soapType label our messages by SOAP 1.1 (SAML Bindings §3.2.3.1).
	soapAction = `"http://www.oasis-open.org/committees/security"`
	soapType   = "text/xml; charset=utf-8"
)

// writeSOAP puts a message into an envelope (SAML Bindings §3.2.2).
func writeSOAP(message string) []byte {
	return []byte(`<soap:Envelope xmlns:soap="` + nsSOAP + `"><soap:Body>` + message + `</soap:Body></soap:Envelope>`)
}

// signMessage signs a message that is sent by SOAP.
func (c *Client) signMessage(message string) (string, error) {
	signer, ok := c.signer()
	if !ok {
		return "", errNoSigner
	}
	signed, err := signer.Sign(message)
	if err != nil {
		return "", fmt.Errorf("saml: sign: %w", err)
	}
	return signed, nil
}

// readSOAP returns the one message in a SOAP 1.1 envelope (SAML Bindings §3.2.2). Nothing of the envelope is signed, so
// nothing else of it is read; a header that must be understood is refused (SOAP 1.1 §4.2.3).
func readSOAP(envelope xmlgate.Element) (message xmlgate.Element, err error) {
	if !envelope.Is(nsSOAP, "Envelope") || !envelope.Blank() {
		return message, refuse(CheckRoot, "the message is not an envelope of SOAP 1.1, or has text beside its elements")
	}
	var body xmlgate.Element
	first := true
	for e := range envelope.Children {
		switch {
		case body.OK():
			return message, refuse(CheckRoot, "the SOAP envelope has an element after its Body")
		case e.Is(nsSOAP, "Header") && first:
			if mustUnderstand(e) {
				return message, refuse(CheckRoot, "the SOAP envelope has a header that must be understood")
			}
		case e.Is(nsSOAP, "Body"):
			body = e
		default:
			return message, refuse(CheckRoot, "the SOAP envelope has an element other than one Header and one Body")
		}
		first = false
	}
	if !body.OK() || !body.Blank() {
		return message, refuse(CheckRoot, "the SOAP envelope has no Body, or text in it")
	}
	for e := range body.Children {
		if message.OK() {
			return xmlgate.Element{}, refuse(CheckRoot, "the SOAP Body has several messages")
		}
		message = e
	}
	if !message.OK() {
		return message, refuse(CheckRoot, "the SOAP Body is empty")
	}
	return message, nil
}

func mustUnderstand(header xmlgate.Element) bool {
	for e := range header.Children {
		if v, ok := e.Attr(nsSOAP, "mustUnderstand"); ok && v != "0" && v != "false" {
			return true
		}
	}
	return false
}
