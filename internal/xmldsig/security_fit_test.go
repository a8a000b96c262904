package xmldsig

import (
	"crypto"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/asn1"
	"encoding/base64"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSAML29KeysThatDoNotFit(t *testing.T) {
	t.Parallel()
	curve := newEC(t, elliptic.P256())
	ec := forgery{key: curve, info: change(string(RSASHA256), string(ECDSASHA256)), signature: toRS(t)}.make(t)
	verify := func(s string, keys ...crypto.Signer) error {
		_, err := Verify(root(t, s), public(keys...), Policy{})
		return err
	}
	require.NoError(t, verify(ec, curve))
	require.ErrorIs(t, verify(ec, rsaKey()), CheckKey)
	require.ErrorIs(t, verify(forgery{}.make(t), curve), CheckKey)
	require.NoError(t, verify(forgery{}.make(t), curve, rsaKey()))
	require.ErrorIs(t, info(string(RSASHA256), string(ECDSASHA256)).verify(t, Policy{}), CheckKey)

	other := newEC(t, elliptic.P224())
	require.ErrorIs(t, verify(forgery{key: other, info: change(string(RSASHA256), string(ECDSASHA256))}.make(t), other), CheckKey)
}

func TestSAML29SmallRSA(t *testing.T) {
	t.Parallel()
	for bits, policy := range map[int]Policy{1024: {AllowSmallRSA: true}, 2040: {AllowSmallRSA: true}, 2048: {}} {
		small := forgery{key: newRSA(bits)}
		if bits < 2048 {
			err := small.verify(t, Policy{})
			require.ErrorIs(t, err, CheckKey)
			require.ErrorContains(t, err, "AllowSmallRSA")
		}
		require.NoError(t, small.verify(t, policy))
	}
	// An issuer may have many, and each is tried for each message.
	huge := &rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(1), 8192, 1), E: 65537}
	_, err := Verify(root(t, forgery{}.make(t)), []crypto.PublicKey{huge}, Policy{AllowSmallRSA: true})
	require.ErrorIs(t, err, CheckKey)
	large := &rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(1), 8191, 1), E: 65537}
	_, err = Verify(root(t, forgery{}.make(t)), []crypto.PublicKey{large}, Policy{})
	require.ErrorIs(t, err, CheckValue)
	// 2048 bits are enough, one less is not; nor is an exponent under 3, or an even one.
	for bits, check := range map[int]Check{2047: CheckKey, 2048: CheckValue} {
		key := &rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(1), bits-1, 1), E: 65537}
		_, err = Verify(root(t, forgery{}.make(t)), []crypto.PublicKey{key}, Policy{})
		require.ErrorIs(t, err, check, "%d bits", bits)
	}
	for bits, check := range map[int]Check{1023: CheckKey, 1024: CheckValue} {
		key := &rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(1), bits-1, 1), E: 65537}
		_, err = Verify(root(t, forgery{}.make(t)), []crypto.PublicKey{key}, Policy{AllowSmallRSA: true})
		require.ErrorIs(t, err, check, "%d bits", bits)
	}
	for e, check := range map[int]Check{1: CheckKey, 2: CheckKey, 3: CheckValue, 4: CheckKey} {
		_, err = Verify(root(t, forgery{}.make(t)), []crypto.PublicKey{&rsa.PublicKey{N: large.N, E: e}}, Policy{})
		require.ErrorIs(t, err, check, "exponent %d", e)
	}
	tiny := &rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(1), 1022, 1), E: 65537}
	_, err = Verify(root(t, forgery{}.make(t)), []crypto.PublicKey{tiny}, Policy{AllowSmallRSA: true})
	require.ErrorIs(t, err, CheckKey)
}

// toRS turns the value that an ECDSA key of crypto makes, ASN.1, into r and s.
func toRS(t testing.TB) func(string) string {
	return rewriteValue(t, func(der []byte) []byte {
		signature, ok := fromDER(der, 32)
		require.True(t, ok)
		return signature
	})
}

func rewriteValue(t testing.TB, f func([]byte) []byte) func(string) string {
	return func(s string) string {
		_, rest, _ := strings.Cut(s, "<ds:SignatureValue>")
		value, _, _ := strings.Cut(rest, "<")
		raw, err := base64.StdEncoding.DecodeString(value)
		require.NoError(t, err)
		return strings.Replace(s, value, base64.StdEncoding.EncodeToString(f(raw)), 1)
	}
}

// TestSAML29ECDSAForms: an ECDSA value is two integers. As r and s both have one length, up to that of the curve: some
// signers leave zeros out. A detached one may be DER too, which is what most senders of the redirect binding write. The
// key and the octets are the same either way.
func TestSAML29ECDSAForms(t *testing.T) {
	t.Parallel()
	key := newEC(t, elliptic.P256())
	octets := []byte("octets")
	for range 20 {
		good, alg, err := Signer{Key: key}.SignOctets(octets)
		require.NoError(t, err)
		der, ok := toDER(good, 32)
		require.True(t, ok)
		for _, form := range [][]byte{good, der} {
			require.NoError(t, VerifyOctets(octets, form, alg, public(key), Policy{}))
			require.ErrorIs(t, VerifyOctets([]byte("octet"), form, alg, public(key), Policy{}), CheckValue)
			require.ErrorIs(t, VerifyOctets(octets, form, alg, public(newEC(t, elliptic.P256())), Policy{}), CheckValue)
		}
		for name, bad := range map[string][]byte{
			"longer": append(good[:64:64], 0), "shorter": good[:63], "without its last two": good[:62], "padded": append(append(append([]byte{0}, good[:32]...), 0), good[32:]...),
			"s first": append(good[32:64:64], good[:32]...), "nothing": nil, "zeros": make([]byte, 64), "two zeros": {0, 0}, "of ones": []byte(strings.Repeat("\xff", 64)),
			"DER and more": append(der[:len(der):len(der)], 0), "DER cut": der[:len(der)-1], "DER of another length": append([]byte{0x30, 0x81}, der[1:]...),
			"DER of nothing": {0x30, 0}, "DER of zeros": {0x30, 6, 2, 1, 0, 2, 1, 0},
		} {
			require.ErrorIs(t, VerifyOctets(octets, bad, alg, public(key), Policy{}), CheckValue, name)
		}
	}
}

// TestSAML29ECDSAWithoutZeros: r and s that both begin with a zero, as Santuario 2.1 writes one in five of those by P-521.
// XML has r and s alone, never DER.
func TestSAML29ECDSAWithoutZeros(t *testing.T) {
	t.Parallel()
	key := newEC(t, elliptic.P521())
	short := 0
	for short < 3 { // one in four
		f := forgery{key: key, info: change(string(RSASHA256), string(ECDSASHA512)), signature: rewriteValue(t, func(der []byte) []byte {
			rs, ok := fromDER(der, 66)
			require.True(t, ok)
			if rs[0]|rs[66] != 0 {
				return rs
			}
			short++
			return append(rs[1:66:66], rs[67:]...)
		})}
		require.NoError(t, f.verify(t, Policy{}))
	}
	// One that leaves out the zero of r alone could be split in the wrong place.
	odd := 0
	for odd < 3 { // one in two
		f := forgery{key: key, info: change(string(RSASHA256), string(ECDSASHA512)), signature: rewriteValue(t, func(der []byte) []byte {
			rs, ok := fromDER(der, 66)
			require.True(t, ok)
			if rs[0] != 0 {
				return rs
			}
			odd++
			return rs[1:]
		})}
		before := odd
		if err := f.verify(t, Policy{}); odd == before {
			require.NoError(t, err)
		} else {
			require.ErrorIs(t, err, CheckValue)
		}
	}
	as := func(f func(der []byte) []byte) error {
		return forgery{key: key, info: change(string(RSASHA256), string(ECDSASHA512)), signature: rewriteValue(t, f)}.verify(t, Policy{})
	}
	rs := func(der []byte) []byte {
		rs, ok := fromDER(der, 66)
		require.True(t, ok)
		return rs
	}
	require.NoError(t, as(rs))
	require.ErrorIs(t, as(func(der []byte) []byte { return der }), CheckValue)
	require.ErrorIs(t, as(func(der []byte) []byte { return append([]byte{0}, rs(der)...) }), CheckValue)
	require.ErrorIs(t, as(func(der []byte) []byte {
		return append(append([]byte{0}, rs(der)[:66]...), append([]byte{0}, rs(der)[66:]...)...)
	}), CheckValue)
}

// TestSAML29PSS: what is signed by RSASSA-PSS verifies under the name of its hash, and no other signature does (RFC 9231
// §2.3.10).
func TestSAML29PSS(t *testing.T) {
	t.Parallel()
	octets := []byte("octets")
	for alg, hash := range map[Algorithm]crypto.Hash{RSAPSSSHA256: crypto.SHA256, RSAPSSSHA384: crypto.SHA384, RSAPSSSHA512: crypto.SHA512} {
		sign := func(o crypto.SignerOpts) []byte {
			signature, err := rsaKey().Sign(rand.Reader, sum(hash, nil, octets), o)
			require.NoError(t, err)
			return signature
		}
		verify := func(signature []byte, alg Algorithm, keys ...crypto.Signer) error {
			return VerifyOctets(octets, signature, alg, public(keys...), Policy{})
		}
		good := sign(&rsa.PSSOptions{SaltLength: hash.Size(), Hash: hash})
		require.NoError(t, verify(good, alg, rsaKey()))
		require.ErrorIs(t, verify(good, alg, newRSA(2048)), CheckValue)
		require.ErrorIs(t, verify(good, alg, newEC(t, elliptic.P256())), CheckKey)
		for name, bad := range map[string][]byte{
			"PKCS #1 v1.5": sign(hash), "a byte of salt": sign(&rsa.PSSOptions{SaltLength: 1, Hash: hash}), "longest salt": sign(&rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthAuto, Hash: hash}),
			"a byte less of salt": sign(&rsa.PSSOptions{SaltLength: hash.Size() - 1, Hash: hash}), "cut": good[1:], "longer": append(good[:len(good):len(good)], 0), "nothing": nil,
		} {
			require.ErrorIs(t, verify(bad, alg, rsaKey()), CheckValue, name)
		}
		for _, other := range []Algorithm{RSASHA256, RSASHA384, RSASHA512, RSAPSSSHA256, RSAPSSSHA384, RSAPSSSHA512} {
			if other != alg {
				require.ErrorIs(t, verify(good, other, rsaKey()), CheckValue, other)
			}
		}
		require.NoError(t, forgery{info: change(string(RSASHA256), string(alg)), options: pssOptions(hash)}.verify(t, Policy{}))
		require.ErrorIs(t, forgery{info: change(string(RSASHA256), string(alg))}.verify(t, Policy{}), CheckValue)
		require.ErrorIs(t, forgery{options: pssOptions(crypto.SHA256)}.verify(t, Policy{}), CheckValue)
		sha1 := func(s string) string {
			return change(digestSHA256, digestSHA1)(change(string(RSASHA256), string(alg))(s))
		}
		require.ErrorIs(t, forgery{info: sha1, options: pssOptions(hash)}.verify(t, Policy{}), CheckAlgorithm)
		small := newRSA(2040)
		require.ErrorIs(t, forgery{key: small, info: change(string(RSASHA256), string(alg)), options: pssOptions(hash)}.verify(t, Policy{}), CheckKey)
		require.NoError(t, forgery{key: small, info: change(string(RSASHA256), string(alg)), options: pssOptions(hash)}.verify(t, Policy{AllowSmallRSA: true}))
	}
}

func TestDERIsStrict(t *testing.T) {
	t.Parallel()
	one, big64 := big.NewInt(1), new(big.Int).Lsh(big.NewInt(1), 256) // one bit more than fits
	encode := func(r, s *big.Int) []byte {
		der, err := asn1.Marshal(pair{r, s})
		require.NoError(t, err)
		return der
	}
	largest := new(big.Int).Sub(big64, one)
	for _, der := range [][]byte{encode(one, one), encode(largest, one), encode(one, largest)} {
		_, ok := fromDER(der, 32)
		require.True(t, ok, "%x", der)
	}
	for _, der := range [][]byte{nil, {0x30}, append(encode(one, one), 0), encode(big.NewInt(0), one), encode(one, big.NewInt(0)), encode(big.NewInt(-1), one), encode(one, big.NewInt(-1)), encode(big64, one), encode(one, big64)} {
		_, ok := fromDER(der, 32)
		require.False(t, ok, "%x", der)
	}
}

// Tests of limits name them by their constants; this test has the values.
func TestSAML7Numbers(t *testing.T) {
	t.Parallel()
	require.Equal(t, []int{20, 32, 16384}, []int{maxKeys, maxPrefixes, maxEncoded})
}
