package jws_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"testing"

	gojose "github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/jws"
)

// Another reader verifies a proof by the key in its header, which is public.
func TestProofVerifiesByItsHeader(t *testing.T) {
	t.Parallel()
	for alg, name := range signing {
		key := keys()[name]
		p, err := jws.NewProver(alg, "dpop+jwt", key)
		require.NoError(t, err, alg)
		raw, err := p.Sign([]byte(`{"jti":"1"}`))
		require.NoError(t, err)
		if alg == "Ed25519" {
			continue // go-jose does not know it
		}
		signed, err := gojose.ParseSignedCompact(raw, []gojose.SignatureAlgorithm{gojose.SignatureAlgorithm(alg)})
		require.NoError(t, err)
		header := signed.Signatures[0].Protected
		require.True(t, header.JSONWebKey.IsPublic())
		payload, err := signed.Verify(header.JSONWebKey)
		require.NoError(t, err, alg)
		assert.JSONEq(t, `{"jti":"1"}`, string(payload))
		jkt, err := p.Thumbprint()
		require.NoError(t, err)
		theirs, err := header.JSONWebKey.Thumbprint(crypto.SHA256)
		require.NoError(t, err)
		assert.Equal(t, base64.RawURLEncoding.EncodeToString(theirs), jkt)
		text, err := base64.RawURLEncoding.DecodeString(raw[:len(raw)-len(raw[indexDot(raw):])])
		require.NoError(t, err)
		var members map[string]json.RawMessage
		require.NoError(t, json.Unmarshal(text, &members))
		assert.Len(t, members, 3, "alg, jwk, typ")
	}
	_, err := jws.NewProver("ES256", "dpop+jwt", keys()["ed"])
	require.Error(t, err)
	p, err := jws.NewProver("ES256", "dpop+jwt", answers{keys()["p256"], []byte("x"), nil})
	require.NoError(t, err)
	_, err = p.Sign([]byte("{}"))
	require.ErrorContains(t, err, "no ASN.1 signature")
}

func indexDot(s string) int {
	for i := range s {
		if s[i] == '.' {
			return i
		}
	}
	return -1
}

// What the reader of signatures accepts, encoding/asn1 accepts with the same numbers: for each curve, and for every damage
// of a byte.
func TestSignatureOfADeviceIsReadAsASN1(t *testing.T) {
	t.Parallel()
	for alg, curve := range map[string]elliptic.Curve{"ES256": elliptic.P256(), "ES384": elliptic.P384(), "ES512": elliptic.P521()} {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		require.NoError(t, err)
		size := (curve.Params().BitSize + 7) / 8
		der, err := ecdsa.SignASN1(rand.Reader, key, make([]byte, 32))
		require.NoError(t, err)
		for at := -1; at < len(der); at++ {
			for _, change := range []byte{1, 0x80, 0xff} {
				damaged := append([]byte(nil), der...)
				if at >= 0 {
					damaged[at] ^= change
				}
				raw, err := jws.Sign(jws.Header{Alg: alg}, 1, answers{key, damaged, nil})
				want := asOld(damaged, size)
				if at < 0 {
					require.NoError(t, err)
				}
				if err == nil { // encoding/asn1 accepts more in the sequence than the two numbers
					require.NotNil(t, want, "%x", damaged)
					require.Equal(t, base64.RawURLEncoding.EncodeToString(want), raw[len(raw)-base64.RawURLEncoding.EncodedLen(2*size):])
				}
			}
		}
	}
}

// asOld is what encoding/asn1 reads; nil is a refusal.
func asOld(der []byte, size int) []byte {
	var pair struct{ R, S *big.Int }
	if rest, err := asn1.Unmarshal(der, &pair); err != nil || len(rest) > 0 {
		return nil
	}
	out := make([]byte, 2*size)
	for i, n := range []*big.Int{pair.R, pair.S} {
		if n.Sign() <= 0 || n.BitLen() > 8*size {
			return nil
		}
		n.FillBytes(out[i*size : (i+1)*size])
	}
	return out
}
