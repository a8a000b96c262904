package xmlenc

import (
	"strconv"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// elementType is the Type of what replaces one element (XML Encryption 1.1 §3.1).
const elementType = encSpace + "Element"

// maxKeys is how many EncryptedKeys are read: each costs an operation of RSA or ECDH for each of our keys.
const maxKeys = 8

// encrypted is an EncryptedData with the EncryptedKeys that may decrypt it.
type encrypted struct {
	cipher     dataCipher
	ciphertext []byte
	keys       []wrapped
}

// readData reads container, which holds one EncryptedData and then any EncryptedKeys (SAML Core §2.2.4).
func readData(container xmlgate.Element, p Policy) (*encrypted, error) {
	if !container.OK() || !container.Blank() {
		return nil, refuse(CheckShape, "no element that holds an EncryptedData and nothing else")
	}
	var data xmlgate.Element
	var beside []xmlgate.Element
	for child := range container.Children {
		switch {
		case child.Is(encSpace, "EncryptedData") && !data.OK() && beside == nil:
			data = child
		case child.Is(encSpace, "EncryptedKey") && data.OK():
			beside = append(beside, child)
		default:
			return nil, refuse(CheckShape, "beside one EncryptedData and its EncryptedKeys there is another element, or they are out of order")
		}
	}
	if !data.OK() {
		return nil, refuse(CheckShape, "there is no EncryptedData")
	}
	if kind, ok := data.Attr("", "Type"); ok && kind != elementType {
		return nil, refuse(CheckShape, "the Type of the EncryptedData is not that of an element")
	}
	if err := checkEncoding(data); err != nil {
		return nil, err
	}
	// EncryptionProperties are refused like all that is unknown: no server sends them.
	found, err := sequence(data, name{encSpace, "EncryptionMethod"}, name{sigSpace, "KeyInfo"}, name{encSpace, "CipherData"})
	if err != nil {
		return nil, err
	}
	var d encrypted
	if d.cipher, err = readDataCipher(found[0], p); err != nil {
		return nil, err
	}
	all, err := keysOf(found[1], beside)
	if err != nil {
		return nil, err
	}
	if d.keys, err = readKeys(all, p); err != nil {
		return nil, err
	}
	if d.ciphertext, err = cipherValue(found[2]); err != nil {
		return nil, err
	}
	if len(d.ciphertext) > p.MaxBytes {
		return nil, refuse(CheckLimit, "the ciphertext has over "+strconv.Itoa(p.MaxBytes)+" bytes")
	}
	return &d, d.cipher.checkSize(len(d.ciphertext))
}

// checkEncoding refuses a plaintext that would have to be decoded (XML Encryption 1.1 §3.1). The MimeType has
// no meaning for an element.
func checkEncoding(e xmlgate.Element) error {
	if _, ok := e.Attr("", "Encoding"); ok {
		return refuse(CheckShape, e.Local()+" has an Encoding")
	}
	return nil
}

// keysOf lists the EncryptedKeys of a KeyInfo, which may be none, and those beside the EncryptedData.
func keysOf(info xmlgate.Element, beside []xmlgate.Element) ([]xmlgate.Element, error) {
	var all []xmlgate.Element
	tooMany := refuse(CheckLimit, "there are over "+strconv.Itoa(maxKeys)+" EncryptedKeys and AgreementMethods")
	if len(beside) > maxKeys {
		return nil, tooMany // before each RetrievalMethod is compared with each
	}
	if info.OK() {
		if !info.Blank() {
			return nil, refuse(CheckShape, "KeyInfo has text beside its elements")
		}
		for child := range info.Children {
			switch {
			case child.Is(encSpace, "EncryptedKey"), child.Is(encSpace, "AgreementMethod"):
				all = append(all, child)
			case child.Is(sigSpace, "RetrievalMethod"):
				if err := checkRetrieval(child, beside); err != nil {
					return nil, err
				}
			case child.Is(sigSpace, "KeyName"), child.Is(sigSpace, "X509Data"):
				// A hint at a key, and every key is tried.
			default:
				return nil, refuse(CheckShape, "KeyInfo has an element that is not known")
			}
		}
	}
	all = append(all, beside...)
	switch {
	case len(all) == 0:
		return nil, refuse(CheckShape, "there is neither an EncryptedKey nor an AgreementMethod")
	case len(all) > maxKeys:
		return nil, tooMany
	}
	return all, nil
}

// checkRetrieval refuses a RetrievalMethod that names anything but an EncryptedKey beside the EncryptedData
// (XML Encryption 1.1 §3.5.2). Those are tried anyway, so that nothing needs to be fetched.
func checkRetrieval(e xmlgate.Element, beside []xmlgate.Element) error {
	kind, _ := e.Attr("", "Type")
	uri, _ := e.Attr("", "URI")
	if kind == encSpace+"EncryptedKey" && empty(e) {
		for _, key := range beside {
			if id, ok := key.Attr("", "Id"); ok && uri == "#"+id {
				return nil
			}
		}
	}
	return refuse(CheckShape, "RetrievalMethod names no EncryptedKey beside the EncryptedData")
}
