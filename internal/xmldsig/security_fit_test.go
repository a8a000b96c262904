package xmldsig

import (
	"crypto"
	"crypto/elliptic"
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

// TestSAML29ECDSAForms: r and s at the length of the curve, and nothing else.
func TestSAML29ECDSAForms(t *testing.T) {
	t.Parallel()
	key := newEC(t, elliptic.P256())
	octets := []byte("octets")
	for range 20 {
		good, alg, err := Signer{Key: key}.SignOctets(octets)
		require.NoError(t, err)
		require.NoError(t, VerifyOctets(octets, good, alg, public(key), Policy{}))
		der, ok := toDER(good, 32)
		require.True(t, ok)
		for name, bad := range map[string][]byte{
			"ASN.1": der, "longer": append(good[:64:64], 0), "shorter": good[:63], "padded": append(append(append([]byte{0}, good[:32]...), 0), good[32:]...),
			"s first": append(good[32:64:64], good[:32]...), "nothing": nil, "zeros": make([]byte, 64), "of ones": []byte(strings.Repeat("\xff", 64)),
		} {
			require.ErrorIs(t, VerifyOctets(octets, bad, alg, public(key), Policy{}), CheckValue, name)
		}
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
