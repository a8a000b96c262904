package xmlenc

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/subtle"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// minRSA is the smallest RSA key in bits.
const minRSA = 2048

// wrapped is an EncryptedKey (XML Encryption 1.1 §3.5.1): for an RSA key, or for an ECDH key by an agreement. An
// agreement without EncryptedKey has no value: what is agreed on is the content key itself (§5.6).
type wrapped struct {
	transport transport
	agreement *agreement
	wrapKey   int // the size in bytes of the agreed key that wraps; 0 when none does
	value     []byte
}

// readKeys reads EncryptedKeys and AgreementMethods. One whose algorithm is refused is left out while there is another: a
// message for several recipients may wrap its key in several ways.
func readKeys(all []xmlgate.Element, p Policy) ([]wrapped, error) {
	var keys []wrapped
	var refused error
	for _, e := range all {
		key, err := readKey(e, p)
		switch e, ok := err.(*Error); {
		case err == nil:
			keys = append(keys, key)
		case !ok || e.Check != CheckAlgorithm:
			return nil, err
		case refused == nil:
			refused = err
		}
	}
	if len(keys) == 0 {
		return nil, refused
	}
	return keys, nil
}

// readKey reads one EncryptedKey. Recipient and KeyInfo are hints at a key, and every key is tried. CarriedKeyName and
// ReferenceList say what it is for, and its place says so already.
func readKey(e xmlgate.Element, p Policy) (wrapped, error) {
	if e.Local() == "AgreementMethod" {
		a, err := readAgreement(e)
		return wrapped{agreement: a}, err
	}
	if kind, ok := e.Attr("", "Type"); ok && kind != encSpace+"EncryptedKey" {
		return wrapped{}, refuse(CheckShape, "the Type of an EncryptedKey is not that of an EncryptedKey")
	}
	if err := checkEncoding(e); err != nil {
		return wrapped{}, err
	}
	found, err := sequence(e, name{encSpace, "EncryptionMethod"}, name{sigSpace, "KeyInfo"}, name{encSpace, "CipherData"},
		name{encSpace, "ReferenceList"}, name{encSpace, "CarriedKeyName"})
	if err != nil {
		return wrapped{}, err
	}
	var w wrapped
	// The value first, so that a malformed key is refused whatever its algorithm.
	if w.value, err = cipherValue(found[2]); err != nil {
		return wrapped{}, err
	}
	if !found[0].OK() {
		return wrapped{}, refuse(CheckShape, "EncryptedKey has no EncryptionMethod")
	}
	method, _ := found[0].Attr("", "Algorithm")
	if w.wrapKey = keyWrapOf(method); w.wrapKey != 0 {
		w.agreement, err = readKeyWrap(found[0], found[1])
		return w, err
	}
	w.transport, err = readTransport(found[0], p)
	return w, err
}

// readKeyWrap reads the agreement in the KeyInfo of a key that is wrapped by another (XML Encryption 1.1 §5.6.4).
func readKeyWrap(method, info xmlgate.Element) (*agreement, error) {
	if !empty(method) {
		return nil, refuse(CheckShape, "the EncryptionMethod of AES Key Wrap has content")
	}
	var found xmlgate.Element
	if info.OK() {
		for child := range info.Children {
			if !child.Is(encSpace, "AgreementMethod") {
				continue // a hint at a key, and every key is tried
			}
			if found.OK() {
				return nil, refuse(CheckShape, "the KeyInfo of an EncryptedKey has two AgreementMethods")
			}
			found = child
		}
	}
	if !found.OK() {
		return nil, refuse(CheckAlgorithm, "the key is wrapped by a key that no AgreementMethod makes")
	}
	return readAgreement(found)
}

// try is an EncryptedKey with one of our keys: an RSA key, or an ECDH key for an agreement.
type try struct {
	*wrapped
	rsa crypto.Decrypter
	ec  Exchanger
}

// match pairs each EncryptedKey with each key of its kind that its value has the size for. size is that of the content
// key.
func match(all []wrapped, keys Keys, size int) (tries []try, err error) {
	usable := false
	for i := range all {
		w := &all[i]
		if w.agreement != nil {
			for _, key := range keys.EC {
				if key == nil || key.PublicKey() == nil || key.PublicKey().Curve() != w.agreement.originator.Curve() {
					continue
				}
				usable = true
				if w.wrapKey == 0 || len(w.value) == size+wrapSize {
					tries = append(tries, try{wrapped: w, ec: key})
				}
			}
			continue
		}
		for _, key := range keys.RSA {
			if key == nil {
				continue
			}
			public, ok := key.Public().(*rsa.PublicKey)
			if !ok || public.N.BitLen() < minRSA {
				continue
			}
			usable = true
			if len(w.value) == public.Size() {
				tries = append(tries, try{wrapped: w, rsa: key})
			}
		}
	}
	switch {
	case !usable:
		return nil, refuse(CheckKey, "it is encrypted for another kind of key: RSA of 2048 bits or more, or ECDH on the curve that it names")
	case len(tries) == 0:
		return nil, refuse(CheckSize, "no EncryptedKey has the size of one of the keys")
	}
	return tries, nil
}

// unwrap returns the content key of that size, or a random one when it cannot be unwrapped: the work goes on with that
// and fails as with a wrong key (XML Encryption 1.1 §6.1.3).
func (t try) unwrap(size int) (content []byte, ok bool) {
	content = make([]byte, size)
	if _, err := rand.Read(content); err != nil {
		return content, false
	}
	got, ok := t.open(size)
	if len(got) != size {
		return content, false
	}
	right := 0
	if ok {
		right = 1
	}
	subtle.ConstantTimeCopy(right, content, got)
	return content, ok
}

// open returns the content key, which may have any size.
func (t try) open(size int) (content []byte, ok bool) {
	switch {
	case t.agreement == nil:
		content, err := t.rsa.Decrypt(rand.Reader, t.value, t.transport.options(size))
		return content, err == nil
	case t.wrapKey == 0:
		return t.agreement.agree(t.ec, size)
	}
	kek, agreed := t.agreement.agree(t.ec, t.wrapKey)
	content, whole := unwrapAES(kek, t.value)
	return content, agreed && whole
}
