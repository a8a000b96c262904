package metadata_test

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

func b64Text(data []byte) string { return base64.StdEncoding.EncodeToString(data) }

func x509Data(certificates ...[]byte) string {
	var b strings.Builder
	for _, der := range certificates {
		b.WriteString("<ds:X509Certificate>" + b64Text(der) + "</ds:X509Certificate>")
	}
	return "<ds:X509Data>" + b.String() + "</ds:X509Data>"
}

func rsaValue(n, e []byte) string {
	return "<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>" + b64Text(n) + "</ds:Modulus><ds:Exponent>" + b64Text(e) + "</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>"
}

func ecValue(curve string, point []byte) string {
	return `<ds:KeyValue><e:ECKeyValue xmlns:e="http://www.w3.org/2009/xmldsig11#"><e:NamedCurve URI="urn:oid:` + curve + `"/><e:PublicKey>` + b64Text(point) + `</e:PublicKey></e:ECKeyValue></ds:KeyValue>`
}

func derValue(t testing.TB, key crypto.PublicKey) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	require.NoError(t, err)
	return `<e:DEREncodedKeyValue xmlns:e="http://www.w3.org/2009/xmldsig11#">` + b64Text(der) + `</e:DEREncodedKeyValue>`
}

func ecPoint(t testing.TB, name string) []byte {
	t.Helper()
	point, err := ecKeys()[name].PublicKey.Bytes()
	require.NoError(t, err)
	return point
}

// mdWithKeys is the metadata with these KeyInfos, each in a KeyDescriptor.
func mdWithKeys(t testing.TB, attributes string, infos ...string) string {
	t.Helper()
	text := mdDoc(t)
	from := strings.Index(text, "<md:KeyDescriptor")
	to := strings.LastIndex(text, "</md:KeyDescriptor>") + len("</md:KeyDescriptor>")
	var b strings.Builder
	for _, info := range infos {
		b.WriteString("<md:KeyDescriptor " + attributes + "><ds:KeyInfo>" + info + "</ds:KeyInfo></md:KeyDescriptor>")
	}
	return text[:from] + b.String() + text[to:]
}

// withEd25519 is a key, and its certificate, that X.509 knows and signatures do not.
func withEd25519(t testing.TB) (crypto.Signer, []byte) {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	return key, certificate(t, key)
}

func TestMetadataKeys(t *testing.T) {
	t.Parallel()
	one, two := idpKey().Public(), otherKey().Public()
	certOne, certTwo := certificate(t, idpKey()), certificate(t, otherKey())
	p256 := ecKeys()["P-256"]
	ed, edCert := withEd25519(t)
	rsaPublic := &idpKey().PublicKey
	small := smallKey()
	huge, large := new(big.Int).Lsh(big.NewInt(1), 8192), new(big.Int).Lsh(big.NewInt(1), 8191)
	negative := negativeSerial(t, idpKey())
	three := []byte{1, 0, 1}
	const none = "there is no key to verify with: skipped "
	for name, c := range map[string]struct {
		attributes string
		infos      []string
		want       []crypto.PublicKey
		error      string
	}{
		"for any use":              {"", []string{x509Data(certOne)}, []crypto.PublicKey{one}, ""},
		"two, for rotation":        {`use="signing"`, []string{x509Data(certOne), x509Data(certTwo)}, []crypto.PublicKey{one, two}, ""},
		"two in one":               {`use="signing"`, []string{x509Data(certOne) + x509Data(certTwo)}, []crypto.PublicKey{one, two}, ""},
		"two of one issuer":        {"", []string{x509Data(certOne, certTwo)}, []crypto.PublicKey{one, two}, ""},
		"the same twice":           {"", []string{x509Data(certOne), rsaValue(rsaPublic.N.Bytes(), three), derValue(t, one)}, []crypto.PublicKey{one}, ""},
		"a negative serial number": {"", []string{x509Data(negative)}, []crypto.PublicKey{one}, ""},
		"P-256":                    {"", []string{x509Data(certificate(t, p256))}, []crypto.PublicKey{p256.Public()}, ""},
		"RSA, a value":             {"", []string{rsaValue(rsaPublic.N.Bytes(), three)}, []crypto.PublicKey{one}, ""},
		"RSA, a value with a zero": {"", []string{rsaValue(append([]byte{0}, rsaPublic.N.Bytes()...), three)}, []crypto.PublicKey{one}, ""},
		"RSA, a small value":       {"", []string{rsaValue(small.N.Bytes(), three)}, []crypto.PublicKey{small}, ""},
		"EC values":                {"", []string{ecValue("1.2.840.10045.3.1.7", ecPoint(t, "P-256")), ecValue("1.3.132.0.34", ecPoint(t, "P-384")), ecValue("1.3.132.0.35", ecPoint(t, "P-521"))}, []crypto.PublicKey{p256.Public(), ecKeys()["P-384"].Public(), ecKeys()["P-521"].Public()}, ""},
		"in DER":                   {"", []string{derValue(t, p256.Public())}, []crypto.PublicKey{p256.Public()}, ""},
		"one that can, one not":    {"", []string{x509Data(edCert), x509Data(certOne)}, []crypto.PublicKey{one}, ""},
		"none":                     {"", nil, nil, "there is no key to verify with"},
		"for encryption":           {`use="encryption"`, []string{x509Data(certOne)}, nil, none + "one for encryption"},
		"for another use":          {`use="sign"`, []string{x509Data(certOne)}, nil, none + "one for an unknown use"},
		"for an empty use":         {`use=""`, []string{x509Data(certOne)}, nil, none + "one for an unknown use"},
		"a name":                   {"", []string{"<ds:KeyName>x</ds:KeyName>"}, nil, none + "one without certificate or value"},
		"another kind of value":    {"", []string{"<ds:KeyValue><ds:DSAKeyValue/></ds:KeyValue>"}, nil, none + "one of an unknown type of KeyValue"},
		"an address":               {"", []string{`<ds:RetrievalMethod URI="https://evil.example/key"/>`}, nil, none + "one without certificate or value"},
		"Ed25519":                  {"", []string{x509Data(edCert)}, nil, none + "one of type ed25519.PublicKey"},
		"Ed25519 in DER":           {"", []string{derValue(t, ed.Public())}, nil, none + "one of type ed25519.PublicKey"},
		"P-224":                    {"", []string{x509Data(certificate(t, ecKeys()["P-224"]))}, nil, none + "one on the curve P-224"},
		"P-224, a value":           {"", []string{ecValue("1.3.132.0.33", ecPoint(t, "P-224"))}, nil, none + "one that cannot be read"},
		"a point on another curve": {"", []string{ecValue("1.2.840.10045.3.1.7", ecPoint(t, "P-384"))}, nil, none + "one that cannot be read"},
		"a point on no curve":      {"", []string{ecValue("1.2.840.10045.3.1.7", append([]byte{4}, make([]byte, 64)...))}, nil, none + "one that cannot be read"},
		"a point without curve":    {"", []string{`<ds:KeyValue><e:ECKeyValue xmlns:e="http://www.w3.org/2009/xmldsig11#"><e:PublicKey>BA==</e:PublicKey></e:ECKeyValue></ds:KeyValue>`}, nil, none + "one that cannot be read"},
		"RSA without modulus":      {"", []string{rsaValue([]byte{0}, three)}, nil, none + "one that cannot be read"},
		"RSA with nothing":         {"", []string{"<ds:KeyValue><ds:RSAKeyValue/></ds:KeyValue>"}, nil, none + "one that cannot be read"},
		"RSA to the first":         {"", []string{rsaValue(rsaPublic.N.Bytes(), []byte{1})}, nil, none + "one that cannot be read"},
		"RSA to an even one":       {"", []string{rsaValue(rsaPublic.N.Bytes(), []byte{4})}, nil, none + "one that cannot be read"},
		"RSA to a huge one":        {"", []string{rsaValue(rsaPublic.N.Bytes(), rsaPublic.N.Bytes())}, nil, none + "one that cannot be read"},
		"RSA to 33 bits":           {"", []string{rsaValue(rsaPublic.N.Bytes(), []byte{1, 0, 0, 0, 1})}, nil, none + "one that cannot be read"},
		"RSA to 31 bits":           {"", []string{rsaValue(rsaPublic.N.Bytes(), []byte{0x7f, 0xff, 0xff, 0xff})}, []crypto.PublicKey{&rsa.PublicKey{N: rsaPublic.N, E: 1<<31 - 1}}, ""},
		"RSA, large":               {"", []string{rsaValue(large.Bytes(), three)}, []crypto.PublicKey{&rsa.PublicKey{N: large, E: 65537}}, ""},
		"RSA, huge":                {"", []string{rsaValue(huge.Bytes(), three)}, nil, none + "an RSA key of 8193 bits"},
		"no base64":                {"", []string{"<ds:X509Data><ds:X509Certificate>-----BEGIN CERTIFICATE-----</ds:X509Certificate></ds:X509Data>"}, nil, none + "one that is no base64, one without certificate or value"},
		"no base64 behind a key":   {"", []string{strings.Replace(derValue(t, one), "</", "!</", 1)}, nil, none + "one that is no base64"},
		"no base64 in a modulus":   {"", []string{strings.Replace(rsaValue(rsaPublic.N.Bytes(), three), "</ds:Modulus>", "!</ds:Modulus>", 1)}, nil, none + "one that cannot be read"},
		"no base64 in an exponent": {"", []string{strings.Replace(rsaValue(rsaPublic.N.Bytes(), three), "</ds:Exponent>", "!</ds:Exponent>", 1)}, nil, none + "one that cannot be read"},
		"no base64 in a point":     {"", []string{strings.Replace(ecValue("1.2.840.10045.3.1.7", ecPoint(t, "P-256")), "</e:PublicKey>", "!</e:PublicKey>", 1)}, nil, none + "one that cannot be read"},
		"two curves":               {"", []string{strings.Replace(ecValue("1.2.840.10045.3.1.7", ecPoint(t, "P-256")), "<e:PublicKey>", `<e:NamedCurve URI="urn:oid:1.3.132.0.34"/><e:PublicKey>`, 1)}, nil, none + "one that cannot be read"},
		"a name beside":            {"", []string{strings.Replace(x509Data(certOne), "<ds:X509Certificate>", "<ds:X509SubjectName>CN=x</ds:X509SubjectName><ds:X509Certificate>", 1)}, []crypto.PublicKey{one}, ""},
		"no base64 in DER":         {"", []string{`<e:DEREncodedKeyValue xmlns:e="http://www.w3.org/2009/xmldsig11#">*</e:DEREncodedKeyValue>`}, nil, none + "one that is no base64"},
		"no certificate":           {"", []string{x509Data([]byte("x"))}, nil, none + "one that is no certificate, one without certificate or value"},
		"a certificate and more":   {"", []string{x509Data(append(certOne[:len(certOne):len(certOne)], 0))}, nil, none + "one that is no certificate, one without certificate or value"},
		"half a certificate":       {"", []string{x509Data(certOne[:len(certOne)/2])}, nil, none + "one that is no certificate, one without certificate or value"},
		"an element in a value":    {"", []string{"<ds:X509Data><ds:X509Certificate>" + b64Text(certOne) + "<x/></ds:X509Certificate></ds:X509Data>"}, nil, none + "one that is no base64, one without certificate or value"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := mdParse(mdWithKeys(t, c.attributes, c.infos...))
			if c.error != "" {
				requireRefused(t, p, err, metadata.CheckKey, c.error)
				return
			}
			require.NoError(t, err)
			require.Len(t, p.Keys, len(c.want))
			for i, want := range c.want {
				assert.True(t, want.(interface{ Equal(crypto.PublicKey) bool }).Equal(p.Keys[i]), "key %d", i)
			}
		})
	}
}

// The keys of a chain are those of certificate authorities: who has them is not the identity provider.
func TestMetadataChain(t *testing.T) {
	t.Parallel()
	root, middle := ecKeys()["P-384"], otherKey()
	leaf := namedCertificate(t, "leaf", idpKey(), "middle", middle)
	ca := namedCertificate(t, "middle", middle, "root", root)
	top := namedCertificate(t, "root", root, "root", root)
	for _, order := range [][][]byte{{leaf, ca, top}, {top, ca, leaf}} {
		p, err := mdParse(mdWithKeys(t, "", x509Data(order...)))
		require.NoError(t, err)
		assert.Equal(t, []crypto.PublicKey{idpKey().Public()}, p.Keys)
	}
	p, err := mdParse(mdWithKeys(t, "", x509Data(leaf)+x509Data(ca)))
	require.NoError(t, err)
	assert.Len(t, p.Keys, 2, "the accepted twin: each stands for itself")
}

// There are no more keys than a verification tries.
func TestMetadataManyKeys(t *testing.T) {
	t.Parallel()
	var infos []string
	n := new(big.Int).Set(idpKey().N)
	for range 30 {
		infos = append(infos, rsaValue(n.Add(n, big.NewInt(2)).Bytes(), []byte{3}))
	}
	p, err := mdParse(mdWithKeys(t, "", infos...))
	require.NoError(t, err)
	assert.Len(t, p.Keys, 20)
}
