package jose_test

import (
	"crypto/hmac"
	"crypto/sha512"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/jose"
)

// All 256 bytes in each part of a token: only the alphabet of base64url is accepted, and it is decoded correctly.
func TestI1EveryByteInEveryPart(t *testing.T) {
	t.Parallel()
	good := signHeader(t, `{"alg":"HS256","kid":"1"}`)
	parts := strings.Split(good, ".")
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	for part := range parts {
		for c := range 256 {
			changed := append([]string{}, parts...)
			changed[part] = changed[part][:4] + string([]byte{byte(c)}) + changed[part][5:]
			raw := strings.Join(changed, ".")
			_, err := jose.Parse(raw, jose.MaxToken)
			in := strings.IndexByte(alphabet, byte(c)) >= 0
			if part > 0 {
				require.Equal(t, in, err == nil, "part %d, byte %#x", part, c)
			} else if !in {
				require.ErrorIs(t, err, jose.Format, "byte %#x", c)
			}
			require.Equal(t, raw == good, verify(t, raw, "HS256", public(t, "HS256")) == nil)
		}
	}
	for dots := range 8 {
		_, err := jose.Parse("e30"+strings.Repeat(".e30", dots), jose.MaxToken)
		switch dots {
		case 2:
			require.ErrorContains(t, err, "no alg")
		case 4:
			require.ErrorIs(t, err, jose.Encrypted)
		default:
			require.ErrorContains(t, err, "three parts")
		}
	}
}

// Payloads on both sides of the decoder's block size, and inputs on both sides of the size on the stack.
func TestLengthsAroundTheBuffers(t *testing.T) {
	t.Parallel()
	key := public(t, "HS256")
	for _, around := range []int{768, 1536, 2048 - 64, 2048} {
		for n := around - 6; n <= around+6; n++ {
			text := strings.Repeat("a", n-1) + "z"
			raw := macInput(b64(`{"alg":"HS256"}`) + "." + b64(text))
			c, err := jose.Parse(raw, jose.MaxToken)
			require.NoError(t, err)
			require.NoError(t, c.Verify("HS256", key), n)
			require.Equal(t, text, c.Payload)
		}
	}
	for n := 1900; n < 2150; n++ { // the input itself
		raw := macInput(b64(`{"alg":"HS256"}`) + "." + strings.Repeat("YWFh", (n-22)/4) + []string{"", "", "YQ", "YWE"}[(n-22)%4])
		require.NoError(t, verify(t, raw, "HS256", key), n)
	}
	for n := 2040; n < 2056; n++ {
		got, ok := jose.Hash("EdDSA", strings.Repeat("t", n))
		sum := sha512.Sum512([]byte(strings.Repeat("t", n)))
		assert.True(t, ok)
		assert.Equal(t, base64.RawURLEncoding.EncodeToString(sum[:32]), got)
	}
}

func TestSecretsAroundTheBlockOfSHA512(t *testing.T) {
	t.Parallel()
	for _, n := range []int{64, 65, 127, 128, 129, 255} {
		long := []byte(strings.Repeat("s", n-1) + "z")
		s, err := jose.NewSecret("HS512", long)
		require.NoError(t, err)
		mac := hmac.New(sha512.New, long)
		input := b64(`{"alg":"HS512"}`) + "." + b64(payload)
		mac.Write([]byte(input))
		code := string(mac.Sum(nil))
		assert.NoError(t, verify(t, input+"."+b64(code), "HS512", s), n)
		assert.ErrorIs(t, verify(t, input+"."+b64(code[:63]), "HS512", s), jose.Signature)
		assert.ErrorIs(t, verify(t, input+"."+b64(code+"\x00"), "HS512", s), jose.Signature)
	}
}

func TestAlgorithmNamesAreExact(t *testing.T) {
	t.Parallel()
	for _, alg := range algorithms {
		require.True(t, jose.Supported(alg))
		assert.Equal(t, strings.HasPrefix(alg, "HS"), jose.Symmetric(alg))
		for _, near := range []string{strings.ToLower(alg), strings.ToUpper(alg), alg + " ", " " + alg, alg[:len(alg)-1], alg + "K", "none", ""} {
			if near != alg {
				assert.False(t, jose.Supported(near), near)
				assert.False(t, jose.Symmetric(near), near)
			}
		}
	}
	for _, other := range []string{"ES256K", "Ed448", "RSA1_5", "RS1", "HS1", "A128KW", "dir"} {
		assert.False(t, jose.Supported(other), other)
	}
}
