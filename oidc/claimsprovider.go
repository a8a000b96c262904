package oidc

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/jose"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// ClaimsProvider is a party other than the server whose claims about users are accepted (OpenID Connect Core §5.6.2).
type ClaimsProvider struct {
	// Issuer is the iss of its claims, exactly. It must be set.
	Issuer string
	// JWKS is where it publishes its keys.
	JWKS string
	// Keys are its keys, in place of JWKS.
	Keys KeySet
	// SigningAlg pins the algorithm of its claims, an asymmetric one; empty is RS256.
	SigningAlg string
	// Endpoints are the addresses where distributed claims may be fetched, exactly. An entry that ends in a slash
	// allows the addresses below it too, without a query. Empty fetches none.
	Endpoints []string
}

// claimsProvider is a ClaimsProvider that was checked.
type claimsProvider struct {
	ClaimsProvider
	verifier verifier
}

func (c *Client) initClaimsProviders() error {
	if len(c.cfg.ClaimsProviders) == 0 {
		return nil
	}
	plain := c.http.WithoutHeader() // Config.Header is for the server alone
	c.providers = &claimsProviders{http: plain}
	var endpoints []string
	for i, p := range c.cfg.ClaimsProviders {
		at := fmt.Sprintf("ClaimsProviders[%d]", i)
		own := &claimsProvider{p, verifier{field: at + ".SigningAlg", alg: cmp.Or(p.SigningAlg, defaultAlg), max: jose.MaxToken}}
		own.Endpoints = slices.Clone(p.Endpoints)
		switch {
		case p.Issuer == "":
			return fmt.Errorf("oidc: %s.Issuer is not set", at)
		case c.providers.of(p.Issuer) != nil:
			return fmt.Errorf("oidc: %s.Issuer is twice in the list", at)
		case (p.JWKS == "") == (p.Keys == nil):
			return fmt.Errorf("oidc: %s needs JWKS or Keys, and not both", at)
		case jose.Symmetric(own.verifier.alg):
			return fmt.Errorf("oidc: %s.SigningAlg must be asymmetric: the provider has no secret of this client", at)
		}
		if err := own.verifier.init(&Config{}); err != nil {
			return err
		}
		if p.Keys == nil {
			if err := plain.CheckURL(at+".JWKS", p.JWKS); err != nil {
				return fmt.Errorf("oidc: %w", err)
			}
			own.Keys = &remoteKeys{http: plain, url: p.JWKS, now: c.cfg.Now, times: &c.cfg.KeyFetch}
		}
		for _, e := range own.Endpoints {
			if err := plain.CheckURL(at+".Endpoints", e); err != nil {
				return fmt.Errorf("oidc: %w", err)
			}
			if strings.HasSuffix(e, "/") && strings.Contains(e, "?") {
				return fmt.Errorf("oidc: %s.Endpoints has an address with a query that ends in a slash", at)
			}
			if slices.Contains(endpoints, e) {
				return fmt.Errorf("oidc: %s.Endpoints has an address that is twice in the list", at)
			}
			endpoints = append(endpoints, e)
		}
		c.providers.all = append(c.providers.all, own)
	}
	return nil
}

type claimsProviders struct {
	http *httpcore.Client
	all  []*claimsProvider
}

func (p *claimsProviders) of(issuer string) *claimsProvider {
	for _, own := range p.all {
		if own.Issuer == issuer {
			return own
		}
	}
	return nil
}

// at returns the provider whose endpoint this is; of two that fit, the one with the longer entry.
func (p *claimsProviders) at(endpoint string) (found *claimsProvider) {
	longest := 0
	for _, own := range p.all {
		for _, e := range own.Endpoints {
			if len(e) > longest && (e == endpoint || isBelow(endpoint, e)) {
				found, longest = own, len(e)
			}
		}
	}
	return found
}

// isBelow accepts only plain segments: a server may read .., // or an escape as another path.
func isBelow(endpoint, folder string) bool {
	rest, ok := strings.CutPrefix(endpoint, folder)
	if !ok || !strings.HasSuffix(folder, "/") {
		return false
	}
	for segment := range strings.SplitSeq(rest, "/") {
		if !isTenant(segment) { // letters, digits and -._~
			return false
		}
	}
	return true
}

// fetch asks an endpoint of the provider, with the access token that came with it and no other (OpenID Connect
// Core §5.6.2).
func (p *claimsProviders) fetch(ctx context.Context, endpoint, accessToken string) (string, error) {
	request := &httpcore.Request{URL: endpoint, Accept: "application/jwt"}
	if accessToken != "" {
		request.Header, request.Secrets = http.Header{"Authorization": {"Bearer " + accessToken}}, []string{accessToken}
	}
	reply, err := p.http.Do(ctx, request)
	if err != nil {
		return "", err
	}
	if reply.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%w, want 200", reply.StatusError())
	}
	return reply.Body, nil
}

// verifyClaims checks the JWT of a provider. Its kind has no typ and no mark of its own, so each mark of another kind
// refuses it (RFC 8725 §3.12).
func (c *Client) verifyClaims(ctx context.Context, p *claimsProvider, raw string) (*claims, []strictjson.Member, error) {
	token, members, err := p.verifier.open(ctx, p.verifier.alg, raw, p.Keys, nil)
	if err != nil {
		return nil, nil, err
	}
	if !isJWT(token.Header.Type) {
		return nil, nil, kindClaims.refuseTyp(token.Header.Type)
	}
	cl := &claims{secrets: []string{raw}}
	if err := cl.read(members, nil); err != nil {
		return nil, nil, err
	}
	if err := kindClaims.refuseOthers(members); err != nil {
		return nil, nil, err
	}
	if cl.iss != p.Issuer {
		return nil, nil, refuse(CheckIssuer, "iss is %s, want %q", cl.quote(cl.iss), p.Issuer)
	}
	if cl.aud != nil || claim(members, "aud").Kind() != strictjson.Null {
		if c.cfg.ClientID == "" {
			return nil, nil, errors.New("oidc: ClientID is not set: it is the audience of claims")
		}
		if err := cl.checkAudience(c.cfg.ClientID); err != nil {
			return nil, nil, err
		}
	}
	return cl, members, cl.checkOptionalTimes(c.cfg.Now(), c.cfg.Skew)
}
