package jose_test

import (
	"crypto/ecdh"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"math/big"
	"strconv"
	"strings"
	"testing"

	gojose "github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/jose"
)

// hostile decrypts a spoilt token, and first its twin without the spoiling.
func hostile(t *testing.T, s sealed, want error) error {
	t.Helper()
	twin := sealed{alg: s.alg, enc: s.enc}
	d := decrypter(t, s.alg, s.enc)
	_, err := d.Decrypt(twin.write(t), jose.MaxToken)
	require.NoError(t, err, "the accepted twin")
	got, err := d.Decrypt(s.write(t), jose.MaxToken)
	require.ErrorIs(t, err, want)
	require.Zero(t, got)
	return err
}

func TestI28AlgorithmsArePinned(t *testing.T) {
	t.Parallel()
	rsaKey := recipients()["RSA"].(*rsa.PrivateKey)
	plain := goJoseSeal(t, "RSA-OAEP", "A128GCM", &rsaKey.PublicKey, nil, innerToken)
	d := decrypter(t, "RSA-OAEP", "A128GCM")
	_, err := d.Decrypt(plain, jose.MaxToken)
	require.NoError(t, err, "the accepted twin")
	for name, raw := range map[string]string{
		"RSA1_5":           goJoseSeal(t, "RSA1_5", "A128GCM", &rsaKey.PublicKey, nil, innerToken),
		"RSA-OAEP-256":     goJoseSeal(t, "RSA-OAEP-256", "A128GCM", &rsaKey.PublicKey, nil, innerToken),
		"another enc":      goJoseSeal(t, "RSA-OAEP", "A256GCM", &rsaKey.PublicKey, nil, innerToken),
		"PBES2":            goJoseSeal(t, "PBES2-HS256+A128KW", "A128GCM", "password", nil, innerToken),
		"A128KW":           goJoseSeal(t, "A128KW", "A128GCM", shared("A128GCM"), nil, innerToken),
		"A128GCMKW":        goJoseSeal(t, "A128GCMKW", "A128GCM", shared("A128GCM"), nil, innerToken),
		"PBES2, p2c huge":  sealed{alg: "RSA-OAEP", enc: "A128GCM", header: map[string]any{"alg": "PBES2-HS256+A128KW", "p2c": 1 << 30, "p2s": "AAAAAAAAAAA"}}.write(t),
		"dir":              sealed{alg: "dir", enc: "A128GCM"}.write(t),
		"another case":     sealed{alg: "RSA-OAEP", enc: "A128GCM", header: map[string]any{"alg": "rsa-oaep"}}.write(t),
		"a signature's":    sealed{alg: "RSA-OAEP", enc: "A128GCM", header: map[string]any{"alg": "RS256"}}.write(t),
		"none":             sealed{alg: "RSA-OAEP", enc: "A128GCM", header: map[string]any{"alg": "none"}}.write(t),
		"an invented text": sealed{alg: "RSA-OAEP", enc: "A128GCM", header: map[string]any{"enc": "stolen-token"}}.write(t),
	} {
		_, err := d.Decrypt(raw, jose.MaxToken)
		require.ErrorIs(t, err, jose.Algorithm, name)
		assert.NotContains(t, err.Error(), "stolen")
		switch name { // the names that exist are said
		case "RSA1_5", "RSA-OAEP-256", "A128KW", "A128GCMKW", "dir":
			require.ErrorContains(t, err, "alg is "+name+" where RSA-OAEP is pinned")
		case "another enc":
			require.ErrorContains(t, err, "enc is A256GCM where A128GCM is pinned")
		default:
			assert.Regexp(t, "(PBES2-HS256.A128KW|an unknown one) where ", err.Error(), name)
		}
	}
}

// Key confusion: the public key's bytes as the key of dir.
func TestI28PublicKeyAsSharedKey(t *testing.T) {
	t.Parallel()
	der := x509.MarshalPKCS1PublicKey(&recipients()["RSA"].(*rsa.PrivateKey).PublicKey)
	_, err := decrypter(t, "RSA-OAEP", "A128GCM").Decrypt(sealed{alg: "dir", enc: "A128GCM", to: der[:16]}.write(t), jose.MaxToken)
	require.ErrorIs(t, err, jose.Algorithm)
	_, err = decrypter(t, "dir", "A128GCM").Decrypt(sealed{alg: "dir", enc: "A128GCM", to: der[:16]}.write(t), jose.MaxToken)
	require.ErrorIs(t, err, jose.Decryption)
	_, err = decrypter(t, "dir", "A128GCM").Decrypt(sealed{alg: "dir", enc: "A128GCM"}.write(t), jose.MaxToken)
	require.NoError(t, err, "the accepted twin")
}

func TestI28Zip(t *testing.T) {
	t.Parallel()
	options := &gojose.EncrypterOptions{Compression: gojose.DEFLATE}
	raw := goJoseSeal(t, "dir", "A128GCM", shared("A128GCM"), options, strings.Repeat("a", 1<<20))
	_, err := decrypter(t, "dir", "A128GCM").Decrypt(raw, jose.MaxToken)
	require.ErrorIs(t, err, jose.Critical)
	for _, value := range []any{"DEF", "", 7, nil} {
		header, err := json.Marshal(map[string]any{"alg": "dir", "enc": "A128GCM", "zip": value})
		require.NoError(t, err)
		hostile(t, sealed{alg: "dir", enc: "A128GCM", protected: string(header)}, jose.Critical)
	}
}

func TestI9EncryptedCritical(t *testing.T) {
	t.Parallel()
	for _, header := range []map[string]any{{"crit": []string{"exp"}, "exp": 1}, {"crit": []string{}}, {"crit": 7}, {"b64": true}} {
		hostile(t, sealed{alg: "ECDH-ES", enc: "A256GCM", header: header}, jose.Critical)
	}
}

// Keys in the header are never used: not even read, so that garbage there changes nothing.
func TestI8EncryptedHeaderKeys(t *testing.T) {
	t.Parallel()
	header := map[string]any{"jwk": map[string]any{"kty": "oct", "k": "AA"}, "jku": "https://attacker.example/", "x5u": 7, "x5c": []string{"AA"}}
	_, err := decrypter(t, "ECDH-ES", "A256GCM").Decrypt(sealed{alg: "ECDH-ES", enc: "A256GCM", header: header}.write(t), jose.MaxToken)
	require.NoError(t, err)
	other := newEC(t)
	_, err = decrypter(t, "ECDH-ES", "A256GCM").Decrypt(sealed{alg: "ECDH-ES", enc: "A256GCM", header: header, to: other}.write(t), jose.MaxToken)
	require.ErrorIs(t, err, jose.Decryption)
}

func TestI28HeaderIsRead(t *testing.T) {
	t.Parallel()
	for name, header := range map[string]string{
		"no alg": `{"enc":"A128GCM"}`, "no enc": `{"alg":"dir"}`, "empty alg": `{"alg":"","enc":"A128GCM"}`,
		"two algs": `{"alg":"dir","enc":"A128GCM","alg":"dir"}`, "two encs": `{"alg":"dir","enc":"A128GCM","enc":"A128GCM"}`,
		"another case": `{"ALG":"dir","enc":"A128GCM"}`, "a list": `["dir","A128GCM"]`, "a number": `{"alg":7,"enc":"A128GCM"}`,
		"null": `{"alg":"dir","enc":null}`, "kid is no text": `{"alg":"dir","enc":"A128GCM","kid":7}`, "half a pair": `{"alg":"dir","enc":"A128GCM","kid":"\ud800"}`,
		"cty is no text": `{"alg":"dir","enc":"A128GCM","cty":[]}`, "typ is no text": `{"alg":"dir","enc":"A128GCM","typ":{}}`,
		"more after it": `{"alg":"dir","enc":"A128GCM"}x`, "invalid UTF-8": "{\"alg\":\"dir\",\"enc\":\"A128GCM\",\"x\":\"\xff\"}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hostile(t, sealed{alg: "dir", enc: "A128GCM", protected: header}, jose.Format)
		})
	}
}

func TestI28PartsAreExact(t *testing.T) {
	t.Parallel()
	replace := func(part int, by func(string) string) func([]string) {
		return func(parts []string) { parts[part] = by(parts[part]) }
	}
	empty := func(string) string { return "" }
	drop := func(n int) func(string) string {
		return func(s string) string { return b64(unb64(s)[:len(unb64(s))-n]) }
	}
	add := func(more string) func(string) string { return func(s string) string { return b64(unb64(s) + more) } }
	for name, s := range map[string]sealed{
		"GCM tag truncated":         {alg: "dir", enc: "A128GCM", parts: replace(4, drop(1))},
		"GCM tag of four bytes":     {alg: "dir", enc: "A128GCM", parts: replace(4, drop(12))},
		"GCM tag empty":             {alg: "dir", enc: "A128GCM", parts: replace(4, empty)},
		"GCM tag longer":            {alg: "dir", enc: "A128GCM", parts: replace(4, add("x"))},
		"CBC tag truncated":         {alg: "dir", enc: "A128CBC-HS256", parts: replace(4, drop(1))},
		"CBC tag empty":             {alg: "dir", enc: "A256CBC-HS512", parts: replace(4, empty)},
		"CBC tag is the whole HMAC": {alg: "dir", enc: "A128CBC-HS256", parts: replace(4, add("0123456789abcdef"))},
		"GCM IV short":              {alg: "dir", enc: "A128GCM", parts: replace(2, drop(1))},
		"GCM IV empty":              {alg: "dir", enc: "A128GCM", parts: replace(2, empty)},
		"GCM IV of 16":              {alg: "dir", enc: "A256GCM", ivSize: 16},
		"GCM IV of 8":               {alg: "dir", enc: "A256GCM", ivSize: 8},
		"CBC IV of 12":              {alg: "dir", enc: "A128CBC-HS256", parts: replace(2, drop(4))},
		"CBC half a block":          {alg: "dir", enc: "A128CBC-HS256", parts: replace(3, drop(8))},
		"CBC empty":                 {alg: "dir", enc: "A128CBC-HS256", parts: replace(3, empty)},
		"tag in the ciphertext": {alg: "dir", enc: "A128GCM", parts: func(parts []string) {
			parts[3], parts[4] = b64(unb64(parts[3])+unb64(parts[4])), ""
		}},
		"dir with an encrypted key":         {alg: "dir", enc: "A128GCM", parts: replace(1, add("x"))},
		"ECDH-ES with an encrypted key":     {alg: "ECDH-ES", enc: "A128GCM", parts: replace(1, add("0123456789abcdef"))},
		"wrapped key short":                 {alg: "ECDH-ES+A128KW", enc: "A256GCM", parts: replace(1, drop(8))},
		"wrapped key long":                  {alg: "ECDH-ES+A256KW", enc: "A128GCM", parts: replace(1, add("01234567"))},
		"wrapped key empty":                 {alg: "ECDH-ES+A256KW", enc: "A128GCM", parts: replace(1, empty)},
		"wrapped key of another size":       {alg: "ECDH-ES+A128KW", enc: "A128GCM", key: func(key []byte) []byte { return append(key, key...) }},
		"spare bits":                        {alg: "dir", enc: "A128GCM", parts: replace(4, func(s string) string { return s[:21] + "_" })},
		"padding":                           {alg: "dir", enc: "A128GCM", parts: replace(4, func(s string) string { return s + "==" })},
		"line break":                        {alg: "dir", enc: "A128GCM", parts: replace(3, func(s string) string { return s + "\n" })},
		"standard alphabet":                 {alg: "dir", enc: "A128GCM", parts: replace(2, func(s string) string { return s[:15] + "+" })},
		"ciphertext with another character": {alg: "dir", enc: "A128GCM", parts: replace(3, func(s string) string { return s + "!" })},
		"RSA key with another character":    {alg: "RSA-OAEP", enc: "A128GCM", parts: replace(1, func(s string) string { return s + "!" })},
		"a sixth part":                      {alg: "dir", enc: "A128GCM", parts: replace(4, func(s string) string { return s + ".AA" })},
		"header with another character":     {alg: "dir", enc: "A128GCM", parts: replace(0, func(s string) string { return s + "!" })},
		"header with padding":               {alg: "dir", enc: "A128GCM", protected: `{"alg":"dir","enc":"A128GCM","cty":"JWT" }`, parts: replace(0, func(s string) string { return s + "=" })},
		"white space":                       {alg: "dir", enc: "A128GCM", parts: replace(0, func(s string) string { return " " + s })},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hostile(t, s, jose.Format)
		})
	}
}

// Whatever is wrong with the key or the content is one error, with one text.
func TestI28OneErrorForAllOfTheCrypto(t *testing.T) {
	t.Parallel()
	flip := func(part int) func([]string) {
		return func(parts []string) {
			text := []byte(unb64(parts[part]))
			text[0] ^= 1
			parts[part] = b64(string(text))
		}
	}
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	larger, err := rsa.GenerateKey(rand.Reader, 3072)
	require.NoError(t, err)
	swap := func(key []byte) []byte { return append(append([]byte(nil), key[len(key)/2:]...), key[:len(key)/2]...) }
	texts := map[string]bool{}
	for name, s := range map[string]sealed{
		"RSA, another key":            {alg: "RSA-OAEP", enc: "A128GCM", to: other},
		"RSA, a larger key":           {alg: "RSA-OAEP-256", enc: "A128GCM", to: larger},
		"RSA, encrypted key flipped":  {alg: "RSA-OAEP", enc: "A128GCM", parts: flip(1)},
		"RSA, encrypted key empty":    {alg: "RSA-OAEP", enc: "A128GCM", parts: func(parts []string) { parts[1] = "" }},
		"RSA, number over modulus":    {alg: "RSA-OAEP", enc: "A128GCM", parts: func(parts []string) { parts[1] = b64(strings.Repeat("\xff", 256)) }},
		"RSA, zero":                   {alg: "RSA-OAEP", enc: "A128GCM", parts: func(parts []string) { parts[1] = b64(strings.Repeat("\x00", 256)) }},
		"RSA, SHA-1 for SHA-256":      {alg: "RSA-OAEP", enc: "A128GCM", header: map[string]any{"alg": "RSA-OAEP-256"}},
		"ECDH, another key":           {alg: "ECDH-ES", enc: "A128GCM", to: newEC(t)},
		"ECDH, another curve":         {alg: "ECDH-ES", enc: "A128GCM", to: recipients()["P-384"]},
		"ECDH, wrapped key flipped":   {alg: "ECDH-ES+A128KW", enc: "A128GCM", parts: flip(1)},
		"dir, another key":            {alg: "dir", enc: "A128GCM", to: []byte(strings.Repeat("x", 16))},
		"GCM, tag flipped":            {alg: "dir", enc: "A128GCM", parts: flip(4)},
		"GCM, ciphertext flipped":     {alg: "dir", enc: "A128GCM", parts: flip(3)},
		"GCM, IV flipped":             {alg: "dir", enc: "A128GCM", parts: flip(2)},
		"GCM, ciphertext empty":       {alg: "dir", enc: "A128GCM", parts: func(parts []string) { parts[3] = "" }},
		"CBC, tag flipped":            {alg: "dir", enc: "A128CBC-HS256", parts: flip(4)},
		"CBC, ciphertext flipped":     {alg: "dir", enc: "A128CBC-HS256", parts: flip(3)},
		"CBC, IV flipped":             {alg: "dir", enc: "A128CBC-HS256", parts: flip(2)},
		"CBC, halves of key swapped":  {alg: "dir", enc: "A128CBC-HS256", key: swap},
		"CBC, halves swapped, 512":    {alg: "RSA-OAEP", enc: "A256CBC-HS512", key: swap},
		"CBC, padding of zero":        {alg: "dir", enc: "A128CBC-HS256", text: strings.Repeat("a", 15), padding: []byte{0}},
		"CBC, padding over the block": {alg: "dir", enc: "A128CBC-HS256", text: strings.Repeat("a", 15), padding: []byte{17}},
		"CBC, padding uneven":         {alg: "dir", enc: "A128CBC-HS256", text: strings.Repeat("a", 13), padding: []byte{1, 2, 3}},
		"header changed": {alg: "dir", enc: "A128GCM", parts: func(parts []string) {
			parts[0] = b64(`{"alg":"dir", "enc":"A128GCM","cty":"JWT"}`)
		}},
	} {
		pinned := s.alg
		if name == "RSA, SHA-1 for SHA-256" {
			pinned = "RSA-OAEP-256"
		}
		_, err := decrypter(t, pinned, s.enc).Decrypt(sealed{alg: pinned, enc: s.enc}.write(t), jose.MaxToken)
		require.NoError(t, err, "the accepted twin")
		got, err := decrypter(t, pinned, s.enc).Decrypt(s.write(t), jose.MaxToken)
		require.ErrorIs(t, err, jose.Decryption, name)
		require.Zero(t, got)
		texts[err.Error()] = true
	}
	assert.Len(t, texts, 1)
	_, err = decrypter(t, "dir", "A128CBC-HS256").Decrypt(sealed{alg: "dir", enc: "A128CBC-HS256", text: strings.Repeat("a", 13), padding: []byte{3, 3, 3}}.write(t), jose.MaxToken)
	require.NoError(t, err, "the accepted twin of the paddings")
}

// The encrypted key of RSA has the size of the modulus: the same number without its first zero is another text.
func TestI28EncryptedKeyOfRSAIsExact(t *testing.T) {
	t.Parallel()
	d := decrypter(t, "RSA-OAEP", "A128GCM")
	for range 100_000 {
		parts := strings.Split(sealed{alg: "RSA-OAEP", enc: "A128GCM"}.write(t), ".")
		if unb64(parts[1])[0] != 0 {
			continue
		}
		_, err := d.Decrypt(strings.Join(parts, "."), jose.MaxToken)
		require.NoError(t, err, "the accepted twin")
		parts[1] = b64(unb64(parts[1])[1:])
		_, err = d.Decrypt(strings.Join(parts, "."), jose.MaxToken)
		require.ErrorIs(t, err, jose.Decryption)
		return
	}
	t.Fatal("no encrypted key begins with a zero")
}

// curveWatch is a device that works on one curve, and must not be asked about points of another.
type curveWatch struct {
	ecDevice
	t testing.TB
}

func (w curveWatch) ECDH(remote *ecdh.PublicKey) ([]byte, error) {
	assert.Equal(w.t, w.key.Curve(), remote.Curve())
	return w.key.ECDH(remote)
}

func TestI32DeviceSeesItsOwnCurveOnly(t *testing.T) {
	t.Parallel()
	d := decrypter(t, "ECDH-ES", "A128GCM", curveWatch{ecDevice{recipients()["P-256"].(*ecdh.PrivateKey)}, t})
	_, err := d.Decrypt(sealed{alg: "ECDH-ES", enc: "A128GCM"}.write(t), jose.MaxToken)
	require.NoError(t, err, "the accepted twin")
	_, err = d.Decrypt(sealed{alg: "ECDH-ES", enc: "A128GCM", to: recipients()["P-384"]}.write(t), jose.MaxToken)
	require.ErrorIs(t, err, jose.Decryption)
}

func TestI32EphemeralKey(t *testing.T) {
	t.Parallel()
	set := func(name string, value any) func(map[string]any) {
		return func(epk map[string]any) {
			if epk[name] = value; value == nil {
				delete(epk, name)
			}
		}
	}
	both := func(x, y *big.Int) func(map[string]any) {
		return func(epk map[string]any) {
			epk["x"], epk["y"] = b64(string(x.FillBytes(make([]byte, 32)))), b64(string(y.FillBytes(make([]byte, 32))))
		}
	}
	p, _ := new(big.Int).SetString("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16)
	for name, spoil := range map[string]func(map[string]any){
		"off the curve":               set("y", b64(strings.Repeat("a", 32))),
		"another curve's equation":    both(big.NewInt(1), big.NewInt(2)), // on y^2 = x^3 - 3x + 6, of a small order
		"the point at infinity":       both(new(big.Int), new(big.Int)),
		"a coordinate over the prime": both(new(big.Int).Add(p, big.NewInt(5)), big.NewInt(7)),
		"x is short":                  set("x", b64(strings.Repeat("a", 31))),
		"x is long":                   set("x", b64("\x00"+strings.Repeat("a", 32))),
		"x is empty":                  set("x", ""),
		"x is missing":                set("x", nil),
		"y is missing":                set("y", nil),
		"y is a number":               set("y", 7),
		"y is padded":                 set("y", b64(strings.Repeat("a", 32))+"="),
		"with its private half":       set("d", b64(strings.Repeat("a", 32))),
		"kty is OKP":                  set("kty", "OKP"),
		"kty is missing":              set("kty", nil),
		"crv of another size":         set("crv", "P-384"),
		"crv is unknown":              set("crv", "secp256k1"),
		"crv is X25519":               set("crv", "X25519"),
		"crv is missing":              set("crv", nil),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hostile(t, sealed{alg: "ECDH-ES", enc: "A128GCM", ephemeral: spoil}, jose.Format)
		})
	}
	// The same octets, cut at another place, and the same coordinate over two lines.
	hostile(t, sealed{alg: "ECDH-ES", enc: "A128GCM", ephemeral: func(epk map[string]any) {
		both := unb64(epk["x"].(string)) + unb64(epk["y"].(string))
		epk["x"], epk["y"] = b64(both[:31]), b64(both[31:])
	}}, jose.Format)
	hostile(t, sealed{alg: "ECDH-ES", enc: "A128GCM", ephemeral: func(epk map[string]any) {
		epk["x"] = epk["x"].(string)[:8] + "\n" + epk["x"].(string)[8:]
	}}, jose.Format)
	for _, header := range []map[string]any{{"epk": nil}, {"epk": "x"}, {"epk": []any{}}, {"apu": 7}, {"apu": "a+b"}, {"apv": "a"}, {"apv": "YQ\n"}} {
		hostile(t, sealed{alg: "ECDH-ES+A128KW", enc: "A128GCM", header: header}, jose.Format)
	}
	// Other public members are ignored (RFC 7518 §4.6.1.1).
	_, err := decrypter(t, "ECDH-ES", "A128GCM").Decrypt(sealed{alg: "ECDH-ES", enc: "A128GCM", ephemeral: set("kid", 7)}.write(t), jose.MaxToken)
	require.NoError(t, err)
}

func TestI1EncryptedShape(t *testing.T) {
	t.Parallel()
	d := decrypter(t, "dir", "A128GCM")
	raw := sealed{alg: "dir", enc: "A128GCM"}.write(t)
	for name, c := range map[string]struct {
		raw  string
		want error
	}{
		"a signed token": {innerToken, jose.NotEncrypted}, "empty": {"", jose.Format}, "dots": {"....", jose.Format}, "many dots": {strings.Repeat(".", 60000), jose.Format},
		"four parts": {"a.b.c.d", jose.Format}, "JSON": {`{"protected":"","recipients":[]}....`, jose.Format},
	} {
		_, err := d.Decrypt(c.raw, jose.MaxToken)
		require.ErrorIs(t, err, c.want, name)
	}
	_, err := d.Decrypt(raw, len(raw))
	require.NoError(t, err)
	_, err = d.Decrypt(raw, len(raw)-1)
	require.ErrorIs(t, err, jose.Format)
	require.ErrorContains(t, err, strconv.Itoa(len(raw))+" bytes")
}

func TestI10EncryptedJSONSerialization(t *testing.T) {
	t.Parallel()
	object, err := gojose.NewEncrypter(gojose.A128GCM, gojose.Recipient{Algorithm: gojose.DIRECT, Key: shared("A128GCM")}, nil)
	require.NoError(t, err)
	e, err := object.Encrypt([]byte(innerToken))
	require.NoError(t, err)
	compact, err := e.CompactSerialize()
	require.NoError(t, err)
	d := decrypter(t, "dir", "A128GCM")
	_, err = d.Decrypt(compact, jose.MaxToken)
	require.NoError(t, err, "the accepted twin")
	_, err = d.Decrypt(e.FullSerialize(), jose.MaxToken)
	require.ErrorIs(t, err, jose.Format)
	require.ErrorContains(t, err, "the JSON serialization is not accepted")
}

// What is refused before any key is used costs little, however long the token is.
func TestI28RefusalIsCheap(t *testing.T) {
	d := decrypter(t, "RSA-OAEP", "A128GCM")
	long := strings.Repeat("A", jose.MaxToken-200)
	for name, raw := range map[string]string{
		"another alg": b64(`{"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2c":2147483647}`) + ".." + long + "..",
		"zip":         b64(`{"alg":"RSA-OAEP","enc":"A128GCM","zip":"DEF"}`) + ".." + long + "..",
	} {
		allocations := testing.AllocsPerRun(10, func() {
			if _, err := d.Decrypt(raw, jose.MaxToken); err == nil {
				t.Error("accepted")
			}
		})
		assert.LessOrEqual(t, allocations, 20.0, name)
	}
}
