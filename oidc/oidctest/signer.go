package oidctest

import (
	"crypto/rsa"
	"encoding/json"

	"github.com/go-jose/go-jose/v4"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// usualAlg signs the access tokens, and ID tokens when nothing else is said.
const usualAlg = "RS256"

// signer makes and verifies the JWTs of a server.
type signer struct {
	realm      *idptest.Realm // whose faults strike
	ownAlg     string         // that of access tokens, and of what has no other
	idTokenAlg string
	algs       []string
	rings      map[string]*idptest.KeyRing // by algs
}

func newSigner(realm *idptest.Realm, ownAlg, idTokenAlg string, first *rsa.PrivateKey) *signer {
	s := &signer{realm: realm, ownAlg: ownAlg, idTokenAlg: idTokenAlg, algs: []string{ownAlg}, rings: make(map[string]*idptest.KeyRing)}
	if !symmetric(idTokenAlg) && idTokenAlg != ownAlg {
		s.algs = append(s.algs, idTokenAlg)
	}
	for _, alg := range s.algs {
		s.rings[alg] = newKeyRing(alg, first)
	}
	return s
}

// add makes keys for one more algorithm of ID tokens.
func (s *signer) add(alg string, first *rsa.PrivateKey) {
	if alg != "" && !symmetric(alg) && s.rings[alg] == nil {
		s.algs = append(s.algs, alg)
		s.rings[alg] = newKeyRing(alg, first)
	}
}

func (s *signer) rotate() error {
	for _, ring := range s.rings {
		if err := ring.Rotate(); err != nil {
			return err
		}
	}
	return nil
}

// public is the JWK Set (RFC 7517 §5).
func (s *signer) public() (jose.JSONWebKeySet, error) {
	set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{}}
	for _, alg := range s.algs {
		ring, err := s.rings[alg].Keys()
		if err != nil {
			return set, err
		}
		if s.realm.Broken(StaleJWKS) {
			ring = ring[:len(ring)-1]
		}
		for _, key := range ring {
			id := key.ID
			if s.realm.Broken(NamelessKeys) {
				id = ""
			}
			set.Keys = append(set.Keys, jose.JSONWebKey{Key: key.Private.Public(), KeyID: id, Algorithm: alg, Use: "sig"})
		}
	}
	return set, nil
}

// sign makes a compact JWS (RFC 7515 §3.1) for an application, under its secret for an HMAC.
func (s *signer) sign(c *client, typ, alg string, claims map[string]any) (string, error) {
	if c.Broken(WrongAlgorithm) {
		alg = otherAlg(alg)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	var raw string
	switch {
	case c.Broken(AlgNone):
		raw = encode([]byte(`{"alg":"none","typ":"`+typ+`"}`)) + "." + encode(payload) + "."
	case symmetric(alg):
		raw = signHMAC(c, typ, alg, payload)
	default:
		raw, err = s.signKey(c, typ, alg, payload)
	}
	if err == nil && c.Broken(BadSignature) {
		raw = spoil(raw)
	}
	return raw, err
}

// signHMAC does without go-jose, which refuses a secret shorter than the hash: some servers key HS512 with the same 32
// characters as HS256.
func signHMAC(c *client, typ, alg string, payload []byte) string {
	secret := c.secret
	if c.Broken(SwappedKey) {
		secret = "another-" + secret
	}
	input := encode([]byte(`{"alg":"`+alg+`","typ":"`+typ+`"}`)) + "." + encode(payload)
	return input + "." + encode(hmacSum(alg, secret, input))
}

func (s *signer) signKey(c *client, typ, alg string, payload []byte) (string, error) {
	ring := s.ring(alg)
	key, err := ring.Current()
	if c.Broken(SwappedKey) {
		key, err = ring.Stranger()
	}
	if err != nil {
		return "", err
	}
	if c.Broken(MissingKeyID) {
		key.ID = ""
	}
	signer, err := jose.NewSigner(jose.SigningKey{
		Algorithm: jose.SignatureAlgorithm(alg),
		Key:       jose.JSONWebKey{Key: key.Private, KeyID: key.ID, Algorithm: alg},
	}, (&jose.SignerOptions{}).WithType(jose.ContentType(typ)))
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}

// ring has the keys that sign by alg; another algorithm of RSA than the one of the access tokens uses their key.
func (s *signer) ring(alg string) *idptest.KeyRing {
	if ring := s.rings[alg]; ring != nil {
		return ring
	}
	return s.rings[s.ownAlg]
}

// otherAlg is an algorithm that was not agreed on, and for which the JWKS has a key.
func otherAlg(alg string) string {
	if alg == usualAlg {
		return "PS256"
	}
	return usualAlg
}
