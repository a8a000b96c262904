package metadata

import (
	"net/http"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/duration"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

const (
	defaultFresh = time.Hour
	maxStale     = 24 * time.Hour
)

// snapshot is a document that was fetched, and how long it may be used. It never changes.
type snapshot struct {
	*document
	until   time.Time     // of the document, or of the one identity provider that is taken; zero: for good
	cache   time.Duration // noCache when the document says nothing
	fetched time.Time
	fresh   time.Duration

	etag, modified, control string // of the reply
}

func (s *snapshot) freshAt(now time.Time) bool {
	return !now.Before(s.fetched) && now.Before(s.fetched.Add(s.fresh))
}

// usableAt tells whether the snapshot may be used when a newer one cannot be fetched.
func (s *snapshot) usableAt(now time.Time) bool {
	return !now.After(s.fetched.Add(duration.Sum(s.fresh, maxStale))) && (s.until.IsZero() || now.Before(s.until))
}

// has tells whether the entity is there. An entity that cannot be used is there, too.
func (s *snapshot) has(entityID string) bool {
	return entityID == "" || s.entries[entityID] != nil
}

// find returns an identity provider whose metadata has not expired.
func (s *snapshot) find(entityID string, now time.Time) (*IDP, error) {
	if entityID == "" {
		entityID = s.r.EntityID
	}
	if entityID != "" && !s.has(entityID) {
		return nil, unknown(entityID)
	}
	e, err := s.document.find(entityID)
	switch {
	case err != nil:
		return nil, err
	case e.err != nil:
		return nil, e.err
	case !e.idp.ValidUntil.IsZero() && !now.Before(e.idp.ValidUntil):
		return nil, s.r.fail(CheckExpired, e.idp.EntityID, expired)
	}
	return e.idp, nil
}

// conditions ask for a document only when it changed (RFC 9110 §13.1.2, §13.1.3).
func (s *snapshot) conditions() http.Header {
	h := http.Header{}
	if s.etag != "" {
		h.Set("If-None-Match", s.etag)
	}
	if s.modified != "" {
		h.Set("If-Modified-Since", s.modified)
	}
	return h
}

// remember keeps what a reply says about its document. A 304 may leave out what did not change (RFC 9110 §15.4.5).
func (s *snapshot) remember(h http.Header) {
	for _, field := range []struct {
		said  string
		value *string
	}{{h.Get("ETag"), &s.etag}, {h.Get("Last-Modified"), &s.modified}, {httpcore.CacheControl(h), &s.control}} {
		// A value that cannot be sent back would fail every later request.
		if v := field.said; v != "" && len(v) <= 1024 && strings.IndexFunc(v, func(r rune) bool { return r < ' ' || r > '~' }) < 0 {
			*field.value = strings.Clone(v)
		}
	}
}

// setFresh takes the shortest time that the document or the server names, within the limits of Config (SAML Metadata
// §2.3.1). Metadata that expires is fetched again when a quarter of its time is left, so that a server may fail
// meanwhile.
func (s *Source) setFresh(snap *snapshot) {
	fresh := maxRefresh
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
		fresh = defaultFresh
	}
	snap.fresh = min(max(fresh, s.min), s.max)
	if !snap.until.IsZero() {
		snap.fresh = min(snap.fresh, left)
	}
}
