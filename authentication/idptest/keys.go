package idptest

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"sync"
)

// Key is a private key and its public name.
type Key struct {
	// ID is the name of the key, such as the kid of a JWK.
	ID string
	// Private signs.
	Private crypto.Signer
}

// KeyRing holds the last two signing keys of one kind, so that what was signed with the one before still verifies. The
// zero value makes RSA keys of 2048 bits. Fields are set before the first use; it is safe for concurrent use.
type KeyRing struct {
	// First is the first key; nil means one that is made when it is first needed. It spares tests the time that
	// making one takes.
	First crypto.Signer
	// New makes a key; nil means RSA of 2048 bits.
	New func() (crypto.Signer, error)

	mu       sync.Mutex
	keys     []Key
	stranger crypto.Signer
}

// Keys are those that verify, the current one last. The first is made when it is first needed: an RSA key takes some
// fifty milliseconds, and many servers never sign.
func (k *KeyRing) Keys() ([]Key, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.fill(); err != nil {
		return nil, err
	}
	return append([]Key(nil), k.keys...), nil
}

// Current is the key that signs.
func (k *KeyRing) Current() (Key, error) {
	keys, err := k.Keys()
	if err != nil {
		return Key{}, err
	}
	return keys[len(keys)-1], nil
}

// Used says whether there is a key yet.
func (k *KeyRing) Used() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.keys) > 0
}

// Rotate makes a new current key. The one before stays, older ones leave.
func (k *KeyRing) Rotate() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.fill(); err != nil {
		return err
	}
	made, err := k.make()
	if err != nil {
		return err
	}
	ring := append(k.keys, Key{Opaque(), made})
	k.keys = ring[max(0, len(ring)-2):]
	return nil
}

// Stranger is a key that the ring does not show, under the name of the current one.
func (k *KeyRing) Stranger() (Key, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.fill(); err != nil {
		return Key{}, err
	}
	if k.stranger == nil {
		var err error
		if k.stranger, err = k.make(); err != nil {
			return Key{}, err
		}
	}
	return Key{k.keys[len(k.keys)-1].ID, k.stranger}, nil
}

// fill is called under mu.
func (k *KeyRing) fill() error {
	if len(k.keys) > 0 {
		return nil
	}
	first := k.First
	if first == nil {
		var err error
		if first, err = k.make(); err != nil {
			return err
		}
	}
	k.keys = []Key{{Opaque(), first}}
	return nil
}

func (k *KeyRing) make() (crypto.Signer, error) {
	if k.New != nil {
		return k.New()
	}
	return rsa.GenerateKey(rand.Reader, 2048)
}
