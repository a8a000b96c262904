package saml

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
)

// redirectURL puts a message into the query of location (SAML Bindings §3.4.4.1). What is signed are the octets that
// are sent. The query that location has stands before the message, extra behind it; neither is signed.
func (c *Client) redirectURL(location, name string, message []byte, relayState string, sign bool, extra url.Values) (string, error) {
	if name == paramRequest {
		if err := checkRelayState(relayState); err != nil {
			return "", err
		}
	}
	if err := checkExtra(location, extra); err != nil {
		return "", err
	}
	data, err := c.deflate(message)
	if err != nil {
		return "", fmt.Errorf("saml: deflate: %w", err)
	}
	var q strings.Builder
	q.WriteString(name + "=" + url.QueryEscape(base64.StdEncoding.EncodeToString(data)))
	if relayState != "" {
		q.WriteString("&" + paramRelayState + "=" + url.QueryEscape(relayState))
	}
	if sign {
		if err := c.signQuery(&q); err != nil {
			return "", err
		}
	}
	if len(extra) > 0 {
		q.WriteString("&" + extra.Encode())
	}
	return location + join(location) + q.String(), nil
}

// signQuery appends algorithm and signature to what stands in q.
func (c *Client) signQuery(q *strings.Builder) error {
	signer, ok := c.signer()
	if !ok {
		return errNoSigner
	}
	alg, err := signer.Method()
	if err != nil {
		return fmt.Errorf("saml: sign: %w", err)
	}
	q.WriteString("&" + paramSigAlg + "=" + url.QueryEscape(string(alg)))
	signature, used, err := signer.SignOctets([]byte(q.String()))
	switch {
	case err != nil:
		return fmt.Errorf("saml: sign: %w", err)
	case used != alg:
		return errors.New("saml: sign: the key signed with another algorithm than it was asked for")
	}
	q.WriteString("&" + paramSignature + "=" + url.QueryEscape(base64.StdEncoding.EncodeToString(signature)))
	return nil
}

var errNoSigner = errors.New("saml: Keys has no key that signs, and this message must be signed")

// join is what stands between an address and the parameters that are added to it.
func join(location string) string {
	switch {
	case !strings.Contains(location, "?"):
		return "?"
	case strings.HasSuffix(location, "?") || strings.HasSuffix(location, "&"):
		return ""
	}
	return "&"
}

// checkExtra refuses parameters that would stand in the query twice.
func checkExtra(location string, extra url.Values) error {
	if strings.Contains(location, "#") {
		return errors.New("saml: the identity provider's address has a fragment")
	}
	_, query, _ := strings.Cut(location, "?")
	own, err := url.ParseQuery(query)
	if err != nil {
		return errors.New("saml: the query of the identity provider's address cannot be read")
	}
	for name := range own {
		if reserved(name) {
			return fmt.Errorf("saml: the identity provider's address has a parameter %s of its own", name)
		}
	}
	for name := range extra {
		if reserved(name) {
			return fmt.Errorf("saml: Extra must not have %s", name)
		}
		if own.Has(name) {
			return errors.New("saml: Extra has a parameter that the identity provider's address has already")
		}
	}
	return nil
}

// redirected is a message that came by redirect.
type redirected struct {
	message, relayState string
	// octets are what must have been signed: the parameters as they came, in the order of the binding.
	octets    []byte
	alg       xmldsig.Algorithm
	signature []byte // nil when it is not signed
}

// readRedirect reads a message by redirect (SAML Bindings §3.4.4). The signed octets are cut out of the query and
// never encoded again: nobody says in which of several ways the sender wrote them.
func (c *Client) readRedirect(r *http.Request, name string) (*redirected, error) {
	if r.Method != http.MethodGet && r.Method != "" {
		return nil, refuse(CheckMethod, "it came by %s, want GET", cleanMethod(r.Method))
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
		return nil, refuse(CheckMalformed, "%s is no base64", name)
	}
	if d.message, err = inflate([]byte(data), c.cfg.MaxInflated); err != nil {
		return nil, err
	}
	return &d, nil
}

// encodingDeflate is the one encoding there is, and the default (SAML Bindings §3.4.4.1).
const encodingDeflate = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE"

func (d *redirected) readSignature(p *params, name string) error {
	if p.sigAlg.sent != p.signature.sent {
		return refuse(CheckSignature, "only one of %s and %s is there", paramSigAlg, paramSignature)
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
		return refuse(CheckSignature, "%s is empty or no base64", paramSignature)
	}
	octets := name + "=" + p.at(name).raw
	if p.relayState.sent {
		octets += "&" + paramRelayState + "=" + p.relayState.raw
	}
	d.octets = []byte(octets + "&" + paramSigAlg + "=" + p.sigAlg.raw)
	d.alg = xmldsig.Algorithm(alg)
	return nil
}
