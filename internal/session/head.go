package session

import "time"

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
	// Named says by which names the third record finds the session.
	Named Naming
}

func (h *Head) append(b []byte) []byte {
	for _, s := range []string{h.Flow, h.Protocol, h.Issuer, h.Subject, h.SessionID, h.Login, h.Return} {
		b = appendString(b, s)
	}
	for _, t := range []time.Time{h.IssuedAt, h.Created, h.End} {
		b = appendTime(b, t)
	}
	return append(b, byte(h.Named))
}

func (h *Head) read(record string) error {
	r := reader{rest: record}
	for _, s := range []*string{&h.Flow, &h.Protocol, &h.Issuer, &h.Subject, &h.SessionID, &h.Login, &h.Return} {
		*s = r.string()
	}
	for _, t := range []*time.Time{&h.IssuedAt, &h.Created, &h.End} {
		*t = r.time()
	}
	h.Named = Naming(r.byte())
	return r.err()
}
