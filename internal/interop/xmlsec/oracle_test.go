//go:build interop

package xmlsec

import (
	"bytes"
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop"
	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlenc"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// task is what libxmlsec1 1.3 is asked for; see servers/xmlsec/oracle.py.
type task map[string]any

func (o task) do(t *testing.T, what string) (out string, err error) {
	t.Helper()
	facts, err := interop.Facts("xmlsec")
	require.NoError(t, err)
	o["do"] = what
	input, err := json.Marshal(o)
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), facts["XMLSEC_PYTHON"], facts["XMLSEC_ORACLE"])
	cmd.Stdin = bytes.NewReader(input)
	var problem strings.Builder
	cmd.Stderr = &problem
	text, err := cmd.Output()
	if err != nil {
		require.Contains(t, problem.String(), "xmlsec: ", "the oracle itself failed")
	}
	return string(text), err
}

func pssAlgorithms() map[xmldsig.Algorithm]string {
	return map[xmldsig.Algorithm]string{xmldsig.RSAPSSSHA256: "sha256", xmldsig.RSAPSSSHA384: "sha384", xmldsig.RSAPSSSHA512: "sha512"}
}

func sigPEM(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

// TestPSSSignedByUs: libxmlsec1 1.3 verifies what Sign makes, and not when it was changed or is named otherwise.
func TestPSSSignedByUs(t *testing.T) {
	t.Parallel()
	key := sigKeys(t)["RSA-3072"]
	for alg := range pssAlgorithms() {
		t.Run(short(alg), func(t *testing.T) {
			t.Parallel()
			signed, err := xmldsig.Signer{Key: key, Algorithm: alg}.Sign(strings.TrimPrefix(sigMessage, `<?xml version="1.0"?>`+"\n"))
			require.NoError(t, err)
			judge := func(s string) error {
				_, err := task{"key": sigPEM(t, key.public), "document": s}.do(t, "verify")
				return err
			}
			require.NoError(t, judge(signed))
			require.Error(t, judge(strings.Replace(signed, "friends", "Friends", 1)))
			require.Error(t, judge(strings.Replace(signed, string(alg), string(xmldsig.RSASHA256), 1)))
		})
	}
}

// TestPSSSignedByXMLSec: what libxmlsec1 1.3 signs verifies here, by each canonicalization, and not when it was changed.
func TestPSSSignedByXMLSec(t *testing.T) {
	t.Parallel()
	key := sigKeys(t)["RSA-2048"]
	for alg, hash := range pssAlgorithms() {
		for _, c14n := range []string{sigExclusive, sigExclusive + "WithComments", sigInclusive, sigInclusive + "#WithComments", sigVersion11 + "#WithComments"} {
			t.Run(short(alg)+" "+c14n, func(t *testing.T) {
				t.Parallel()
				template := `<ds:Signature xmlns:ds="` + sigSpace + `"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="` + c14n + `"/>` +
					`<ds:SignatureMethod Algorithm="` + string(alg) + `"/><ds:Reference URI="#a1"><ds:Transforms>` +
					`<ds:Transform Algorithm="` + sigSpace + `enveloped-signature"/><ds:Transform Algorithm="` + c14n + `"/></ds:Transforms>` +
					`<ds:DigestMethod Algorithm="` + encDigests[hash] + `"/><ds:DigestValue/></ds:Reference></ds:SignedInfo><ds:SignatureValue/></ds:Signature>`
				text := strings.TrimPrefix(sigMessage, `<?xml version="1.0"?>`+"\n")
				at := strings.Index(text, "<Subject ")
				last := strings.Contains(c14n, "1.0")
				if last {
					at = strings.Index(text, "</saml:Assertion>")
				}
				signed, err := task{"key": sigPEM(t, key.private), "document": text[:at] + template + text[at:]}.do(t, "sign")
				require.NoError(t, err)
				policy := xmldsig.Policy{AllowInclusiveC14N: !strings.HasPrefix(c14n, sigExclusive), AllowLastSignature: last}
				verify := func(s string, p xmldsig.Policy) error {
					_, err := xmldsig.Verify(below(sigRoot(t, s), "Assertion"), []crypto.PublicKey{key.Public()}, p)
					return err
				}
				require.NoError(t, verify(signed, policy))
				require.ErrorIs(t, verify(strings.Replace(signed, "friends", "Friends", 1), policy), xmldsig.CheckDigest)
				require.ErrorIs(t, verify(strings.Replace(signed, "-rsa-MGF1", "-rsa-MGF2", 1), policy), xmldsig.CheckAlgorithm)
				if policy != (xmldsig.Policy{}) {
					require.Error(t, verify(signed, xmldsig.Policy{}))
				}
			})
		}
	}
}

// TestAgreementByXMLSec: ECDH-ES on each curve with each size of key wrap, and without.
func TestAgreementByXMLSec(t *testing.T) {
	t.Parallel()
	curves := map[elliptic.Curve]string{elliptic.P256(): "urn:oid:1.2.840.10045.3.1.7", elliptic.P384(): "urn:oid:1.3.132.0.34", elliptic.P521(): "urn:oid:1.3.132.0.35"}
	for curve, uri := range curves {
		for i, wrap := range []int{0, 128, 192, 256} {
			hash, data := []string{"sha256", "sha384", "sha512", "sha256"}[i], []int{256, 192, 128, 256}[i]
			t.Run(fmt.Sprint(curve.Params().Name, " ", wrap, " ", hash), func(t *testing.T) {
				t.Parallel()
				alice, bob := encCurveKey(t, curve), encCurveKey(t, curve)
				point, err := alice.PublicKey.Bytes()
				require.NoError(t, err)
				session := any([]any{"Aes", data})
				info := `<xenc:AgreementMethod Algorithm="` + enc11Space + `ECDH-ES"><xenc11:KeyDerivationMethod xmlns:xenc11="` + enc11Space + `" Algorithm="` + enc11Space + `ConcatKDF">` +
					`<xenc11:ConcatKDFParams AlgorithmID="0000" PartyUInfo="0003D8" PartyVInfo="0003D0">` + encDigest(hash) + `</xenc11:ConcatKDFParams></xenc11:KeyDerivationMethod>` +
					`<xenc:OriginatorKeyInfo><ds:KeyName>alice</ds:KeyName><ds:KeyValue><dsig11:ECKeyValue xmlns:dsig11="http://www.w3.org/2009/xmldsig11#"><dsig11:NamedCurve URI="` + uri + `"/>` +
					`<dsig11:PublicKey>` + base64.StdEncoding.EncodeToString(point) + `</dsig11:PublicKey></dsig11:ECKeyValue></ds:KeyValue></xenc:OriginatorKeyInfo>` +
					`<xenc:RecipientKeyInfo><ds:KeyName>bob</ds:KeyName></xenc:RecipientKeyInfo></xenc:AgreementMethod>`
				const empty = `<xenc:CipherData><xenc:CipherValue/></xenc:CipherData>`
				if wrap == 0 {
					session = nil
				} else {
					info = `<xenc:EncryptedKey>` + encMethod(fmt.Sprint(encSpace, "kw-aes", wrap), "") + `<ds:KeyInfo>` + info + `</ds:KeyInfo>` + empty + `</xenc:EncryptedKey>`
				}
				message, err := task{
					"keys": map[string]string{"alice": encPrivatePEM(t, alice), "bob": encPublicPEM(t, bob)}, "session": session, "document": encPlain,
					"template": `<xenc:EncryptedData xmlns:xenc="` + encSpace + `" Type="` + encSpace + `Element">` + encMethod(fmt.Sprint(enc11Space, "aes", data, "-gcm"), "") +
						`<ds:KeyInfo xmlns:ds="` + encSig + `">` + info + `</ds:KeyInfo>` + empty + `</xenc:EncryptedData>`,
				}.do(t, "encrypt")
				require.NoError(t, err)
				assert.NotContains(t, message, "friends")
				d, err := xmlgate.Parse(message, xmlgate.Options{})
				require.NoError(t, err)
				e, err := xmlenc.Decrypt(d.Root(), xmlenc.Keys{EC: []xmlenc.Exchanger{encExchanger(t, alice), encExchanger(t, bob)}}, xmlenc.Policy{})
				require.NoError(t, err)
				text, _ := e.Text()
				assert.Equal(t, "爱丽丝 & friends", text)
				_, err = xmlenc.Decrypt(d.Root(), xmlenc.Keys{EC: []xmlenc.Exchanger{encExchanger(t, alice)}}, xmlenc.Policy{})
				require.ErrorIs(t, err, xmlenc.CheckFailed)
			})
		}
	}
}

func encCurveKey(t *testing.T, curve elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	require.NoError(t, err)
	return key
}

func encExchanger(t *testing.T, key *ecdsa.PrivateKey) *ecdh.PrivateKey {
	t.Helper()
	own, err := key.ECDH()
	require.NoError(t, err)
	return own
}

func encPrivatePEM(t *testing.T, key *ecdsa.PrivateKey) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

func encPublicPEM(t *testing.T, key *ecdsa.PrivateKey) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	require.NoError(t, err)
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}
