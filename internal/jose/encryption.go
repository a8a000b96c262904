package jose

import (
	"crypto"
	_ "crypto/sha1" // of RSA-OAEP
	"slices"
)

// management is how the content key of a JWE is given to its recipient (RFC 7518 §4.1).
type management struct {
	oaep  crypto.Hash // of RSA-OAEP (§4.3)
	agree bool        // ECDH-ES (§4.6)
	wrap  int         // size in bytes of the agreed key that wraps the content key; 0: the agreed key is the content key
}

// managementOf knows no RSA1_5, which is an oracle for its padding, and no PBES2, whose cost the sender chooses. AES
// key wrapping with a shared key (A128KW, A128GCMKW and their families) has no use where dir has the same key.
func managementOf(alg string) (m management, ok bool) {
	switch alg {
	case "RSA-OAEP":
		// SHA-1 is sound here: neither the digest of the label nor the mask depends on collisions (RFC 8017 §7.1).
		return management{oaep: crypto.SHA1}, true
	case "RSA-OAEP-256":
		return management{oaep: crypto.SHA256}, true
	case "ECDH-ES":
		return management{agree: true}, true
	case "ECDH-ES+A128KW":
		return management{agree: true, wrap: 16}, true
	case "ECDH-ES+A192KW":
		return management{agree: true, wrap: 24}, true
	case "ECDH-ES+A256KW":
		return management{agree: true, wrap: 32}, true
	case "dir":
		return management{}, true
	}
	return management{}, false
}

// direct reports whether the shared key is the content key.
func (m management) direct() bool { return m.oaep == 0 && !m.agree }

// wrapSize is how many bytes AES Key Wrap adds (RFC 3394 §2.2.1).
const wrapSize = 8

// encryptedKeySize is the only right size of the encrypted key in bytes; known is false for RSA, where the recipient's
// key decides.
func (m management) encryptedKeySize(c content) (size int, known bool) {
	switch {
	case m.oaep != 0:
		return 0, false
	case m.wrap != 0:
		return c.key + wrapSize, true
	}
	return 0, true
}

// content is how the content is encrypted: the sizes in bytes of the key, the initialization vector and the tag
// (RFC 7518 §5.1).
type content struct {
	key, iv, tag int
	cbc          bool
}

func contentOf(enc string) (c content, ok bool) {
	switch enc {
	case "A128GCM":
		return content{16, 12, 16, false}, true
	case "A192GCM":
		return content{24, 12, 16, false}, true
	case "A256GCM":
		return content{32, 12, 16, false}, true
	case "A128CBC-HS256":
		return content{32, 16, 16, true}, true
	case "A192CBC-HS384":
		return content{48, 16, 24, true}, true
	case "A256CBC-HS512":
		return content{64, 16, 32, true}, true
	}
	return content{}, false
}

// supportedEncryption reports whether alg and enc are known here.
func supportedEncryption(alg, enc string) error {
	if _, ok := managementOf(alg); !ok {
		return &Error{Algorithm, "the pinned alg is not RSA-OAEP, RSA-OAEP-256, ECDH-ES, ECDH-ES+A128KW, ECDH-ES+A192KW, ECDH-ES+A256KW or dir"}
	}
	if _, ok := contentOf(enc); !ok {
		return &Error{Algorithm, "the pinned enc is not A128CBC-HS256, A192CBC-HS384, A256CBC-HS512, A128GCM, A192GCM or A256GCM"}
	}
	return nil
}

// refusedEncryption are names that exist and are never decrypted; for errors, so that no other text of a token is in
// them.
var refusedEncryption = [...]string{
	"RSA1_5", "RSA-OAEP-384", "RSA-OAEP-512", "A128KW", "A192KW", "A256KW", "A128GCMKW", "A192GCMKW", "A256GCMKW",
	"PBES2-HS256+A128KW", "PBES2-HS384+A192KW", "PBES2-HS512+A256KW",
}

// knownEncryption returns the name of an algorithm that exists, and no other text of the token.
func knownEncryption(name string) string {
	_, isAlg := managementOf(name)
	_, isEnc := contentOf(name)
	if isAlg || isEnc || slices.Contains(refusedEncryption[:], name) {
		return name
	}
	return "an unknown one"
}
