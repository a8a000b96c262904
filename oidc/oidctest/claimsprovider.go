package oidctest

import (
	"maps"
	"net/http"
	"time"
)

// claimsPath is where the party of AggregatedClaims and DistributedClaims answers. Its issuer is this address.
const claimsPath = "/claims"

// claimsScope is what the token for the party's endpoint is good for. No application can ask for it.
const claimsScope = "urn:oidctest:claims"

// addSources adds the members that name the sources of claims (OpenID Connect Core §5.6.2).
func (s *Server) addSources(r *http.Request, t *token, claims map[string]any) error {
	names, sources := map[string]any{}, map[string]any{}
	for name := range s.AggregatedClaims {
		names[name] = "aggregated"
	}
	for name := range s.DistributedClaims {
		names[name] = "distributed"
	}
	if len(s.AggregatedClaims) > 0 {
		raw, err := s.partyClaims(r, s.owner(t.grant.app), s.AggregatedClaims)
		if err != nil {
			return err
		}
		sources["aggregated"] = map[string]any{"JWT": raw}
	}
	if len(s.DistributedClaims) > 0 {
		own := &token{grant: t.grant, value: s.opaque(), scopes: []string{claimsScope}, issued: s.realm.Time(), end: s.realm.Time().Add(accessLifetime)}
		s.memory.keep(own)
		endpoint := s.issuer(r) + claimsPath + "/endpoint"
		if s.owner(t.grant.app).Broken(ForeignClaimsEndpoint) {
			endpoint = otherIssuer + "/endpoint"
		}
		sources["distributed"] = map[string]any{"endpoint": endpoint, "access_token": own.value}
	}
	if len(names) > 0 {
		claims["_claim_names"], claims["_claim_sources"] = names, sources
	}
	return nil
}

// partyClaims signs claims in the name of the party, by a key of its own.
func (s *Server) partyClaims(r *http.Request, c *client, claims map[string]any) (string, error) {
	all := map[string]any{}
	if !c.Broken(MissingClaims) {
		maps.Copy(all, claims)
	}
	now := s.realm.Time()
	all["iss"], all["iat"], all["exp"] = s.issuer(r)+claimsPath, now.Unix(), now.Add(10*time.Minute).Unix()
	if c.Broken(WrongIssuer) {
		all["iss"] = otherIssuer
	}
	if c.Broken(WrongAudience) {
		all["aud"] = "another-application"
	}
	return s.party.sign(c, "JWT", s.party.ownAlg, all)
}

// distribute serves the party's endpoint: only the token that came with its address opens it.
func (s *Server) distribute(w http.ResponseWriter, r *http.Request) {
	value, failed := bearer(w, r)
	if failed != nil {
		challenge(w, r, failed)
		return
	}
	t := s.memory.live(value, s.realm.Time())
	if t == nil || !t.has(claimsScope) {
		challenge(w, r, &failure{http.StatusUnauthorized, "invalid_token", "invalid token provided"})
		return
	}
	raw, err := s.partyClaims(r, s.owner(t.grant.app), s.DistributedClaims)
	if err != nil {
		http.Error(w, "oidctest: no key", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/jwt")
	_, _ = w.Write([]byte(raw))
}

// partyJWKS answers with the party's keys.
func (s *Server) partyJWKS(w http.ResponseWriter, _ *http.Request) {
	set, err := s.party.public()
	if err != nil {
		http.Error(w, "oidctest: no key", http.StatusInternalServerError)
		return
	}
	writeJSON(w, http.StatusOK, set)
}
