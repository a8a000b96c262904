package session

import "time"

// maxStep bounds how old Seen can be: a request that comes later writes it again.
const maxStep = time.Minute

// Ends returns when the session ends if no request comes.
func (k *Keeper) Ends(s *Session) time.Time { return earlier(s.End, s.Seen.Add(k.Idle)) }

// living returns nil when the session is over. The settings of this instance count, and not those of the one that wrote
// the records.
func (k *Keeper) living(s *Session) *Session {
	s.End = earlier(s.End, s.Created.Add(k.Absolute))
	if !k.Now().Before(k.Ends(s)) {
		return nil
	}
	return s
}

// Due reports whether Seen is so old that a request has to write it.
func (k *Keeper) Due(s *Session) bool { return k.Now().Sub(s.Seen) >= min(maxStep, k.Idle/10) }

// earlier returns the earlier time; a zero time is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}
