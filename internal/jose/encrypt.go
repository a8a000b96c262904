package jose

import (
	"crypto"
	"crypto/aes"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"strings"

	josecipher "github.com/go-jose/go-jose/v4/cipher"
)

// FitsEncryption reports whether content keys can be given to the holder of key by alg: an RSA key as [Fits] wants it, or a
// point on P-256, P-384 or P-521.
func FitsEncryption(alg string, key crypto.PublicKey) bool {
	m, _ := managementOf(alg)
	switch key := key.(type) {
	case *rsa.PublicKey:
		return m.oaep != 0 && soundRSA(key)
	case *ecdsa.PublicKey:
		if !m.agree || curveFamily(key) == unknown {
			return false
		}
		_, err := key.ECDH() // it refuses a point that is not on its curve
		return err == nil
	}
	return false
}

// CheckEncryption returns an [*Error] of kind [Algorithm] for an alg or enc that is not known here.
func CheckEncryption(alg, enc string) error { return supportedEncryption(alg, enc) }

// encryptedHeader is the header of a nested token (RFC 7519 §5.2): its content is a signed one.
type encryptedHeader struct {
	Alg         string        `json:"alg"`
	Enc         string        `json:"enc"`
	KeyID       string        `json:"kid,omitempty"`
	ContentType string        `json:"cty"`
	Ephemeral   *ephemeralKey `json:"epk,omitempty"`
}

type ephemeralKey struct {
	Type  string `json:"kty"`
	Curve string `json:"crv"`
	X     string `json:"x"`
	Y     string `json:"y"`
}

// Encrypt encrypts token, a signed one, to the holder of key (RFC 7516 §5.1, RFC 7519 §5.2). For dir, key.Public is the
// content key as []byte. The error is an [*Error] of kind [Algorithm] or [BadKey].
func Encrypt(alg, enc string, key Key, token string) (string, error) {
	if err := supportedEncryption(alg, enc); err != nil {
		return "", err
	}
	m, _ := managementOf(alg)
	c, _ := contentOf(enc)
	if _, shared := key.Public.([]byte); shared != m.direct() || !shared && !FitsEncryption(alg, key.Public) || key.Alg != "" && key.Alg != alg {
		return "", &Error{BadKey, "the key does not fit " + alg}
	}
	header := encryptedHeader{Alg: alg, Enc: enc, KeyID: key.ID, ContentType: "JWT"}
	contentKey, encrypted, err := m.give(c, key.Public, &header)
	if err != nil {
		return "", &Error{BadKey, err.Error()}
	}
	aead, err := c.aead(contentKey)
	if err != nil || len(contentKey) != c.key {
		return "", &Error{BadKey, "the content key does not have the size that " + enc + " needs"}
	}
	text, err := json.Marshal(header)
	if err != nil {
		return "", &Error{Format, err.Error()}
	}
	protected := base64.RawURLEncoding.EncodeToString(text)
	iv := random(c.iv)
	sealed := aead.Seal(nil, iv, []byte(token), []byte(protected))
	ciphertext, tag := sealed[:len(sealed)-c.tag], sealed[len(sealed)-c.tag:]
	parts := []string{protected}
	for _, part := range [][]byte{encrypted, iv, ciphertext, tag} {
		parts = append(parts, base64.RawURLEncoding.EncodeToString(part))
	}
	return strings.Join(parts, "."), nil
}

// give returns the content key, and its encrypted form for the holder of key (RFC 7516 §5.1, steps 2 to 6).
func (m management) give(c content, key crypto.PublicKey, header *encryptedHeader) (contentKey, encrypted []byte, err error) {
	switch key := key.(type) {
	case []byte:
		return key, nil, nil
	case *rsa.PublicKey:
		contentKey = random(c.key)
		encrypted, err = rsa.EncryptOAEP(m.oaep.New(), rand.Reader, key, contentKey, nil)
		return contentKey, encrypted, err
	}
	holder, err := key.(*ecdsa.PublicKey).ECDH() // FitsEncryption knows no other type
	if err != nil {
		return nil, nil, err
	}
	own, err := holder.Curve().GenerateKey(rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	z, err := own.ECDH(holder)
	if err != nil {
		return nil, nil, err
	}
	header.Ephemeral = newEphemeralKey(own.PublicKey())
	if m.wrap == 0 {
		contentKey, err = derived(z, header.Enc, nil, nil, c.key)
		return contentKey, nil, err
	}
	wrapping, err := derived(z, header.Alg, nil, nil, m.wrap)
	if err != nil {
		return nil, nil, err
	}
	block, err := aes.NewCipher(wrapping)
	if err != nil {
		return nil, nil, err
	}
	contentKey = random(c.key)
	encrypted, err = josecipher.KeyWrap(block, contentKey)
	return contentKey, encrypted, err
}

// newEphemeralKey writes a point as epk (RFC 7518 §4.6.1.1).
func newEphemeralKey(public *ecdh.PublicKey) *ephemeralKey {
	point := public.Bytes()[1:] // uncompressed (SEC 1 §2.3.3)
	half := len(point) / 2
	name := map[int]string{32: "P-256", 48: "P-384", 66: "P-521"}[half]
	return &ephemeralKey{"EC", name, base64.RawURLEncoding.EncodeToString(point[:half]), base64.RawURLEncoding.EncodeToString(point[half:])}
}

func random(size int) []byte {
	b := make([]byte, size)
	_, _ = rand.Read(b) // it never fails
	return b
}
