package cas

import (
	"context"
	"errors"
	"maps"
	"sync"
	"time"
)

// maxPGTs bounds the store in memory, to about 10 MiB. Anyone who reaches the callback can fill it for two
// minutes, which keeps logins from proxying and no more.
const maxPGTs = 10_000

// pgtMemory is the PGTStore of a service of one instance.
type pgtMemory struct {
	now func() time.Time

	mu   sync.Mutex
	kept map[string]keptPGT
	next time.Time // nothing expires before
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
	if old, ok := m.kept[iou]; ok && old.pgt != pgt {
		return errors.New("cas: the IOU stands for another ticket already")
	}
	if len(m.kept) >= maxPGTs {
		return errors.New("cas: the store of proxy-granting tickets is full")
	}
	if m.kept == nil {
		m.kept = make(map[string]keptPGT)
	}
	if len(m.kept) == 0 || until.Before(m.next) {
		m.next = until
	}
	m.kept[iou] = keptPGT{pgt, until}
	return nil
}

// expire drops what is over. It looks at all tickets only when one of them is.
func (m *pgtMemory) expire() {
	now := m.now()
	if len(m.kept) == 0 || now.Before(m.next) {
		return
	}
	maps.DeleteFunc(m.kept, func(_ string, k keptPGT) bool { return !now.Before(k.until) })
	m.next = time.Time{}
	for _, k := range m.kept {
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
	if !ok || !m.now().Before(k.until) {
		return "", false, nil
	}
	return k.pgt, true, nil
}
