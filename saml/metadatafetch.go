package saml

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/flight"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// current returns metadata that may be used (SAML Metadata §2.3.1). When a fetch fails, or takes longer than people
// should wait, old ones stand in. A server that failed is not asked again in the cool-down.
func (s *MetadataSource) current(ctx context.Context) (*metadataSnapshot, error) {
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
	patience, cancel := context.WithTimeout(ctx, metadataPatience)
	defer cancel()
	snap, err := s.start(ctx, old).Wait(patience)
	if err == nil {
		return snap, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	s.mu.Lock()
	s.failed = now
	s.mu.Unlock()
	return old, nil
}

func (s *MetadataSource) failedAt(now time.Time) (failure error, justNow bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failure, within(now, s.failed)
}

// within tells whether then is in the cool-down before now. A clock that was set back ends it.
func within(now, then time.Time) bool {
	since := now.Sub(then)
	return !then.IsZero() && since >= 0 && since < metadataCoolDown
}

// miss fetches once for something that seen does not have, unless that was done in the cool-down. The fetch that
// filled the empty cache does not count: a server may change its keys right after it. While the metadata
// cannot be fetched nobody knows, so that is an error.
func (s *MetadataSource) miss(ctx context.Context, seen *metadataSnapshot) (*metadataSnapshot, error) {
	if now := s.snapshot.Load(); now != seen {
		return now, nil
	}
	s.mu.Lock()
	now, failure := s.now(), s.failure
	run := s.flight.Running() // the fetch of this cool-down may still be on its way
	if !within(now, s.missed) && !within(now, s.failed) {
		s.missed = now
		run = s.start(ctx, seen)
	}
	s.mu.Unlock()
	if run == nil {
		return s.snapshot.Load(), failure
	}
	return run.Wait(ctx)
}

// start replaces the snapshot, unless somebody did so after seen was read.
func (s *MetadataSource) start(ctx context.Context, seen *metadataSnapshot) *flight.Run[*metadataSnapshot] {
	return s.flight.Start(ctx, metadataDeadline, func(ctx context.Context) (*metadataSnapshot, error) {
		if now := s.snapshot.Load(); now != seen {
			return now, nil
		}
		snap, err := s.fetch(ctx, seen)
		if err == nil {
			s.snapshot.Store(snap)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.failure = err; err != nil {
			s.failed = s.now()
		}
		return snap, err
	})
}

// fetch asks the server, and only for what is newer when it said how to (RFC 9110 §13.1).
func (s *MetadataSource) fetch(ctx context.Context, old *metadataSnapshot) (*metadataSnapshot, error) {
	r := &httpcore.Request{URL: s.url, Accept: "application/samlmetadata+xml, application/xml, text/xml, */*;q=0.1", Retry: true}
	if old != nil {
		r.Header = old.conditions()
	}
	reply, err := s.http.Do(ctx, r)
	if err != nil {
		return nil, fmt.Errorf("saml: metadata: %w", err)
	}
	now := s.now()
	switch reply.StatusCode {
	case http.StatusOK:
		m, err := s.reader.read(string(reply.Body))
		if err != nil {
			return nil, err
		}
		return s.take(m, reply.Header, now)
	case http.StatusNotModified:
		if old == nil {
			break
		}
		return s.again(old, reply.Header, now)
	}
	return nil, fmt.Errorf("saml: metadata: %w, want 200", reply.StatusError())
}

// take makes a snapshot of a document in which at least one identity provider can be used: else what is at hand is
// better.
func (s *MetadataSource) take(m *metadata, h http.Header, now time.Time) (*metadataSnapshot, error) {
	snap := &metadataSnapshot{metadata: m, fetched: now, cache: m.whole.cache, until: m.whole.until}
	if s.reader.EntityID != "" || m.entities <= 1 {
		e, err := m.find(s.reader.EntityID)
		if err != nil {
			return nil, err
		}
		if e.err != nil {
			return nil, e.err
		}
		snap.cache, snap.until = e.cache, e.idp.ValidUntil
	} else if err := m.anyUsable(); err != nil {
		return nil, err
	}
	snap.remember(h)
	s.setFresh(snap)
	return snap, nil
}

// again makes a snapshot of what did not change.
func (s *MetadataSource) again(old *metadataSnapshot, h http.Header, now time.Time) (*metadataSnapshot, error) {
	if !old.until.IsZero() && !now.Before(old.until) {
		return nil, refuse(CheckMetadata, "they have ended: validUntil is past, and the server has no newer ones")
	}
	snap := *old
	snap.fetched = now
	snap.remember(h)
	s.setFresh(&snap)
	return &snap, nil
}

// anyUsable returns an error when no entity can be used: that of the only identity provider, or how many there are.
func (m *metadata) anyUsable() error {
	failures := []error{}
	for _, e := range m.entries {
		if e.err == nil {
			return nil
		}
		failures = append(failures, e.err)
	}
	if len(failures) == 1 {
		return failures[0]
	}
	return because(CheckMetadata, errors.New("no identity provider can be used"), "%d entities", m.entities)
}
