package xmlenc

import (
	"crypto"
	"crypto/ecdh"
	"encoding/binary"
	"encoding/hex"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// Exchanger is an ECDH key, such as *ecdh.PrivateKey. It may be in a device.
type Exchanger interface {
	PublicKey() *ecdh.PublicKey
	ECDH(remote *ecdh.PublicKey) (secret []byte, err error)
}

// agreement is how sender and recipient come to one key (XML Encryption 1.1 §5.6.4): the sender's key is new for each
// message and is in it.
type agreement struct {
	originator *ecdh.PublicKey
	hash       crypto.Hash // of ConcatKDF
	info       []byte      // its OtherInfo
}

// readAgreement reads an AgreementMethod. RecipientKeyInfo is a hint at a key, and every key is tried.
func readAgreement(e xmlgate.Element) (*agreement, error) {
	if uri, _ := e.Attr("", "Algorithm"); uri != enc11Space+"ECDH-ES" {
		return nil, refuse(CheckAlgorithm, "the key agreement is unknown")
	}
	found, err := sequence(e, name{enc11Space, "KeyDerivationMethod"}, name{encSpace, "OriginatorKeyInfo"}, name{encSpace, "RecipientKeyInfo"})
	if err != nil {
		return nil, err
	}
	if !found[0].OK() || !found[1].OK() {
		return nil, refuse(CheckShape, "AgreementMethod has no KeyDerivationMethod or no OriginatorKeyInfo")
	}
	var a agreement
	if err := a.readDerivation(found[0]); err != nil {
		return nil, err
	}
	a.originator, err = readOriginator(found[1])
	return &a, err
}

// readDerivation reads a KeyDerivationMethod (XML Encryption 1.1 §5.4.1).
func (a *agreement) readDerivation(e xmlgate.Element) error {
	if uri, _ := e.Attr("", "Algorithm"); uri != enc11Space+"ConcatKDF" {
		return refuse(CheckAlgorithm, "the key derivation is unknown")
	}
	found, err := sequence(e, name{enc11Space, "ConcatKDFParams"})
	if err != nil {
		return err
	}
	if !found[0].OK() {
		return refuse(CheckShape, "KeyDerivationMethod has no ConcatKDFParams")
	}
	for _, attribute := range [...]string{"AlgorithmID", "PartyUInfo", "PartyVInfo", "SuppPubInfo", "SuppPrivInfo"} {
		part, err := bitString(found[0], attribute)
		if err != nil {
			return err
		}
		a.info = append(a.info, part...)
	}
	if found, err = sequence(found[0], name{sigSpace, "DigestMethod"}); err != nil {
		return err
	}
	if !found[0].OK() {
		return refuse(CheckShape, "ConcatKDFParams has no DigestMethod")
	}
	if a.hash, err = readHash(found[0], digestOf); err != nil {
		return err
	}
	if a.hash == crypto.SHA1 {
		return refuse(CheckAlgorithm, "the DigestMethod of ConcatKDF is SHA-1, which is never accepted")
	}
	return nil
}

// bitString reads an attribute whose first byte counts the bits that its last one leaves over. There are never any.
func bitString(e xmlgate.Element, attribute string) ([]byte, error) {
	text, ok := e.Attr("", attribute)
	if text = strings.Trim(text, " "); !ok || text == "" {
		return nil, nil
	}
	data, err := hex.DecodeString(text)
	if err != nil || data[0] != 0 {
		return nil, refuse(CheckShape, attribute+" of ConcatKDFParams is not the hexadecimal form of whole bytes after 00")
	}
	return data[1:], nil
}

// agree returns the derived key of that size (XML Encryption 1.1 §5.4.1, NIST SP 800-56A §5.8.1). Without a secret it is
// a key that opens nothing.
func (a *agreement) agree(key Exchanger, size int) (derived []byte, ok bool) {
	secret, err := key.ECDH(a.originator)
	for counter := uint32(1); len(derived) < size; counter++ {
		h := a.hash.New()
		h.Write(binary.BigEndian.AppendUint32(nil, counter))
		h.Write(secret)
		h.Write(a.info)
		derived = h.Sum(derived)
	}
	return derived[:size], err == nil && len(secret) > 0
}
