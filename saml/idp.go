package saml

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// IDP is an identity provider: what its metadata says about logins and logouts (SAML Metadata §2.4.3). It is
// not changed after it was given to a Client.
type IDP struct {
	// EntityID is its name, compared byte for byte with the Issuer of what it sends. It is required.
	EntityID string
	// SSO is where requests for logins go, in the order of preference.
	SSO []Endpoint
	// SLO is where logout messages go, in the order of preference; empty is an identity provider without logouts.
	SLO []Endpoint
	// Keys verify its signatures. Certificates are not looked at: the configured key is what is trusted. Of a
	// certificate it is the PublicKey that x509.ParseCertificate reads.
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
	// Binding is how messages travel there.
	Binding Binding
	// Location is the address, with https; see Config.InsecureAllowHTTP.
	Location string
	// ResponseLocation is where responses go when not to Location.
	ResponseLocation string
}

// IDPSource finds identity providers. One that also has the method Refresh of MetadataSource is asked for newer keys
// when a signature is by none of those that it gave.
type IDPSource interface {
	// IDP returns the identity provider of that name. An empty name means the only one there is; when there
	// are several, it is an error. An unknown name is an error that wraps CheckUnknownIDP.
	IDP(ctx context.Context, entityID string) (*IDP, error)
}

// pick chooses the endpoint for a message: the first with that binding, or with none wanted the first by redirect,
// else by POST (SAML Metadata §2.2.2).
func pick(list []Endpoint, want Binding) (Endpoint, error) {
	order := []Binding{BindingRedirect, BindingPOST}
	if want != "" {
		order = []Binding{want}
	}
	for _, binding := range order {
		for _, e := range list {
			if e.Binding == binding {
				return e, nil
			}
		}
	}
	if want != "" {
		return Endpoint{}, refuse(CheckMetadata, "the identity provider has no endpoint with %s", string(want))
	}
	return Endpoint{}, refuse(CheckMetadata, "the identity provider has no endpoint by redirect or POST (BindingRedirect, BindingPOST)")
}

// idp asks the source for an identity provider, and looks at what it says.
func (c *Client) idp(ctx context.Context, entityID string) (*IDP, error) {
	if ctx == nil {
		return nil, errors.New("saml: the context is nil")
	}
	p, err := c.cfg.IDP.IDP(ctx, entityID)
	if err != nil {
		var refused *InvalidError
		switch {
		case errors.As(err, &refused) || strings.HasPrefix(err.Error(), "saml: "):
			return nil, err
		case errors.Is(err, CheckUnknownIDP):
			return nil, because(CheckUnknownIDP, err, "the IDPSource does not know %q", httpcore.Clean(entityID))
		}
		return nil, fmt.Errorf("saml: identity provider: %w", err)
	}
	if err := c.usable(p, entityID); err != nil {
		return nil, err
	}
	return p, nil
}

func sameKeys(a, b []crypto.PublicKey) bool { return slices.EqualFunc(a, b, samePublic) }

func (c *Client) usable(p *IDP, entityID string) error {
	switch {
	case p == nil:
		return errors.New("saml: the IDPSource returned neither an identity provider nor an error")
	case p.EntityID == "" || entityID != "" && p.EntityID != entityID:
		return refuse(CheckUnknownIDP, "the IDPSource returned another identity provider than it was asked for")
	case !p.ValidUntil.IsZero() && !c.cfg.Now().Before(p.ValidUntil):
		return refuse(CheckMetadata, "the metadata of the identity provider have ended (ValidUntil)")
	}
	for _, list := range [...][]Endpoint{p.SSO, p.SLO} {
		for i := range list {
			if list[i].Location == "" {
				return refuse(CheckMetadata, "an endpoint of the identity provider has no Location")
			}
			for _, s := range [...]string{list[i].Location, list[i].ResponseLocation} {
				// Looking for the common prefix spares each login the parsing of all addresses.
				if s == "" || strings.HasPrefix(s, "https://") {
					continue
				}
				if err := c.http.CheckURL("Location", s); err != nil {
					return because(CheckMetadata, err, "an endpoint of the identity provider")
				}
			}
		}
	}
	return nil
}
