package xmlenc

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
)

// Encrypt returns an EncryptedData with the element text, which must declare its prefixes, and the key inside (XML
// Encryption 1.1 §3.1, §5.2.4, §5.5.2). It is AES-256-GCM, and RSA-OAEP in the form that every implementation has; there
// SHA-1 needs no option, see readTransport.
func Encrypt(text string, key *rsa.PublicKey) (string, error) {
	secret := make([]byte, 32)
	rand.Read(secret) // never fails (crypto/rand)
	block, err := aes.NewCipher(secret)
	if err != nil {
		return "", fmt.Errorf("xmlenc: %w", err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return "", fmt.Errorf("xmlenc: %w", err)
	}
	nonce := make([]byte, nonceSize, nonceSize+len(text)+tagSize)
	rand.Read(nonce)
	wrapped, err := rsa.EncryptOAEP(sha1.New(), rand.Reader, key, secret, nil)
	if err != nil {
		return "", fmt.Errorf("xmlenc: %w", err)
	}
	return `<xenc:EncryptedData xmlns:xenc="` + encSpace + `" Type="` + encSpace + `Element">` +
		`<xenc:EncryptionMethod Algorithm="` + enc11Space + `aes256-gcm"/>` +
		`<ds:KeyInfo xmlns:ds="` + sigSpace + `"><xenc:EncryptedKey><xenc:EncryptionMethod Algorithm="` + encSpace + `rsa-oaep-mgf1p">` +
		`<ds:DigestMethod Algorithm="` + sigSpace + `sha1"/></xenc:EncryptionMethod>` + value(wrapped) + `</xenc:EncryptedKey></ds:KeyInfo>` +
		value(gcm.Seal(nonce, nonce, []byte(text), nil)) + `</xenc:EncryptedData>`, nil
}

func value(octets []byte) string {
	return `<xenc:CipherData><xenc:CipherValue>` + base64.StdEncoding.EncodeToString(octets) + `</xenc:CipherValue></xenc:CipherData>`
}
