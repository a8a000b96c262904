package jose_test

import (
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"io"
	"math/big"
	"strings"
	"testing"

	gojose "github.com/go-jose/go-jose/v4"
	josecipher "github.com/go-jose/go-jose/v4/cipher"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/jose"
)

func asECDSA(t testing.TB, key *ecdh.PrivateKey) *ecdsa.PrivateKey {
	t.Helper()
	curve := map[ecdh.Curve]elliptic.Curve{ecdh.P256(): elliptic.P256(), ecdh.P384(): elliptic.P384(), ecdh.P521(): elliptic.P521()}[key.Curve()]
	private, err := ecdsa.ParseRawPrivateKey(curve, key.Bytes())
	require.NoError(t, err)
	return private
}

// publicHalf is what go-jose encrypts to.
func publicHalf(t testing.TB, key any) any {
	t.Helper()
	switch key := key.(type) {
	case *rsa.PrivateKey:
		return &key.PublicKey
	case *ecdh.PrivateKey:
		return &asECDSA(t, key).PublicKey
	}
	return key
}

func TestDecryptWhatGoJoseEncrypted(t *testing.T) {
	t.Parallel()
	for _, alg := range managements {
		for _, enc := range contents {
			for _, curve := range []string{"P-256", "P-384", "P-521"} {
				key := recipient(alg, enc)
				if strings.HasPrefix(alg, "ECDH") {
					key = recipients()[curve]
				} else if curve != "P-256" {
					continue
				}
				options := (&gojose.EncrypterOptions{}).WithType("JWT").WithContentType("JWT").WithHeader("kid", "k1").WithHeader("iss", "https://op.example")
				raw := goJoseSeal(t, alg, enc, publicHalf(t, key), options, innerToken)
				got, err := decrypter(t, alg, enc, key).Decrypt(raw, jose.MaxToken)
				require.NoError(t, err, "%s %s %s", alg, enc, curve)
				assert.Equal(t, innerToken, got.Payload)
				assert.Equal(t, []string{"k1", "JWT", "JWT", `"https://op.example"`},
					[]string{got.Header.KeyID, got.Header.Type, got.Header.ContentType, got.Header.Issuer.Raw()})
			}
		}
	}
}

// What is made by hand in the tests of refusals is right until a test spoils it.
func TestDecryptWhatWasSealedByHand(t *testing.T) {
	t.Parallel()
	for _, alg := range managements {
		for _, enc := range contents {
			got, err := decrypter(t, alg, enc).Decrypt(sealed{alg: alg, enc: enc}.write(t), jose.MaxToken)
			require.NoError(t, err, "%s %s", alg, enc)
			assert.Equal(t, innerToken, got.Payload)
		}
	}
}

// The keys and the agreed key of RFC 7518 Appendix C.
func TestDecryptAppendixC(t *testing.T) {
	t.Parallel()
	number := func(text string) []byte { return []byte(unb64(text)) }
	bob, err := ecdh.P256().NewPrivateKey(number("VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw"))
	require.NoError(t, err)
	const header = `{"alg":"ECDH-ES","enc":"A128GCM","apu":"QWxpY2U","apv":"Qm9i","epk":{"kty":"EC","crv":"P-256",` +
		`"x":"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0","y":"SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps"}}`
	raw := sealed{alg: "dir", enc: "A128GCM", protected: header, to: number("VqqN6vgjbSBcIijNcacQGg")}.write(t)
	d := decrypter(t, "ECDH-ES", "A128GCM", bob)
	got, err := d.Decrypt(raw, jose.MaxToken)
	require.NoError(t, err)
	assert.Equal(t, innerToken, got.Payload)
	for _, other := range []string{"QWxpY2V", ""} {
		changed := strings.Replace(header, "QWxpY2U", other, 1)
		raw := sealed{alg: "dir", enc: "A128GCM", protected: changed, to: number("VqqN6vgjbSBcIijNcacQGg")}.write(t)
		_, err := d.Decrypt(raw, jose.MaxToken)
		require.Error(t, err, "another apu makes another key")
	}
}

// device is a key that does not show its private half.
type device struct{ crypto.Decrypter }

type ecDevice struct{ key *ecdh.PrivateKey }

func (d ecDevice) PublicKey() *ecdh.PublicKey                  { return d.key.PublicKey() }
func (d ecDevice) ECDH(remote *ecdh.PublicKey) ([]byte, error) { return d.key.ECDH(remote) }
func (brokenDevice) ECDH(*ecdh.PublicKey) ([]byte, error)      { return nil, io.ErrUnexpectedEOF }
func (brokenDevice) Decrypt(io.Reader, []byte, crypto.DecrypterOpts) ([]byte, error) {
	return nil, io.ErrUnexpectedEOF
}

type brokenDevice struct{ ecDevice }

// otherDevice and otherExchanger have no key.
type otherDevice struct{ brokenDevice }

func (otherDevice) Public() crypto.PublicKey {
	return recipients()["P-256"].(*ecdh.PrivateKey).Public()
}
func (otherDevice) ECDH() {}

// nilDevice has a nil key.
type nilDevice struct{ otherDevice }

func (nilDevice) Public() crypto.PublicKey { return (*rsa.PublicKey)(nil) }

type otherExchanger struct{ ecDevice }

func (otherExchanger) PublicKey() *ecdh.PublicKey { return nil }

func (brokenDevice) Public() crypto.PublicKey { return recipients()["RSA"].(*rsa.PrivateKey).Public() }

func TestDecryptByEachTypeOfKey(t *testing.T) {
	t.Parallel()
	p256 := recipients()["P-256"].(*ecdh.PrivateKey)
	for name, c := range map[string]struct {
		alg string
		key any
	}{
		"rsa": {"RSA-OAEP", recipients()["RSA"]}, "decrypter": {"RSA-OAEP-256", device{recipients()["RSA"].(crypto.Decrypter)}},
		"ecdh": {"ECDH-ES", p256}, "ecdsa": {"ECDH-ES+A256KW", asECDSA(t, p256)}, "exchanger": {"ECDH-ES", ecDevice{p256}},
	} {
		raw := sealed{alg: c.alg, enc: "A128CBC-HS256"}.write(t)
		_, err := decrypter(t, c.alg, "A128CBC-HS256", c.key).Decrypt(raw, jose.MaxToken)
		require.NoError(t, err, name)
	}
	raw := sealed{alg: "ECDH-ES", enc: "A128GCM"}.write(t)
	_, err := decrypter(t, "ECDH-ES", "A128GCM", brokenDevice{ecDevice{p256}}).Decrypt(raw, jose.MaxToken)
	require.ErrorIs(t, err, jose.Decryption)
}

// I28: when a device fails, no secret was agreed on, and nobody may know the key that is used then.
func TestI28DeviceThatFailsOpensNothing(t *testing.T) {
	t.Parallel()
	prefixed := func(text string) []byte { return append([]byte{0, 0, 0, byte(len(text))}, text...) }
	key := make([]byte, 16)
	_, err := josecipher.NewConcatKDF(crypto.SHA256, nil, prefixed("A128GCM"), prefixed(""), prefixed(""), []byte{0, 0, 0, 128}, nil).Read(key)
	require.NoError(t, err)
	p256 := recipients()["P-256"].(*ecdh.PrivateKey)
	forged := sealed{alg: "ECDH-ES", enc: "A128GCM", key: func([]byte) []byte { return key }}.write(t)
	_, err = decrypter(t, "ECDH-ES", "A128GCM", brokenDevice{ecDevice{p256}}).Decrypt(forged, jose.MaxToken)
	require.ErrorIs(t, err, jose.Decryption)
	_, err = decrypter(t, "ECDH-ES", "A128GCM", emptySecret{ecDevice{p256}}).Decrypt(forged, jose.MaxToken)
	require.NoError(t, err, "the accepted twin: a device that says that the secret is empty")
}

// emptySecret is a device that agrees on nothing.
type emptySecret struct{ ecDevice }

func (emptySecret) ECDH(*ecdh.PublicKey) ([]byte, error) { return nil, nil }

func TestDecryptionKeyByItsName(t *testing.T) {
	t.Parallel()
	mine, other := recipients()["P-256"].(*ecdh.PrivateKey), newEC(t)
	key := func(id string, private any) jose.DecryptionKey { return jose.DecryptionKey{ID: id, Private: private} }
	named := func(kid any) string {
		return sealed{alg: "ECDH-ES", enc: "A128GCM", header: map[string]any{"kid": kid}}.write(t)
	}
	for name, c := range map[string]struct {
		keys []jose.DecryptionKey
		kid  any
		want error
	}{
		"the named one":             {[]jose.DecryptionKey{key("b", other), key("a", mine)}, "a", nil},
		"one of two with the name":  {[]jose.DecryptionKey{key("a", other), key("a", mine)}, "a", nil},
		"another one is named":      {[]jose.DecryptionKey{key("a", mine), key("b", other)}, "b", jose.Decryption},
		"named, not the nameless":   {[]jose.DecryptionKey{key("", mine), key("b", other)}, "b", jose.Decryption},
		"unknown":                   {[]jose.DecryptionKey{key("a", mine), key("b", other)}, "c", jose.BadKey},
		"unknown, one has no name":  {[]jose.DecryptionKey{key("b", other), key("", mine)}, "c", nil},
		"none in the token":         {[]jose.DecryptionKey{key("b", other), key("a", mine)}, nil, nil},
		"empty in the token":        {[]jose.DecryptionKey{key("b", other), key("a", mine)}, "", nil},
		"a key of another type too": {[]jose.DecryptionKey{key("a", recipients()["RSA"]), key("a", mine)}, "a", nil},
		"a key on another curve":    {[]jose.DecryptionKey{key("", recipients()["P-384"]), key("", mine)}, nil, nil},
	} {
		d, err := jose.NewDecrypter("ECDH-ES", "A128GCM", c.keys)
		require.NoError(t, err, name)
		_, err = d.Decrypt(named(c.kid), jose.MaxToken)
		if c.want == nil {
			require.NoError(t, err, name)
		} else {
			require.ErrorIs(t, err, c.want, name)
		}
	}
}

func newEC(t testing.TB) *ecdh.PrivateKey {
	t.Helper()
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	require.NoError(t, err)
	return key
}

func TestI32NewDecrypterRefusesKeys(t *testing.T) {
	t.Parallel()
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	require.NoError(t, err)
	good := recipients()["RSA"].(*rsa.PrivateKey)
	spoilt := &rsa.PrivateKey{PublicKey: good.PublicKey, D: new(big.Int).Add(good.D, big.NewInt(2)), Primes: good.Primes}
	x25519, err := ecdh.X25519().GenerateKey(rand.Reader)
	require.NoError(t, err)
	p224, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	require.NoError(t, err)
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	signer, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	half := func(x, y *big.Int) *ecdsa.PrivateKey {
		return &ecdsa.PrivateKey{PublicKey: ecdsa.PublicKey{Curve: elliptic.P256(), X: x, Y: y}, D: signer.D}
	}
	for name, c := range map[string]struct {
		alg  string
		key  jose.DecryptionKey
		want string
	}{
		"nil":                        {"RSA-OAEP", jose.DecryptionKey{}, "it is nil"},
		"nil RSA":                    {"RSA-OAEP", jose.DecryptionKey{Private: (*rsa.PrivateKey)(nil)}, "it is nil"},
		"nil ECDSA":                  {"ECDH-ES", jose.DecryptionKey{Private: (*ecdsa.PrivateKey)(nil)}, "it is nil"},
		"empty ECDSA":                {"ECDH-ES", jose.DecryptionKey{Private: &ecdsa.PrivateKey{}}, "it is nil"},
		"ECDSA without D":            {"ECDH-ES", jose.DecryptionKey{Private: &ecdsa.PrivateKey{PublicKey: signer.PublicKey}}, "it is nil"},
		"ECDSA without a curve":      {"ECDH-ES", jose.DecryptionKey{Private: &ecdsa.PrivateKey{PublicKey: ecdsa.PublicKey{X: signer.X, Y: signer.Y}, D: signer.D}}, "it is nil"},
		"ECDSA without X":            {"ECDH-ES", jose.DecryptionKey{Private: half(nil, signer.Y)}, "it is nil"},
		"ECDSA without Y":            {"ECDH-ES", jose.DecryptionKey{Private: half(signer.X, nil)}, "it is nil"},
		"ECDSA off its curve":        {"ECDH-ES", jose.DecryptionKey{Private: half(signer.X, signer.X)}, " not "}, // Go 1.25 sees it later than 1.26, in other words
		"ECDSA of another":           {"ECDH-ES", jose.DecryptionKey{Private: half(elliptic.P256().Params().Gx, elliptic.P256().Params().Gy)}, "do not fit together"},
		"RSA without N":              {"RSA-OAEP", jose.DecryptionKey{Private: &rsa.PrivateKey{}}, "it is nil"},
		"a device with a nil key":    {"RSA-OAEP", jose.DecryptionKey{Private: nilDevice{}}, "must have an RSA key"},
		"nil ECDH":                   {"ECDH-ES", jose.DecryptionKey{Private: (*ecdh.PrivateKey)(nil)}, "it is nil"},
		"small":                      {"RSA-OAEP", jose.DecryptionKey{Private: small}, "2048"},
		"small in device":            {"RSA-OAEP", jose.DecryptionKey{Private: device{small}}, "2048"},
		"spoilt":                     {"RSA-OAEP", jose.DecryptionKey{Private: spoilt}, "do not fit together"},
		"X25519":                     {"ECDH-ES", jose.DecryptionKey{Private: x25519}, "P-256, P-384 or P-521"},
		"P-224":                      {"ECDH-ES", jose.DecryptionKey{Private: p224}, "P-256, P-384 or P-521"},
		"Ed25519":                    {"ECDH-ES", jose.DecryptionKey{Private: ed}, "a ed25519.PrivateKey cannot decrypt"},
		"a public key":               {"RSA-OAEP", jose.DecryptionKey{Private: &good.PublicKey}, "a *rsa.PublicKey cannot decrypt"},
		"RSA for ECDH":               {"ECDH-ES", jose.DecryptionKey{Private: good}, "no key fits ECDH-ES"},
		"EC for RSA":                 {"RSA-OAEP", jose.DecryptionKey{Private: newEC(t)}, "no key fits RSA-OAEP"},
		"bytes for RSA":              {"RSA-OAEP", jose.DecryptionKey{Private: shared("A128GCM")}, "no key fits RSA-OAEP"},
		"RSA for dir":                {"dir", jose.DecryptionKey{Private: good}, "no key fits dir"},
		"short for dir":              {"dir", jose.DecryptionKey{Private: []byte("short")}, "16 bytes"},
		"long for dir":               {"dir", jose.DecryptionKey{Private: shared("A256GCM")}, "16 bytes"},
		"for another alg":            {"RSA-OAEP", jose.DecryptionKey{Alg: "RSA-OAEP-256", Private: good}, "no key fits RSA-OAEP"},
		"a device without a key":     {"RSA-OAEP", jose.DecryptionKey{Private: otherDevice{}}, "must have an RSA key"},
		"an exchanger without a key": {"ECDH-ES", jose.DecryptionKey{Private: otherExchanger{}}, "no public key"},
		"RSA1_5":                     {"RSA-OAEP", jose.DecryptionKey{Alg: "RSA1_5", Private: good}, "not a supported one"},
	} {
		_, err := jose.NewDecrypter(c.alg, "A128GCM", []jose.DecryptionKey{c.key})
		require.ErrorIs(t, err, jose.BadKey, name)
		require.ErrorContains(t, err, c.want, name)
	}
	_, err = jose.NewDecrypter("RSA-OAEP", "A128GCM", []jose.DecryptionKey{{Alg: "RSA-OAEP", Private: good}})
	require.NoError(t, err, "the accepted twin")
	require.NoError(t, jose.CheckDecryptionKey(jose.DecryptionKey{Alg: "RSA-OAEP", Private: good}))
	require.ErrorIs(t, jose.CheckDecryptionKey(jose.DecryptionKey{Alg: "ECDH-ES", Private: good}), jose.BadKey)
}

func TestI28NewDecrypterRefusesAlgorithms(t *testing.T) {
	t.Parallel()
	keys := []jose.DecryptionKey{{Private: recipients()["RSA"]}, {Private: recipients()["P-256"]}, {Private: shared("A128GCM")}}
	for _, alg := range []string{"", "none", "RSA1_5", "RSA-OAEP-384", "A128KW", "A256GCMKW", "PBES2-HS256+A128KW", "ECDH-ES+XC20PKW", "DIR", "RS256"} {
		_, err := jose.NewDecrypter(alg, "A128GCM", keys)
		require.ErrorIs(t, err, jose.Algorithm, alg)
	}
	for _, enc := range []string{"", "none", "A128CBC", "XC20P", "a128gcm", "A128KW"} {
		_, err := jose.NewDecrypter("dir", enc, keys)
		require.ErrorIs(t, err, jose.Algorithm, enc)
	}
	var many []jose.DecryptionKey
	for i := range 9 {
		many = append(many, jose.DecryptionKey{ID: fmt.Sprint(i), Private: recipients()["P-256"]})
	}
	_, err := jose.NewDecrypter("ECDH-ES", "A128GCM", many)
	require.ErrorContains(t, err, "9 keys fit ECDH-ES, at most 8 are allowed")
	_, err = jose.NewDecrypter("ECDH-ES", "A128GCM", many[1:])
	require.NoError(t, err)
}

// The hashes were computed by sha256sum and its kin.
func TestI28SharedKey(t *testing.T) {
	t.Parallel()
	const text = "0123456789abcdef0123456789abcdef"
	for enc, want := range map[string]string{
		"A128GCM":       "3eb1bd439947eb762998e566ccc2e099",
		"A192GCM":       "3eb1bd439947eb762998e566ccc2e099c791118b2f40579c",
		"A256GCM":       "3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9",
		"A128CBC-HS256": "3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9",
		"A192CBC-HS384": "9c8540d981f242f8aafad89fb131a2fdcaddb2454936992caf80c4d23dfe1f745d74274c1b7379eee80481ba6d46026d",
		"A256CBC-HS512": "0372a8619ebcbbcd91abcda1ba389ac36e72962887b3019de3372a561fd962da7e9cfa0c3069c46ca5dc2ad88e607e70bb7a87996ab96fea7aa27e5288952055",
	} {
		key, err := jose.SharedKey(enc, text)
		require.NoError(t, err)
		assert.Equal(t, want, fmt.Sprintf("%x", key), enc)
	}
	for enc, least := range map[string]int{"A128GCM": 16, "A192GCM": 24, "A256GCM": 32, "A128CBC-HS256": 16, "A192CBC-HS384": 24, "A256CBC-HS512": 32} {
		_, err := jose.SharedKey(enc, text[:least])
		require.NoError(t, err)
		_, err = jose.SharedKey(enc, text[:least-1])
		require.ErrorIs(t, err, jose.BadKey)
		assert.NotContains(t, err.Error(), text[:8])
	}
	_, err := jose.SharedKey("none", text)
	require.ErrorIs(t, err, jose.Algorithm)
}

func TestDecrypterPrintsNoKey(t *testing.T) {
	t.Parallel()
	d := decrypter(t, "dir", "A128GCM")
	for _, text := range []string{fmt.Sprint(d), fmt.Sprintf("%+v %#v %x", d, d, d), d.LogValue().String()} {
		assert.NotContains(t, text, "ABCD")
		assert.NotContains(t, text, "4142")
		assert.Contains(t, text, "[redacted]")
	}
	text, err := d.MarshalText()
	require.NoError(t, err)
	assert.Equal(t, "[redacted]", string(text))
}
