package metadata

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/flight"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// Source is a saml.IDPSource that fetches metadata when it is needed, and again when it is old (SAML Metadata §4.1).
// NewSource makes it. It is safe for concurrent use, and one may serve several clients.
type Source struct {
	http   *httpcore.Client
	reader *reader
	url    string
	min    time.Duration
	max    time.Duration
	now    func() time.Time

	timeout time.Duration // of one fetch
	query   bool          // the address names the entity, so that 404 says that it is unknown

	snapshot atomic.Pointer[snapshot]
	flight   flight.Group[*snapshot]

	mu      sync.Mutex
	missed  time.Time // when the last fetch began for what the document did not have
	failed  time.Time // when a fetch last failed, or took too long
	failure error     // of the last fetch; nil when it went well
}

// NewSource checks c and returns its source. It does not touch the network: the first login does, or a call of IDP
// when the program starts, which shows mistakes early. The error names the field that is wrong.
func NewSource(c Config) (*Source, error) {
	c.setDefaults()
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("saml: metadata: %w", err)
	}
	r, err := newReader(c.options())
	if err != nil {
		return nil, err
	}
	hc, err := httpcore.New(httpcore.Config{
		HTTPClient: c.HTTPClient, Header: c.Header, MaxReply: c.MaxReply, InsecureAllowHTTP: c.InsecureAllowHTTP,
		RefusePrivateAddresses: c.RefusePrivateAddresses,
	})
	if err != nil {
		return nil, fmt.Errorf("saml: metadata: %w", err)
	}
	if err := hc.CheckURL("URL", c.URL); err != nil {
		return nil, fmt.Errorf("saml: metadata: %w", err)
	}
	r.url = httpcore.WithoutQuery(c.URL)
	return &Source{http: hc, reader: r, url: c.URL, min: c.MinRefresh, max: c.MaxRefresh, now: r.Now, timeout: c.Timeout}, nil
}

// IDP implements saml.IDPSource. Metadata that is fresh is used without waiting for anything. When no newer
// metadata can be had, or it cannot be used, the old one is used for a day at most, and never after its validUntil. An
// entity ID that is not there causes a fetch, at most one in ten seconds. Every error but that of ctx is an *Error.
func (s *Source) IDP(ctx context.Context, entityID string) (*IDP, error) {
	if err := s.check(ctx); err != nil {
		return nil, err
	}
	if own := s.reader.EntityID; own != "" && entityID != "" && entityID != own {
		return nil, unknown(entityID)
	}
	snap, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	if !snap.has(entityID) {
		if snap, err = s.miss(ctx, snap); err != nil {
			return nil, err
		}
	}
	return snap.find(entityID, s.now())
}

// Refresh returns the identity provider after one more fetch, for a signature that no known key made: the identity
// provider may have new keys. There is at most one such fetch in ten seconds, however many signatures come.
func (s *Source) Refresh(ctx context.Context, entityID string) (*IDP, error) {
	if err := s.check(ctx); err != nil {
		return nil, err
	}
	seen := s.snapshot.Load()
	if seen == nil {
		return s.IDP(ctx, entityID)
	}
	snap, err := s.miss(ctx, seen)
	if err != nil {
		return nil, err
	}
	return snap.find(entityID, s.now())
}

func (s *Source) check(ctx context.Context) error {
	switch {
	case ctx == nil:
		return mistake("the context is nil")
	case s == nil || s.reader == nil:
		return mistake("the source was not made by NewSource")
	}
	return nil
}
