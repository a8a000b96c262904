package xmlenc

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/subtle"
	"strconv"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// The sizes of AES-GCM (XML Encryption 1.1 §5.2.4). A shorter tag could be guessed; nothing in the message
// can ask for one.
const (
	nonceSize = 12
	tagSize   = 16
)

// dataCipher is how an EncryptedData is encrypted (XML Encryption 1.1 §5.2).
type dataCipher struct {
	keySize int // bytes
	cbc     bool
	des     bool // with Triple DES, else with AES
}

// dataCipherOf lists the known algorithms.
func dataCipherOf(uri string) (dataCipher, bool) {
	switch uri {
	case enc11Space + "aes128-gcm":
		return dataCipher{16, false, false}, true
	case enc11Space + "aes192-gcm":
		return dataCipher{24, false, false}, true
	case enc11Space + "aes256-gcm":
		return dataCipher{32, false, false}, true
	case encSpace + "aes128-cbc":
		return dataCipher{16, true, false}, true
	case encSpace + "aes192-cbc":
		return dataCipher{24, true, false}, true
	case encSpace + "aes256-cbc":
		return dataCipher{32, true, false}, true
	case encSpace + "tripledes-cbc":
		return dataCipher{24, true, true}, true
	}
	return dataCipher{}, false
}

// readDataCipher reads an EncryptionMethod of an EncryptedData (XML Encryption 1.1 §3.2).
func readDataCipher(e xmlgate.Element, p Policy) (dataCipher, error) {
	if !e.OK() {
		return dataCipher{}, refuse(CheckShape, "EncryptedData has no EncryptionMethod")
	}
	uri, _ := e.Attr("", "Algorithm")
	c, known := dataCipherOf(uri)
	switch {
	case !known:
		return c, refuse(CheckAlgorithm, "the algorithm of the data is unknown")
	case c.des && !p.AllowTripleDES:
		return c, refuse(CheckAlgorithm, "Triple DES is decrypted only with AllowTripleDES")
	case c.cbc && !c.des && !p.AllowCBC:
		return c, refuse(CheckAlgorithm, "AES-CBC is decrypted only with AllowCBC")
	}
	found, err := sequence(e, name{encSpace, "KeySize"})
	if err != nil {
		return c, err
	}
	if size := found[0]; size.OK() {
		if bits, _ := size.Text(); bits != strconv.Itoa(8*c.keySize) {
			return c, refuse(CheckShape, "KeySize is not that of the algorithm")
		}
	}
	return c, nil
}

// newBlock returns the cipher of one block.
func (c dataCipher) newBlock(key []byte) (cipher.Block, error) {
	if c.des {
		return des.NewTripleDESCipher(key)
	}
	return aes.NewCipher(key)
}

func (c dataCipher) blockSize() int {
	if c.des {
		return des.BlockSize
	}
	return aes.BlockSize
}

// checkSize refuses a length of ciphertext that c cannot make.
func (c dataCipher) checkSize(n int) error {
	switch {
	case !c.cbc && n < nonceSize+tagSize:
		return refuse(CheckSize, "the ciphertext is shorter than a nonce and a tag")
	case c.cbc && n < 2*c.blockSize():
		return refuse(CheckSize, "the ciphertext is shorter than an IV and a block")
	case c.cbc && n%c.blockSize() != 0:
		return refuse(CheckSize, "the ciphertext is not made of whole blocks")
	}
	return nil
}

// decrypt appends the plaintext to out. When ok is false, it appends other bytes of about the same length. The sizes of
// key and ciphertext were checked.
func (c dataCipher) decrypt(out, key, ciphertext []byte) (text []byte, ok bool) {
	block, err := c.newBlock(key)
	if err != nil {
		return out, false
	}
	if c.cbc {
		return decryptCBC(out, block, ciphertext)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return out, false
	}
	text, err = gcm.Open(out, ciphertext[:nonceSize], ciphertext[nonceSize:], nil)
	if err != nil {
		return append(out, make([]byte, len(ciphertext)-nonceSize-tagSize)...), false
	}
	return text, true
}

// decryptCBC removes the padding: its last byte is its length, the others are arbitrary (XML Encryption 1.1 §5.2.1).
// With a wrong padding nothing is removed, in the same time.
func decryptCBC(out []byte, block cipher.Block, ciphertext []byte) (text []byte, ok bool) {
	size := block.BlockSize()
	iv, blocks := ciphertext[:size], ciphertext[size:]
	text = append(out, blocks...)
	plain := text[len(out):]
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, plain)
	padding := int(plain[len(plain)-1])
	right := subtle.ConstantTimeLessOrEq(1, padding) & subtle.ConstantTimeLessOrEq(padding, size)
	return text[:len(text)-subtle.ConstantTimeSelect(right, padding, 0)], right == 1
}
