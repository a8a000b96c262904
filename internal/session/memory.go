package session

import (
	"errors"
	"sync"
	"time"
)

// Bounds of a Memory.
const (
	// MaxSessions and MaxSessionBytes bound the sessions: over them the one that would end first leaves.
	MaxSessions     = 100_000
	MaxSessionBytes = 256 << 20
	// MaxOwned is how many sessions one user has: over it the oldest leaves.
	MaxOwned = 20
	// MaxMarks bounds the marks, which never leave before their time: over it Commit is ErrFull.
	MaxMarks = 250_000
)

// ErrFull is the error of a Memory that would have to lose a mark.
var ErrFull = errors.New("session: the memory is full (Store)")

// Memory is a Store in the memory of this process. A Keeper gives it sessions whole, so that one leaves whole. What is
// over is removed by later writes: there is no goroutine.
type Memory struct {
	now func() time.Time

	mu       sync.RWMutex
	sessions room
	owned    map[string][]*entry // by user, the oldest first
	named    map[string]int      // third records, and how many sessions share one
	bytes    int
	marks    room

	maxSessions, maxBytes, maxMarks int
}

// NewMemory returns an empty Memory with this clock.
func NewMemory(now func() time.Time) *Memory {
	return &Memory{
		now: now, sessions: newRoom(), owned: map[string][]*entry{}, named: map[string]int{}, marks: newRoom(),
		maxSessions: MaxSessions, maxBytes: MaxSessionBytes, maxMarks: MaxMarks,
	}
}

// begin adds a session. Its second record is written later by update alone.
func (m *Memory) begin(e *entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.clean()
	if e.size() > m.maxBytes {
		return ErrFull
	}
	if same := m.owned[e.owner]; len(same) >= MaxOwned {
		m.end(same[0])
	}
	for len(m.sessions.heap) >= m.maxSessions || m.bytes+e.size() > m.maxBytes {
		m.end(m.sessions.heap[0])
	}
	m.sessions.add(e)
	m.owned[e.owner] = append(m.owned[e.owner], e)
	m.bytes += e.size()
	if e.named != "" {
		m.named[e.named]++
	}
	return nil
}

// update writes a second record; nothing where its session has ended.
func (m *Memory) update(r record) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.clean()
	e := m.sessions.byKey[r.key]
	if e == nil {
		return nil
	}
	m.bytes += len(r.b) - len(e.second.b)
	e.second = r
	m.sessions.move(e)
	for m.bytes > m.maxBytes {
		m.end(m.sessions.heap[0])
	}
	return nil
}

// end removes a session.
func (m *Memory) end(e *entry) {
	m.sessions.remove(e)
	m.bytes -= e.size()
	if m.named[e.named]--; m.named[e.named] <= 0 {
		delete(m.named, e.named)
	}
	if rest := without(m.owned[e.owner], e); len(rest) > 0 {
		m.owned[e.owner] = rest
	} else {
		delete(m.owned, e.owner)
	}
}

// clean removes what is over. Each entry is removed once, so that a write pays for what earlier writes added.
func (m *Memory) clean() {
	now := m.now()
	for e := m.sessions.over(now); e != nil; e = m.sessions.over(now) {
		m.end(e)
	}
	for e := m.marks.over(now); e != nil; e = m.marks.over(now) {
		m.marks.remove(e)
	}
}

// Find returns a record that is not over. It must not be changed.
func (m *Memory) Find(token string) (b []byte, found bool, err error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	now := m.now()
	e := m.sessions.byKey[token]
	if e == nil {
		e = m.marks.byKey[token]
	}
	if e == nil {
		return thirdRecord, m.named[token] > 0, nil
	}
	if !now.Before(e.ends()) {
		return nil, false, nil
	}
	if token == e.second.key {
		return e.second.b, true, nil
	}
	return e.first.b, true, nil
}

// Commit writes a mark.
func (m *Memory) Commit(token string, b []byte, expiry time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.clean()
	if e := m.marks.byKey[token]; e != nil {
		e.first.b, e.first.expiry = b, expiry
		m.marks.move(e)
		return nil
	}
	if len(m.marks.heap) >= m.maxMarks {
		return ErrFull
	}
	m.marks.add(&entry{first: record{token, b, expiry}})
	return nil
}

// Delete removes a mark, or the session with this record.
func (m *Memory) Delete(token string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e := m.sessions.byKey[token]; e != nil {
		m.end(e)
	}
	if e := m.marks.byKey[token]; e != nil {
		m.marks.remove(e)
	}
	return nil
}
