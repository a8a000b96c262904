package metadata

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/flight"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

const (
	deadline = 10 * time.Second // of one fetch, when nothing else is said
	coolDown = 10 * time.Second // between two fetches of the same reason
	patience = time.Second      // how long a caller waits when old metadata may be used
)

// current returns metadata that may be used (SAML Metadata §2.3.1). When a fetch fails, or takes longer than people
// should wait, the old metadata is used. A server that failed is not asked again in the cool-down.
func (s *Source) current(ctx context.Context) (*snapshot, error) {
	old, now := s.snapshot.Load(), s.now()
	if old != nil && old.freshAt(now) {
		return old, nil
	}
	usable := old != nil && old.usableAt(now)
	if failure, justNow := s.failedAt(now); justNow && (usable || failure != nil) {
		if usable {
			return old, nil
		}
		return nil, failure
	}
	if !usable {
		return s.start(ctx, old).Wait(ctx)
	}
	short, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	snap, err := s.start(ctx, old).Wait(short)
	if err == nil || errors.Is(err, CheckUnknown) {
		return snap, err
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	s.mu.Lock()
	s.failed = now
	s.mu.Unlock()
	return old, nil
}

func (s *Source) failedAt(now time.Time) (failure error, justNow bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failure, within(now, s.failed)
}

// within tells whether then is in the cool-down before now. A clock that was set back ends it.
func within(now, then time.Time) bool {
	since := now.Sub(then)
	return !then.IsZero() && since >= 0 && since < coolDown
}

// miss fetches once for something that seen does not have, unless that was done in the cool-down. The fetch that
// filled the empty cache does not count: a server may change its keys right after it. While the metadata cannot be
// fetched, the server may have it, so that is an error.
func (s *Source) miss(ctx context.Context, seen *snapshot) (*snapshot, error) {
	s.mu.Lock()
	if snap, changed, err := s.replaced(seen); changed {
		s.mu.Unlock()
		return snap, err
	}
	now, failure := s.now(), s.failure
	run := s.flight.Running() // the fetch of this cool-down may still be on its way
	if !within(now, s.missed) && !within(now, s.failed) {
		s.missed = now
		run = s.start(ctx, seen)
	}
	s.mu.Unlock()
	if run == nil {
		return seen, failure
	}
	return run.Wait(ctx)
}

// replaced tells whether another call replaced the snapshot after seen was read: by a newer one, or by none when the
// server does not know the entity any more. It is called with mu.
func (s *Source) replaced(seen *snapshot) (now *snapshot, changed bool, err error) {
	if now = s.snapshot.Load(); now == nil && seen != nil {
		err = s.failure
	}
	return now, now != seen, err
}

// start replaces the snapshot, unless another call did so after seen was read.
func (s *Source) start(ctx context.Context, seen *snapshot) *flight.Run[*snapshot] {
	return s.flight.Start(ctx, s.timeout, func(ctx context.Context) (*snapshot, error) {
		s.mu.Lock()
		now, changed, err := s.replaced(seen)
		s.mu.Unlock()
		if changed {
			return now, err
		}
		snap, err := s.fetch(ctx, seen)
		s.mu.Lock()
		defer s.mu.Unlock()
		if err == nil || errors.Is(err, CheckUnknown) { // what is unknown now must not be used from before
			s.snapshot.Store(snap)
		}
		if s.failure = err; err != nil {
			s.failed = s.now()
		}
		return snap, err
	})
}

// fetch asks the server, and only for what is newer when it said how to (RFC 9110 §13.1).
func (s *Source) fetch(ctx context.Context, old *snapshot) (*snapshot, error) {
	r := &httpcore.Request{URL: s.url, Accept: "application/samlmetadata+xml, application/xml, text/xml, */*;q=0.1", Retry: true}
	if old != nil {
		r.Header = old.conditions()
	}
	var d *document
	r.Read = func(body io.Reader) (err error) {
		d, err = s.reader.read(body)
		return err
	}
	reply, err := s.http.Do(ctx, r)
	var bad *Error
	switch {
	case errors.As(err, &bad):
		return nil, bad
	case err != nil:
		return nil, s.reader.because(CheckFetch, s.reader.EntityID, "", err)
	}
	now := s.now()
	switch reply.StatusCode {
	case http.StatusOK:
		return s.take(d, reply.Header, now)
	case http.StatusNotFound:
		if s.query {
			return nil, s.reader.fail(CheckUnknown, s.reader.EntityID, "the server does not know it")
		}
	case http.StatusNotModified:
		if old == nil {
			break
		}
		return s.again(old, reply.Header, now)
	}
	return nil, s.reader.because(CheckFetch, s.reader.EntityID, "", fmt.Errorf("%w, want 200", reply.StatusError()))
}

// take makes a snapshot of a document in which at least one identity provider can be used. Another document does not
// replace a good one.
func (s *Source) take(d *document, h http.Header, now time.Time) (*snapshot, error) {
	snap := &snapshot{document: d, fetched: now, cache: d.whole.cache, until: d.whole.until}
	if s.reader.EntityID != "" || d.entities <= 1 {
		e, err := d.find(s.reader.EntityID)
		if err != nil {
			return nil, err
		}
		if e.err != nil {
			return nil, e.err
		}
		snap.cache, snap.until = e.cache, e.idp.ValidUntil
	} else if err := d.anyUsable(); err != nil {
		return nil, err
	}
	snap.remember(h)
	s.setFresh(snap)
	return snap, nil
}

// again makes a snapshot of a document that did not change.
func (s *Source) again(old *snapshot, h http.Header, now time.Time) (*snapshot, error) {
	if !old.until.IsZero() && !now.Before(old.until) {
		return nil, s.reader.fail(CheckExpired, s.reader.EntityID, expired+", and the server has nothing newer")
	}
	snap := *old
	snap.fetched = now
	snap.remember(h)
	s.setFresh(&snap)
	return &snap, nil
}
