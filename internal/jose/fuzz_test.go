package jose_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"errors"
	"strings"
	"testing"

	gojose "github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/jose"
)

// FuzzParse compares Parse with go-jose: go-jose accepts every token that Parse accepts, with the same header and
// payload, except for header members that only go-jose reads.
func FuzzParse(f *testing.F) {
	for _, alg := range algorithms {
		f.Add(sign(f, alg, payload))
	}
	for _, header := range []string{`{"alg":"HS256","crit":[]}`, `{"alg":"none"}`, `{"alg":"HS256","jwk":{}}`, `{"alg":"HS256","kid":"\u0000\ud800"}`} {
		f.Add(signHeader(f, header))
	}
	f.Add("..")
	f.Add("a.b.c.d.e")
	f.Add(`{"payload":""}`)
	everything := make([]gojose.SignatureAlgorithm, len(algorithms))
	for i, alg := range algorithms {
		everything[i] = gojose.SignatureAlgorithm(alg)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		c, err := jose.Parse(raw, jose.MaxToken)
		if err != nil {
			var e *jose.Error
			require.True(t, errors.As(err, &e))
			return
		}
		for _, alg := range []string{"HS256", "ES256", "EdDSA"} {
			err := c.Verify(alg, public(t, alg))
			require.True(t, err == nil || errors.Is(err, jose.Algorithm) || errors.Is(err, jose.Signature))
		}
		if !jose.Supported(c.Header.Alg) {
			return
		}
		header, err := gojose.ParseSignedCompact(raw, everything)
		if err != nil {
			require.True(t, strings.HasSuffix(raw, ".") || namesMoreThanWeRead(raw), "go-jose refuses it: %v", err)
			return
		}
		require.Equal(t, c.Payload, string(header.UnsafePayloadWithoutVerification()))
		require.Equal(t, c.Header.Alg, header.Signatures[0].Protected.Algorithm)
		require.Equal(t, c.Header.KeyID, header.Signatures[0].Protected.KeyID)
	})
}

func namesMoreThanWeRead(raw string) bool {
	text, _, _ := strings.Cut(raw, ".")
	header := unb64(text)
	for _, name := range []string{"jwk", "x5c", "nonce", `\u`} {
		if strings.Contains(header, name) {
			return true
		}
	}
	return false
}

// FuzzSet: no panic, and every returned key is public, sound and fits an algorithm.
func FuzzSet(f *testing.F) {
	var all []string
	for _, alg := range []string{"RS256", "ES256", "ES384", "ES512", "EdDSA"} {
		all = append(all, jwk(f, private()[alg].Public(), map[string]any{"kid": alg, "alg": alg, "use": "sig", "key_ops": []string{"verify"}, "x5c": []string{"AA"}}))
	}
	all = append(all, jwk(f, private()["ES256"], nil), `{"kty":"oct","k":"AA"}`, `7`)
	for _, one := range all {
		f.Add(set(one))
	}
	f.Add(set(all...))
	f.Add(`{"keys":[]}`)
	f.Fuzz(func(t *testing.T, body string) {
		keys, _, err := jose.ParseSet(body)
		if err != nil {
			var e *jose.Error
			require.True(t, errors.As(err, &e))
			require.Empty(t, keys)
			return
		}
		require.LessOrEqual(t, len(keys), 100)
		for _, k := range keys {
			fits := k.Alg
			switch key := k.Public.(type) {
			case *rsa.PublicKey:
				require.GreaterOrEqual(t, key.N.BitLen(), 2048)
				if fits == "" {
					fits = "PS256"
				}
			case *ecdsa.PublicKey:
				_, err := key.ECDH()
				require.NoError(t, err, "a point off the curve")
				if fits == "" {
					fits = map[int]string{256: "ES256", 384: "ES384", 521: "ES512"}[key.Params().BitSize]
				}
			case ed25519.PublicKey:
				if fits == "" {
					fits = "EdDSA"
				}
			}
			require.True(t, jose.Fits(fits, k.Public))
		}
	})
}
