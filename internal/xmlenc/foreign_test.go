package xmlenc

import (
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// TestForeign decrypts what xmlsec1 1.3.9 made, for the key of these tests: no option of ours that says what
// an algorithm is can be wrong in the same way there.
func TestForeign(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/xmlsec/*.xml")
	require.NoError(t, err)
	require.Len(t, files, 43)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".xml"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			needs := Policy{AllowCBC: strings.Contains(file, "cbc"), AllowTripleDES: strings.Contains(file, "tripledes"), AllowRSA15: strings.Contains(file, "rsa15")}
			keys := Keys{RSA: []crypto.Decrypter{foreignKey(t)}, EC: foreignCurves(t)}
			e, err := Decrypt(parse(t, string(text)), keys, needs)
			require.NoError(t, err)
			assert.True(t, e.Is("urn:oasis:names:tc:SAML:2.0:assertion", "Assertion"))
			var value string
			for statement := range e.Children {
				for attribute := range statement.Children {
					for v := range attribute.Children {
						value, _ = v.Text()
					}
				}
			}
			assert.Equal(t, "爱丽丝 & friends", value)

			if needs.AllowCBC || needs.AllowTripleDES || needs.AllowRSA15 {
				_, err = Decrypt(parse(t, string(text)), keys, Policy{})
				require.ErrorIs(t, err, CheckAlgorithm)
			}
			if strings.Contains(file, "ecdh") {
				_, err = Decrypt(parse(t, string(text)), Keys{RSA: keys.RSA}, needs)
				require.ErrorIs(t, err, CheckKey)
				_, err = Decrypt(parse(t, string(text)), Keys{EC: []Exchanger{newCurveKey(t, ecdh.P256()), newCurveKey(t, ecdh.P384()), newCurveKey(t, ecdh.P521())}}, needs)
				require.Equal(t, Undecryptable(), err)
			}
		})
	}
}

// foreignKey and foreignCurves are the keys that those messages are for, and nothing else.
func foreignKey(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	return readKeyFile(t, "key").(*rsa.PrivateKey)
}

func foreignCurves(t testing.TB) (keys []Exchanger) {
	t.Helper()
	for _, name := range []string{"p256", "p384", "p521"} {
		key, err := readKeyFile(t, name).(*ecdsa.PrivateKey).ECDH()
		require.NoError(t, err)
		keys = append(keys, key)
	}
	return keys
}

func readKeyFile(t testing.TB, name string) any {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".pem")
	require.NoError(t, err)
	block, _ := pem.Decode(text)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	require.NoError(t, err)
	return key
}

func parse(t testing.TB, text string) xmlgate.Element {
	t.Helper()
	d, err := xmlgate.Parse(text, xmlgate.Options{})
	require.NoError(t, err)
	return d.Root()
}
