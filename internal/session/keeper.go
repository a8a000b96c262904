package session

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Keeper keeps the records of one application in a Store. It is safe for concurrent use.
type Keeper struct {
	// Store holds the records.
	Store Store
	// Realm separates applications that share a Store: the parts that every key contains.
	Realm []string
	// Idle is how long a session lives without a request.
	Idle time.Duration
	// Absolute is how long a session lives at most, and therefore how long a mark is kept.
	Absolute time.Duration
	// Now is the clock.
	Now func() time.Time

	putting [64]sync.Mutex // by the first character of a mark's key, so that marks do not wait for one another
}

// ErrOver is the error of a session that would end before it begins.
var ErrOver = errors.New("session: the session would have ended before it begins")

// Start writes a new session for an address of the application, and returns it with its handle for the browser. It sets
// Created. End is at most Absolute later, and that when it is zero.
func (k *Keeper) Start(ctx context.Context, base string, head Head, data []byte) (s *Session, handle string, err error) {
	if s, err = k.new(head, data); err != nil {
		return nil, "", err
	}
	handle = newHandle()
	s.Key, s.second = k.keys(base, handle)
	if s.box, err = newBox(handle); err != nil {
		return nil, "", err
	}
	if err := k.begin(ctx, s); err != nil {
		return nil, "", err
	}
	return s, handle, nil
}

func (k *Keeper) new(head Head, data []byte) (*Session, error) {
	now := k.Now()
	head.Created, head.End = now, earlier(head.End, now.Add(k.Absolute))
	if !now.Before(head.End) {
		return nil, ErrOver
	}
	return &Session{Head: head, Seen: now, Data: data}, nil
}

// Load reads a session by its handle; nil without an error when there is none, it is over, or it is not of this
// address. A record that cannot be read is ErrDamaged or ErrVersion.
func (k *Keeper) Load(ctx context.Context, base, handle string) (*Session, error) {
	if len(handle) != keySize {
		return nil, nil
	}
	s := new(Session)
	s.Key, s.second = k.keys(base, handle)
	first, second, err := k.both(ctx, s)
	if err != nil || first == nil || second == nil {
		return nil, err
	}
	if s.box, err = newBox(handle); err != nil {
		return nil, err
	}
	if err := s.open(first, second); err != nil {
		return nil, err
	}
	return k.living(s), nil
}

// Again reads the records again, for what another instance wrote: nil without an error when the session has ended.
func (k *Keeper) Again(ctx context.Context, s *Session) (*Session, error) {
	first, second, err := k.both(ctx, s)
	if err != nil || first == nil || second == nil {
		return nil, err
	}
	again := &Session{Key: s.Key, second: s.second, box: s.box}
	if err := again.open(first, second); err != nil {
		return nil, err
	}
	return k.living(again), nil
}

// Touch writes that a request came now. It reads the second record again first, so that it does not undo a refresh; with
// a Locker no other instance can refresh meanwhile. It does nothing while another instance has the lock: a refresh
// writes the time too.
func (k *Keeper) Touch(ctx context.Context, s *Session) error {
	waiting, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
	defer cancel()
	unlock, _, err := k.Lock(waiting, s.Key, 10*time.Second)
	if err != nil {
		return ctx.Err()
	}
	defer unlock()
	again, err := k.Again(ctx, s)
	if err != nil || again == nil {
		return err
	}
	return k.Save(ctx, again, again.Data)
}

// Save writes the second record: data, that a request came now, and s.End, which can shorten the session and never
// lengthens it. A session that has ended does not come back by it.
func (k *Keeper) Save(ctx context.Context, s *Session, data []byte) error {
	second := k.secondRecord(s, k.Now(), data)
	if memory, ok := k.Store.(*Memory); ok {
		return memory.update(second)
	}
	return commit(ctx, k.Store, second)
}

// End deletes the session with this Key. It is no error when there is none.
func (k *Keeper) End(ctx context.Context, key string) error {
	if key == "" {
		return nil
	}
	// Both are tried. Without its first record a session has ended, whatever becomes of the second.
	first := remove(ctx, k.Store, key)
	return errors.Join(first, remove(ctx, k.Store, k.secondKey(key)))
}

var errNoUnlock = errors.New("session: the Store's Lock returned neither an unlock nor an error")

// Lock locks a session for all instances where the Store is a Locker; otherwise unlock does nothing and locked is
// false.
func (k *Keeper) Lock(ctx context.Context, key string, ttl time.Duration) (unlock func(), locked bool, err error) {
	locker, ok := k.Store.(Locker)
	if !ok {
		return func() {}, false, nil
	}
	unlock, err = locker.Lock(ctx, k.key("lock", key), ttl)
	if err != nil {
		return func() {}, false, err
	}
	if unlock == nil {
		return func() {}, false, errNoUnlock
	}
	return unlock, true, nil
}
