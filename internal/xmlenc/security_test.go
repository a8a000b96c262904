package xmlenc

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/rand"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSAML32Sizes: ciphertexts of sizes that their algorithm cannot make.
func TestSAML32Sizes(t *testing.T) {
	t.Parallel()
	for _, data := range []string{gcm128, gcm192, gcm256} {
		for n, why := range map[int]Check{0: CheckSize, 1: CheckSize, 12: CheckSize, 27: CheckSize, 28: CheckFailed, 29: CheckFailed} {
			refused(t, sealed{data: data, cut: first(n)}.message(t), ours(), Policy{}, why)
		}
		opens(t, sealed{data: data}.message(t), ours(), Policy{})
	}
	for n, why := range map[int]Check{0: CheckSize, 7: CheckSize, 8: CheckSize, 15: CheckSize, 17: CheckSize, 23: CheckSize, 24: CheckFailed} {
		refused(t, sealed{data: tripleDES, cut: first(n), text: alice + strings.Repeat(" ", 64)}.message(t), ours(), everything, why)
	}
	opens(t, sealed{data: tripleDES}.message(t), ours(), everything)
	for _, data := range []string{cbc128, cbc192, cbc256} {
		for n, why := range map[int]Check{0: CheckSize, 15: CheckSize, 16: CheckSize, 31: CheckSize, 33: CheckSize, 47: CheckSize, 48: CheckFailed} {
			refused(t, sealed{data: data, cut: first(n), text: alice + strings.Repeat(" ", 64)}.message(t), ours(), everything, why)
		}
		opens(t, sealed{data: data}.message(t), ours(), everything)
	}
	// A wrapped key has the size of the modulus.
	for _, n := range []int{0, 1, 255} {
		refused(t, sealed{cutKey: first(n)}.message(t), ours(), Policy{}, CheckSize)
	}
	refused(t, sealed{cutKey: func(b []byte) []byte { return append(b, 0) }}.message(t), ours(), Policy{}, CheckSize)
}

// TestSAML32Tag: each byte of a ciphertext is covered.
func TestSAML32Tag(t *testing.T) {
	t.Parallel()
	s := sealed{}
	s.defaults()
	size := len(s.ciphertext(t))
	for i := range size {
		changed := s
		changed.cut = flip(i)
		refused(t, changed.message(t), ours(), Policy{}, CheckFailed)
	}
	opens(t, s.message(t), ours(), Policy{})
}

// TestSAML32Padding: of the padding only the last byte has a meaning, from 1 to the size of a block.
func TestSAML32Padding(t *testing.T) {
	t.Parallel()
	for data, size := range map[string]int{cbc256: aes.BlockSize, tripleDES: des.BlockSize} {
		for last := range 256 {
			pad := func(plain []byte) []byte {
				// So much white space that the padding begins where the last byte says, when it can.
				n := max(1, min(last, size))
				for (len(plain)+n)%size != 0 {
					plain = append(plain, ' ')
				}
				padding := make([]byte, n)
				_, _ = rand.Read(padding)
				padding[n-1] = byte(last)
				return append(plain, padding...)
			}
			message := sealed{data: data, pad: pad}.message(t)
			if last >= 1 && last <= size {
				opens(t, message, ours(), everything)
			} else {
				refused(t, message, ours(), everything, CheckFailed)
			}
		}
	}
	// Nothing but padding.
	refused(t, sealed{data: cbc128, pad: func([]byte) []byte { return []byte("xxxxxxxxxxxxxxx\x10") }}.message(t), ours(), everything, CheckFailed)
}

// TestSAML33SameError: what depends on a key or the plaintext is always the same error.
func TestSAML33SameError(t *testing.T) {
	t.Parallel()
	type variant struct {
		name string
		sealed
	}
	for _, data := range []string{gcm128, gcm256, cbc128, cbc256, tripleDES} {
		for _, transport := range []string{mgf1p, rsa15} {
			base := sealed{data: data, transport: transport}
			opens(t, base.message(t), ours(), everything)
			with := func(name string, change func(*sealed)) variant {
				s := base
				change(&s)
				return variant{name, s}
			}
			for _, v := range []variant{
				with("for another key", func(s *sealed) { s.key = otherKey() }),
				with("wrapped key changed", func(s *sealed) { s.cutKey = flip(255) }),
				with("wrapped key over the modulus", func(s *sealed) { s.cutKey = func(b []byte) []byte { return fill(b, 0xff) } }),
				with("wrapped key zero", func(s *sealed) { s.cutKey = func(b []byte) []byte { return fill(b, 0) } }),
				with("wrapped key one", func(s *sealed) { s.cutKey = func(b []byte) []byte { fill(b, 0)[len(b)-1] = 1; return b } }),
				with("content key too short", func(s *sealed) { s.wrap = make([]byte, 8) }),
				with("content key too long", func(s *sealed) { s.wrap = make([]byte, 48) }),
				with("content key of none", func(s *sealed) { s.wrap = []byte{} }),
				with("another content key", func(s *sealed) { s.content, s.wrap = make([]byte, keySize(data)), fill(make([]byte, keySize(data)), 3) }), // the last bit of a byte means nothing to DES
				with("ciphertext changed", func(s *sealed) { s.cut = flip(20) }),
				// The text fills its last block but for one byte: were that block padding alone, one garbled block in 256 would
				// be padding of the same length, and the text whole.
				with("end of the ciphertext changed", func(s *sealed) {
					s.text = "<saml:NameID>anna</saml:NameID>"
					s.cut = func(b []byte) []byte { b[len(b)-1] ^= 0x40; return b }
				}),
				with("end cut off", func(s *sealed) { s.cut = func(b []byte) []byte { return b[:len(b)-aes.BlockSize] } }),
				with("no element", func(s *sealed) { s.text = "alice" }),
				with("blank", func(s *sealed) { s.text = " " }),
				with("two elements", func(s *sealed) { s.text = alice + alice }),
				with("text before", func(s *sealed) { s.text = "x" + alice }),
				with("text behind", func(s *sealed) { s.text = alice + "x" }),
				with("not well-formed", func(s *sealed) { s.text = alice[:len(alice)-1] }),
				with("prefix nobody declares", func(s *sealed) { s.text = "<q:NameID/>" }),
				with("not UTF-8", func(s *sealed) { s.text = "<saml:NameID>\xff</saml:NameID>" }),
				with("DOCTYPE", func(s *sealed) { s.text = "<!DOCTYPE a>" + alice }),
				with("entity", func(s *sealed) { s.text = "<saml:NameID>&a;</saml:NameID>" }),
				with("XML declaration", func(s *sealed) { s.text = `<?xml version="1.0"?>` + alice }),
				with("processing instruction", func(s *sealed) { s.text = "<?a?>" + alice }),
				with("byte order mark", func(s *sealed) { s.text = "\ufeff" + alice }),
				with("comment", func(s *sealed) { s.text = "<saml:NameID>ali<!---->ce</saml:NameID>" }),
				with("ends its surrounding", func(s *sealed) { s.text = alice + `</saml:EncryptedID><saml:EncryptedID>` }),
				with("too deep", func(s *sealed) { s.text = strings.Repeat("<a>", 64) + strings.Repeat("</a>", 64) }),
				with("encrypted again", func(s *sealed) { s.text = (&sealed{}).encryptedData(t, "") }),
				with("an encrypted key", func(s *sealed) { s.text = (&sealed{}).encryptedKey(t) }),
			} {
				_, err := Decrypt(parse(t, v.message(t)), Keys{RSA: ours()}, everything)
				require.Equal(t, Undecryptable(), err, "%s, %s, %s", v.name, data, transport)
			}
		}
	}
}

// TestSAML34Options: what needs an option is refused without it, with its name. Triple DES has one of its own, since it is
// the default of pysaml2.
func TestSAML34Options(t *testing.T) {
	t.Parallel()
	for _, data := range []string{cbc128, cbc192, cbc256} {
		message := sealed{data: data}.message(t)
		_, err := Decrypt(parse(t, message), Keys{RSA: ours()}, Policy{AllowRSA15: true})
		require.ErrorIs(t, err, CheckAlgorithm)
		require.ErrorContains(t, err, "AllowCBC")
		opens(t, message, ours(), Policy{AllowCBC: true})
	}
	message := sealed{transport: rsa15}.message(t)
	_, err := Decrypt(parse(t, message), Keys{RSA: ours()}, Policy{AllowCBC: true})
	require.ErrorIs(t, err, CheckAlgorithm)
	require.ErrorContains(t, err, "AllowRSA15")
	opens(t, message, ours(), Policy{AllowRSA15: true})

	triple := sealed{data: tripleDES}.message(t)
	_, err = Decrypt(parse(t, triple), Keys{RSA: ours()}, Policy{AllowCBC: true, AllowRSA15: true})
	require.ErrorIs(t, err, CheckAlgorithm)
	require.ErrorContains(t, err, "AllowTripleDES")
	opens(t, triple, ours(), Policy{AllowTripleDES: true})
	refused(t, sealed{data: cbc128}.message(t), ours(), Policy{AllowTripleDES: true}, CheckAlgorithm)

	for _, uri := range []string{"", "x", encSpace + "kw-aes128", enc11Space + "aes128-GCM", mgf1p, gcm256 + " "} {
		refused(t, strings.Replace(sealed{}.message(t), gcm128, uri, 1), ours(), everything, CheckAlgorithm)
	}
	for _, uri := range []string{"", "x", encSpace + "kw-aes128", enc11Space + "kw-aes-128-pad", encSpace + "kw-tripledes", encSpace + "dh", enc11Space + "ECDH-ES", gcm128} {
		refused(t, strings.Replace(sealed{}.message(t), mgf1p, uri, 1), ours(), everything, CheckAlgorithm)
	}
}

// TestSAML36Recipients: hints are not believed, each key is tried, and then it fails.
func TestSAML36Recipients(t *testing.T) {
	t.Parallel()
	s := sealed{content: make([]byte, 16)}
	mine := s.encryptedKey(t)
	other := sealed{content: s.content, key: otherKey()}
	others := other.encryptedKey(t)
	named := func(key, recipient string) string { return strings.Replace(key, ">", ` Recipient="`+recipient+`">`, 1) }
	for _, keys := range []string{
		named(mine, "us"), named(mine, "somebody else"), others + mine, mine + others,
		named(others, "us") + named(mine, "somebody else"), strings.Repeat(others, 7) + mine,
	} {
		opens(t, container(s.encryptedData(t, keys)), ours(), Policy{})
	}
	refused(t, container(s.encryptedData(t, others)), ours(), Policy{}, CheckFailed)
	refused(t, container(s.encryptedData(t, named(others, "us"))), ours(), Policy{}, CheckFailed)
	refused(t, container(s.encryptedData(t, strings.Repeat(others, 8)+mine)), ours(), Policy{}, CheckLimit)
	opens(t, container(s.encryptedData(t, others)), []crypto.Decrypter{otherKey()}, Policy{})
	opens(t, container(s.encryptedData(t, others)), []crypto.Decrypter{ourKey(), otherKey()}, Policy{})

	// One wrapped in a way that is refused keeps none beside it from fitting.
	weak := sealed{content: s.content, transport: rsa15}
	opens(t, container(s.encryptedData(t, weak.encryptedKey(t)+mine)), ours(), Policy{})
	refused(t, container(s.encryptedData(t, weak.encryptedKey(t)+others)), ours(), Policy{}, CheckFailed)
	refused(t, container(s.encryptedData(t, weak.encryptedKey(t))), ours(), Policy{}, CheckAlgorithm)
}

// TestSAML36References: nothing is fetched.
func TestSAML36References(t *testing.T) {
	t.Parallel()
	message := sealed{}.message(t)
	opens(t, message, ours(), Policy{})
	value := func(s string) (from, to int) {
		return strings.LastIndex(s, "<xenc:CipherValue>"), strings.LastIndex(s, "</xenc:CipherData>")
	}
	from, to := value(message)
	reference := `<xenc:CipherReference URI="https://idp.example/x"/>`
	refused(t, message[:from]+reference+message[to:], ours(), Policy{}, CheckShape)
	refused(t, message[:from]+reference+message[from:], ours(), Policy{}, CheckShape)
	refused(t, message[:to]+reference+message[to:], ours(), Policy{}, CheckShape)
	refused(t, strings.Replace(message, "<xenc:CipherValue>", reference+"<xenc:CipherValue>", 1), ours(), Policy{}, CheckShape)
}

// TestSAML36Doctype: the plaintext passes the gate as the message did.
func TestSAML36Doctype(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"<!DOCTYPE saml:NameID>" + alice, `<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>` + alice, "<saml:NameID><!DOCTYPE a>alice</saml:NameID>",
		"<saml:NameID>&b;</saml:NameID>",
	} {
		refused(t, sealed{text: text}.message(t), ours(), Policy{}, CheckFailed)
	}
	opens(t, sealed{text: "<saml:NameID>&#97;lice</saml:NameID>"}.message(t), ours(), Policy{})
}

// TestSAML36Nested: encryption within encryption, other than SAML's own.
func TestSAML36Nested(t *testing.T) {
	t.Parallel()
	inner := sealed{}
	refused(t, sealed{text: inner.encryptedData(t, inner.encryptedKey(t))}.message(t), ours(), Policy{}, CheckFailed)
	e, err := Decrypt(parse(t, sealed{text: inner.message(t)}.message(t)), Keys{RSA: ours()}, Policy{})
	require.NoError(t, err, "an EncryptedID, for its reader to decrypt")
	e, err = Decrypt(e, Keys{RSA: ours()}, Policy{})
	require.NoError(t, err)
	require.Equal(t, "NameID", e.Local())
}

// TestSAML37ShortTag: a tag is 16 bytes long.
func TestSAML37ShortTag(t *testing.T) {
	t.Parallel()
	for size := 12; size <= 16; size++ {
		s := sealed{content: make([]byte, 16)}
		s.cut = func([]byte) []byte {
			block, err := aes.NewCipher(s.content)
			require.NoError(t, err)
			gcm, err := cipher.NewGCMWithTagSize(block, size)
			require.NoError(t, err)
			nonce := make([]byte, nonceSize)
			return gcm.Seal(nonce, nonce, []byte(alice), nil)
		}
		if size == 16 {
			opens(t, s.message(t), ours(), Policy{})
		} else {
			refused(t, s.message(t), ours(), Policy{}, CheckFailed)
		}
	}
}

func first(n int) func([]byte) []byte { return func(b []byte) []byte { return b[:n] } }

func flip(i int) func([]byte) []byte {
	return func(b []byte) []byte {
		b[i] ^= 1
		return b
	}
}

func fill(b []byte, with byte) []byte {
	for i := range b {
		b[i] = with
	}
	return b
}

func keySize(uri string) int {
	c, _ := dataCipherOf(uri)
	return c.keySize
}
