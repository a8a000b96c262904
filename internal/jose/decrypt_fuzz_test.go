package jose_test

import (
	"crypto/ecdh"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	gojose "github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/jose"
)

// FuzzDecrypt compares Decrypt with go-jose under the same pins: what Decrypt accepts go-jose decrypts to the same
// text, and what only go-jose accepts has one of the differences that strictHere names.
func FuzzDecrypt(f *testing.F) {
	pins := []struct{ alg, enc string }{
		{"dir", "A128GCM"}, {"dir", "A128CBC-HS256"}, {"ECDH-ES", "A256GCM"}, {"ECDH-ES+A128KW", "A128GCM"}, {"RSA-OAEP", "A192CBC-HS384"}, {"RSA-OAEP-256", "A256CBC-HS512"},
	}
	ours := make([]*jose.Decrypter, len(pins))
	for i, pin := range pins {
		ours[i] = decrypter(f, pin.alg, pin.enc)
		f.Add(uint8(i), sealed{alg: pin.alg, enc: pin.enc}.write(f))
		f.Add(uint8(i), goJoseSeal(f, pin.alg, pin.enc, publicHalf(f, recipient(pin.alg, pin.enc)), (&gojose.EncrypterOptions{}).WithType("JWT"), innerToken))
		f.Add(uint8(i), goJoseSeal(f, pin.alg, pin.enc, publicHalf(f, recipient(pin.alg, pin.enc)), &gojose.EncrypterOptions{Compression: gojose.DEFLATE}, innerToken))
		f.Add(uint8(i), sealed{alg: pin.alg, enc: pin.enc, header: map[string]any{"crit": []string{"x"}, "apu": "YQ", "apv": "Yg", "jwk": map[string]any{}, "kid": "\u0000"}}.write(f))
	}
	// A shared key makes valid tokens with any header from the fuzzer's bytes.
	for _, header := range []string{`{"alg":"dir","enc":"A128GCM"}`, `{"alg":"dir","enc":"A128GCM","zip":"DEF"}`, `{"alg":"dir","enc":"A128GCM","alg":"dir"}`, `{"alg":"dir","enc":"A128GCM","b64":false,"x5c":[]}`} {
		f.Add(uint8(100), header)
	}
	f.Fuzz(func(t *testing.T, which uint8, raw string) {
		i := int(which) % len(pins)
		if which >= 100 {
			i = 0
			if strings.TrimSpace(raw) == "" {
				return
			}
			raw = sealed{alg: "dir", enc: "A128GCM", protected: raw}.write(t)
		}
		got, err := ours[i].Decrypt(raw, jose.MaxToken)
		theirs, theirErr := goJoseOpen(t, raw, pins[i].alg, pins[i].enc)
		if err != nil {
			var e *jose.Error
			require.True(t, errors.As(err, &e))
			require.Zero(t, got)
			require.True(t, theirErr != nil || strictHere(raw), "only go-jose accepts it: %v", err)
			return
		}
		if theirErr != nil {
			require.True(t, namesMoreThanGoJoseAllows(raw), "only go-jose refuses it: %v", theirErr)
			return
		}
		require.Equal(t, theirs, got.Payload)
	})
}

func goJoseOpen(t testing.TB, raw, alg, enc string) (string, error) {
	t.Helper()
	object, err := gojose.ParseEncryptedCompact(raw, []gojose.KeyAlgorithm{gojose.KeyAlgorithm(alg)}, []gojose.ContentEncryption{gojose.ContentEncryption(enc)})
	if err != nil {
		return "", err
	}
	key := recipient(alg, enc)
	if private, ok := key.(*ecdh.PrivateKey); ok {
		key = asECDSA(t, private)
	}
	text, err := object.Decrypt(key)
	return string(text), err
}

// strictHere reports what go-jose lets through and we do not: compression, b64, invalid UTF-8, half of a surrogate pair and
// other odd values in a member that we read, an encrypted key where none may be, a tag with bytes before it, other spellings
// of base64url, a private key as epk.
func strictHere(raw string) bool {
	parts := strings.Split(raw, ".")
	if len(parts) != 5 {
		return false
	}
	for _, part := range parts {
		if b64(unb64(part)) != part {
			return true
		}
	}
	header := unb64(parts[0])
	for _, name := range []string{"zip", "b64", "crit", "kid", "typ", "cty", "apu", "apv", `\u`, `"d"`} {
		if strings.Contains(header, name) {
			return true
		}
	}
	if !utf8.ValidString(header) {
		return true
	}
	return parts[1] != "" && (strings.Contains(header, `"dir"`) || strings.Contains(header, `"ECDH-ES"`))
}

// namesMoreThanGoJoseAllows reports members that only go-jose reads.
func namesMoreThanGoJoseAllows(raw string) bool {
	text, _, _ := strings.Cut(raw, ".")
	header := unb64(text)
	for _, name := range []string{"jwk", "x5c", "nonce", "epk", "iv", "tag", "p2", "x5t", `\u`} {
		if strings.Contains(header, name) {
			return true
		}
	}
	return false
}
