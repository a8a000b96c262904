package metadata

import (
	"crypto"
	"errors"
	"net/http"
	"time"
)

// Config says where metadata is and how it is read (SAML Metadata §4).
type Config struct {
	// URL is where the metadata is: of one entity, or of a group. It is required. Metadata in a file is for Parse and
	// NewList.
	URL string
	// EntityID, when set, is the only identity provider that is taken from there; a document of another one is an
	// *Error with CheckEntity. When empty, each identity provider in the document is taken, and a message from one that
	// is not there is refused.
	EntityID string
	// Keys, when set, demand a signature by one of them, as in Options. When empty, the server of URL is trusted.
	Keys []crypto.PublicKey
	// Filter, when set, says which identity providers are wanted, such as those of one RegistrationAuthority. The others
	// are unknown. It is called once for each, after the signature was verified, and must not keep what it gets.
	Filter func(*IDP) bool
	// WantSigned makes an empty Keys an error: a list that was not filled would trust the server.
	WantSigned bool
	// MaxValidity, when set, demands a validUntil that is not further away than this, so that nobody can serve old
	// metadata for long. Federations name the value, such as 14 days. It needs Keys.
	MaxValidity time.Duration
	// HTTPClient gives transport and timeout; it is copied. Its cookie jar and redirects are not used.
	HTTPClient *http.Client
	// Header is sent with every request. Authorization, Content-Type, Accept, Host and Cookie are errors.
	Header http.Header
	// Timeout is how long a fetch may take, with what is tried again; 0 means the Timeout of HTTPClient, or 10 seconds
	// when it has none. A login waits for it only when there is no older metadata.
	Timeout time.Duration
	// MaxReply is the longest document in bytes; 0 means 8 MiB. At most 1 GiB is read. The metadata of large federations
	// has 100 MB; memory does not grow with it, but with its identity providers.
	MaxReply int64
	// MaxNodes is the most elements, texts and XML attributes of one entity; 0 means 250,000.
	MaxNodes int
	// MinRefresh is how long metadata is used at least before it is fetched again, whatever it and the server say; 0
	// means 5 minutes. When neither says anything it is an hour.
	MinRefresh time.Duration
	// MaxRefresh is how long it is used at most before that; 0 means 24 hours.
	MaxRefresh time.Duration
	// AllowSHA1 takes signatures of metadata with SHA-1, for which collisions can be made.
	AllowSHA1 bool
	// AllowSmallRSA takes signatures of metadata by RSA keys of 1024 to 2047 bits, which states and large companies
	// can break.
	AllowSmallRSA bool
	// AllowInclusiveC14N takes signatures of metadata over Canonical XML 1.0 and 1.1.
	AllowInclusiveC14N bool
	// AllowLastSignature accepts signatures of metadata that are the last child of what they sign, and not the first. They cover the
	// same octets there. The signature of a group must be the first.
	AllowLastSignature bool
	// AllowTimeOffsets takes times with an offset from UTC, such as +08:00, which SAML Metadata §2.2.4 does not have.
	AllowTimeOffsets bool
	// AllowForeignScopes leaves CheckScopes off: each identity provider of the federation can then send a name that
	// belongs to the users of another.
	AllowForeignScopes bool
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// RefusePrivateAddresses connects to public addresses only: a private, loopback, link-local or other special-purpose
	// address is an error (RFC 6890). Names are checked after their lookup, at each connection. A proxy makes its own
	// lookups and must check them itself. HTTPClient must have an *http.Transport, or none.
	RefusePrivateAddresses bool
	// InsecureAllowHTTP permits http on hosts other than loopback, for URL and for the addresses in the metadata.
	// Anyone on the way can then serve metadata with keys of their own, unless Keys is set.
	InsecureAllowHTTP bool
}

const (
	minRefresh = 5 * time.Minute
	maxRefresh = 24 * time.Hour
)

func (c *Config) setDefaults() {
	if c.MaxReply == 0 {
		c.MaxReply = defaultMaxBytes
	}
	client := http.Client{}
	if c.HTTPClient != nil {
		client = *c.HTTPClient
	}
	if c.Timeout == 0 {
		if c.Timeout = client.Timeout; c.Timeout <= 0 {
			c.Timeout = deadline
		}
	}
	if client.Timeout <= 0 { // which would be one of its own
		client.Timeout = c.Timeout
	}
	c.HTTPClient = &client
	if c.MinRefresh == 0 {
		c.MinRefresh = minRefresh
	}
	if c.MaxRefresh == 0 {
		c.MaxRefresh = max(maxRefresh, c.MinRefresh)
	}
}

func (c *Config) check() error {
	switch {
	case c.MaxReply < 0:
		return errors.New("MaxReply is negative")
	case c.Timeout < 0:
		return errors.New("Timeout is negative")
	case c.MinRefresh < 0:
		return errors.New("MinRefresh is negative")
	case c.MaxRefresh < c.MinRefresh:
		return errors.New("MaxRefresh is shorter than MinRefresh")
	}
	return nil
}

// options are those of reading a document.
func (c *Config) options() Options {
	return Options{
		EntityID: c.EntityID, Keys: c.Keys, Filter: c.Filter, WantSigned: c.WantSigned, MaxValidity: c.MaxValidity,
		AllowTimeOffsets: c.AllowTimeOffsets, AllowForeignScopes: c.AllowForeignScopes, AllowSHA1: c.AllowSHA1, AllowSmallRSA: c.AllowSmallRSA, AllowInclusiveC14N: c.AllowInclusiveC14N,
		AllowLastSignature: c.AllowLastSignature,
		MaxBytes:           int(min(c.MaxReply, 1<<30)), MaxNodes: c.MaxNodes, Now: c.Now, InsecureAllowHTTP: c.InsecureAllowHTTP,
	}
}
