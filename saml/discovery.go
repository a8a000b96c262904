package saml

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/beevik/etree"

	"github.com/seed6e7d3bb2/authing-go/internal/callback"
	"github.com/seed6e7d3bb2/authing-go/internal/xsd"
)

// nsDiscovery is the protocol, and the binding of its answer.
const nsDiscovery = "urn:oasis:names:tc:SAML:profiles:SSO:idp-discovery-protocol"

// defaultReturnParam is the parameter of an answer when none is named (SAML IdP Discovery §2.4.1).
const defaultReturnParam = "entityID"

// DiscoveryOptions are the choices of one question to a discovery service, where the user chooses an identity provider
// (SAML IdP Discovery §2.4.1).
type DiscoveryOptions struct {
	// Service is the address of the discovery service. It is required.
	Service string
	// Return is where the answer comes, one of Config.DiscoveryURLs; a query may follow it. Empty is the first one.
	Return string
	// ReturnIDParam is the parameter with the answer; empty is entityID.
	ReturnIDParam string
	// IsPassive asks for no page: the answer is a choice that was made before, or none.
	IsPassive bool
}

// BuildDiscoveryUrl returns the address that sends the browser to a discovery service (SAML IdP Discovery §2.4.1).
// DiscoveredIDP reads what it brings back. Keep what belongs to this browser in a cookie: the answer is not signed, and
// anyone can send a browser to Return with an identity provider of their choice.
func (c *Client) BuildDiscoveryUrl(o DiscoveryOptions) (string, error) {
	if err := c.made(); err != nil {
		return "", err
	}
	if len(c.cfg.DiscoveryURLs) == 0 {
		return "", errors.New("saml: DiscoveryURLs is not set")
	}
	if o.Return == "" {
		o.Return = c.cfg.DiscoveryURLs[0]
	}
	if err := checkAddress(c.http, "Service", o.Service); err != nil {
		return "", errors.New("saml: DiscoveryOptions." + err.Error())
	}
	bare, query, _ := strings.Cut(o.Return, "?")
	own, err := url.ParseQuery(query)
	switch {
	case err != nil || !slices.Contains(c.cfg.DiscoveryURLs, o.Return) && !slices.Contains(c.cfg.DiscoveryURLs, bare) || checkAddress(c.http, "Return", o.Return) != nil:
		return "", errors.New("saml: DiscoveryOptions.Return is not one of DiscoveryURLs, alone or with a query")
	case own.Has(returnParam(o.ReturnIDParam)):
		return "", errors.New("saml: DiscoveryOptions.Return has the parameter of the answer already")
	}
	q := url.Values{"entityID": {c.cfg.EntityID}, "return": {o.Return}}
	if o.ReturnIDParam != "" && o.ReturnIDParam != defaultReturnParam {
		q.Set("returnIDParam", o.ReturnIDParam)
	}
	if o.IsPassive {
		q.Set("isPassive", "true")
	}
	_, before, _ := strings.Cut(o.Service, "?")
	taken, err := url.ParseQuery(before)
	if err != nil {
		return "", errors.New("saml: the query of DiscoveryOptions.Service cannot be read")
	}
	for _, name := range [...]string{"entityID", "return", "returnIDParam", "isPassive"} {
		if taken.Has(name) {
			return "", errors.New("saml: DiscoveryOptions.Service has a parameter " + name + " of its own")
		}
	}
	return o.Service + join(o.Service) + q.Encode(), nil
}

// DiscoveredIDP reads the answer of a discovery service, which the browser brings to one of DiscoveryURLs (SAML IdP
// Discovery §2.4.3): the entity ID for AuthorizeOptions.IDP, which the IDPSource knows. It is empty when nothing was
// chosen. returnIDParam is as it was in the question; empty is entityID.
//
// The error is an *InvalidError when the answer was refused, with CheckUnknownIDP when the identity provider is not
// configured, and a *metadata.Error when its metadata cannot be had.
func (c *Client) DiscoveredIDP(ctx context.Context, r *http.Request, returnIDParam string) (entityID string, err error) {
	if err := c.made(); err != nil {
		return "", err
	}
	switch {
	case r == nil || r.URL == nil:
		return "", errors.New("saml: DiscoveredIDP needs the callback's request")
	case r.Method != http.MethodGet && r.Method != "":
		return "", refuse(CheckMethod, "it came by %s, want GET", callback.Method(r))
	case len(r.URL.RawQuery) > c.cfg.MaxMessage:
		return "", refuse(CheckMalformed, "the query is over %d bytes (MaxMessage)", c.cfg.MaxMessage)
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return "", refuse(CheckMalformed, "the query cannot be read")
	}
	chosen := query[returnParam(returnIDParam)]
	switch {
	case len(chosen) == 0:
		return "", nil
	case len(chosen) > 1:
		return "", refuse(CheckRepeated, "the answer of the discovery service appears twice")
	case chosen[0] == "" || utf8.RuneCountInString(chosen[0]) > xsd.MaxEntityID:
		return "", refuse(CheckIssuer, "the answer of the discovery service is empty or over %d characters", xsd.MaxEntityID)
	}
	p, err := c.sender(ctx, chosen[0])
	if err != nil {
		return "", err
	}
	return p.EntityID, nil
}

func returnParam(name string) string {
	if name == "" {
		return defaultReturnParam
	}
	return name
}

// writeDiscovery writes where answers may come (SAML IdP Discovery §3).
func (c *Client) writeDiscovery(extensions *etree.Element) {
	for i, s := range c.cfg.DiscoveryURLs {
		e := extensions.CreateElement("idpdisc:DiscoveryResponse")
		e.CreateAttr("xmlns:idpdisc", nsDiscovery)
		e.CreateAttr("Binding", nsDiscovery)
		e.CreateAttr("Location", s)
		e.CreateAttr("index", strconv.Itoa(i))
	}
}
