package saml

import (
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// metadata is a document: its entities by their names, or of them the wanted one alone (SAML Metadata §2.3).
type metadata struct {
	r   *metadataReader
	now time.Time

	entities int // all, wanted or not
	entries  map[string]*metadataEntry
	last     string // the name of the last entity
	whole    span   // of the document
}

// metadataEntry is an entity: an identity provider, or why it is none. It holds no part of the document's text.
type metadataEntry struct {
	idp   *IDP
	cache time.Duration
	err   error
}

// walk reads e and the entities in it, which are valid no longer than it is (SAML Metadata §2.3.1). The depth of
// its recursion is bounded by the gate.
func (m *metadata) walk(e xmlgate.Element, around span, verified bool) {
	if e.Is(nsMetadata, "EntityDescriptor") {
		m.entity(e, around, verified)
		return
	}
	around = readSpan(around, e)
	for child := range e.Children {
		if child.Is(nsMetadata, "EntityDescriptor") || child.Is(nsMetadata, "EntitiesDescriptor") {
			m.walk(child, around, verified)
		}
	}
}

func (m *metadata) entity(e xmlgate.Element, around span, verified bool) {
	m.entities++
	name, _ := e.Attr("", "entityID")
	name = strings.Clone(name)
	m.last = name
	if m.r.EntityID != "" && m.r.EntityID != name {
		return
	}
	if old := m.entries[name]; old != nil {
		*old = metadataEntry{err: refuse(CheckMetadata, "the entity %q stands there twice", httpcore.Clean(name))}
		return
	}
	entry := &metadataEntry{}
	m.entries[name] = entry
	if !verified {
		if !xmldsig.Signed(e) {
			entry.err = refuse(CheckSignature, "neither the metadata nor the entity is signed, and Keys is set")
			return
		}
		if e, entry.err = m.r.verify(e); entry.err != nil {
			return
		}
		if signed, _ := e.Attr("", "entityID"); !e.Is(nsMetadata, "EntityDescriptor") || signed != name {
			entry.err = refuse(CheckSignature, "another entity was signed")
			return
		}
	}
	entry.idp, entry.cache, entry.err = m.readEntity(e, name, around)
}

// find returns the entity of that name, or without one the only entity.
func (m *metadata) find(name string) (*metadataEntry, error) {
	switch {
	case m.entities == 0:
		return nil, refuse(CheckMetadata, "there is no entity")
	case name == "" && m.entities > 1:
		return nil, refuse(CheckMetadata, "there are %d entities, and EntityID names none", m.entities)
	case name == "":
		name = m.last
	case m.entities == 1 && m.last != name:
		return nil, refuse(CheckMetadata, "the metadata are of %q, not of %q", httpcore.Clean(m.last), httpcore.Clean(name))
	}
	if e := m.entries[name]; e != nil {
		return e, nil
	}
	return nil, refuse(CheckMetadata, "there is no entity %q", httpcore.Clean(name))
}

// noCache is the lifetime of what names none.
const noCache = -1

// span is how long something is valid, and for how long it need not be fetched again.
type span struct {
	until time.Time // zero: for good
	cache time.Duration
	bad   bool // there is a validUntil that cannot be read
}

// readSpan reads e's own lifetimes, and takes the shorter ones.
func readSpan(around span, e xmlgate.Element) span {
	if text, ok := e.Attr("", "validUntil"); ok {
		until, err := parseTime(text)
		if err != nil {
			around.bad = true
		} else if around.until.IsZero() || until.Before(around.until) {
			around.until = until
		}
	}
	if text, ok := e.Attr("", "cacheDuration"); ok {
		// One that cannot be read is a wish, too: for a fetch as soon as our bounds permit.
		cache, _ := parseDuration(text)
		if around.cache == noCache || cache < around.cache {
			around.cache = cache
		}
	}
	return around
}

func (s span) check(now time.Time) error {
	switch {
	case s.bad:
		return because(CheckMetadata, errNoTime, "validUntil")
	case !s.until.IsZero() && !now.Before(s.until):
		return refuse(CheckMetadata, "they have ended: validUntil is past")
	}
	return nil
}
