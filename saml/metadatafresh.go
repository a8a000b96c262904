package saml

import (
	"net/http"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/duration"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

const (
	metadataFreshMin = 5 * time.Minute
	metadataFresh    = time.Hour
	metadataFreshMax = 24 * time.Hour
	metadataStaleMax = 24 * time.Hour
)

// metadataSnapshot is a document that was fetched, and how long it is good. It never changes.
type metadataSnapshot struct {
	*metadata
	until   time.Time     // of the document, or of the one identity provider that is taken; zero: for good
	cache   time.Duration // noCache when the document says nothing
	fetched time.Time
	fresh   time.Duration

	etag, modified, control string // of the reply
}

func (s *metadataSnapshot) freshAt(now time.Time) bool {
	return !now.Before(s.fetched) && now.Before(s.fetched.Add(s.fresh))
}

// usableAt tells whether the snapshot may stand in for one that cannot be fetched.
func (s *metadataSnapshot) usableAt(now time.Time) bool {
	return !now.After(s.fetched.Add(duration.Sum(s.fresh, metadataStaleMax))) && (s.until.IsZero() || now.Before(s.until))
}

// has tells whether a name is there; for what is wrong with it nothing needs to be fetched.
func (s *metadataSnapshot) has(entityID string) bool {
	return entityID == "" || s.entries[entityID] != nil
}

// find returns an identity provider that has not ended.
func (s *metadataSnapshot) find(entityID string, now time.Time) (*IDP, error) {
	if entityID == "" {
		entityID = s.r.EntityID
	}
	if entityID != "" && !s.has(entityID) {
		return nil, errUnknownIDP(entityID)
	}
	e, err := s.metadata.find(entityID)
	switch {
	case err != nil:
		return nil, err
	case e.err != nil:
		return nil, e.err
	case !e.idp.ValidUntil.IsZero() && !now.Before(e.idp.ValidUntil):
		return nil, refuse(CheckMetadata, "they have ended: validUntil is past")
	}
	return e.idp, nil
}

// conditions ask for a reply only when something changed (RFC 9110 §13.1.2, §13.1.3).
func (s *metadataSnapshot) conditions() http.Header {
	h := http.Header{}
	if s.etag != "" {
		h.Set("If-None-Match", s.etag)
	}
	if s.modified != "" {
		h.Set("If-Modified-Since", s.modified)
	}
	return h
}

// remember keeps what a reply says about itself. A 304 may leave out what did not change (RFC 9110 §15.4.5).
func (s *metadataSnapshot) remember(h http.Header) {
	for _, field := range []struct {
		said  string
		value *string
	}{{h.Get("ETag"), &s.etag}, {h.Get("Last-Modified"), &s.modified}, {httpcore.CacheControl(h), &s.control}} {
		// What cannot be sent back would fail every request after this one.
		if v := field.said; v != "" && len(v) <= 1024 && strings.IndexFunc(v, func(r rune) bool { return r < ' ' || r > '~' }) < 0 {
			*field.value = strings.Clone(v)
		}
	}
}

// setFresh takes the shortest of what document and server wish, within the bounds (SAML Metadata §2.3.1). Metadata
// that end are renewed when a quarter of their time is left, so that a server may fail meanwhile.
func (s *MetadataSource) setFresh(snap *metadataSnapshot) {
	fresh := metadataFreshMax
	wishes := 0
	wish := func(d time.Duration) { fresh, wishes = min(fresh, d), wishes+1 }
	if snap.cache != noCache {
		wish(snap.cache)
	}
	if d, ok := httpcore.MaxAge(snap.control); ok {
		wish(d)
	}
	left := snap.until.Sub(snap.fetched)
	if !snap.until.IsZero() {
		wish(left / 4 * 3)
	}
	if wishes == 0 {
		fresh = metadataFresh
	}
	snap.fresh = min(max(fresh, s.min), s.max)
	if !snap.until.IsZero() {
		snap.fresh = min(snap.fresh, left)
	}
}
