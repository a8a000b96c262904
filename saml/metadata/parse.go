package metadata

import (
	"bytes"
	"crypto"
	"errors"
	"slices"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/xsd"
)

const (
	defaultMaxBytes = 8 << 20
	defaultMaxNodes = 250_000
)

// Options say how metadata is read (SAML Metadata §2, §3).
type Options struct {
	// EntityID is the identity provider that is wanted; empty means the only entity there is.
	EntityID string
	// Keys, when set, demand a signature by one of them: of the whole document, or of the wanted entity itself.
	// When empty no signature is looked at: trust the place that the document came from.
	Keys []crypto.PublicKey
	// Filter, when set, says which identity providers are wanted, such as those of one RegistrationAuthority. The others
	// are unknown. It is called once for each, after the signature was verified, and must not keep what it gets.
	Filter func(*IDP) bool
	// WantSigned makes an empty Keys an error: a list that was not filled would trust the server.
	WantSigned bool
	// MaxValidity, when set, demands a validUntil that is not further away than this, so that nobody can serve old
	// metadata for long. Federations name the value, such as 14 days. It needs Keys.
	MaxValidity time.Duration
	// AllowSHA1 takes signatures with SHA-1, for which collisions can be made.
	AllowSHA1 bool
	// AllowSmallRSA takes signatures by RSA keys of 1024 to 2047 bits, which states and large companies can break.
	AllowSmallRSA bool
	// AllowInclusiveC14N takes signatures over Canonical XML 1.0 and 1.1, which cover the namespaces around them.
	AllowInclusiveC14N bool
	// AllowLastSignature accepts signatures that are the last child of what they sign, and not the first. They cover the
	// same octets there. The signature of a group must be the first.
	AllowLastSignature bool
	// AllowTimeOffsets takes times with an offset from UTC, such as +08:00, which SAML Metadata §2.2.4 does not have.
	AllowTimeOffsets bool
	// AllowForeignScopes leaves CheckScopes off: each identity provider of the federation can then send a name that
	// belongs to the users of another.
	AllowForeignScopes bool
	// MaxBytes is the longest document; 0 means 8 MiB.
	MaxBytes int
	// MaxNodes is the most elements, texts and XML attributes of one entity; 0 means 250,000.
	MaxNodes int
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// InsecureAllowHTTP permits addresses with http on hosts other than loopback. Anyone on the way can then send
	// the browser elsewhere.
	InsecureAllowHTTP bool
}

// Parse reads an identity provider out of its metadata: of one entity, or of a group of which EntityID names one
// (SAML Metadata §2.3). Metadata that cannot be used is an *Error, whose Check says why.
func Parse(data []byte, o Options) (*IDP, error) {
	r, err := newReader(o)
	if err != nil {
		return nil, err
	}
	d, err := r.read(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	e, err := d.find(o.EntityID)
	if err != nil {
		return nil, err
	}
	return e.result()
}

func (o *Options) check() error {
	switch {
	case o.MaxBytes < 0:
		return errors.New("MaxBytes is negative")
	case o.MaxNodes < 0:
		return errors.New("MaxNodes is negative")
	case o.MaxValidity < 0:
		return errors.New("MaxValidity is negative")
	case o.WantSigned && len(o.Keys) == 0:
		return errors.New("WantSigned needs Keys")
	case o.MaxValidity > 0 && len(o.Keys) == 0:
		return errors.New("MaxValidity needs Keys: without a signature validUntil proves nothing")
	}
	if o.EntityID != "" {
		if err := xsd.CheckEntityID("EntityID", o.EntityID); err != nil {
			return err
		}
	}
	return checkKeys("Keys", o.Keys)
}

// complete copies Keys and sets defaults.
func (o *Options) complete() {
	o.Keys = slices.Clone(o.Keys)
	if o.MaxBytes == 0 {
		o.MaxBytes = defaultMaxBytes
	}
	if o.MaxNodes == 0 {
		o.MaxNodes = defaultMaxNodes
	}
	if o.Now == nil {
		o.Now = time.Now
	}
}
