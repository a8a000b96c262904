package saml_test

import (
	"crypto"
	"crypto/x509"
	_ "embed"
	"encoding/pem"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

//go:embed testdata/keys.pem
var keysPEM []byte

type decrypter = crypto.Decrypter

type keyPair struct {
	key         crypto.Signer
	certificate []byte
}

// The keys are fixed, because a fuzzer's workers must agree on them.
var keys = sync.OnceValue(func() map[string]keyPair {
	all := map[string]keyPair{}
	for rest := keysPEM; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return all
		}
		pair := all[block.Headers["Name"]]
		if block.Type == "CERTIFICATE" {
			pair.certificate = block.Bytes
		} else if k, err := x509.ParsePKCS8PrivateKey(block.Bytes); err == nil {
			pair.key, _ = k.(crypto.Signer)
		}
		all[block.Headers["Name"]] = pair
	}
})

func key(t testing.TB, name string) crypto.Signer {
	t.Helper()
	k := keys()[name].key
	require.NotNil(t, k, name)
	return k
}
