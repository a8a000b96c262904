//go:build interop

package xmlsec

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlenc"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

const (
	encSpace   = "http://www.w3.org/2001/04/xmlenc#"
	enc11Space = "http://www.w3.org/2009/xmlenc11#"
	encSig     = "http://www.w3.org/2000/09/xmldsig#"
	encSAML    = "urn:oasis:names:tc:SAML:2.0:assertion"

	encPlain = `<saml:EncryptedID xmlns:saml="` + encSAML + `" xmlns:q="urn:q"><saml:NameID q:a="b">爱丽丝 &amp; friends</saml:NameID></saml:EncryptedID>`
)

// encDigests are the digests of RSA-OAEP, as openssl names them.
var encDigests = map[string]string{
	"sha1": encSig + "sha1", "sha256": encSpace + "sha256", "sha384": moreAlgorithm + "sha384", "sha512": encSpace + "sha512",
}

// TestEncryptedByXMLSec: every cipher with every key transport of xmlsec1 1.2. The testdata of package xmlenc has
// those of later versions.
func TestEncryptedByXMLSec(t *testing.T) {
	t.Parallel()
	for data, bits := range map[string]int{
		enc11Space + "aes128-gcm": 128, enc11Space + "aes192-gcm": 192, enc11Space + "aes256-gcm": 256,
		encSpace + "aes128-cbc": 128, encSpace + "aes192-cbc": 192, encSpace + "aes256-cbc": 256, encSpace + "tripledes-cbc": 0,
	} {
		for name, method := range map[string]string{
			"mgf1p":       encMethod(encSpace+"rsa-oaep-mgf1p", ""),
			"mgf1p SHA-1": encMethod(encSpace+"rsa-oaep-mgf1p", encDigest("sha1")),
			"mgf1p label": encMethod(encSpace+"rsa-oaep-mgf1p", "<xenc:OAEPparams>bGFiZWw=</xenc:OAEPparams>"),
			"RSA 1.5":     encMethod(encSpace+"rsa-1_5", ""),
		} {
			t.Run(data[strings.Index(data, "#")+1:]+" "+name, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				session, des := fmt.Sprintf("aes-%d", bits), bits == 0
				if des {
					session = "des-192"
				}
				template, plain := filepath.Join(dir, "template.xml"), filepath.Join(dir, "plain.xml")
				require.NoError(t, os.WriteFile(template, []byte(encData(data, method, "", "")), 0o600))
				require.NoError(t, os.WriteFile(plain, []byte(encPlain), 0o600))
				message := encRun(t, nil, "xmlsec1", "--encrypt", "--pubkey-pem", encPublic(t, dir), "--session-key", session,
					"--xml-data", plain, "--node-name", encSAML+":NameID", template)
				assert.NotContains(t, message, "friends")
				encJudge(t, message, xmlenc.Policy{AllowCBC: !des && strings.HasSuffix(data, "cbc"), AllowTripleDES: des, AllowRSA15: name == "RSA 1.5"})
			})
		}
	}
}

// TestEncryptedByOpenSSL: every digest of RSA-OAEP with every mask.
func TestEncryptedByOpenSSL(t *testing.T) {
	t.Parallel()
	for digest := range encDigests {
		for mask := range encDigests {
			method := encMethod(enc11Space+"rsa-oaep", encDigest(digest)+`<m:MGF xmlns:m="`+enc11Space+`" Algorithm="`+enc11Space+"mgf1"+mask+`"/>`)
			t.Run(digest+", MGF1 "+mask, func(t *testing.T) {
				t.Parallel()
				encOpenSSL(t, method, "rsa_padding_mode:oaep", "rsa_oaep_md:"+digest, "rsa_mgf1_md:"+mask)
			})
		}
		t.Run(digest+", mgf1p", func(t *testing.T) {
			t.Parallel()
			encOpenSSL(t, encMethod(encSpace+"rsa-oaep-mgf1p", encDigest(digest)), "rsa_padding_mode:oaep", "rsa_oaep_md:"+digest, "rsa_mgf1_md:sha1")
		})
		t.Run(digest+", no MGF, label", func(t *testing.T) {
			t.Parallel()
			encOpenSSL(t, encMethod(enc11Space+"rsa-oaep", "<xenc:OAEPparams>bGFiZWw=</xenc:OAEPparams>"+encDigest(digest)),
				"rsa_padding_mode:oaep", "rsa_oaep_md:"+digest, "rsa_mgf1_md:sha1", "rsa_oaep_label:"+fmt.Sprintf("%x", "label"))
		})
	}
	t.Run("RSA 1.5", func(t *testing.T) {
		t.Parallel()
		encOpenSSL(t, encMethod(encSpace+"rsa-1_5", ""), "rsa_padding_mode:pkcs1")
	})
}

// encOpenSSL wraps a key and encrypts with openssl, and checks the message. Its command line has no GCM.
func encOpenSSL(t *testing.T, method string, options ...string) {
	t.Helper()
	dir := t.TempDir()
	content, iv := make([]byte, 32), make([]byte, 16)
	_, _ = rand.Read(content)
	_, _ = rand.Read(iv)
	args := []string{"pkeyutl", "-encrypt", "-pubin", "-inkey", encPublic(t, dir)}
	for _, o := range options {
		args = append(args, "-pkeyopt", o)
	}
	wrapped := encRun(t, content, "openssl", args...)
	_, text, _ := strings.Cut(encPlain, `"urn:q">`)
	text = strings.TrimSuffix(text, "</saml:EncryptedID>")
	ciphertext := encRun(t, []byte(text), "openssl", "enc", "-aes-256-cbc", "-K", fmt.Sprintf("%x", content), "-iv", fmt.Sprintf("%x", iv))
	data := encData(encSpace+"aes256-cbc", method, base64.StdEncoding.EncodeToString([]byte(wrapped)), base64.StdEncoding.EncodeToString(append(iv, ciphertext...)))
	message := strings.Replace(encPlain, text, data, 1)
	assert.NotContains(t, message, "friends")
	encJudge(t, message, xmlenc.Policy{AllowCBC: true, AllowRSA15: options[0] == "rsa_padding_mode:pkcs1"})
}

// encJudge decrypts message with the right key and with another.
func encJudge(t *testing.T, message string, p xmlenc.Policy) {
	t.Helper()
	d, err := xmlgate.Parse(message, xmlgate.Options{})
	require.NoError(t, err)
	e, err := xmlenc.Decrypt(d.Root(), xmlenc.Keys{RSA: []crypto.Decrypter{encOther(), encKey()}}, p)
	require.NoError(t, err)
	require.True(t, e.Is(encSAML, "NameID"))
	text, _ := e.Text()
	assert.Equal(t, "爱丽丝 & friends", text)
	value, _ := e.Attr("urn:q", "a")
	assert.Equal(t, "b", value)
	_, err = xmlenc.Decrypt(d.Root(), xmlenc.Keys{RSA: []crypto.Decrypter{encOther()}}, p)
	require.ErrorIs(t, err, xmlenc.CheckFailed)
	if p.AllowCBC || p.AllowTripleDES || p.AllowRSA15 {
		_, err = xmlenc.Decrypt(d.Root(), xmlenc.Keys{RSA: []crypto.Decrypter{encKey()}}, xmlenc.Policy{})
		require.ErrorIs(t, err, xmlenc.CheckAlgorithm)
	}
}

var encKey, encOther = sync.OnceValue(encNewKey), sync.OnceValue(encNewKey)

func encNewKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

func encPublic(t *testing.T, dir string) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(encKey().Public())
	require.NoError(t, err)
	file := filepath.Join(dir, "public.pem")
	require.NoError(t, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), 0o600))
	return file
}

func encMethod(uri, inner string) string {
	return `<xenc:EncryptionMethod Algorithm="` + uri + `">` + inner + `</xenc:EncryptionMethod>`
}

func encDigest(name string) string {
	return `<ds:DigestMethod Algorithm="` + encDigests[name] + `"/>`
}

func encData(uri, method, wrapped, ciphertext string) string {
	value := func(s string) string {
		return `<xenc:CipherData><xenc:CipherValue>` + s + `</xenc:CipherValue></xenc:CipherData>`
	}
	return `<xenc:EncryptedData xmlns:xenc="` + encSpace + `" Type="` + encSpace + `Element">` + encMethod(uri, "") +
		`<ds:KeyInfo xmlns:ds="` + encSig + `"><xenc:EncryptedKey>` + method + value(wrapped) + `</xenc:EncryptedKey></ds:KeyInfo>` +
		value(ciphertext) + `</xenc:EncryptedData>`
}

func encRun(t *testing.T, input []byte, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	var problem strings.Builder
	cmd.Stdin, cmd.Stderr = strings.NewReader(string(input)), &problem
	out, err := cmd.Output()
	require.NoError(t, err, problem.String())
	return string(out)
}
