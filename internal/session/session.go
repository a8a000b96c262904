package session

import (
	"crypto/cipher"
	"time"
)

// Session is a session as it was read. It is not changed after that.
type Session struct {
	// Head is the first record; End is the earliest of both records' and Keeper.Absolute.
	Head
	// Key is the key of the first record in the store; it is no secret. The handle in the browser is.
	Key string
	// Seen is when the last request came, to a part of Idle.
	Seen time.Time
	// Data belongs to the application.
	Data []byte

	second string
	box    cipher.AEAD
}

// appendSecond writes the second record: when the last request came, when the session ends, which a refresh can bring
// forward, and the application's data.
func appendSecond(b []byte, seen, end time.Time, data []byte) []byte {
	return append(appendTime(appendTime(b, seen), end), data...)
}

func readSecond(record []byte) (seen, end time.Time, data []byte, err error) {
	r := reader{rest: string(record[:min(len(record), 2*maxTime)])}
	before := len(r.rest)
	seen, end = r.time(), r.time()
	if r.bad {
		return seen, end, nil, ErrDamaged
	}
	return seen, end, record[before-len(r.rest):], nil
}

// open reads both records of the session with this Key. Every guarded request does: they share a buffer.
func (s *Session) open(first, second []byte) error {
	buffer := make([]byte, 0, 2*placeSize+len(first)+len(second))
	plain, err := open(buffer, s.box, s.Key, first)
	if err != nil {
		return err
	}
	if err := s.read(string(plain)); err != nil {
		return err
	}
	if plain, err = open(plain[len(plain):], s.box, s.second, second); err != nil {
		return err
	}
	seen, end, data, err := readSecond(plain)
	if err != nil {
		return err
	}
	s.Seen, s.Data, s.End = seen, data, earlier(end, s.End)
	return nil
}
