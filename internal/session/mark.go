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

// markKey leaves the protocol out for a subject alone, so that marks for every protocol cost no further Find.
func (k *Keeper) markKey(m *Mark) string {
	if m.SessionID == "" {
		return k.key("mark", m.Issuer, m.Subject)
	}
	return k.key("mark", m.Protocol, m.Issuer, m.Subject, m.SessionID)
}

// Put writes a mark. An older mark under the same names does not replace a newer one.
func (k *Keeper) Put(ctx context.Context, m Mark) error {
	if m.Subject == "" && m.SessionID == "" {
		return errors.New("session: a mark needs a subject or a session")
	}
	key := k.markKey(&m)
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
	k.putting.Lock()
	return k.putting.Unlock, nil
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
	for i := range names {
		names[i].Protocol, names[i].Issuer = h.Protocol, h.Issuer
	}
	records, err := k.markRecords(ctx, names)
	if err != nil {
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

// markRecords reads at most three records, without a list of keys where the Store reads them one by one.
func (k *Keeper) markRecords(ctx context.Context, names []Mark) (records [3][]byte, err error) {
	many, ok := k.Store.(ManyStore)
	if !ok {
		for i := range names {
			if records[i], err = find(ctx, k.Store, k.markKey(&names[i])); err != nil {
				return records, err
			}
		}
		return records, nil
	}
	keys := make([]string, len(names))
	for i := range names {
		keys[i] = k.markKey(&names[i])
	}
	found, err := findMany(ctx, many, keys)
	copy(records[:], found)
	return records, err
}
