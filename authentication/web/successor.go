package web

import (
	"sync"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/internal/flight"
)

const (
	mostSuccessors = 1000
	successorAge   = 10 * time.Minute
	failureAge     = 30 * time.Second
)

// successors remembers by which tokens this process has replaced others: the store can fail, be late, or get the old ones
// again from another instance that writes when the last request came. It remembers a permanent refusal for a while, so
// that each request of a session that lives without tokens does not ask the server.
type successors struct {
	now func() time.Time

	mu    sync.Mutex
	known map[flight.Key]*successor
	queue []*successor // the oldest first; one that is not in known was replaced
}

type successor struct {
	key flight.Key
	at  time.Time
	id  *authentication.Identity // nobody changes it
	err error
}

// spentKey names the tokens of a session. A server need not replace the refresh token, so the access token counts too.
func spentKey(session string, id *authentication.Identity) flight.Key {
	if id.Token == nil {
		return flight.NewKey(session)
	}
	return flight.NewKey(session, id.Token.RefreshToken, id.Token.AccessToken)
}

// of returns the newest tokens after those of id, or why there are none; nil without an error when none are known.
func (s *successors) of(session string, id *authentication.Identity) (*authentication.Identity, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.leave()
	var newest *authentication.Identity
	for range mostSuccessors { // a chain has no more; a server that gives the same tokens again makes a circle
		next := s.known[spentKey(session, id)]
		if next == nil || next.err != nil && s.now().Sub(next.at) > failureAge {
			break
		}
		if next.err != nil {
			return nil, next.err
		}
		if newest, id = next.id, next.id; spentKey(session, id) == next.key {
			break
		}
	}
	return newest, nil
}

func (s *successors) put(session string, spent, next *authentication.Identity) {
	s.add(&successor{key: spentKey(session, spent), id: next})
}

func (s *successors) fail(session string, spent *authentication.Identity, err error) {
	s.add(&successor{key: spentKey(session, spent), err: err})
}

func (s *successors) add(next *successor) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.leave()
	if len(s.queue) == mostSuccessors {
		s.pop()
	}
	if s.known == nil {
		s.known = map[flight.Key]*successor{}
	}
	next.at = s.now()
	s.known[next.key] = next
	s.queue = append(s.queue, next)
}

// leave removes what is old, also when the clock was set back.
func (s *successors) leave() {
	now := s.now()
	for len(s.queue) > 0 {
		if age := now.Sub(s.queue[0].at); 0 <= age && age <= successorAge {
			return
		}
		s.pop()
	}
}

func (s *successors) pop() {
	first := s.queue[0]
	s.queue[0] = nil // the array lives on
	s.queue = s.queue[1:]
	if s.known[first.key] == first {
		delete(s.known, first.key)
	}
}
