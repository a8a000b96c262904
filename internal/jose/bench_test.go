package jose_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"

	gojose "github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/jose"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

func unb64(text string) string {
	b, _ := base64.RawURLEncoding.DecodeString(text)
	return string(b)
}

// limit returns the unavoidable work: the hash and the check of a decoded signature.
func limit(tb testing.TB, alg, raw string) func() bool {
	last := strings.LastIndexByte(raw, '.')
	input, sig := []byte(raw[:last]), []byte(unb64(raw[last+1:]))
	switch alg {
	case "RS256":
		key := public(tb, alg).(*rsa.PublicKey)
		return func() bool {
			d := sha256.Sum256(input)
			return rsa.VerifyPKCS1v15(key, crypto.SHA256, d[:], sig) == nil
		}
	case "PS256":
		key := public(tb, alg).(*rsa.PublicKey)
		return func() bool {
			d := sha256.Sum256(input)
			return rsa.VerifyPSS(key, crypto.SHA256, d[:], sig, &rsa.PSSOptions{SaltLength: 32}) == nil
		}
	case "ES256":
		key := public(tb, alg).(*ecdsa.PublicKey)
		d := sha256.Sum256(input)
		der, err := ecdsa.SignASN1(rand.Reader, private()[alg].(*ecdsa.PrivateKey), d[:])
		require.NoError(tb, err)
		return func() bool {
			d := sha256.Sum256(input)
			return ecdsa.VerifyASN1(key, d[:], der)
		}
	case "EdDSA":
		key := public(tb, alg).(ed25519.PublicKey)
		return func() bool { return ed25519.Verify(key, input, sig) }
	}
	mac := hmac.New(sha256.New, secret)
	var code [32]byte
	return func() bool {
		mac.Reset()
		mac.Write(input)
		return hmac.Equal(mac.Sum(code[:0]), sig)
	}
}

// ours returns the whole work: the token is parsed and verified, and its payload read strictly.
func ours(tb testing.TB, alg, raw string, cache *jose.HeaderCache) func() bool {
	key := public(tb, alg)
	return func() bool {
		c, err := cache.Parse(raw, jose.MaxToken)
		if err != nil || c.Verify(alg, key) != nil {
			return false
		}
		var space [16]strictjson.Member
		members, err := strictjson.ParseObject(c.Payload, space[:0])
		n := 0
		for _, m := range members {
			n += int(m.Value.Kind())
		}
		return err == nil && n > 0
	}
}

var measured = []string{"RS256", "PS256", "ES256", "EdDSA", "HS256"}

func BenchmarkVerify(b *testing.B) {
	for _, alg := range measured {
		raw := sign(b, alg, payload)
		run := func(name string, f func() bool) {
			b.Run(alg+"/"+name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if !f() {
						b.Fatal("refused")
					}
				}
			})
		}
		run("limit", limit(b, alg, raw))
		run("ours", ours(b, alg, raw, &jose.HeaderCache{}))
		run("no cache", ours(b, alg, raw, nil))
		var key any = secret
		if !jose.Symmetric(alg) {
			key = private()[alg].Public()
		}
		run("go-jose", func() bool {
			signed, err := gojose.ParseSignedCompact(raw, []gojose.SignatureAlgorithm{gojose.SignatureAlgorithm(alg)})
			if err != nil {
				return false
			}
			_, err = signed.Verify(key)
			return err == nil
		})
	}
}
