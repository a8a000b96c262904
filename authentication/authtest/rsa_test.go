package authtest_test

import (
	"crypto/rand"
	"crypto/rsa"
	"sync"
)

// Keys of these tests, which are made once: RSA keys take their time. Every server signs with them.
var (
	signingKey = sync.OnceValue(newRSA)
	samlKey    = sync.OnceValue(newRSA)
)

func newRSA() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}
