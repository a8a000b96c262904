package xmlenc

import (
	"crypto"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// FuzzDecrypt: an element or one of our errors, never both and never a panic; without options, nothing that
// needs one.
func FuzzDecrypt(f *testing.F) {
	files, err := filepath.Glob("testdata/xmlsec/*.xml")
	require.NoError(f, err)
	for _, name := range files {
		text, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(string(text))
	}
	f.Add(container(""))
	keys := Keys{RSA: []crypto.Decrypter{foreignKey(f)}, EC: foreignCurves(f)}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := xmlgate.Parse(text, xmlgate.Options{})
		if err != nil {
			return
		}
		safe, err := Decrypt(d.Root(), keys, Policy{})
		require.Equal(t, err == nil, safe.OK())
		if err != nil {
			var typed *Error
			require.ErrorAs(t, err, &typed)
		}
		all, err := Decrypt(d.Root(), keys, everything)
		require.Equal(t, err == nil, all.OK())
		if safe.OK() {
			require.Equal(t, safe.Raw(), all.Raw())
		}
		if all.OK() && !safe.OK() {
			require.True(t, strings.Contains(text, "-cbc") || strings.Contains(text, "tripledes") || strings.Contains(text, "rsa-1_5"))
		}
	})
}

// FuzzPlaintext: what is read is the whole plaintext, and encoding/xml finds one element in it too.
func FuzzPlaintext(f *testing.F) {
	for _, text := range []string{
		alice, " " + alice + "\n", alice + alice, alice + "</saml:EncryptedID><saml:EncryptedID>", "<!DOCTYPE a>" + alice, "<!---->" + alice,
		"<![CDATA[a]]>" + alice, "x" + alice, alice + "&#32;", "<saml:NameID", "<a xmlns='urn:x'/>", "\xff", "",
	} {
		f.Add(text)
	}
	around, err := newSurrounding(parse(f, container("")))
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, text string) {
		whole := around.start + text + around.end
		e, ok := around.read([]byte(whole), Policy{MaxBytes: defaultMaxBytes})
		require.Equal(t, ok, e.OK())
		if !ok {
			return
		}
		require.Equal(t, strings.Trim(text, " \t\r\n"), e.Raw())
		depth, roots, elements := 0, 0, 0
		for dec := xml.NewDecoder(strings.NewReader(whole)); ; {
			token, err := dec.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err)
			switch token.(type) {
			case xml.StartElement:
				switch depth {
				case 0:
					roots++
				case 1:
					elements++
				}
				depth++
			case xml.EndElement:
				depth--
			}
		}
		require.Equal(t, 1, roots)
		require.Equal(t, 1, elements)
	})
}
