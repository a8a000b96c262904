package session

import "time"

// Begin makes a session that is kept outside of the Store, in one piece. Its Key is random, and no key of a record.
func (k *Keeper) Begin(head Head, data []byte) (*Session, error) {
	s, err := k.new(head, data)
	if err != nil {
		return nil, err
	}
	s.Key = newHandle()
	return s, nil
}

// Whole returns the session in one piece, which is a secret, without Seen.
func (s *Session) Whole() []byte {
	b := appendString([]byte{version}, s.Key)
	b = appendString(b, string(s.append(nil)))
	return append(b, s.Data...)
}

// Read reads what Whole returned. It is ErrDamaged or ErrVersion for anything else.
func Read(whole []byte) (*Session, error) {
	r := reader{rest: string(whole)}
	switch v := r.byte(); {
	case v > version:
		return nil, ErrVersion
	case v < version:
		return nil, ErrDamaged
	}
	s := &Session{Key: r.string()}
	head := r.string()
	if r.bad || s.Key == "" {
		return nil, ErrDamaged
	}
	if err := s.read(head); err != nil {
		return nil, err
	}
	s.Data = []byte(r.rest)
	return s, nil
}

// Living returns the session with this Seen; nil when it is over.
func (k *Keeper) Living(s *Session, seen time.Time) *Session {
	s.Seen = seen
	return k.living(s)
}
