package xmldsig

import (
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// foreign are the documents that xmlsec1 signed, each with its one key.
func foreign(t testing.TB) map[string]string {
	t.Helper()
	files, err := filepath.Glob("testdata/xmlsec_*.xml")
	require.NoError(t, err)
	require.Len(t, files, 12)
	texts := map[string]string{}
	for _, name := range files {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		texts[strings.TrimSuffix(filepath.Base(name), ".xml")] = string(text)
	}
	return texts
}

// TestSignaturesOfXMLSec: see internal/interop/xmlsec for every algorithm.
func TestSignaturesOfXMLSec(t *testing.T) {
	t.Parallel()
	for name, text := range foreign(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := signedElements(root(t, text))
			require.Len(t, all, 1)
			keys := []crypto.PublicKey{embedded(t, all[0])}
			policy := Policy{AllowInclusiveC14N: true, AllowLastSignature: strings.HasSuffix(name, "_last")}
			d, err := Verify(all[0], keys, policy)
			require.NoError(t, err)
			assert.Equal(t, all[0].Local(), d.Root().Local())
			value, _ := find(d.Root(), "AttributeValue").Text()
			assert.Equal(t, "爱丽丝 & \"friends\" > \r", value)

			_, err = Verify(all[0], keys, Policy{})
			switch {
			case strings.Contains(name, "c14n"), strings.Contains(name, "p521"):
				require.ErrorIs(t, err, CheckTransform)
				require.ErrorContains(t, err, "AllowInclusiveC14N")
			case policy.AllowLastSignature:
				require.ErrorIs(t, err, CheckPlace)
			default:
				require.NoError(t, err)
			}
			changed := signedElements(root(t, strings.Replace(text, "alice", "mallory", 1)))
			_, err = Verify(changed[0], keys, policy)
			require.ErrorIs(t, err, CheckDigest)
		})
	}
}

// TestGoxmldsigVerifiesOurs has it read the content too.
func TestGoxmldsigVerifiesOurs(t *testing.T) {
	t.Parallel()
	cert := certificate(t, rsaKey())
	for _, alg := range []Algorithm{RSASHA256, RSASHA384, RSASHA512} {
		signed, err := Signer{Key: rsaKey(), Algorithm: alg, Certificate: cert.Raw}.Sign(message)
		require.NoError(t, err)
		doc := etree.NewDocument()
		require.NoError(t, doc.ReadFromString(signed))
		got, err := dsig.NewDefaultValidationContext(&dsig.MemoryX509CertificateStore{Roots: []*x509.Certificate{cert}}).Validate(doc.Root())
		require.NoError(t, err)
		text := etree.NewDocument()
		text.SetRoot(got)
		text.WriteSettings.CanonicalEndTags = true
		whole, err := text.WriteToString()
		require.NoError(t, err)
		d, err := Verify(root(t, signed), public(rsaKey()), Policy{})
		require.NoError(t, err)
		assert.Equal(t, whole, d.Root().Raw())
	}
}

// TestGoxmldsigSignsForUs has no PrefixList: goxmldsig uses one and does not write it into its signature.
func TestGoxmldsigSignsForUs(t *testing.T) {
	t.Parallel()
	cert := certificate(t, rsaKey())
	for name, oracle := range map[string]dsig.Canonicalizer{
		"exclusive":     dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList(""),
		"inclusive 1.0": dsig.MakeC14N10RecCanonicalizer(), "inclusive 1.1": dsig.MakeC14N11Canonicalizer(),
	} {
		for _, hash := range []crypto.Hash{crypto.SHA1, crypto.SHA256, crypto.SHA384, crypto.SHA512} {
			doc := etree.NewDocument()
			require.NoError(t, doc.ReadFromString(strings.Replace(message, "<samlp:Response ", `<samlp:Response xmlns:x="urn:x" `, 1)))
			ctx := dsig.NewDefaultSigningContext(dsig.TLSCertKeyStore(tls.Certificate{Certificate: [][]byte{cert.Raw}, PrivateKey: rsaKey()}))
			ctx.Canonicalizer, ctx.Hash = oracle, hash
			signature, err := ctx.ConstructSignature(doc.Root(), true)
			require.NoError(t, err, name)
			doc.Root().InsertChildAt(1, signature)
			signed, err := doc.WriteToString()
			require.NoError(t, err)
			_, err = Verify(root(t, signed), public(rsaKey()), Policy{AllowInclusiveC14N: true, AllowSHA1: hash == crypto.SHA1})
			require.NoError(t, err, "%s %s", name, hash)
		}
	}
}
