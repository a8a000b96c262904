package saml

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// idpList is a source that never changes.
type idpList struct {
	all map[string]*IDP
	err error // of the list itself
}

// IDPs makes a source of identity providers that are known beforehand. They are copied. The empty name means the
// only one. One that is nil, stands there twice, or has no EntityID, no Keys or an address that no browser
// should be sent to (SAML Metadata §2.2.2) makes every call of the source an error that says so.
func IDPs(list ...*IDP) IDPSource {
	s := idpList{all: make(map[string]*IDP, len(list))}
	for i, p := range list {
		if p == nil {
			return idpList{err: fmt.Errorf("saml: IDPs: entry %d is nil", i)}
		}
		if err := p.check(); err != nil {
			return idpList{err: fmt.Errorf("saml: IDPs: entry %d: %w", i, err)}
		}
		if s.all[p.EntityID] != nil {
			return idpList{err: fmt.Errorf("saml: IDPs: %q stands there twice", httpcore.Clean(p.EntityID))}
		}
		s.all[p.EntityID] = p.clone()
	}
	return s
}

// IDP implements IDPSource.
func (s idpList) IDP(ctx context.Context, entityID string) (*IDP, error) {
	if s.err != nil {
		return nil, s.err
	}
	if entityID != "" {
		if p := s.all[entityID]; p != nil {
			return p, nil
		}
		return nil, errUnknownIDP(entityID)
	}
	switch len(s.all) {
	case 0:
		return nil, refuse(CheckUnknownIDP, "no identity provider is configured")
	case 1:
		for _, p := range s.all {
			return p, nil
		}
	}
	return nil, refuse(CheckUnknownIDP, "%d identity providers are configured, and none was named", len(s.all))
}

func errUnknownIDP(entityID string) error {
	return refuse(CheckUnknownIDP, "%q is not configured", httpcore.Clean(entityID))
}

func (p *IDP) clone() *IDP {
	c := *p
	c.SSO, c.SLO = slices.Clone(p.SSO), slices.Clone(p.SLO)
	c.Keys, c.NameIDFormats = slices.Clone(p.Keys), slices.Clone(p.NameIDFormats)
	return &c
}

// check refuses what could be used for nothing, or for harm. Whether http is allowed, the client says.
func (p *IDP) check() error {
	if err := checkEntityID("EntityID", p.EntityID); err != nil {
		return err
	}
	if len(p.Keys) == 0 {
		return errors.New("there are no Keys: nothing of it could be verified")
	}
	for i, k := range p.Keys {
		if err := checkVerifies(i, k); err != nil {
			return err
		}
	}
	hc, err := httpcore.New(httpcore.Config{InsecureAllowHTTP: true})
	if err != nil {
		return err
	}
	for _, e := range slices.Concat(p.SSO, p.SLO) {
		if err := hc.CheckURL("Location", e.Location); err != nil {
			return err
		}
		if e.ResponseLocation != "" {
			if err := hc.CheckURL("ResponseLocation", e.ResponseLocation); err != nil {
				return err
			}
		}
	}
	return nil
}
