package session

import "time"

// moment is what a mark's record has for one protocol. A message without a server's time ends other sessions than one
// with it: neither replaces the other.
type moment struct {
	protocol string
	issued   time.Time // the latest IssuedAt
	at       time.Time // the latest At of a message with IssuedAt
	bare     time.Time // the latest At of a message without
}

func add(list []moment, m Mark) []moment {
	for i := range list {
		if list[i].protocol == m.Protocol {
			list[i].add(m)
			return list
		}
	}
	t := moment{protocol: m.Protocol}
	t.add(m)
	return append(list, t)
}

func (t *moment) add(m Mark) {
	if m.IssuedAt.IsZero() {
		t.bare = later(t.bare, m.At)
		return
	}
	t.issued, t.at = later(t.issued, m.IssuedAt), later(t.at, m.At)
}

// appendMarks adds the marks for the protocol of m, and those for every protocol.
func appendMarks(marks []Mark, m Mark, list []moment) []Mark {
	protocol := m.Protocol
	for _, t := range list {
		if m.Protocol = t.protocol; m.Protocol != "" && m.Protocol != protocol {
			continue
		}
		if !t.issued.IsZero() {
			m.IssuedAt, m.At = t.issued, t.at
			marks = append(marks, m)
		}
		if !t.bare.IsZero() {
			m.IssuedAt, m.At = time.Time{}, t.bare
			marks = append(marks, m)
		}
	}
	return marks
}

func appendMoments(list []moment) []byte {
	b := []byte{version}
	for _, t := range list {
		b = appendTime(appendTime(appendTime(appendString(b, t.protocol), t.issued), t.at), t.bare)
	}
	return b
}

// readMoments refuses what it cannot read: a mark that is overlooked leaves a session alive. No record is no moments.
func readMoments(record []byte) (list []moment, err error) {
	if len(record) == 0 {
		return nil, nil
	}
	r := reader{rest: string(record)}
	if r.byte() > version {
		return nil, ErrVersion
	}
	for r.rest != "" && !r.bad {
		list = append(list, moment{r.string(), r.time(), r.time(), r.time()})
	}
	return list, r.err()
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
