package xmldsig

import (
	"crypto"
	"crypto/elliptic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSignedIsVerified(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]Signer{
		"RSA":           {Key: rsaKey()},
		"RSA, SHA-384":  {Key: rsaKey(), Algorithm: RSASHA384},
		"RSA, SHA-512":  {Key: rsaKey(), Algorithm: RSASHA512},
		"P-256":         {Key: newEC(t, elliptic.P256())},
		"P-384":         {Key: newEC(t, elliptic.P384())},
		"P-521":         {Key: newEC(t, elliptic.P521())},
		"P-521,SHA-256": {Key: newEC(t, elliptic.P521()), Algorithm: ECDSASHA256},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			signed, err := s.Sign(message)
			require.NoError(t, err)
			d, err := Verify(root(t, signed), []crypto.PublicKey{s.Key.Public()}, Policy{})
			require.NoError(t, err)
			assert.False(t, Signed(d.Root()))
			assert.Equal(t, message, d.Root().Raw())

			signature, alg, err := s.SignOctets([]byte("octets"))
			require.NoError(t, err)
			require.NoError(t, VerifyOctets([]byte("octets"), signature, alg, []crypto.PublicKey{s.Key.Public()}, Policy{}))
			require.ErrorIs(t, VerifyOctets([]byte("octet"), signature, alg, []crypto.PublicKey{s.Key.Public()}, Policy{}), CheckValue)
		})
	}
}
