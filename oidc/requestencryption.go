package oidc

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/internal/jose"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// EncryptionKeySet is a KeySet that also has the keys to which request objects are encrypted. It is optional:
// RequestObjectEncryptionAlg needs it, unless it is dir.
type EncryptionKeySet interface {
	KeySet
	// EncryptionKeys returns the server's keys for encryption by alg, the preferred one first. An empty result is no error: an
	// error means that the keys cannot be fetched now. The caller checks whether a key fits alg.
	EncryptionKeys(ctx context.Context, alg string) ([]Key, error)
}

// initRequestEncryption pins how request objects are encrypted (OpenID Connect Registration §2).
func (client *Client) initRequestEncryption() error {
	c := client.cfg
	alg, enc := c.RequestObjectEncryptionAlg, c.RequestObjectEncryptionEnc
	switch {
	case alg == "" && enc != "":
		return errors.New("oidc: RequestObjectEncryptionEnc needs RequestObjectEncryptionAlg")
	case alg == "":
		return nil
	case c.RequestObject == nil:
		return errors.New("oidc: RequestObjectEncryptionAlg needs RequestObject: what is encrypted is signed before (RFC 9101 §4)")
	case c.RequestObject.Encrypt != nil:
		return errors.New("oidc: RequestObjectEncryptionAlg and RequestObject.Encrypt are both set: remove one of them")
	}
	enc = cmp.Or(enc, defaultEnc)
	if err := jose.CheckEncryption(alg, enc); err != nil {
		return fmt.Errorf("oidc: RequestObjectEncryptionAlg %.32q with RequestObjectEncryptionEnc %.32q: %s", alg, enc, detail(err))
	}
	if alg == "dir" {
		if _, err := jose.SharedKey(enc, c.ClientSecret); err != nil {
			return fmt.Errorf("oidc: RequestObjectEncryptionAlg dir: ClientSecret: %s", detail(err))
		}
	} else if _, ok := c.Keys.(EncryptionKeySet); c.Keys != nil && !ok {
		return errors.New("oidc: RequestObjectEncryptionAlg needs Keys that are an EncryptionKeySet, or none")
	}
	object := *c.RequestObject
	object.Encrypt = client.encryptRequest
	c.RequestObject, c.RequestObjectEncryptionEnc = &object, enc
	return nil
}

// encryptRequest is the Encrypt of the client's request objects.
func (c *Client) encryptRequest(ctx context.Context, signed string) (string, error) {
	alg, enc := c.cfg.RequestObjectEncryptionAlg, c.cfg.RequestObjectEncryptionEnc
	key, err := c.requestKey(ctx, alg, enc)
	if err != nil {
		return "", err
	}
	return jose.Encrypt(alg, enc, key, signed)
}

// requestKey returns the key to which a request object is encrypted (OpenID Connect Core §10.2).
func (c *Client) requestKey(ctx context.Context, alg, enc string) (jose.Key, error) {
	if alg == "dir" {
		shared, err := jose.SharedKey(enc, c.cfg.ClientSecret)
		return jose.Key{Public: shared}, err
	}
	keys := c.cfg.Keys
	if keys == nil {
		s, err := c.resolve(ctx)
		if err != nil {
			return jose.Key{}, err
		}
		if keys = s.keys; keys == nil {
			_, err := need("jwks_uri", "")
			return jose.Key{}, err
		}
	}
	found, err := keys.(EncryptionKeySet).EncryptionKeys(ctx, alg) // initRequestEncryption knows
	if err != nil {
		return jose.Key{}, err
	}
	for _, k := range found {
		if fitsEncryption(k, alg) {
			return jose.Key{ID: k.ID, Alg: k.Alg, Public: k.Public}, nil
		}
	}
	return jose.Key{}, refuseDiscovery(oauth.DiscoveryAlgorithm, "the server has no key for RequestObjectEncryptionAlg "+alg+notForEncryption(keys), nil)
}

func fitsEncryption(k Key, alg string) bool {
	return (k.Alg == "" || k.Alg == alg) && jose.FitsEncryption(alg, k.Public)
}

const maxNamedKeys = 4

// notForEncryption says which keys the server publishes for encryption, and why others cannot be used.
func notForEncryption(keys KeySet) string {
	remote, _ := keys.(*remoteKeys)
	if remote == nil || remote.snapshot.Load() == nil {
		return ""
	}
	s, text := remote.snapshot.Load(), "; it publishes none for encryption"
	for i, k := range s.encryption {
		if i == 0 {
			text = "; it publishes"
		}
		if i == maxNamedKeys {
			text += fmt.Sprintf(" and %d more", len(s.encryption)-i)
			break
		}
		text += fmt.Sprintf(" kid %.32q for %.32q", k.ID, cmp.Or(k.Alg, "any alg of its type"))
	}
	if s.skipped != "" {
		text += "; not usable is " + s.skipped
	}
	return text
}
