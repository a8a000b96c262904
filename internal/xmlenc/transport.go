package xmlenc

import (
	"crypto"
	"crypto/rsa"
	_ "crypto/sha1"
	_ "crypto/sha256"
	_ "crypto/sha512"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// transport is how a content key is wrapped (XML Encryption 1.1 §5.5).
type transport struct {
	rsa15       bool
	digest, mgf crypto.Hash
	label       []byte
}

// options are for a crypto.Decrypter. With RSA 1.5 and the size of the key, it answers a wrong padding with a random key
// in constant time. Without the size it would be Bleichenbacher's oracle.
func (t transport) options(size int) crypto.DecrypterOpts {
	if t.rsa15 {
		return &rsa.PKCS1v15DecryptOptions{SessionKeyLen: size}
	}
	return &rsa.OAEPOptions{Hash: t.digest, MGFHash: t.mgf, Label: t.label}
}

// readTransport reads an EncryptionMethod of an EncryptedKey.
//
// SHA-1 is the default of OAEP and needs no option: neither the digest of the label nor the mask depends on
// collisions (RFC 8017 §7.1, B.1).
func readTransport(e xmlgate.Element, p Policy) (transport, error) {
	uri, _ := e.Attr("", "Algorithm")
	switch uri {
	case encSpace + "rsa-oaep-mgf1p":
		return readOAEP(e, false)
	case enc11Space + "rsa-oaep":
		return readOAEP(e, true)
	case encSpace + "rsa-1_5":
		if !p.AllowRSA15 {
			return transport{}, refuse(CheckAlgorithm, "RSA 1.5 is decrypted only with AllowRSA15")
		}
		if !empty(e) {
			return transport{}, refuse(CheckShape, "the EncryptionMethod of RSA 1.5 is not empty")
		}
		return transport{rsa15: true}, nil
	}
	return transport{}, refuse(CheckAlgorithm, "the algorithm of the key is unknown")
}

// readOAEP reads the parameters of RSA-OAEP (XML Encryption 1.1 §5.5.2). In the older of the two algorithms the
// mask is fixed, whatever the digest is.
func readOAEP(e xmlgate.Element, withMGF bool) (transport, error) {
	if !e.Blank() {
		return transport{}, refuse(CheckShape, "EncryptionMethod has text")
	}
	t := transport{}
	for child := range e.Children {
		var err error
		switch {
		case child.Is(sigSpace, "DigestMethod") && t.digest == 0:
			t.digest, err = readHash(child, digestOf)
		case child.Is(enc11Space, "MGF") && t.mgf == 0 && withMGF:
			t.mgf, err = readHash(child, mgfOf)
		case child.Is(encSpace, "OAEPparams") && t.label == nil:
			t.label, err = octets(child)
		default:
			err = refuse(CheckShape, "EncryptionMethod has an element that is unknown or repeated")
		}
		if err != nil {
			return transport{}, err
		}
	}
	if t.digest == 0 {
		t.digest = crypto.SHA1
	}
	if t.mgf == 0 {
		t.mgf = crypto.SHA1
	}
	return t, nil
}

func readHash(e xmlgate.Element, of func(uri string) crypto.Hash) (crypto.Hash, error) {
	uri, _ := e.Attr("", "Algorithm")
	hash := of(uri)
	switch {
	case hash == 0:
		return 0, refuse(CheckAlgorithm, "the "+e.Local()+" of the key is unknown")
	case !empty(e):
		return 0, refuse(CheckShape, e.Local()+" is not empty")
	}
	return hash, nil
}

// digestOf lists the known digests (XML Encryption 1.1 §5.8, RFC 9231 §2.1).
func digestOf(uri string) crypto.Hash {
	switch uri {
	case sigSpace + "sha1":
		return crypto.SHA1
	case encSpace + "sha256":
		return crypto.SHA256
	case "http://www.w3.org/2001/04/xmldsig-more#sha384":
		return crypto.SHA384
	case encSpace + "sha512":
		return crypto.SHA512
	}
	return 0
}

// mgfOf lists the known masks (XML Encryption 1.1 §5.5.2).
func mgfOf(uri string) crypto.Hash {
	switch uri {
	case enc11Space + "mgf1sha1":
		return crypto.SHA1
	case enc11Space + "mgf1sha256":
		return crypto.SHA256
	case enc11Space + "mgf1sha384":
		return crypto.SHA384
	case enc11Space + "mgf1sha512":
		return crypto.SHA512
	}
	return 0
}
