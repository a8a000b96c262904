package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	issuer   = "https://op.example/oidc"
	clientID = "5f17a529f64fb009b794a2ff"
	secret   = "0123456789abcdef0123456789abcdef"
	nonce    = "n-0S6_WzA2Mj"
	kid      = "TfLOt3Lbn8_a8pRMuessamqj-o3DBCs1-owHLQ-VMqQ"
)

// claims has the size and shape of the ID token on Authing's page.
func claims() []byte {
	now := time.Now().Unix()
	return fmt.Appendf(nil, `{"email":"test3@123.com","email_verified":false,"sub":"5ff701d846b9203e2f6ac6f3","birthdate":null,`+
		`"family_name":null,"gender":"U","given_name":null,"locale":null,"middle_name":null,"name":null,"nickname":null,`+
		`"picture":"https://files.authing.co/authing-console/default-user-avatar.png","preferred_username":null,"profile":null,`+
		`"updated_at":"2021-03-15T05:54:54.685Z","website":null,"zoneinfo":null,"phone_number":null,"phone_number_verified":false,`+
		`"nonce":%q,"iss":%q,"aud":%q,"exp":%d,"iat":%d}`, nonce, issuer, clientID, now+36000, now)
}

type keyPair struct {
	alg             jose.SignatureAlgorithm
	private, public any
}

var keyPairs = sync.OnceValue(func() []keyPair {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	must(err)
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	edPublic, edKey, err := ed25519.GenerateKey(rand.Reader)
	must(err)
	return []keyPair{
		{jose.RS256, rsaKey, &rsaKey.PublicKey}, {jose.PS256, rsaKey, &rsaKey.PublicKey},
		{jose.ES256, ecKey, &ecKey.PublicKey}, {jose.EdDSA, edKey, edPublic}, {jose.HS256, []byte(secret), nil},
	}
})

func (k keyPair) sign(typ jose.ContentType, payload []byte) string {
	options := (&jose.SignerOptions{}).WithType(typ).WithHeader("kid", kid)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: k.alg, Key: k.private}, options)
	must(err)
	signed, err := signer.Sign(payload)
	must(err)
	raw, err := signed.CompactSerialize()
	must(err)
	return raw
}

// jwks is the server's document.
func (k keyPair) jwks() []byte {
	document, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: k.public, KeyID: kid, Algorithm: string(k.alg), Use: "sig"}}})
	must(err)
	return document
}

// bare is the hash and the signature check alone.
func (k keyPair) bare(raw string) func() error {
	dot := strings.LastIndexByte(raw, '.')
	signed := []byte(raw[:dot])
	sig, err := base64.RawURLEncoding.DecodeString(raw[dot+1:])
	must(err)
	wrong := errors.New("signature")
	ok := func(good bool) error {
		if good {
			return nil
		}
		return wrong
	}
	switch k.alg {
	case jose.RS256:
		return func() error {
			sum := sha256.Sum256(signed)
			return rsa.VerifyPKCS1v15(k.public.(*rsa.PublicKey), crypto.SHA256, sum[:], sig)
		}
	case jose.PS256:
		return func() error {
			sum := sha256.Sum256(signed)
			return rsa.VerifyPSS(k.public.(*rsa.PublicKey), crypto.SHA256, sum[:], sig, nil)
		}
	case jose.ES256:
		r, s := new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])
		return func() error {
			sum := sha256.Sum256(signed)
			return ok(ecdsa.Verify(k.public.(*ecdsa.PublicKey), sum[:], r, s))
		}
	case jose.EdDSA:
		return func() error { return ok(ed25519.Verify(k.public.(ed25519.PublicKey), signed, sig)) }
	}
	mac := hmac.New(sha256.New, []byte(secret))
	var sum [32]byte
	return func() error {
		mac.Reset()
		mac.Write(signed)
		return ok(hmac.Equal(mac.Sum(sum[:0]), sig))
	}
}
