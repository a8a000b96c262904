package cas

import (
	"context"
	"errors"
	"maps"
	"sync"
	"time"
)

// The limits of the store in memory: its tickets, and the bytes of the tickets and their IOUs. Anyone who reaches the
// callback can fill it for two minutes; then logins succeed without a proxy-granting ticket.
const (
	maxPGTs     = 10_000
	maxPGTBytes = 10 << 20
)

// pgtMemory is the PGTStore of a service that runs as one instance.
type pgtMemory struct {
	now func() time.Time

	mu   sync.Mutex
	kept map[string]keptPGT
	size int       // the bytes of kept
	next time.Time // the earliest time at which a ticket expires
}

type keptPGT struct {
	pgt   string
	until time.Time
}

// Put implements PGTStore.
func (m *pgtMemory) Put(_ context.Context, iou, pgt string, until time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.expire()
	old, again := m.kept[iou]
	if again && old.pgt != pgt {
		return errors.New("cas: the IOU already has another ticket")
	}
	size := len(iou) + len(pgt)
	if again {
		size = 0
	}
	if len(m.kept) >= maxPGTs || m.size+size > maxPGTBytes {
		return errors.New("cas: the store of proxy-granting tickets in memory is full (PGTs)")
	}
	if m.kept == nil {
		m.kept = make(map[string]keptPGT)
	}
	if len(m.kept) == 0 || until.Before(m.next) {
		m.next = until
	}
	m.kept[iou] = keptPGT{pgt, until}
	m.size += size
	return nil
}

// expire removes expired tickets. It searches all tickets only when at least one has expired.
func (m *pgtMemory) expire() {
	now := m.now()
	if len(m.kept) == 0 || now.Before(m.next) {
		return
	}
	maps.DeleteFunc(m.kept, func(_ string, k keptPGT) bool { return !now.Before(k.until) })
	m.next, m.size = time.Time{}, 0
	for iou, k := range m.kept {
		m.size += len(iou) + len(k.pgt)
		if m.next.IsZero() || k.until.Before(m.next) {
			m.next = k.until
		}
	}
}

// Take implements PGTStore.
func (m *pgtMemory) Take(_ context.Context, iou string) (string, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, ok := m.kept[iou]
	delete(m.kept, iou)
	if ok {
		m.size -= len(iou) + len(k.pgt)
	}
	if !ok || !m.now().Before(k.until) {
		return "", false, nil
	}
	return k.pgt, true, nil
}
