//go:build interop

package xmlsec

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

const (
	sigSpace     = "http://www.w3.org/2000/09/xmldsig#"
	sigExclusive = "http://www.w3.org/2001/10/xml-exc-c14n#"
	sigInclusive = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
	sigVersion11 = "http://www.w3.org/2006/12/xml-c14n11"

	sigMessage = `<?xml version="1.0"?>
<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:unused="urn:u" xml:lang="de" Version='2.0' ID="r1">
  <saml:Issuer>https://idp.example.com</saml:Issuer>
  <samlp:Status a="&#9;&lt;&quot;'"/>
  <saml:Assertion xmlns="urn:d" ID="a1"><saml:Issuer>https://idp.example.com</saml:Issuer><Subject xmlns="" b:c='"' xmlns:b="urn:b">爱丽丝 &amp; "friends" &gt; &#13;</Subject><p><![CDATA[<&>]]></p></saml:Assertion>
</samlp:Response>`
)

// sigKey is a key with its files.
type sigKey struct {
	crypto.Signer
	private, public string
}

// sigKeys are one of each kind that has an algorithm.
func sigKeys(t *testing.T) map[string]sigKey {
	t.Helper()
	keys := map[string]sigKey{}
	add := func(name string, key crypto.Signer, err error) {
		require.NoError(t, err)
		private, err := x509.MarshalPKCS8PrivateKey(key)
		require.NoError(t, err)
		public, err := x509.MarshalPKIXPublicKey(key.Public())
		require.NoError(t, err)
		keys[name] = sigKey{key,
			sigFile(t, "private.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}))),
			sigFile(t, "public.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})))}
	}
	for name, bits := range map[string]int{"RSA-2048": 2048, "RSA-3072": 3072} {
		key, err := rsa.GenerateKey(rand.Reader, bits)
		add(name, key, err)
	}
	for _, curve := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		add(curve.Params().Name, key, err)
	}
	return keys
}

// sigAlgorithms are the algorithms for a key of this name.
func sigAlgorithms(name string) []xmldsig.Algorithm {
	if strings.HasPrefix(name, "RSA") {
		return []xmldsig.Algorithm{xmldsig.RSASHA256, xmldsig.RSASHA384, xmldsig.RSASHA512}
	}
	return []xmldsig.Algorithm{xmldsig.ECDSASHA256, xmldsig.ECDSASHA384, xmldsig.ECDSASHA512}
}

func sigFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// xmlsec1 runs the command, which must be installed (Debian package xmlsec1).
func xmlsec1(t *testing.T, args ...string) (out string, err error) {
	t.Helper()
	path, err := exec.LookPath("xmlsec1")
	require.NoError(t, err, "install the package xmlsec1")
	var errors strings.Builder
	cmd := exec.CommandContext(t.Context(), path, args...)
	cmd.Stderr = &errors
	stdout, err := cmd.Output()
	if err != nil {
		t.Log(errors.String())
	}
	return string(stdout), err
}

// sigIDs tells xmlsec1 which attributes are IDs.
func sigIDs(args ...string) []string {
	return append(args, "--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:protocol:Response", "--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:assertion:Assertion")
}

func short(alg xmldsig.Algorithm) string { return string(alg[strings.IndexByte(string(alg), '#')+1:]) }

func sigRoot(t *testing.T, s string) xmlgate.Element {
	t.Helper()
	d, err := xmlgate.Parse(s, xmlgate.Options{})
	require.NoError(t, err, s)
	return d.Root()
}

// TestSignedByUs: xmlsec1 verifies signatures of Sign, and refuses changed ones.
func TestSignedByUs(t *testing.T) {
	t.Parallel()
	for name, key := range sigKeys(t) {
		for _, alg := range sigAlgorithms(name) {
			t.Run(name+" "+short(alg), func(t *testing.T) {
				t.Parallel()
				signed, err := xmldsig.Signer{Key: key, Algorithm: alg}.Sign(sigMessage)
				require.NoError(t, err)
				_, err = xmldsig.Verify(sigRoot(t, signed), []crypto.PublicKey{key.Public()}, xmldsig.Policy{})
				require.NoError(t, err)
				judge := func(s string) error {
					args := append(sigIDs("--verify", "--pubkey-pem", key.public), sigFile(t, "signed.xml", s))
					_, err := xmlsec1(t, args...)
					return err
				}
				require.NoError(t, judge(signed))
				require.Error(t, judge(strings.Replace(signed, "friends", "Friends", 1)))
			})
		}
	}
}

// TestSignedByXMLSec: signatures of xmlsec1, by each algorithm and each canonicalization, verify here; changed ones
// are refused.
func TestSignedByXMLSec(t *testing.T) {
	t.Parallel()
	ways := map[string]struct{ uri, inner string }{
		"exclusive": {sigExclusive, ""}, "list": {sigExclusive, sigList("unused saml")}, "default listed": {sigExclusive, sigList("#default xs unused")},
		"inclusive 1.0": {sigInclusive, ""}, "inclusive 1.1": {sigVersion11, ""},
		"exclusive, comments": {sigExclusive + "WithComments", ""}, "inclusive 1.0, comments": {sigInclusive + "#WithComments", ""}, "inclusive 1.1, comments": {sigVersion11 + "#WithComments", ""},
	}
	for name, key := range sigKeys(t) {
		for _, alg := range sigAlgorithms(name) {
			for way, c := range ways {
				t.Run(name+" "+short(alg)+" "+way, func(t *testing.T) {
					t.Parallel()
					for _, id := range []string{"r1", "a1"} {
						signed := signByXMLSec(t, key, alg, c.uri, c.inner, id)
						e := sigRoot(t, signed)
						if id == "a1" {
							e = below(e, "Assertion")
						}
						policy := xmldsig.Policy{AllowInclusiveC14N: true}
						d, err := xmldsig.Verify(e, []crypto.PublicKey{key.Public()}, policy)
						require.NoError(t, err, signed)
						value, ok := below(d.Root(), "Subject").Text()
						assert.True(t, ok)
						assert.Equal(t, "爱丽丝 & \"friends\" > \r", value)

						_, err = xmldsig.Verify(e, []crypto.PublicKey{key.Public()}, xmldsig.Policy{})
						if strings.HasPrefix(c.uri, sigExclusive) {
							require.NoError(t, err)
						} else {
							require.ErrorIs(t, err, xmldsig.CheckTransform)
						}
						e = sigRoot(t, strings.Replace(signed, "friends", "Friends", 1))
						if id == "a1" {
							e = below(e, "Assertion")
						}
						_, err = xmldsig.Verify(e, []crypto.PublicKey{key.Public()}, policy)
						require.ErrorIs(t, err, xmldsig.CheckDigest)
					}
				})
			}
		}
	}
}

func sigList(prefixes string) string {
	return `<x:InclusiveNamespaces xmlns:x="` + sigExclusive + `" PrefixList="` + prefixes + `"/>`
}

// signByXMLSec fills in, with xmlsec1, a template after the Issuer of the element with this ID.
func signByXMLSec(t *testing.T, key sigKey, alg xmldsig.Algorithm, c14n, inner, id string) string {
	t.Helper()
	return signMessageByXMLSec(t, sigMessage, key, alg, c14n, inner, id)
}

func signMessageByXMLSec(t *testing.T, message string, key sigKey, alg xmldsig.Algorithm, c14n, inner, id string) string {
	t.Helper()
	hash := short(alg)[strings.LastIndexByte(short(alg), '-')+1:]
	digest := map[string]string{"sha1": sigSpace + "sha1", "sha256": "http://www.w3.org/2001/04/xmlenc#sha256", "sha384": "http://www.w3.org/2001/04/xmldsig-more#sha384", "sha512": "http://www.w3.org/2001/04/xmlenc#sha512"}[hash]
	template := `<ds:Signature xmlns:ds="` + sigSpace + `"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="` + c14n + `">` + inner + `</ds:CanonicalizationMethod>` +
		`<ds:SignatureMethod Algorithm="` + string(alg) + `"/><ds:Reference URI="#` + id + `"><ds:Transforms>` +
		`<ds:Transform Algorithm="` + sigSpace + `enveloped-signature"/><ds:Transform Algorithm="` + c14n + `">` + inner + `</ds:Transform></ds:Transforms>` +
		`<ds:DigestMethod Algorithm="` + digest + `"/><ds:DigestValue/></ds:Reference></ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo><ds:KeyName/></ds:KeyInfo></ds:Signature>`
	head, tail, found := strings.Cut(message, `ID="`+id+`">`)
	require.True(t, found)
	_, at, _ := strings.Cut(tail, "</saml:Issuer>")
	text := head + `ID="` + id + `">` + tail[:len(tail)-len(at)] + template + at
	args := append(sigIDs("--sign", "--privkey-pem", key.private), sigFile(t, "template.xml", text))
	out, err := xmlsec1(t, args...)
	require.NoError(t, err)
	return out
}

// below returns the first element of this name in e.
func below(e xmlgate.Element, local string) xmlgate.Element {
	for child := range e.Children {
		if child.Local() == local {
			return child
		}
		if found := below(child, local); found.OK() {
			return found
		}
	}
	return xmlgate.Element{}
}
