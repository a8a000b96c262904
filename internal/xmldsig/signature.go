package xmldsig

import "github.com/seed6e7d3bb2/authing-go/internal/xmlgate"

// parts splits a Signature into its SignedInfo and its value (XML Signature 1.1 §4.2). KeyInfo may follow
// them and is not read: the message does not decide which key is trusted.
func parts(signature xmlgate.Element) (info xmlgate.Element, value []byte, err error) {
	var children [3]xmlgate.Element
	n, ok := childrenOf(signature, children[:])
	if !ok || !plain(signature) || n < 2 ||
		!children[0].Is(space, "SignedInfo") || !children[1].Is(space, "SignatureValue") ||
		n == 3 && !children[2].Is(space, "KeyInfo") {
		return info, nil, refuse(CheckShape, "the Signature does not hold exactly SignedInfo, SignatureValue and at most one KeyInfo")
	}
	value, ok = decode(children[1])
	if !ok || !plain(children[1]) {
		return info, nil, refuse(CheckValue, "SignatureValue is empty or not base64")
	}
	return children[0], value, nil
}
