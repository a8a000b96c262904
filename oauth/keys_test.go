package oauth_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/jose"
)

// signers are made once for the run.
var signers = sync.OnceValue(func() map[string]crypto.Signer {
	made := map[string]crypto.Signer{}
	made["rsa"], _ = rsa.GenerateKey(rand.Reader, 2048)
	made["p256"], _ = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	made["p521"], _ = ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	_, made["ed"], _ = ed25519.GenerateKey(rand.Reader)
	return made
})

// opened is a token that was verified by another package than the one that signed it.
type opened struct {
	header jose.Header
	claims map[string]any
}

func open(t *testing.T, raw, alg string, key any) opened {
	t.Helper()
	if text, ok := key.(string); ok {
		made, err := jose.NewSecret(alg, []byte(text))
		require.NoError(t, err)
		key = made
	}
	c, err := jose.Parse(raw, jose.MaxToken)
	require.NoError(t, err)
	require.NoError(t, c.Verify(alg, key))
	o := opened{header: c.Header}
	decoder := json.NewDecoder(strings.NewReader(c.Payload))
	decoder.UseNumber()
	require.NoError(t, decoder.Decode(&o.claims))
	return o
}

func thumbprint(t *testing.T, member map[string]string) string {
	t.Helper()
	required := map[string]string{}
	for _, name := range []string{"kty", "crv", "x", "y", "n", "e"} {
		if member[name] != "" {
			required[name] = member[name]
		}
	}
	text, err := json.Marshal(required) // sorted, without spaces (RFC 7638 §3.3)
	require.NoError(t, err)
	h := crypto.SHA256.New()
	h.Write(text)
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}
