package xmlenc

import (
	"crypto"
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
	require.Len(t, files, 28)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".xml"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			needs := Policy{AllowCBC: strings.Contains(file, "cbc"), AllowRSA15: strings.Contains(file, "rsa15")}
			e, err := Decrypt(parse(t, string(text)), []crypto.Decrypter{foreignKey(t)}, needs)
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

			if needs.AllowCBC || needs.AllowRSA15 {
				_, err = Decrypt(parse(t, string(text)), []crypto.Decrypter{foreignKey(t)}, Policy{})
				require.ErrorIs(t, err, CheckAlgorithm)
			}
		})
	}
}

// foreignKey is the key that those messages are for, and nothing else.
func foreignKey(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	text, err := os.ReadFile("testdata/key.pem")
	require.NoError(t, err)
	block, _ := pem.Decode(text)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	require.NoError(t, err)
	return key.(*rsa.PrivateKey)
}

func parse(t testing.TB, text string) xmlgate.Element {
	t.Helper()
	d, err := xmlgate.Parse(text, xmlgate.Options{})
	require.NoError(t, err)
	return d.Root()
}
