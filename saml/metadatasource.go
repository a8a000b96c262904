package saml

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/flight"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

const (
	metadataDeadline = 10 * time.Second
	metadataCoolDown = 10 * time.Second
	metadataPatience = time.Second
)

// MetadataConfig says where metadata are and how they are read (SAML Metadata §4).
type MetadataConfig struct {
	// URL is where the metadata are: of one entity, or of a group. It is required. Metadata in a file are for
	// ParseMetadata and IDPs.
	URL string
	// EntityID, when set, is the only identity provider that is taken from there.
	EntityID string
	// Keys, when set, demand a signature by one of them, as in MetadataOptions. When empty, whoever serves URL is
	// trusted.
	Keys []crypto.PublicKey
	// HTTPClient gives transport and timeout; it is copied. Its cookie jar and redirects are not used.
	HTTPClient *http.Client
	// Header is sent with every request. Authorization, Content-Type, Accept, Host and Cookie are errors.
	Header http.Header
	// MaxReply is the longest document in bytes; 0 means 8 MiB. At most 1 GiB is read.
	MaxReply int64
	// MaxNodes is the most elements, texts and XML attributes in it; 0 means 250,000.
	MaxNodes int
	// MinRefresh is how long metadata are used at least before they are fetched again, whatever they and the server
	// say; 0 means 5 minutes. When neither says anything it is an hour.
	MinRefresh time.Duration
	// MaxRefresh is how long they are used at most before that; 0 means 24 hours.
	MaxRefresh time.Duration
	// AllowSHA1 takes signatures of metadata with SHA-1, for which collisions can be made.
	AllowSHA1 bool
	// AllowSmallRSA takes signatures of metadata by RSA keys of 1024 to 2047 bits, which states and large companies
	// can break.
	AllowSmallRSA bool
	// AllowInclusiveC14N takes signatures of metadata over Canonical XML 1.0 and 1.1.
	AllowInclusiveC14N bool
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// InsecureAllowHTTP permits http on hosts other than loopback, for URL and for the addresses in the metadata.
	// Anyone on the way can then serve metadata with his own keys, unless Keys is set.
	InsecureAllowHTTP bool
}

// MetadataSource is an IDPSource that fetches metadata when they are needed, and again when they are old.
// NewMetadataSource makes it. It is safe for concurrent use, and one may serve several clients.
type MetadataSource struct {
	http   *httpcore.Client
	reader *metadataReader
	url    string
	min    time.Duration
	max    time.Duration
	now    func() time.Time

	snapshot atomic.Pointer[metadataSnapshot]
	flight   flight.Group[*metadataSnapshot]

	mu      sync.Mutex
	missed  time.Time // when the last fetch for something that was not there began
	failed  time.Time // when a fetch last failed, or took too long
	failure error     // of the last fetch; nil when it went well
}

// NewMetadataSource checks c and returns its source. It does not touch the network: the first login does, or a call
// of IDP when the program starts, which shows mistakes early.
func NewMetadataSource(c MetadataConfig) (*MetadataSource, error) {
	r, err := newMetadataReader(MetadataOptions{
		EntityID: c.EntityID, Keys: c.Keys, AllowSHA1: c.AllowSHA1, AllowSmallRSA: c.AllowSmallRSA, AllowInclusiveC14N: c.AllowInclusiveC14N,
		MaxNodes: c.MaxNodes, Now: c.Now, InsecureAllowHTTP: c.InsecureAllowHTTP,
	})
	if err != nil {
		return nil, err
	}
	if c.MaxReply == 0 {
		c.MaxReply = defaultMaxMessage
	}
	if c.MinRefresh == 0 {
		c.MinRefresh = metadataFreshMin
	}
	if c.MaxRefresh == 0 {
		c.MaxRefresh = max(metadataFreshMax, c.MinRefresh)
	}
	switch {
	case c.MaxReply < 0:
		return nil, errors.New("saml: MaxReply is negative")
	case c.MinRefresh < 0:
		return nil, errors.New("saml: MinRefresh is negative")
	case c.MaxRefresh < c.MinRefresh:
		return nil, errors.New("saml: MaxRefresh is shorter than MinRefresh")
	}
	r.MaxBytes = int(min(c.MaxReply, 1<<30))
	hc, err := httpcore.New(httpcore.Config{
		HTTPClient: c.HTTPClient, Header: c.Header, MaxReply: c.MaxReply, InsecureAllowHTTP: c.InsecureAllowHTTP,
	})
	if err != nil {
		return nil, fmt.Errorf("saml: %w", err)
	}
	if err := hc.CheckURL("MetadataConfig.URL", c.URL); err != nil {
		return nil, fmt.Errorf("saml: %w", err)
	}
	return &MetadataSource{http: hc, reader: r, url: c.URL, min: c.MinRefresh, max: c.MaxRefresh, now: r.Now}, nil
}

// IDP implements IDPSource. Metadata that are at hand and fresh are used without waiting for anything. When newer
// ones cannot be had, or cannot be used, the old ones stand in for a day at most, and never past their
// validUntil. A name that is not there causes a fetch, at most one in ten seconds.
func (s *MetadataSource) IDP(ctx context.Context, entityID string) (*IDP, error) {
	if ctx == nil {
		return nil, errors.New("saml: the context is nil")
	}
	if s == nil || s.reader == nil {
		return nil, errors.New("saml: the source was not made by NewMetadataSource")
	}
	if own := s.reader.EntityID; own != "" && entityID != "" && entityID != own {
		return nil, errUnknownIDP(entityID)
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

// Refresh returns the identity provider after one more fetch, for a signature that none of its known keys made: it
// may have new ones. There is at most one such fetch in ten seconds, whoever sends signatures.
func (s *MetadataSource) Refresh(ctx context.Context, entityID string) (*IDP, error) {
	if ctx == nil {
		return nil, errors.New("saml: the context is nil")
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
