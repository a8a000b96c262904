package xmldsig

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

func TestSignedIsVerified(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		s    Signer
		want Algorithm
	}{
		"RSA":                    {Signer{Key: rsaKey()}, RSASHA256},
		"RSA, SHA-384":           {Signer{Key: rsaKey(), Algorithm: RSASHA384}, RSASHA384},
		"RSA, SHA-512":           {Signer{Key: rsaKey(), Algorithm: RSASHA512}, RSASHA512},
		"RSASSA-PSS, SHA-256":    {Signer{Key: rsaKey(), Algorithm: RSAPSSSHA256}, RSAPSSSHA256},
		"RSASSA-PSS, SHA-384":    {Signer{Key: rsaKey(), Algorithm: RSAPSSSHA384}, RSAPSSSHA384},
		"RSASSA-PSS, SHA-512":    {Signer{Key: rsaKey(), Algorithm: RSAPSSSHA512}, RSAPSSSHA512},
		"RSASSA-PSS by a device": {Signer{Key: device{Signer: rsaKey()}, Algorithm: RSAPSSSHA256}, RSAPSSSHA256},
		"P-256":                  {Signer{Key: newEC(t, elliptic.P256())}, ECDSASHA256},
		"P-384":                  {Signer{Key: newEC(t, elliptic.P384())}, ECDSASHA384},
		"P-521":                  {Signer{Key: newEC(t, elliptic.P521())}, ECDSASHA512},
		"P-521,SHA-256":          {Signer{Key: newEC(t, elliptic.P521()), Algorithm: ECDSASHA256}, ECDSASHA256},
		"P-256,SHA-512":          {Signer{Key: newEC(t, elliptic.P256()), Algorithm: ECDSASHA512}, ECDSASHA512},
		"in a device":            {Signer{Key: device{Signer: rsaKey()}}, RSASHA256},
		"certificate":            {Signer{Key: rsaKey(), Certificate: certificate(t, rsaKey()).Raw}, RSASHA256},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			alg, err := test.s.Method()
			require.NoError(t, err)
			assert.Equal(t, test.want, alg)
			signed, err := test.s.Sign(message)
			require.NoError(t, err)
			assert.Contains(t, signed, string(test.want))
			assert.Equal(t, test.s.Certificate != nil, strings.Contains(signed, "X509Certificate"))
			keys := []crypto.PublicKey{test.s.Key.Public()}
			d, err := Verify(root(t, signed), keys, Policy{})
			require.NoError(t, err)
			assert.False(t, Signed(d.Root()))
			assert.Equal(t, message, d.Root().Raw())

			signature, alg, err := test.s.SignOctets([]byte("octets"))
			require.NoError(t, err)
			assert.Equal(t, test.want, alg)
			require.NoError(t, VerifyOctets([]byte("octets"), signature, alg, keys, Policy{}))
			require.ErrorIs(t, VerifyOctets([]byte("octet"), signature, alg, keys, Policy{}), CheckValue)
		})
	}
}

// TestDER: SignOctets alone writes it, and only by ECDSA.
func TestDER(t *testing.T) {
	t.Parallel()
	for _, curve := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		key := newEC(t, curve)
		s := Signer{Key: key, DER: true}
		signature, alg, err := s.SignOctets([]byte("octets"))
		require.NoError(t, err)
		_, hash := alg.method()
		assert.True(t, ecdsa.VerifyASN1(&key.PublicKey, sum(hash, nil, []byte("octets")), signature))
		signed, err := s.Sign(message)
		require.NoError(t, err)
		_, err = Verify(root(t, signed), public(key), Policy{})
		require.NoError(t, err)
		s.DER = false
		signature, _, err = s.SignOctets([]byte("octets"))
		require.NoError(t, err)
		assert.Len(t, signature, 2*coordinate(&key.PublicKey))
	}
	signature, alg, err := Signer{Key: rsaKey(), DER: true}.SignOctets([]byte("octets"))
	require.NoError(t, err)
	require.NoError(t, VerifyOctets([]byte("octets"), signature, alg, public(rsaKey()), Policy{}))
}

func TestSignaturePlaces(t *testing.T) {
	t.Parallel()
	const s, issuer = `<ds:Signature xmlns:ds="` + space + `">`, `<i:Issuer xmlns:i="urn:oasis:names:tc:SAML:2.0:assertion">x</i:Issuer>`
	for in, want := range map[string]string{
		`<a ID="x"/>`:                                `<a ID="x">` + s,
		`<p:a xmlns:p='u:1' ID='>' />`:               "",
		`<p:a xmlns:p='u:1' b='>' ID='x'  />`:        `<p:a xmlns:p='u:1' b='>' ID='x'  >` + s,
		`<a ID="x"></a>`:                             `<a ID="x">` + s,
		"<?xml version='1.0'?>\n<a ID='x'>b</a>":     "<?xml version='1.0'?>\n<a ID='x'>" + s,
		`<a ID="x"><b/></a>`:                         `<a ID="x">` + s,
		`<a ID="x"> ` + issuer + ` <b/></a>`:         `<a ID="x"> ` + issuer + s,
		`<a ID="x"><Issuer/><b/></a>`:                `<a ID="x">` + s,
		`<a ID="x"><b/>` + issuer + `</a>`:           `<a ID="x">` + s,
		`<ds:a ID="x" xmlns:ds="u:1"><ds:b/></ds:a>`: `<ds:a ID="x" xmlns:ds="u:1">` + s,
	} {
		signed, err := Signer{Key: rsaKey()}.Sign(in)
		if want == "" {
			require.ErrorIs(t, err, xmlgate.IDName, in)
			continue
		}
		require.NoError(t, err, in)
		assert.True(t, strings.HasPrefix(signed, want), "%s: %s", in, signed)
		_, err = Verify(root(t, signed), public(rsaKey()), Policy{})
		if strings.HasSuffix(in, issuer+"</a>") {
			require.ErrorIs(t, err, CheckPlace, "an Issuer that is not first")
			continue
		}
		require.NoError(t, err, in)
	}
}

// device is a key as a hardware module has it: it offers nothing but Public and Sign.
type device struct {
	crypto.Signer
	err       error
	signature []byte
}

func (d device) Sign(random io.Reader, digest []byte, o crypto.SignerOpts) ([]byte, error) {
	if d.err != nil || d.signature != nil {
		return d.signature, d.err
	}
	if len(digest) != o.HashFunc().Size() || random == nil {
		return nil, errors.New("not as a device is asked")
	}
	return d.Signer.Sign(random, digest, o)
}

func TestSignRefuses(t *testing.T) {
	t.Parallel()
	_, edwards, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	failed := errors.New("out of order")
	curve := newEC(t, elliptic.P256())
	for name, test := range map[string]struct {
		s       Signer
		message string
		want    string
	}{
		"no key":              {Signer{}, message, "Signer.Key is missing"},
		"Ed25519":             {Signer{Key: edwards}, message, "neither RSA nor ECDSA"},
		"P-224":               {Signer{Key: newEC(t, elliptic.P224())}, message, "neither RSA nor ECDSA"},
		"P-224, named":        {Signer{Key: newEC(t, elliptic.P224()), Algorithm: ECDSASHA256}, message, "does not fit"},
		"small RSA":           {Signer{Key: newRSA(1024)}, message, "under 2048"},
		"SHA-1":               {Signer{Key: rsaKey(), Algorithm: RSASHA1}, message, "RSA-SHA1"},
		"unknown":             {Signer{Key: rsaKey(), Algorithm: "urn:x"}, message, "unknown"},
		"of another key":      {Signer{Key: rsaKey(), Algorithm: ECDSASHA256}, message, "does not fit"},
		"PSS by another key":  {Signer{Key: curve, Algorithm: RSAPSSSHA256}, message, "does not fit"},
		"PSS with SHA-1":      {Signer{Key: rsaKey(), Algorithm: "http://www.w3.org/2007/05/xmldsig-more#sha1-rsa-MGF1"}, message, "unknown"},
		"of another key, too": {Signer{Key: curve, Algorithm: RSASHA256}, message, "does not fit"},
		"device fails":        {Signer{Key: device{Signer: rsaKey(), err: failed}}, message, "out of order"},
		"device's form":       {Signer{Key: device{Signer: curve, signature: make([]byte, 64)}}, message, "ASN.1"},
		"device's form, DER":  {Signer{Key: device{Signer: curve, signature: make([]byte, 64)}, DER: true}, message, "ASN.1"},
		"no ID":               {Signer{Key: rsaKey()}, `<a Id="x"/>`, "has no ID"},
		"signed":              {Signer{Key: rsaKey()}, forgery{}.make(t), "has a signature already"},
		"no XML":              {Signer{Key: rsaKey()}, `<a ID="x">`, "not well-formed"},
		"nothing":             {Signer{Key: rsaKey()}, ``, "root"},
		"comment":             {Signer{Key: rsaKey()}, `<a ID="x"><!----></a>`, "comment"},
	} {
		signed, err := test.s.Sign(test.message)
		require.ErrorContains(t, err, test.want, name)
		require.Empty(t, signed)
		if test.message == message {
			_, _, err = test.s.SignOctets([]byte("x"))
			require.ErrorContains(t, err, test.want, name)
		}
	}
	_, err = Signer{Key: device{Signer: rsaKey(), err: failed}}.Sign(message)
	require.ErrorIs(t, err, failed)
}

func TestNoElement(t *testing.T) {
	t.Parallel()
	_, err := Verify(xmlgate.Element{}, public(rsaKey()), Policy{})
	require.ErrorIs(t, err, CheckMissing)
	assert.False(t, Signed(xmlgate.Element{}))
}
