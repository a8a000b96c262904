package saml

import (
	"context"
	"crypto"
	"errors"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/internal/callback"
	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// arrival is a logout message that was received and is not verified.
type arrival struct {
	name       string // of its parameter
	binding    Binding
	to         string // the address of ours that it must name
	relayState string
	message    string
	redirected *redirected // nil by POST and SOAP
	signed     bool        // set when the message is verified
	secrets    []string    // that no error shows
}

// arrive reads a logout message by redirect or POST, or a request by SOAP (SAML Profiles §4.4.3). Its XML is not parsed
// yet.
func (c *Client) arrive(ctx context.Context, r *http.Request, name string) (*arrival, error) {
	switch {
	case c.cfg.SLOURL == "" && c.cfg.SOAPLogoutURL == "":
		return nil, errNoSLO
	case r == nil || r.URL == nil:
		return nil, errors.New("saml: the request with the logout message is nil")
	case name == paramRequest && r.Method == http.MethodPost && callback.IsXML(r):
		return c.arriveSOAP(ctx, r)
	case c.cfg.SLOURL == "":
		return nil, refuse(CheckMethod, "it did not come by SOAP, and SLOURL is not set")
	}
	if r.Method == http.MethodPost {
		message, state, err := c.readPOST(ctx, r, name)
		if err != nil {
			return nil, err
		}
		return &arrival{name: name, binding: BindingPOST, to: c.cfg.SLOURL, relayState: state, message: message}, nil
	}
	d, err := c.readRedirect(r, name)
	if err != nil {
		return nil, err
	}
	return &arrival{name: name, binding: BindingRedirect, to: c.cfg.SLOURL, relayState: d.relayState, message: d.message, redirected: d}, nil
}

// arriveSOAP reads a request that the identity provider itself sends (SAML Bindings §3.2).
func (c *Client) arriveSOAP(ctx context.Context, r *http.Request) (*arrival, error) {
	if c.cfg.SOAPLogoutURL == "" {
		return nil, refuse(CheckMethod, "it came by SOAP, and SOAPLogoutURL is not set")
	}
	body, err := readBody(ctx, r, c.cfg.MaxInflated, "MaxInflated", callback.XML)
	if err != nil {
		return nil, err
	}
	return &arrival{name: paramRequest, binding: BindingSOAP, to: c.cfg.SOAPLogoutURL, message: body}, nil
}

// believe returns the root of the message and its header as the identity provider signed them (SAML Bindings
// §3.4.4.1, §3.5.5). from is the entity ID of who must have sent it; empty is any identity provider that is configured.
func (c *Client) believe(ctx context.Context, a *arrival, kind, from string) (xmlgate.Element, header, error) {
	if len(a.message) > c.cfg.MaxInflated {
		// Anyone may post one here, and a logout message is short by either binding.
		return xmlgate.Element{}, header{}, refuse(CheckMalformed, "the logout message is over %d bytes (MaxInflated)", c.cfg.MaxInflated)
	}
	doc, err := c.gate(a.message)
	if err != nil {
		return xmlgate.Element{}, header{}, err
	}
	sent := doc.Root()
	if a.binding == BindingSOAP {
		if sent, err = readSOAP(sent); err != nil {
			return xmlgate.Element{}, header{}, err
		}
	}
	claimed, err := c.readLogoutHeader(sent, kind, from, a)
	if err != nil {
		return xmlgate.Element{}, header{}, err
	}
	// The issuer only selects the keys here. It is read again from what they verify.
	find := c.idp
	if from == "" {
		find = c.sender
	}
	p, err := find(ctx, claimed.issuer)
	if err != nil {
		return xmlgate.Element{}, header{}, err
	}
	root, err := c.verifyLogout(ctx, a, sent, p)
	if err != nil {
		return xmlgate.Element{}, header{}, err
	}
	h, err := c.readLogoutHeader(root, kind, p.EntityID, a)
	if err != nil {
		return xmlgate.Element{}, header{}, err
	}
	return root, h, nil
}

// readLogoutHeader reads what both messages must have (SAML Profiles §4.4.4).
func (c *Client) readLogoutHeader(root xmlgate.Element, kind, from string, a *arrival) (header, error) {
	if !root.Is(nsProtocol, kind) || !root.Blank() {
		return header{}, refuse(CheckRoot, "the message is not a %s, or has text beside its elements", kind)
	}
	h, err := c.readHeader(root)
	switch {
	case err != nil:
		return header{}, err
	case h.issuer == "":
		return header{}, refuse(CheckIssuer, "the %s has no Issuer", kind)
	case from != "" && h.issuer != from:
		return header{}, refuse(CheckIssuer, "the %s is from %s, want %q", kind, show(h.issuer, a.secrets...), from)
	case h.destination == "":
		return header{}, refuse(CheckDestination, "the %s has no Destination", kind)
	case h.destination != a.to:
		field := "SLOURL"
		if a.binding == BindingSOAP {
			field = "SOAPLogoutURL"
		}
		return header{}, refuse(CheckDestination, "the %s is for %s, want %s %q, which the identity provider must have letter for letter",
			kind, show(h.destination, a.secrets...), field, a.to)
	}
	return h, c.checkInstant(h, kind, c.cfg.Now())
}

// verifyLogout returns what is covered by the signature.
func (c *Client) verifyLogout(ctx context.Context, a *arrival, root xmlgate.Element, p *metadata.IDP) (xmlgate.Element, error) {
	enveloped := xmldsig.Signed(root)
	if d := a.redirected; d != nil {
		switch {
		case enveloped:
			// SAML Bindings §3.4.4.1 has it removed. It would not be verified.
			return root, refuse(CheckSignature, "a message by redirect has a signature in its XML")
		case d.signature == nil:
			return root, c.allowUnsigned()
		}
		a.signed = true
		return root, c.tryKeys(ctx, p, func(keys []crypto.PublicKey) error {
			var err error
			for _, octets := range d.octets {
				if err = xmldsig.VerifyOctets(octets, d.signature, d.alg, keys, c.policy()); err == nil {
					return nil
				}
			}
			return err
		})
	}
	switch {
	case enveloped:
	case a.binding == BindingSOAP:
		// There is not even a user's browser that must bring it: any program could end sessions.
		return root, refuse(CheckSignature, "the message is not signed, and by SOAP no option lifts this")
	default:
		return root, c.allowUnsigned()
	}
	a.signed = true
	var doc *xmlgate.Document
	err := c.tryKeys(ctx, p, func(keys []crypto.PublicKey) (err error) {
		doc, err = xmldsig.Verify(root, keys, c.policy())
		return err
	})
	if err != nil {
		return xmlgate.Element{}, err
	}
	return doc.Root(), nil
}

func (c *Client) allowUnsigned() error {
	if c.cfg.AllowUnsignedLogout {
		return nil
	}
	return refuse(CheckSignature, "the message is not signed (AllowUnsignedLogout lifts this, and lets anyone end sessions)")
}
