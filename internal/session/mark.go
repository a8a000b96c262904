package session

import (
	"context"
	"errors"
	"time"
)

// Mark says that sessions ended at the server. It is found by the same names in the session's Head.
type Mark struct {
	// Protocol is empty for every protocol; then there is no SessionID.
	Protocol string
	// Issuer is the user's server.
	Issuer string
	// Subject or SessionID may be empty, not both.
	Subject, SessionID string
	// IssuedAt is when the server said so, by its clock; zero when it did not say.
	IssuedAt time.Time
	// At is when the message came, by this clock.
	At time.Time
}

// late is how long after a mark a session can begin that the mark ends: the server had already answered its login.
// A mark is kept longer by it.
const late = 24 * time.Hour

// appendMarkKey leaves the protocol out for a subject alone, so that marks for every protocol cost no further Find.
func (k *Keeper) appendMarkKey(b []byte, m *Mark) []byte {
	if m.SessionID == "" {
		return appendKey(b, k.Realm, "mark", m.Issuer, m.Subject)
	}
	return appendKey(b, k.Realm, "mark", m.Protocol, m.Issuer, m.Subject, m.SessionID)
}

// Put writes a mark. An older mark under the same names does not replace a newer one.
func (k *Keeper) Put(ctx context.Context, m Mark) error {
	if m.Subject == "" && m.SessionID == "" {
		return errors.New("session: a mark needs a subject or a session")
	}
	key := string(k.appendMarkKey(nil, &m))
	unlock, err := k.lockMark(ctx, key)
	if err != nil {
		return err
	}
	defer unlock()
	old, err := find(ctx, k.Store, key)
	if err != nil {
		return err
	}
	list, err := readMoments(old)
	if err != nil {
		return err
	}
	return commit(ctx, k.Store, record{key, appendMoments(add(list, m)), k.Now().Add(k.Absolute + late)})
}

// lockMark keeps two messages at once from losing the later one: in this process, and with a Locker in all.
func (k *Keeper) lockMark(ctx context.Context, key string) (unlock func(), err error) {
	unlock, locked, err := k.Lock(ctx, key, 10*time.Second)
	if err != nil || locked {
		return unlock, err
	}
	mine := &k.putting[int(key[0])%len(k.putting)]
	mine.Lock()
	return mine.Unlock, nil
}

// Marks returns the marks under a session's names: by subject, by session, and by both. They need at most three Finds,
// and one without a SessionID. There may be several under the same names: those with IssuedAt, and those without.
func (k *Keeper) Marks(ctx context.Context, h *Head) ([]Mark, error) {
	names := make([]Mark, 0, 3)
	if h.Subject != "" {
		names = append(names, Mark{Subject: h.Subject})
	}
	if h.SessionID != "" {
		names = append(names, Mark{SessionID: h.SessionID})
	}
	if len(names) == 2 {
		names = append(names, Mark{Subject: h.Subject, SessionID: h.SessionID})
	}
	text := make([]byte, 0, 3*keySize)
	for i := range names {
		names[i].Protocol, names[i].Issuer = h.Protocol, h.Issuer
		text = k.appendMarkKey(text, &names[i])
	}
	var records [3][]byte
	if err := k.findAll(ctx, records[:len(names)], string(text)); err != nil {
		return nil, err
	}
	var marks []Mark
	for i := range names {
		list, err := readMoments(records[i])
		if err != nil {
			return nil, err
		}
		marks = appendMarks(marks, names[i], list)
	}
	return marks, nil
}

// findAll reads the records of keys that stand one behind the other, at once where the Store can.
func (k *Keeper) findAll(ctx context.Context, records [][]byte, keys string) (err error) {
	if many, ok := k.Store.(ManyStore); ok {
		list := make([]string, len(records))
		for i := range list {
			list[i] = keys[i*keySize:][:keySize]
		}
		found, err := findMany(ctx, many, list)
		copy(records, found)
		return err
	}
	for i := range records {
		if records[i], err = find(ctx, k.Store, keys[i*keySize:][:keySize]); err != nil {
			return err
		}
	}
	return nil
}
