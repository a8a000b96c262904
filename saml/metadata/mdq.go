package metadata

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/xsd"
)

// maxAsked is of how many identity providers an MDQ keeps what it knows.
const maxAsked = 10_000

// MDQ is a saml.IDPSource that asks a server for each identity provider by its entity ID (Metadata Query Protocol,
// draft-young-md-query; its SAML profile, draft-young-md-query-saml). NewMDQ makes it. It is safe for concurrent use.
type MDQ struct {
	from *Source // with the settings of all
	base string

	mu    sync.Mutex
	asked map[query]*askedSource
}

// query is what the server calls an identity provider: its entity ID, or its hash when nothing else is known.
type query struct {
	name string
	hash bool
}

// askedSource is a Source of one identity provider, and when it was last asked.
type askedSource struct {
	*Source
	used time.Time
}

// NewMDQ checks c and returns its source. URL is the base of the server, such as https://mdq.example/public; EntityID
// must be empty. Each identity provider is kept as a Source keeps a document, with its times and conditions. Set Keys:
// the signature of the federation is on each answer. The error names the field that is wrong.
func NewMDQ(c Config) (*MDQ, error) {
	if c.EntityID != "" {
		return nil, errors.New("saml: metadata: EntityID must be empty: NewMDQ is for many identity providers")
	}
	s, err := NewSource(c)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(c.URL)
	if err != nil || u.RawQuery != "" || u.ForceQuery {
		return nil, errors.New("saml: metadata: URL is a base, and must not have a query")
	}
	return &MDQ{from: s, base: strings.TrimSuffix(c.URL, "/") + "/entities/", asked: map[query]*askedSource{}}, nil
}

// IDP implements saml.IDPSource. An answer 404, or a group without entities as pyFF sends it, means that the entity ID is unknown, and is kept for ten seconds; what was
// known before is forgotten. Any other failure is an outage, in which old metadata is used as a Source uses it. An empty
// entity ID is unknown.
func (m *MDQ) IDP(ctx context.Context, entityID string) (*IDP, error) {
	s, err := m.source(ctx, entityID)
	if err != nil {
		return nil, err
	}
	return s.IDP(ctx, entityID)
}

// Refresh asks once more, as Source.Refresh does.
func (m *MDQ) Refresh(ctx context.Context, entityID string) (*IDP, error) {
	s, err := m.source(ctx, entityID)
	if err != nil {
		return nil, err
	}
	return s.Refresh(ctx, entityID)
}

// IDPBySHA1 returns the identity provider whose entity ID has that SHA-1 hash, which is all that an artifact says of its
// sender (SAML Bindings §3.6.4).
func (m *MDQ) IDPBySHA1(ctx context.Context, hash [sha1.Size]byte) (*IDP, error) {
	if err := m.check(ctx); err != nil {
		return nil, err
	}
	p, err := m.sourceOf(query{"{sha1}" + hex.EncodeToString(hash[:]), true}).IDP(ctx, "")
	if err != nil {
		return nil, err
	}
	if sha1.Sum([]byte(p.EntityID)) != hash {
		return nil, m.from.reader.fail(CheckEntity, p.EntityID, "the answer is another identity provider than the one with that hash")
	}
	return p, nil
}

func (m *MDQ) check(ctx context.Context) error {
	switch {
	case ctx == nil:
		return mistake("the context is nil")
	case m == nil || m.from == nil:
		return mistake("the source was not made by NewMDQ")
	}
	return nil
}

func (m *MDQ) source(ctx context.Context, entityID string) (*Source, error) {
	if err := m.check(ctx); err != nil {
		return nil, err
	}
	if entityID == "" {
		return nil, &Error{Check: CheckUnknown, Detail: "MDQ needs the entity ID of an identity provider, and none was named"}
	}
	if err := xsd.CheckEntityID("entityID", entityID); err != nil {
		return nil, &Error{Check: CheckUnknown, EntityID: entityID, Detail: "it is no entity ID", Err: err}
	}
	if entityID == "." || entityID == ".." { // no escape keeps it from being another address, such as that of all
		return nil, &Error{Check: CheckUnknown, EntityID: entityID, Detail: "MDQ cannot ask for it"}
	}
	return m.sourceOf(query{name: entityID}), nil
}

// sourceOf returns the Source for what q asks.
func (m *MDQ) sourceOf(q query) *Source {
	now := m.from.now()
	m.mu.Lock()
	defer m.mu.Unlock()
	a := m.asked[q]
	if a == nil {
		if len(m.asked) >= maxAsked {
			m.forget()
		}
		r, address := *m.from.reader, m.base+escape(q.name)
		if r.one, r.url = true, httpcore.WithoutQuery(address); !q.hash {
			r.EntityID = q.name
		}
		a = &askedSource{Source: &Source{
			http: m.from.http, reader: &r, url: address, min: m.from.min, max: m.from.max, now: m.from.now, timeout: m.from.timeout, query: true,
		}}
		m.asked[q] = a
	}
	a.used = now
	return a.Source
}

// forget makes room: it drops those of which nothing is known, or else the half that was not used for longest.
func (m *MDQ) forget() {
	var oldest, newest time.Time
	for name, a := range m.asked {
		if a.snapshot.Load() == nil {
			delete(m.asked, name)
			continue
		}
		if oldest.IsZero() || a.used.Before(oldest) {
			oldest = a.used
		}
		if a.used.After(newest) {
			newest = a.used
		}
	}
	if len(m.asked) < maxAsked {
		return
	}
	middle := oldest.Add(newest.Sub(oldest) / 2)
	for name, a := range m.asked {
		if !a.used.After(middle) {
			delete(m.asked, name)
		}
	}
}

// escape encodes what is no unreserved character (draft-young-md-query §3.1.1).
func escape(name string) string { return strings.ReplaceAll(url.QueryEscape(name), "+", "%20") }
