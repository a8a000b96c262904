package saml

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// redirectURL puts a message into the query of location (SAML Bindings §3.4.4.1). The signature covers the octets as they
// are sent. The location's own query comes before the message and extra after it; neither is signed.
func (c *Client) redirectURL(p *metadata.IDP, location, name string, message []byte, relayState string, sign bool, extra url.Values) (string, error) {
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
		if err := c.signQuery(&q, p.RedirectDER); err != nil {
			return "", err
		}
	}
	if len(extra) > 0 {
		q.WriteString("&" + extra.Encode())
	}
	return location + join(location) + q.String(), nil
}

// signQuery appends the algorithm and the signature to q; asDER is the form of an ECDSA signature.
func (c *Client) signQuery(q *strings.Builder, asDER bool) error {
	signer, ok := c.signer()
	if !ok {
		return errNoSigner
	}
	signer.DER = asDER
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
		return errors.New("saml: sign: the key signed with another algorithm than the wanted one")
	}
	q.WriteString("&" + paramSignature + "=" + url.QueryEscape(base64.StdEncoding.EncodeToString(signature)))
	return nil
}

var errNoSigner = errors.New("saml: Keys has no key that signs, and this message must be signed")

// join is the separator between an address and the parameters that are added to it.
func join(location string) string {
	switch {
	case !strings.Contains(location, "?"):
		return "?"
	case strings.HasSuffix(location, "?") || strings.HasSuffix(location, "&"):
		return ""
	}
	return "&"
}

// checkExtra refuses parameters that would appear in the query twice.
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
