package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/jose"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// SourcedClaim is one claim about a user that a ClaimsProvider signed (OpenID Connect Core §5.6.2).
type SourcedClaim struct {
	// Issuer is the ClaimsProvider whose claim it is.
	Issuer string
	// Subject is the user's identifier at that provider, and not at the server; empty when it did not say.
	Subject string
	// Value is the claim as JSON.
	Value json.RawMessage
}

// Decode decodes the value into v, a pointer, by exact names.
func (s SourcedClaim) Decode(v any) error {
	if err := strictjson.Decode(s.Value, v); err != nil {
		return fmt.Errorf("oidc: claims: %w", err)
	}
	return nil
}

// maxSources limits the requests of one call.
const maxSources = 10

// GetSourcedClaims returns aggregated and distributed claims, by name (OpenID Connect Core §5.6.2). from is the *IDToken
// or *oauth.UserInfo that names their sources. names are the claims to get; without any, all. A claim that has no source
// is not in the result.
//
// Sources are Config.ClaimsProviders alone. Their claims are JWTs: form, pinned algorithm, signature and iss are
// checked, and aud, exp, nbf and iat where they are present. An endpoint gets the access token that from has for it,
// and never the token of the login or Config.Header. Claims of a name that the protocol itself uses, such as sub or
// acr, are refused. A *TokenError says what was refused; any other error is a mistake, or a provider that gave no
// answer. The first error ends the call: ask by names for claims that can do without each other.
//
// Nothing in such a claim names the user of the login: the server says whose it is. So from must be a verified ID
// token, or user info whose sub was compared.
func (c *Client) GetSourcedClaims(ctx context.Context, from interface{ Claims(v any) error }, names ...string) (map[string]SourcedClaim, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if v := reflect.ValueOf(from); !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		return nil, errors.New("oidc: there is no ID token or user info to read: from is nil")
	}
	var sources claimSources
	if err := sources.read(from); err != nil {
		return nil, err
	}
	wanted, err := sources.choose(names)
	if err != nil {
		return nil, err
	}
	if c.providers == nil && len(wanted) > 0 {
		return nil, errors.New("oidc: ClaimsProviders is not set: it names whose claims are accepted")
	}
	claims := map[string]SourcedClaim{}
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		if err := c.readSource(ctx, sources.Sources[name], wanted[name], claims); err != nil {
			return nil, fmt.Errorf("oidc: claims from source %q: %w", httpcore.Clean(name, sources.secrets()...), err)
		}
	}
	return claims, nil
}

// claimSources are the members that name the sources.
type claimSources struct {
	Names   map[string]string      `json:"_claim_names"`
	Sources map[string]claimSource `json:"_claim_sources"`
}

type claimSource struct {
	JWT         string `json:"JWT"`
	Endpoint    string `json:"endpoint"`
	AccessToken string `json:"access_token"`
}

func (s *claimSources) read(from interface{ Claims(v any) error }) error {
	err := from.Claims(s)
	var misfit *strictjson.Error
	if errors.As(err, &misfit) && misfit.Reason == strictjson.Misfit {
		return refuse(CheckClaimSource, "_claim_names or _claim_sources has a wrong form")
	}
	return err
}

func (s *claimSources) secrets() []string {
	var secrets []string
	for _, source := range s.Sources {
		secrets = append(secrets, source.JWT, source.AccessToken)
	}
	return secrets
}

// choose returns the wanted claims by their source.
func (s *claimSources) choose(names []string) (map[string][]string, error) {
	if len(names) == 0 {
		names = slices.Collect(maps.Keys(s.Names))
	}
	wanted := map[string][]string{}
	for _, name := range names {
		source, ok := s.Names[name]
		if !ok {
			continue
		}
		switch from, ok := s.Sources[source]; {
		case isProtocolClaim(name):
			return nil, refuse(CheckClaimSource, "the claim %s cannot be another party's", httpcore.Clean(name))
		case !ok:
			return nil, refuse(CheckClaimSource, "a source of _claim_names is not in _claim_sources")
		case (from.JWT == "") == (from.Endpoint == ""):
			return nil, refuse(CheckClaimSource, "a source must have JWT or endpoint, and not both")
		case strings.ContainsFunc(from.AccessToken, func(r rune) bool { return r < ' ' || r > '~' }):
			return nil, refuse(CheckClaimSource, "the access_token of a source has a character outside RFC 6749 A.12")
		}
		wanted[source] = append(wanted[source], name)
	}
	if len(wanted) > maxSources {
		return nil, refuse(CheckClaimSource, "the claims have more than %d sources", maxSources)
	}
	return wanted, nil
}

// isProtocolClaim reports whether the meaning of a claim is of the token that it is in.
func isProtocolClaim(name string) bool {
	switch name {
	case "iss", "sub", "aud", "exp", "nbf", "iat", "jti", "azp", "nonce", "at_hash", "c_hash", "s_hash", "auth_time", "acr", "amr", "sid", "cnf",
		"_claim_names", "_claim_sources":
		return true
	}
	return markOf(name) != noKind
}

// readSource adds the wanted claims of one source.
func (c *Client) readSource(ctx context.Context, source claimSource, wanted []string, into map[string]SourcedClaim) error {
	provider, raw, err := c.providers.find(ctx, source)
	if err != nil {
		return err
	}
	cl, members, err := c.verifyClaims(ctx, provider, raw)
	if err != nil {
		return err
	}
	for _, name := range wanted {
		value := claim(members, name)
		if value.Kind() == strictjson.Null {
			return refuse(CheckClaimSource, "the provider's claims do not have %q", httpcore.Clean(name))
		}
		into[name] = SourcedClaim{Issuer: cl.iss, Subject: cl.sub, Value: json.RawMessage(value.Raw())}
	}
	return nil
}

// find returns the provider of a source, and its JWT.
func (p *claimsProviders) find(ctx context.Context, source claimSource) (*claimsProvider, string, error) {
	if source.Endpoint != "" {
		provider := p.at(source.Endpoint)
		if provider == nil {
			return nil, "", refuse(CheckClaimSource, "its endpoint is not one of ClaimsProvider.Endpoints: nothing was sent")
		}
		raw, err := p.fetch(ctx, source.Endpoint, source.AccessToken)
		return provider, raw, err
	}
	token, err := jose.Parse(source.JWT, jose.MaxToken)
	if err != nil {
		return nil, "", tokenError(err)
	}
	members, err := readClaims(token.Payload, nil)
	if err != nil {
		return nil, "", err
	}
	issuer, _ := claim(members, "iss").ExactStr() // only to choose the keys: it is compared after the signature
	provider := p.of(issuer)
	if provider == nil {
		return nil, "", refuse(CheckIssuer, "iss is %s, which is not in ClaimsProviders", quote([]string{source.JWT}, issuer))
	}
	return provider, source.JWT, nil
}
