package saml

import (
	"net/url"
	"strings"
)

// The parameters of a message (SAML Bindings §3.4.4, §3.5.4, §3.6.3).
const (
	paramRequest    = "SAMLRequest"
	paramResponse   = "SAMLResponse"
	paramArtifact   = "SAMLart"
	paramRelayState = "RelayState"
	paramSigAlg     = "SigAlg"
	paramSignature  = "Signature"
	paramEncoding   = "SAMLEncoding"
)

// param is a parameter whose value is still encoded.
type param struct {
	raw  string
	sent bool
}

// value is the decoded value.
func (p param) value(name string) (string, error) {
	text, err := url.QueryUnescape(p.raw)
	if err != nil {
		return "", refuse(CheckMalformed, "parameter %s cannot be read", name)
	}
	return text, nil
}

// params are the parameters of one message.
type params struct {
	request, response, artifact, relayState, sigAlg, signature, encoding param
}

// messages is how many messages were sent; an artifact stands for one.
func (p *params) messages() int {
	n := 0
	for _, m := range [...]param{p.request, p.response, p.artifact} {
		if m.sent {
			n++
		}
	}
	return n
}

func (p *params) at(name string) *param {
	switch name {
	case paramRequest:
		return &p.request
	case paramResponse:
		return &p.response
	case paramArtifact:
		return &p.artifact
	case paramRelayState:
		return &p.relayState
	case paramSigAlg:
		return &p.sigAlg
	case paramSignature:
		return &p.signature
	case paramEncoding:
		return &p.encoding
	}
	return nil
}

// reserved tells whether a parameter belongs to the bindings.
func reserved(name string) bool { return new(params).at(name) != nil }

// readParams takes a query or form apart without decoding it. Other parameters are the application's own, and only
// their names are looked at. A name of the bindings that is spelt with escapes is refused: the signed octets have none.
func readParams(raw string) (params, error) {
	var p params
	for pair := range strings.SplitSeq(raw, "&") {
		key, value, assigned := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(key)
		if err != nil {
			return params{}, refuse(CheckMalformed, "the name of a parameter cannot be read")
		}
		at := p.at(name)
		switch {
		case at == nil:
			continue
		case at.sent:
			return params{}, refuse(CheckRepeated, "parameter %s appears twice", name)
		case key != name || !assigned:
			return params{}, refuse(CheckMalformed, "parameter %s is spelt with escapes or without a value", name)
		}
		*at = param{value, true}
	}
	return p, nil
}

// message returns the one message that was sent, still encoded; it must be want.
func (p *params) message(want string) (string, error) {
	switch {
	case p.messages() > 1:
		return "", refuse(CheckRepeated, "it has two of %s, %s and %s", paramRequest, paramResponse, paramArtifact)
	case !p.at(want).sent:
		return "", refuse(CheckMalformed, "it has no parameter %s", want)
	}
	return p.at(want).raw, nil
}

// relay returns the RelayState, which may be missing.
func (p *params) relay() (string, error) {
	state, err := p.relayState.value(paramRelayState)
	if err != nil {
		return "", err
	}
	if len(state) > maxRelayStateIn {
		return "", refuse(CheckRelayState, "it is over %d bytes", maxRelayStateIn)
	}
	return strings.Clone(state), nil // a substring would keep the whole form in memory
}
