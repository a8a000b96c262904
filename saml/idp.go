package saml

import (
	"context"
	"crypto"
	"time"
)

// IDP is an identity provider: what its metadata says about logins and logouts (SAML Metadata §2.4.3). It is
// not changed after it was given to a Client.
type IDP struct {
	EntityID string
	// SSO and SLO are where requests for logins and logouts go, in the order of preference.
	SSO, SLO []Endpoint
	// Keys verify its signatures. Certificates are not looked at: the configured key is what is trusted.
	Keys []crypto.PublicKey
	// WantAuthnRequestsSigned is its wish for signed requests; without a key that signs a login is an error.
	WantAuthnRequestsSigned bool
	// NameIDFormats are those that it offers.
	NameIDFormats []string
	// ValidUntil is when the metadata end; zero when they do not say.
	ValidUntil time.Time
}

// Endpoint is an address and how messages travel there (SAML Metadata §2.2.2).
type Endpoint struct {
	Binding  Binding
	Location string
	// ResponseLocation is where responses go when not to Location.
	ResponseLocation string
}

// IDPSource finds identity providers.
type IDPSource interface {
	// IDP returns the identity provider of that name. An empty name means the only one there is; when there
	// are several, it is an error. An unknown name is an error that wraps CheckUnknownIDP.
	IDP(ctx context.Context, entityID string) (*IDP, error)
}
