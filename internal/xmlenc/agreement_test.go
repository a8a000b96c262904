package xmlenc

import (
	"bytes"
	"crypto"
	"crypto/aes"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func newCurveKey(t testing.TB, curve ecdh.Curve) *ecdh.PrivateKey {
	t.Helper()
	key, err := curve.GenerateKey(rand.Reader)
	require.NoError(t, err)
	return key
}

// agreed makes AES-128-GCM under a key that is agreed on with remote, or wrapped by that key with AES Key Wrap.
type agreed struct {
	remote *ecdh.PublicKey
	secret []byte                           // instead of the agreed one
	wrap   func(kek, content []byte) []byte // nil agrees on the content key
	text   string
	cut    func(ciphertext []byte) []byte
}

const agreementText = `<xenc:AgreementMethod Algorithm="` + enc11Space + `ECDH-ES"><m:KeyDerivationMethod xmlns:m="` + enc11Space + `" Algorithm="` + enc11Space + `ConcatKDF">` +
	`<m:ConcatKDFParams AlgorithmID="000102" PartyUInfo="00aB" PartyVInfo=""><ds:DigestMethod Algorithm="` + encSpace + `sha256"/></m:ConcatKDFParams></m:KeyDerivationMethod>` +
	`<xenc:OriginatorKeyInfo>` + originatorText + `</xenc:OriginatorKeyInfo></xenc:AgreementMethod>`

const originatorText = `<ds:KeyValue><e:ECKeyValue xmlns:e="` + sig11Space + `"><e:NamedCurve URI="CURVE"/><e:PublicKey>POINT</e:PublicKey></e:ECKeyValue></ds:KeyValue>`

func (a agreed) message(t testing.TB) string {
	t.Helper()
	own := newCurveKey(t, a.remote.Curve())
	secret, err := own.ECDH(a.remote)
	require.NoError(t, err)
	if a.secret != nil {
		secret = a.secret
	}
	h := sha256.New() // one turn makes enough
	h.Write(binary.BigEndian.AppendUint32(nil, 1))
	h.Write(secret)
	h.Write([]byte{1, 2, 0xab})
	kek := h.Sum(nil)[:16]
	s := sealed{content: kek, text: a.text, cut: a.cut}
	uri := map[ecdh.Curve]string{ecdh.P256(): "urn:oid:1.2.840.10045.3.1.7", ecdh.P384(): "urn:oid:1.3.132.0.34", ecdh.P521(): "urn:oid:1.3.132.0.35"}[a.remote.Curve()]
	text := strings.NewReplacer("CURVE", uri, "POINT", base64.StdEncoding.EncodeToString(own.PublicKey().Bytes())).Replace(agreementText)
	if a.wrap != nil {
		s.content = make([]byte, 16)
		_, _ = rand.Read(s.content)
		text = `<xenc:EncryptedKey><xenc:EncryptionMethod Algorithm="` + encSpace + `kw-aes128"/><ds:KeyInfo>` + text + `</ds:KeyInfo>` +
			cipherData(a.wrap(kek, s.content)) + `</xenc:EncryptedKey>`
	}
	return container(s.encryptedData(t, text))
}

// wrapAES is AES Key Wrap (RFC 3394 §2.2.1).
func wrapAES(kek, content []byte) []byte {
	block, err := aes.NewCipher(kek)
	if err != nil {
		panic(err)
	}
	r := append(bytes.Repeat([]byte{0xa6}, 8), content...)
	for j := range 6 {
		for i := 1; i <= len(content)/8; i++ {
			b := append(append([]byte(nil), r[:8]...), r[8*i:8*i+8]...)
			block.Encrypt(b, b)
			binary.BigEndian.PutUint64(r, binary.BigEndian.Uint64(b)^uint64(len(content)/8*j+i))
			copy(r[8*i:], b[8:])
		}
	}
	return r
}

// TestKeyWrapVectors are those of RFC 3394 §4.
func TestKeyWrapVectors(t *testing.T) {
	t.Parallel()
	for _, v := range [][3]string{
		{"000102030405060708090A0B0C0D0E0F", "00112233445566778899AABBCCDDEEFF", "1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5"},
		{"000102030405060708090A0B0C0D0E0F1011121314151617", "00112233445566778899AABBCCDDEEFF", "96778B25AE6CA435F92B5B97C050AED2468AB8A17AD84E5D"},
		{"000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F", "00112233445566778899AABBCCDDEEFF", "64E8C3F9CE0F5BA263E9777905818A2A93C8191E7D6E8AE7"},
		{"000102030405060708090A0B0C0D0E0F1011121314151617", "00112233445566778899AABBCCDDEEFF0001020304050607", "031D33264E15D33268F24EC260743EDCE1C6C7DDEE725A936BA814915C6762D2"},
		{"000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F", "00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F", "28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21"},
	} {
		decode := func(s string) []byte {
			b, err := hex.DecodeString(s)
			require.NoError(t, err)
			return b
		}
		kek, value := decode(v[0]), decode(v[2])
		got, ok := unwrapAES(kek, value)
		assert.True(t, ok)
		assert.Equal(t, decode(v[1]), got)
		assert.Equal(t, value, wrapAES(kek, decode(v[1])))
		for i := range value {
			changed := bytes.Clone(value)
			changed[i] ^= 1
			_, ok := unwrapAES(kek, changed)
			assert.False(t, ok, i)
		}
	}
}

// TestAgreement changes a message that is accepted in one place.
func TestAgreement(t *testing.T) {
	t.Parallel()
	key := newCurveKey(t, ecdh.P256())
	keys := Keys{EC: []Exchanger{nil, newCurveKey(t, ecdh.P521()), newCurveKey(t, ecdh.P256()), key}}
	direct, wrapped := agreed{remote: key.PublicKey()}.message(t), agreed{remote: key.PublicKey(), wrap: wrapAES}.message(t)
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	p224, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	require.NoError(t, err)
	der := func(key crypto.PublicKey) string {
		b, err := x509.MarshalPKIXPublicKey(key)
		require.NoError(t, err)
		return `<e:DEREncodedKeyValue xmlns:e="` + sig11Space + `">` + base64.StdEncoding.EncodeToString(b) + `</e:DEREncodedKeyValue>`
	}
	value := wrapped[strings.Index(wrapped, "<ds:KeyValue>") : strings.Index(wrapped, "</ds:KeyValue>")+len("</ds:KeyValue>")]
	point := value[strings.Index(value, "PublicKey>")+len("PublicKey>") : strings.Index(value, "</e:PublicKey>")]
	const (
		derivation = `<m:KeyDerivationMethod xmlns:m="` + enc11Space + `" Algorithm="` + enc11Space + `ConcatKDF">`
		digest     = `<ds:DigestMethod Algorithm="` + encSpace + `sha256"/>`
		method     = `<xenc:EncryptionMethod Algorithm="` + encSpace + `kw-aes128"/>`
	)
	offCurve := []byte("\x04" + strings.Repeat("\x01", 64))
	compressed := elliptic.MarshalCompressed(elliptic.P256(), other.X, other.Y)
	for name, c := range map[string]struct {
		old, new string
		why      Check // empty: accepted
	}{
		"another agreement":                 {"#ECDH-ES", "#DH-ES", CheckAlgorithm},
		"the older agreement":               {enc11Space + "ECDH-ES", encSpace + "dh", CheckAlgorithm},
		"another derivation":                {"#ConcatKDF\"", "#pbkdf2\"", CheckAlgorithm},
		"nonce":                             {"<m:KeyDerivationMethod", "<xenc:KA-Nonce>AAAA</xenc:KA-Nonce><m:KeyDerivationMethod", CheckShape},
		"derivation twice":                  {derivation, derivation + "</m:KeyDerivationMethod>" + derivation, CheckShape},
		"recipient":                         {"</xenc:AgreementMethod>", "<xenc:RecipientKeyInfo><ds:KeyName>x</ds:KeyName></xenc:RecipientKeyInfo></xenc:AgreementMethod>", ""},
		"recipient twice":                   {"</xenc:AgreementMethod>", "<xenc:RecipientKeyInfo/><xenc:RecipientKeyInfo/></xenc:AgreementMethod>", CheckShape},
		"no originator":                     {"<xenc:OriginatorKeyInfo>" + value + "</xenc:OriginatorKeyInfo>", "", CheckShape},
		"no parameters":                     {wrapped[strings.Index(wrapped, "<m:ConcatKDFParams"):strings.Index(wrapped, "</m:KeyDerivationMethod>")], "", CheckShape},
		"text in the agreement":             {"<m:KeyDerivationMethod", "x<m:KeyDerivationMethod", CheckShape},
		"digest SHA-1":                      {encSpace + "sha256", sigSpace + "sha1", CheckAlgorithm},
		"digest unknown":                    {encSpace + "sha256", "x", CheckAlgorithm},
		"another digest":                    {encSpace + "sha256", encSpace + "sha512", CheckFailed},
		"no digest":                         {digest, "", CheckShape},
		"digest twice":                      {digest, digest + digest, CheckShape},
		"other info":                        {`PartyUInfo="00aB"`, `PartyUInfo="00aC"`, CheckFailed},
		"info in another attribute":         {`PartyUInfo="00aB" PartyVInfo=""`, `SuppPubInfo="00" SuppPrivInfo="00AB"`, ""},
		"info in blanks":                    {`PartyUInfo="00aB"`, `PartyUInfo=" 00AB "`, ""},
		"info that is no hexadecimal":       {`PartyUInfo="00aB"`, `PartyUInfo="00aX"`, CheckShape},
		"info of half a byte":               {`PartyUInfo="00aB"`, `PartyUInfo="00a"`, CheckShape},
		"info of five bits":                 {`PartyUInfo="00aB"`, `PartyUInfo="03aB"`, CheckShape},
		"name beside the value":             {value, "<ds:KeyName>x</ds:KeyName>" + value + "<ds:X509Data/>", ""},
		"name alone":                        {value, "<ds:KeyName>x</ds:KeyName>", CheckShape},
		"value twice":                       {value, value + value, CheckShape},
		"unknown beside the value":          {value, value + "<xenc:Other/>", CheckShape},
		"text beside the value":             {value, "x" + value, CheckShape},
		"RSA":                               {value, "<ds:KeyValue><ds:RSAKeyValue/></ds:KeyValue>", CheckShape},
		"no value in it":                    {value, "<ds:KeyValue/>", CheckShape},
		"DER of another key":                {value, der(other.Public()), CheckFailed},
		"DER of RSA":                        {value, der(ourKey().Public()), CheckShape},
		"DER of an unknown curve":           {value, der(p224.Public()), CheckAlgorithm},
		"DER that is none":                  {value, strings.Replace(der(other.Public()), ">MF", ">MG", 1), CheckShape},
		"DER that is no base64":             {value, strings.Replace(der(other.Public()), ">MF", ">!", 1), CheckShape},
		"unknown curve":                     {"urn:oid:1.2.840.10045.3.1.7", "urn:oid:1.3.132.0.10", CheckAlgorithm},
		"curve of another size":             {"urn:oid:1.2.840.10045.3.1.7", "urn:oid:1.3.132.0.34", CheckShape},
		"no curve":                          {`<e:NamedCurve URI="urn:oid:1.2.840.10045.3.1.7"/>`, "", CheckShape},
		"parameters of a curve":             {`<e:NamedCurve URI="urn:oid:1.2.840.10045.3.1.7"/>`, "<e:ECParameters/>", CheckShape},
		"point off the curve":               {point, base64.StdEncoding.EncodeToString(offCurve), CheckShape},
		"point at infinity":                 {point, "AA==", CheckShape},
		"compressed point":                  {point, base64.StdEncoding.EncodeToString(compressed), CheckShape},
		"no point":                          {point, "", CheckShape},
		"another point":                     {point, base64.StdEncoding.EncodeToString(newCurveKey(t, ecdh.P256()).PublicKey().Bytes()), CheckFailed},
		"only wrapped: content of a method": {method, strings.Replace(method, "/>", ">"+digest+"</xenc:EncryptionMethod>", 1), CheckShape},
		"only wrapped: another size":        {"kw-aes128", "kw-aes256", CheckFailed},
		"only wrapped: another wrapping":    {"kw-aes128", "kw-tripledes", CheckAlgorithm},
		"only wrapped: hint":                {"<ds:KeyInfo><xenc:Agr", "<ds:KeyInfo><ds:KeyName>x</ds:KeyName><xenc:Agr", ""},
		"only wrapped: no agreement":        {wrapped[strings.Index(wrapped, "<xenc:AgreementMethod"):strings.Index(wrapped, "</ds:KeyInfo><xenc:CipherData>")], "", CheckAlgorithm},
		"only wrapped: two":                 {"</xenc:AgreementMethod></ds:KeyInfo>", `</xenc:AgreementMethod><xenc:AgreementMethod/></ds:KeyInfo>`, CheckShape},
	} {
		for _, message := range []string{direct, wrapped} {
			if message == direct {
				if strings.HasPrefix(name, "only wrapped") {
					continue
				}
				// The same change in the message without an EncryptedKey.
				message = strings.Replace(message, direct[strings.Index(direct, "<ds:KeyValue>"):strings.Index(direct, "</ds:KeyValue>")+len("</ds:KeyValue>")], value, 1)
				if c.why == "" {
					continue // it is of another key
				}
			}
			require.Contains(t, message, c.old, name)
			e, err := Decrypt(parse(t, strings.Replace(message, c.old, c.new, 1)), keys, Policy{})
			if c.why == "" {
				require.NoError(t, err, name)
				require.Equal(t, alice, e.Raw())
				continue
			}
			require.ErrorIs(t, err, c.why, name)
			if c.why == CheckFailed {
				require.Equal(t, Undecryptable(), err, name)
			}
		}
	}
	for _, message := range []string{direct, wrapped} {
		e, err := Decrypt(parse(t, message), keys, Policy{})
		require.NoError(t, err)
		require.Equal(t, alice, e.Raw())
	}
}

// TestSAML33AgreementsFailAsOne: with an agreement too, nobody can tell from the error what failed.
func TestSAML33AgreementsFailAsOne(t *testing.T) {
	t.Parallel()
	for _, curve := range []ecdh.Curve{ecdh.P256(), ecdh.P384(), ecdh.P521()} {
		key := newCurveKey(t, curve)
		base := agreed{remote: key.PublicKey(), wrap: wrapAES}
		with := func(change func(*agreed)) string {
			a := base
			change(&a)
			return a.message(t)
		}
		wrapping := func(change func(kek, content []byte) []byte) string {
			return with(func(a *agreed) { a.wrap = change })
		}
		for name, message := range map[string]string{
			"for another key":    with(func(a *agreed) { a.remote = newCurveKey(t, curve).PublicKey() }),
			"wrapped key":        wrapping(func(kek, content []byte) []byte { return flip(23)(wrapAES(kek, content)) }),
			"its check":          wrapping(func(kek, content []byte) []byte { return flip(0)(wrapAES(kek, content)) }),
			"another wrapping":   wrapping(func(kek, content []byte) []byte { return wrapAES(fill(kek, 1), content) }),
			"another content":    wrapping(func(kek, content []byte) []byte { return wrapAES(kek, make([]byte, 16)) }),
			"ciphertext":         with(func(a *agreed) { a.cut = flip(20) }),
			"not XML":            with(func(a *agreed) { a.text = "alice" }),
			"two elements":       with(func(a *agreed) { a.text = alice + alice }),
			"DOCTYPE":            with(func(a *agreed) { a.text = "<!DOCTYPE a>" + alice }),
			"direct, ciphertext": with(func(a *agreed) { a.wrap, a.cut = nil, flip(20) }),
			"direct, for another key": with(func(a *agreed) {
				a.wrap, a.remote = nil, newCurveKey(t, curve).PublicKey()
			}),
			"direct, not XML": with(func(a *agreed) { a.wrap, a.text = nil, "alice" }),
		} {
			_, err := Decrypt(parse(t, message), Keys{EC: []Exchanger{key}}, Policy{})
			require.Equal(t, Undecryptable(), err, name)
		}
		e, err := Decrypt(parse(t, base.message(t)), Keys{EC: []Exchanger{key}}, Policy{})
		require.NoError(t, err)
		require.Equal(t, alice, e.Raw())
	}
}

// TestSAML32WrappedSizes: a wrapped key has the size of the content key, and one block.
func TestSAML32WrappedSizes(t *testing.T) {
	t.Parallel()
	key := newCurveKey(t, ecdh.P256())
	for _, n := range []int{0, 8, 16, 23, 25, 32, 40} {
		message := agreed{remote: key.PublicKey(), wrap: func([]byte, []byte) []byte { return make([]byte, n) }}.message(t)
		_, err := Decrypt(parse(t, message), Keys{EC: []Exchanger{key}}, Policy{})
		require.ErrorIs(t, err, CheckSize, n)
	}
	// Each costs an operation of the curve.
	message := agreed{remote: key.PublicKey()}.message(t)
	from, to := strings.Index(message, "<xenc:AgreementMethod"), strings.Index(message, "</ds:KeyInfo>")
	for n, why := range map[int]Check{7: "", 8: CheckLimit} {
		_, err := Decrypt(parse(t, message[:to]+strings.Repeat(message[from:to], n)+message[to:]), Keys{EC: []Exchanger{key}}, Policy{})
		if why == "" {
			require.NoError(t, err)
		} else {
			require.ErrorIs(t, err, why)
		}
	}
}

// curveDevice is a key in a device.
type curveDevice struct {
	*ecdh.PrivateKey
	ecdh func(*ecdh.PublicKey) ([]byte, error)
}

func (d curveDevice) ECDH(remote *ecdh.PublicKey) ([]byte, error) { return d.ecdh(remote) }

// TestCurveDevice: a device may fail, and is asked once for each agreement.
func TestCurveDevice(t *testing.T) {
	t.Parallel()
	key := newCurveKey(t, ecdh.P256())
	for _, wrap := range []func(kek, content []byte) []byte{nil, wrapAES} {
		message := agreed{remote: key.PublicKey(), wrap: wrap}.message(t)
		for name, answer := range map[string]func(*ecdh.PublicKey) ([]byte, error){
			"away":    func(*ecdh.PublicKey) ([]byte, error) { return nil, errors.New("no device") },
			"nothing": func(*ecdh.PublicKey) ([]byte, error) { return nil, nil },
			"wrong":   func(*ecdh.PublicKey) ([]byte, error) { return make([]byte, 32), nil },
			"right, with an error": func(remote *ecdh.PublicKey) ([]byte, error) {
				secret, _ := key.ECDH(remote)
				return secret, errors.New("no")
			},
		} {
			calls := 0
			d := curveDevice{key, func(remote *ecdh.PublicKey) ([]byte, error) { calls++; return answer(remote) }}
			_, err := Decrypt(parse(t, message), Keys{EC: []Exchanger{d}}, Policy{})
			require.Equal(t, Undecryptable(), err, name)
			require.Equal(t, 1, calls, name)
		}
		_, err := Decrypt(parse(t, message), Keys{EC: []Exchanger{curveDevice{key, key.ECDH}}}, Policy{})
		require.NoError(t, err)
		// Anybody can seal with a secret that is empty.
		message = agreed{remote: key.PublicKey(), wrap: wrap, secret: []byte{}}.message(t)
		d := curveDevice{key, func(*ecdh.PublicKey) ([]byte, error) { return nil, nil }}
		_, err = Decrypt(parse(t, message), Keys{EC: []Exchanger{d}}, Policy{})
		require.Equal(t, Undecryptable(), err)
		message = agreed{remote: key.PublicKey(), wrap: wrap}.message(t)
		_, err = Decrypt(parse(t, message), Keys{EC: []Exchanger{newCurveKey(t, ecdh.P384()), newCurveKey(t, ecdh.P521())}}, Policy{})
		require.ErrorIs(t, err, CheckKey, "no key is on that curve")
	}
}
