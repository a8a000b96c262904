package saml

import (
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/internal/callback"
	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
)

// redirected is a message that came by redirect.
type redirected struct {
	message, relayState string
	// octets is what must have been signed: the parameters as they were sent, in the order of the binding. There are two
	// when RelayState was sent without a value.
	octets    [][]byte
	alg       xmldsig.Algorithm
	signature []byte // nil when it is not signed
}

// readRedirect reads a message by redirect (SAML Bindings §3.4.4). The signed octets are cut out of the query and
// never encoded again: the sender may have encoded them in one of several ways. A RelayState without a value is no part
// of them (§3.4.4.1), but some senders sign it; both say the same.
func (c *Client) readRedirect(r *http.Request, name string) (*redirected, error) {
	if r.Method != http.MethodGet && r.Method != "" {
		return nil, refuse(CheckMethod, "it came by %s, want GET", callback.Method(r))
	}
	if len(r.URL.RawQuery) > c.cfg.MaxMessage {
		return nil, refuse(CheckMalformed, "the query is over %d bytes (MaxMessage)", c.cfg.MaxMessage)
	}
	p, err := readParams(r.URL.RawQuery)
	if err != nil {
		return nil, err
	}
	encoded, err := p.message(name)
	if err != nil {
		return nil, err
	}
	if encoding, err := p.encoding.value(paramEncoding); err != nil || p.encoding.sent && encoding != encodingDeflate {
		return nil, refuse(CheckMalformed, "%s is not DEFLATE", paramEncoding)
	}
	var d redirected
	if d.relayState, err = p.relay(); err != nil {
		return nil, err
	}
	if err := d.readSignature(&p, name); err != nil {
		return nil, err
	}
	data, err := decodeFormBase64(encoded)
	if err != nil {
		return nil, refuse(CheckMalformed, "%s is not base64", name)
	}
	if d.message, err = inflate([]byte(data), c.cfg.MaxInflated); err != nil {
		return nil, err
	}
	return &d, nil
}

// encodingDeflate is the only encoding, and the default (SAML Bindings §3.4.4.1).
const encodingDeflate = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE"

func (d *redirected) readSignature(p *params, name string) error {
	if p.sigAlg.sent != p.signature.sent {
		return refuse(CheckSignature, "only one of %s and %s was sent", paramSigAlg, paramSignature)
	}
	if !p.signature.sent {
		return nil
	}
	alg, err := p.sigAlg.value(paramSigAlg)
	if err != nil {
		return err
	}
	text, err := p.signature.value(paramSignature)
	if err != nil {
		return err
	}
	if d.signature, err = decodeBase64(text); err != nil {
		return refuse(CheckSignature, "%s is empty or not base64", paramSignature)
	}
	message, method := name+"="+p.at(name).raw, "&"+paramSigAlg+"="+p.sigAlg.raw
	if p.relayState.raw == "" {
		d.octets = append(d.octets, []byte(message+method))
	}
	if p.relayState.sent {
		d.octets = append(d.octets, []byte(message+"&"+paramRelayState+"="+p.relayState.raw+method))
	}
	d.alg = xmldsig.Algorithm(alg)
	return nil
}
