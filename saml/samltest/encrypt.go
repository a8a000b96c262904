package samltest

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"encoding/base64"

	"github.com/beevik/etree"
)

// encryptAssertion makes an EncryptedAssertion with the key beside the data (SAML Core §6.1, XML Encryption 1.1 §5.2.4,
// §5.5.2). SHA-1 is what rsa-oaep-mgf1p means by itself; OAEP rests on nothing that SHA-1 has lost.
func encryptAssertion(assertion *etree.Element, key *rsa.PublicKey) (*etree.Element, error) {
	plain, err := etree.NewDocumentWithRoot(assertion.Copy()).WriteToBytes()
	if err != nil {
		return nil, err
	}
	secret := make([]byte, 32)
	rand.Read(secret) // never fails (crypto/rand)
	block, err := aes.NewCipher(secret)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, gcm.NonceSize())
	rand.Read(nonce)
	sealed, err := rsa.EncryptOAEP(sha1.New(), rand.Reader, key, secret, nil)
	if err != nil {
		return nil, err
	}
	document, err := parseXML(`<saml:EncryptedAssertion xmlns:saml="` + nsAssertion + `">` +
		`<xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#" Type="http://www.w3.org/2001/04/xmlenc#Element">` +
		`<xenc:EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#aes256-gcm"/>` +
		`<ds:KeyInfo xmlns:ds="` + nsSignature + `"><xenc:EncryptedKey>` +
		`<xenc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"><ds:DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"/></xenc:EncryptionMethod>` +
		cipherData(sealed) + `</xenc:EncryptedKey></ds:KeyInfo>` + cipherData(gcm.Seal(nonce, nonce, plain, nil)) +
		`</xenc:EncryptedData></saml:EncryptedAssertion>`)
	if err != nil {
		return nil, err
	}
	return document.Root(), nil
}

func cipherData(octets []byte) string {
	return "<xenc:CipherData><xenc:CipherValue>" + base64.StdEncoding.EncodeToString(octets) + "</xenc:CipherValue></xenc:CipherData>"
}
