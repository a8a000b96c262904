package saml_test

import (
	"bytes"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/rand"
	"crypto/rsa"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Identifiers of XML Encryption 1.1, in words of these tests.
const (
	aes128GCM = "http://www.w3.org/2009/xmlenc11#aes128-gcm"
	aes192GCM = "http://www.w3.org/2009/xmlenc11#aes192-gcm"
	aes256GCM = "http://www.w3.org/2009/xmlenc11#aes256-gcm"
	aes128CBC = "http://www.w3.org/2001/04/xmlenc#aes128-cbc"
	aes256CBC = "http://www.w3.org/2001/04/xmlenc#aes256-cbc"
	desCBC    = "http://www.w3.org/2001/04/xmlenc#tripledes-cbc"

	oaepMGF1P = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"
	oaep11    = "http://www.w3.org/2009/xmlenc11#rsa-oaep"
	rsa15     = "http://www.w3.org/2001/04/xmlenc#rsa-1_5"
	mgfSHA256 = "http://www.w3.org/2009/xmlenc11#mgf1sha256"
)

// encryption is how something is encrypted for the service provider, by the standard library. The zero value is
// AES-128-GCM under RSA-OAEP with SHA-1.
type encryption struct {
	block     string
	transport string
	digest    string // of OAEP; empty is SHA-1 and not said
	mgf       string // empty is SHA-1 and not said
	agreement string // "wrapping" or "direct": by ECDH-ES for the service provider's key on P-384
	sibling   bool   // EncryptedKey beside EncryptedData, found by RetrievalMethod
	key       []byte // the content's key; nil is random
	plaintext func(string) string
	cipher    func([]byte) []byte // changes the bytes of the ciphertext
	wrapped   func([]byte) []byte // changes the bytes of the encrypted key
	edits     []edit              // of the text that was made
}

const (
	dataText = `<xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#" Id="_data{N}" Type="http://www.w3.org/2001/04/xmlenc#Element"><xenc:EncryptionMethod Algorithm="{BLOCK}"/>` +
		`<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">{INFO}</ds:KeyInfo><xenc:CipherData><xenc:CipherValue>{DATA}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>`
	keyText = `<xenc:EncryptedKey xmlns:xenc="http://www.w3.org/2001/04/xmlenc#" Id="_key{N}"><xenc:EncryptionMethod Algorithm="{TRANSPORT}">{OAEP}</xenc:EncryptionMethod>` +
		`<xenc:CipherData><xenc:CipherValue>{KEY}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey>`
	retrieval = `<ds:RetrievalMethod Type="http://www.w3.org/2001/04/xmlenc#EncryptedKey" URI="#_key{N}"/>`
)

// mark encrypts the text between two marks.
func (e *encryption) mark(t testing.TB, doc, open, shut, wrapper string) string {
	t.Helper()
	if e == nil {
		return strings.NewReplacer(open, "", shut, "").Replace(doc)
	}
	head, rest, found := strings.Cut(doc, open)
	plain, tail, ends := strings.Cut(rest, shut)
	require.True(t, found && ends, "%s in %s", open, doc)
	return head + e.wrap(t, plain, wrapper) + tail
}

func (e encryption) wrap(t testing.TB, plain, wrapper string) string {
	t.Helper()
	if e.plaintext != nil {
		plain = e.plaintext(plain)
	}
	content := e.key
	if content == nil {
		content = make([]byte, contentKeySize(e.block))
		_, _ = rand.Read(content)
	}
	var encryptedKey []byte
	block, transport := or(e.block, aes128GCM), or(e.transport, oaepMGF1P)
	info, beside := keyText, ""
	switch e.agreement {
	case "":
		encryptedKey = e.wrapKey(t, content)
	case "direct":
		info, content = agree(t)
	default:
		text, agreed := agree(t)
		encryptedKey = wrapAES(t, agreed, content)
		transport = "http://www.w3.org/2001/04/xmlenc#kw-aes128"
		info = strings.Replace(keyText, "</xenc:EncryptionMethod>", `</xenc:EncryptionMethod><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">`+text+"</ds:KeyInfo>", 1)
	}
	data := e.seal(t, content, []byte(plain))
	if e.cipher != nil {
		data = e.cipher(data)
	}
	if e.wrapped != nil {
		encryptedKey = e.wrapped(encryptedKey)
	}
	parameters := ""
	if e.digest != "" {
		parameters += `<ds:DigestMethod xmlns:ds="http://www.w3.org/2000/09/xmldsig#" Algorithm="` + e.digest + `"/>`
	}
	if e.mgf != "" {
		parameters += `<xenc11:MGF xmlns:xenc11="http://www.w3.org/2009/xmlenc11#" Algorithm="` + e.mgf + `"/>`
	}
	if e.sibling {
		info, beside = retrieval, keyText
	}
	text := `<saml:` + wrapper + ` xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">` + strings.Replace(dataText, "{INFO}", info, 1) + beside + `</saml:` + wrapper + `>`
	text = strings.NewReplacer("{BLOCK}", block, "{TRANSPORT}", transport, "{OAEP}", parameters, "{N}", wrapper,
		"{DATA}", base64.StdEncoding.EncodeToString(data), "{KEY}", base64.StdEncoding.EncodeToString(encryptedKey)).Replace(text)
	for _, change := range e.edits {
		text = change.apply(t, text)
	}
	return text
}

func or(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}

func contentKeySize(block string) int {
	switch block {
	case aes256GCM, aes256CBC:
		return 32
	case aes192GCM, desCBC:
		return 24
	}
	return 16
}

func (e encryption) seal(t testing.TB, content, plain []byte) []byte {
	t.Helper()
	block, err := aes.NewCipher(content)
	if e.block == desCBC {
		block, err = des.NewTripleDESCipher(content)
	}
	require.NoError(t, err)
	if strings.HasSuffix(e.block, "-cbc") {
		size := block.BlockSize()
		pad := size - len(plain)%size
		plain = append(append(plain, bytes.Repeat([]byte{0xAA}, pad-1)...), byte(pad))
		out := make([]byte, size+len(plain))
		_, _ = rand.Read(out[:size])
		cipher.NewCBCEncrypter(block, out[:size]).CryptBlocks(out[size:], plain)
		return out
	}
	gcm, err := cipher.NewGCM(block)
	require.NoError(t, err)
	nonce := make([]byte, gcm.NonceSize())
	_, _ = rand.Read(nonce)
	return gcm.Seal(nonce, nonce, plain, nil)
}

func (e encryption) wrapKey(t testing.TB, content []byte) []byte {
	t.Helper()
	public := publicRSA(t, "sp")
	if e.transport == rsa15 {
		out, err := rsa.EncryptPKCS1v15(rand.Reader, public, content) //a service provider that allows it must read it
		require.NoError(t, err)
		return out
	}
	label, mask := crypto.SHA1, crypto.SHA1
	if e.digest == sha256URI {
		label = crypto.SHA256
	}
	if e.mgf == mgfSHA256 {
		mask = crypto.SHA256
	}
	return encryptOAEP(public, label, mask, content)
}

// encryptOAEP is RSAES-OAEP with a digest and a mask that may differ (RFC 8017 §7.1.1).
func encryptOAEP(public *rsa.PublicKey, label, mask crypto.Hash, msg []byte) []byte {
	size, h := public.Size(), label.Size()
	em := make([]byte, size)
	seed, db := em[1:1+h], em[1+h:]
	_, _ = rand.Read(seed)
	copy(db, label.New().Sum(nil))
	db[len(db)-len(msg)-1] = 1
	copy(db[len(db)-len(msg):], msg)
	mgf1(db, seed, mask)
	mgf1(seed, db, mask)
	n := new(big.Int).SetBytes(em)
	return n.Exp(n, big.NewInt(int64(public.E)), public.N).FillBytes(em)
}

func mgf1(out, seed []byte, h crypto.Hash) {
	for i, done := uint32(0), 0; done < len(out); i++ {
		sum := h.New()
		sum.Write(seed)
		sum.Write(binary.BigEndian.AppendUint32(nil, i))
		done += subtle.XORBytes(out[done:], out[done:], sum.Sum(nil))
	}
}
