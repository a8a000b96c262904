package saml

import (
	"cmp"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlenc"
)

// Config describes the service provider. NewClient copies it.
type Config struct {
	// EntityID is the name of this service provider (SAML Metadata §2.2.1). It is required.
	EntityID string
	// ACSURL is where responses are posted (SAML Profiles §4.1.4). It is required, and compared byte for byte. Its
	// handler, and SLOURL's, get a POST from another site, and its form must not be parsed before: leave both out of
	// CSRF protection.
	ACSURL string
	// MoreACSURLs are further ones, which a call may name. ACSURL has the index 0 in the metadata.
	MoreACSURLs []string
	// SLOURL is where logout messages come, by redirect and by POST (SAML Profiles §4.4). Empty: no logouts.
	SLOURL string
	// SOAPLogoutURL is where the identity provider itself posts requests for logout by SOAP, without a browser (SAML
	// Bindings §3.2); it may be SLOURL. Leave its handler out of CSRF protection too. It needs one of Keys with a Signer.
	// Empty: none are read.
	SOAPLogoutURL string
	// AcceptArtifacts takes an artifact in place of a response at ACSURL and MoreACSURLs, by GET or POST, and fetches the
	// response from the identity provider of the login by SOAP (SAML Bindings §3.6). It needs one of Keys with a Signer.
	// The response is then checked as one by POST is. Without a Login no artifact is taken.
	AcceptArtifacts bool
	// HTTPClient fetches what artifacts stand for; nil is a new one with a timeout of 30 seconds. Its cookies and its
	// policy of redirects are not used.
	HTTPClient *http.Client
	// EncryptNameID encrypts the name identifier in our LogoutRequests to the identity provider's key, by AES-256-GCM and
	// RSA-OAEP. One without such a key in its metadata is then an error.
	EncryptNameID bool
	// Organization is who operates this service provider, for its metadata; nil writes none.
	Organization *Organization
	// Contacts are the people to ask, for the metadata.
	Contacts []ContactPerson
	// UIInfo is what an identity provider and a discovery service show of this service provider, for the metadata; nil
	// writes none.
	UIInfo *UIInfo
	// AttributeService is which attributes are wanted, for the metadata; nil writes none.
	AttributeService *AttributeService
	// DiscoveryURLs are where a discovery service sends the browser back, for the metadata and for BuildDiscoveryUrl.
	DiscoveryURLs []string
	// Keys are this service provider's. The first one that signs signs all messages; each one that decrypts is tried.
	Keys []Key
	// IDP finds identity providers. It is required.
	IDP IDPSource
	// SignatureAlgorithm is how messages are signed, such as RSASHA512; empty is SHA-256 for RSA, and for ECDSA
	// the hash of the curve's size.
	SignatureAlgorithm SignatureAlgorithm
	// Replay remembers requests, assertions and logout messages that were used; nil is a store of 100,000 keys in
	// memory, for a service of one instance; NewReplay makes one of another size. A restart empties a store in memory:
	// with AllowUnsolicited a response can then be presented again for as long as it is valid.
	Replay Replay
	// Skew is how far the clocks of both sides may be apart; 0 means 60 seconds.
	Skew time.Duration
	// LoginLifetime is how long a Login or Logout may be completed; 0 means one hour.
	LoginLifetime time.Duration
	// NameIDFormat is the format of name identifiers that logins without a NameIDPolicy ask for (SAML Core §3.4.1.1,
	// §8.3); another format is refused. Empty takes any: a user can change a request that is not signed, and so choose
	// which of their own name identifiers comes.
	NameIDFormat string
	// WantAssertionsSigned refuses responses whose assertion has no signature of its own, although the response
	// is signed. At least one signature is always demanded.
	WantAssertionsSigned bool
	// WantResponseSigned refuses responses that have no signature of their own, although the assertion is signed.
	WantResponseSigned bool
	// WantEncrypted refuses assertions that are not encrypted.
	WantEncrypted bool
	// AllowMissingNameID takes assertions without a name identifier.
	AllowMissingNameID bool
	// AllowUnsolicited takes logins that the identity provider began. Anyone who has an account there can then log
	// another browser in to their own account (login CSRF).
	AllowUnsolicited bool
	// AllowUnsignedLogout takes logout messages without a signature. Anyone can then end sessions.
	AllowUnsignedLogout bool
	// AllowSHA1 takes signatures with SHA-1, for which collisions can be made.
	AllowSHA1 bool
	// AllowSmallRSA takes RSA keys of 1024 to 2047 bits, which states and large companies can break.
	AllowSmallRSA bool
	// AllowInclusiveC14N takes signatures over Canonical XML 1.0 and 1.1, which cover the namespaces around them.
	AllowInclusiveC14N bool
	// AllowEmptyReference takes signatures that refer to the whole message and not to its ID.
	AllowEmptyReference bool
	// AllowLastSignature accepts a signature that is the last child of the element that it signs, and not after its
	// Issuer. It covers the same octets there.
	AllowLastSignature bool
	// AllowCBC decrypts AES-CBC. An attacker who can try often can change its ciphertext. Use it only where the
	// response around it is signed.
	AllowCBC bool
	// AllowTripleDES decrypts Triple DES, which has the weakness of AES-CBC, and blocks so short that much data under one
	// key can be read. Use it only where the response around it is signed.
	AllowTripleDES bool
	// AllowRSA15 decrypts keys that are wrapped by RSA PKCS #1 v1.5, which leaks them to an attacker who can try often.
	AllowRSA15 bool
	// AllowComments takes comments outside of values, where they are ignored.
	AllowComments bool
	// AllowAnyIDs takes IDs that are not XML names, such as those that begin with a digit (SAML Core §1.3.4). They must
	// still differ, and a signature must still refer to its element byte for byte; readers with a schema refuse them.
	AllowAnyIDs bool
	// AllowTimeOffsets takes times with an offset from UTC, such as +08:00, which SAML Core §1.3.3 forbids. Where the
	// server's offset is wrong, assertions are valid at other times than it meant.
	AllowTimeOffsets bool
	// AllowDeflatedPOST inflates posted messages that are not XML: some servers send them.
	AllowDeflatedPOST bool
	// MaxMessage is the longest query or form in bytes, as it is received; 0 means 8 MiB.
	MaxMessage int
	// MaxInflated is the longest deflated message in bytes after it is inflated, and the longest logout message; 0
	// means 1 MiB.
	MaxInflated int
	// MaxNodes is the most elements, texts and XML attributes in a message; 0 means 250,000.
	MaxNodes int
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// RefusePrivateAddresses connects to public addresses only: a private, loopback, link-local or other special-purpose
	// address is an error (RFC 6890). Names are checked after their lookup, at each connection. A proxy makes its own
	// lookups and must check them itself. HTTPClient must have an *http.Transport, or none.
	RefusePrivateAddresses bool
	// InsecureAllowHTTP permits addresses with http on hosts other than loopback. Anyone on the way can
	// then read assertions and log in as their users.
	InsecureAllowHTTP bool
}

// Client is one service provider, which NewClient makes. It is immutable and safe for concurrent use.
type Client struct {
	cfg        *Config        // a pointer: fmt prints it as an address where it cannot call Format
	sign       xmldsig.Signer // its Key is nil when no key signs
	decrypters xmlenc.Keys
	http       *httpcore.Client // for its check of addresses, and for artifacts
	deflaters  *sync.Pool       // of *flate.Writer: each takes some hundred kilobytes
}

// NewClient checks c and returns its client. It does not touch the network. A missing name, address or source, an
// address that is not https (or http to loopback), a key that does not fit and policies that contradict each
// other are errors that name the field.
func NewClient(c Config) (*Client, error) {
	hc, err := httpcore.New(httpcore.Config{
		HTTPClient: c.HTTPClient, MaxReply: int64(cmp.Or(max(c.MaxMessage, 0), defaultMaxMessage)), LimitField: "MaxMessage",
		InsecureAllowHTTP: c.InsecureAllowHTTP, RefusePrivateAddresses: c.RefusePrivateAddresses,
	})
	if err != nil {
		return nil, fmt.Errorf("saml: %w", err)
	}
	c.copyDescription()
	c.MoreACSURLs = slices.Clone(c.MoreACSURLs)
	c.Keys = slices.Clone(c.Keys)
	for i := range c.Keys {
		c.Keys[i].Certificate = slices.Clone(c.Keys[i].Certificate)
	}
	if err := c.check(hc); err != nil {
		return nil, fmt.Errorf("saml: %w", err)
	}
	c.setDefaults()
	client := &Client{cfg: &c, http: hc, deflaters: &sync.Pool{}}
	for _, k := range c.Keys {
		if client.sign.Key == nil && k.Signer != nil {
			client.sign = xmldsig.Signer{Key: k.Signer, Certificate: k.Certificate, Algorithm: c.SignatureAlgorithm}
		}
		if k.Decrypter != nil {
			client.decrypters.RSA = append(client.decrypters.RSA, k.Decrypter)
		}
		if k.Exchanger != nil {
			client.decrypters.EC = append(client.decrypters.EC, k.Exchanger)
		}
	}
	if err := client.checkMethod(); err != nil {
		return nil, fmt.Errorf("saml: %w", err)
	}
	return client, nil
}

func (c *Client) made() error {
	if c == nil || c.cfg == nil {
		return errors.New("saml: the client was not made by NewClient")
	}
	return nil
}

// ACSURLs are the addresses where responses come, Config.ACSURL first (SAML Profiles §4.1.4).
func (c *Client) ACSURLs() []string {
	return append([]string{c.config().ACSURL}, c.config().MoreACSURLs...)
}

// SLOURL is Config.SLOURL, where logout messages come by redirect and POST; empty when there are none.
func (c *Client) SLOURL() string { return c.config().SLOURL }

// SOAPLogoutURL is Config.SOAPLogoutURL, where requests for logout come by SOAP; empty when there are none.
func (c *Client) SOAPLogoutURL() string { return c.config().SOAPLogoutURL }

// UnsignedLogout reports whether ReceiveLogout reads requests that nobody signed (Config.AllowUnsignedLogout).
func (c *Client) UnsignedLogout() bool { return c.config().AllowUnsignedLogout }

// signer is what signs our messages; ok is false when no key signs.
func (c *Client) signer() (s xmldsig.Signer, ok bool) { return c.sign, c.sign.Key != nil }

// signsByCurve tells whether our messages are signed with an ECDSA key.
func (c *Client) signsByCurve() bool {
	if c.sign.Key == nil {
		return false
	}
	_, ok := c.sign.Key.Public().(*ecdsa.PublicKey)
	return ok
}

// policy says which signatures are accepted.
func (c *Client) policy() xmldsig.Policy {
	return xmldsig.Policy{
		AllowSHA1: c.cfg.AllowSHA1, AllowSmallRSA: c.cfg.AllowSmallRSA, AllowInclusiveC14N: c.cfg.AllowInclusiveC14N,
		AllowEmptyReference: c.cfg.AllowEmptyReference, AllowLastSignature: c.cfg.AllowLastSignature, AllowAnyIDs: c.cfg.AllowAnyIDs, MaxNodes: c.cfg.MaxNodes,
	}
}

// encPolicy says which encryption is accepted.
func (c *Client) encPolicy() xmlenc.Policy {
	return xmlenc.Policy{
		AllowCBC: c.cfg.AllowCBC, AllowTripleDES: c.cfg.AllowTripleDES, AllowRSA15: c.cfg.AllowRSA15, AllowAnyIDs: c.cfg.AllowAnyIDs,
		MaxBytes: c.cfg.MaxMessage, MaxNodes: c.cfg.MaxNodes, Comments: c.comments(),
	}
}
