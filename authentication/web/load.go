package web

import (
	"errors"

	"github.com/seed6e7d3bb2/authing-go/internal/session"
)

// load returns the browser's session, nil when it has none. A session that a mark has ended is deleted.
func (v *visit) load() (*session.Session, error) {
	s := v.site
	now, err := s.keeps.load(v)
	switch {
	case err != nil:
		s.report(v.r, Event{Kind: EventStore, Err: err})
		return nil, err
	case now == nil:
		return nil, nil
	}
	gone, again, err := v.gone(now)
	switch {
	case err != nil:
		s.report(v.r, s.about(now, Event{Kind: EventStore, Err: err}))
		return nil, err
	case !gone:
		return now, nil
	}
	s.report(v.r, s.about(now, Event{Kind: EventEnded}))
	if err := s.keeps.end(v.r.Context(), now.Key); err != nil {
		s.report(v.r, s.about(now, Event{Kind: EventStore, Err: err}))
	}
	if !again {
		v.ended = true
		v.forgetMarker()
	}
	if mannerOf(v.r) == whole {
		s.keeps.forget(v)
	}
	return nil, nil
}

// gone reports whether a session that the store still has is over: by a mark, or because its flow
// does not exist any more, whose server could not end it. again says that the next login would end in the same way: the
// mark was there before this one, as where a server uses the name of a session twice, or an instance whose clock is ahead
// wrote it.
func (v *visit) gone(now *session.Session) (gone, again bool, err error) {
	flow, err := v.site.flow(v.r, now.Flow)
	switch {
	case errors.Is(err, ErrNoFlow):
		return true, false, nil
	case err != nil:
		return false, false, err
	}
	mark, err := v.site.ended(v.r.Context(), flow, &now.Head)
	if mark == nil || err != nil {
		return false, false, err
	}
	return true, mark.At.Before(now.Created) || mark.At.After(v.site.config.Now()), nil
}

// about adds to an event whose session it is.
func (s *Site) about(now *session.Session, e Event) Event {
	e.Flow, e.Issuer, e.Subject, e.Session = now.Flow, now.Issuer, now.Subject, sessionTag(now.Key)
	return e
}

// touch writes that a request came, unless a refresh writes the session now, and with it the time.
func (v *visit) touch(now *session.Session) {
	s := v.site
	if !s.keeps.due(now) || !s.writing.try(now.Key) {
		return
	}
	defer s.writing.give(now.Key)
	if err := s.keeps.touch(v, now); err != nil {
		s.report(v.r, s.about(now, Event{Kind: EventStore, Err: err}))
	}
}
