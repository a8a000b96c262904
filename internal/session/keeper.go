package session

import (
	"context"
	"errors"
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
}

// Head is the first record of a session. It is written at the login and never rewritten: the session lives while it
// exists.
type Head struct {
	// Flow is the name of the flow that logged the user in.
	Flow string
	// Protocol, Issuer, Subject, SessionID and IssuedAt are those of the Identity.
	Protocol, Issuer, Subject, SessionID string
	IssuedAt                             time.Time
	// Created is when the session began, by this clock.
	Created time.Time
	// End is when it ends in any case.
	End time.Time
	// Login is a hash of the key of the login that began it, and Return the address that it went to.
	Login, Return string
	// Named says that the third record exists: the session can be found by its SessionID.
	Named bool
}

// Session is a session as it was read. It is not changed after that.
type Session struct {
	Head
	// Key is the key of the first record in the store; it is no secret. The handle in the browser is.
	Key string
	// Seen is when the last request came, to a part of Idle.
	Seen time.Time
	// Data is the second record's content, which belongs to the application: nil when the record is lost.
	Data []byte
}

// Mark says that sessions ended at the server. It is found by the same names in the session's Head.
type Mark struct {
	Protocol, Issuer string
	// Subject or SessionID may be empty, not both.
	Subject, SessionID string
	// IssuedAt is when the server said so, by its clock; zero when it did not say.
	IssuedAt time.Time
	// At is when the message came, by this clock.
	At time.Time
}

// ErrVersion is the error of a record that a later version of this library wrote: it reads as logged out.
var ErrVersion = errors.New("session: the record was written by a later version")

// Start writes a new session for an address of the application, and returns it with its handle for the browser.
func (k *Keeper) Start(ctx context.Context, base string, head Head, data []byte) (s *Session, handle string, err error) {
	return nil, "", errors.ErrUnsupported
}

// Load reads a session by its handle; nil without an error when there is none, it is over, or it is not of this
// address.
func (k *Keeper) Load(ctx context.Context, base, handle string) (*Session, error) {
	return nil, errors.ErrUnsupported
}

// Save writes the second record: data, and that a request came now.
func (k *Keeper) Save(ctx context.Context, s *Session, data []byte) error {
	return errors.ErrUnsupported
}

// Again reads the second record again, for what another instance wrote: nil without an error when the session has ended.
func (k *Keeper) Again(ctx context.Context, s *Session) (*Session, error) {
	return nil, errors.ErrUnsupported
}

// End deletes the session with this Key and its other records. It is no error when there is none.
func (k *Keeper) End(ctx context.Context, key string) error {
	return errors.ErrUnsupported
}

// Key returns the Session.Key of a handle.
func (k *Keeper) Key(base, handle string) string { return "" }

// Put writes a mark. An older mark under the same names does not replace a newer one.
func (k *Keeper) Put(ctx context.Context, m Mark) error {
	return errors.ErrUnsupported
}

// Marks returns the marks under a session's names, at most three: by subject, by session, and by both.
func (k *Keeper) Marks(ctx context.Context, h *Head) ([]Mark, error) {
	return nil, errors.ErrUnsupported
}

// Exists reports whether a session with this name was started with Named.
func (k *Keeper) Exists(ctx context.Context, protocol, issuer, sessionID string) (bool, error) {
	return false, errors.ErrUnsupported
}

// Lock locks a session for all instances where the Store is a Locker; otherwise unlock does nothing and locked is
// false.
func (k *Keeper) Lock(ctx context.Context, key string, ttl time.Duration) (unlock func(), locked bool, err error) {
	return func() {}, false, nil
}
