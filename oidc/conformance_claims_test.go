package oidc_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// conformanceClaims are the modules about claims of other parties. Each is a complete login and what follows.
var conformanceClaims = map[string]struct {
	change change
	then   func(t *testing.T, p *provider, c *oidc.Client, r *oidc.Result)
}{
	// The suite's claims have alg none and no iss. A login and its user info are accepted, and such claims never.
	"oidcc-client-test-aggregated-claims": {
		change: func(tr *trial) { tr.config.ClaimsProviders = newClaims().config.ClaimsProviders },
		then: func(t *testing.T, p *provider, c *oidc.Client, _ *oidc.Result) {
			unsigned := newClaims()
			unsigned.alg = "none"
			_, err := c.GetSourcedClaims(t.Context(), aggregated(unsigned.token(t)).info(t, p, c))
			require.ErrorIs(t, err, oidc.CheckAlgorithm)
			delete(unsigned.claims, "iss")
			_, err = c.GetSourcedClaims(t.Context(), aggregated(unsigned.token(t)).info(t, p, c))
			require.ErrorIs(t, err, oidc.CheckIssuer)
			got, err := c.GetSourcedClaims(t.Context(), aggregated(newClaims().token(t)).info(t, p, c))
			require.NoError(t, err)
			assert.Len(t, got, 2)
		},
	},
	"oidcc-client-test-distributed-claims": {
		change: func(tr *trial) { tr.config.ClaimsProviders = newClaims().config.ClaimsProviders },
		then: func(t *testing.T, p *provider, c *oidc.Client, _ *oidc.Result) {
			p.text("/claims_endpoint", http.StatusOK, "application/jwt", newClaims().token(t))
			got, err := c.GetSourcedClaims(t.Context(), distributed().info(t, p, c))
			require.NoError(t, err)
			assert.Equal(t, "650", string(got["credit_score"].Value))
			assert.Equal(t, "Bearer source-token-1", p.request("/claims_endpoint").Header.Get("Authorization"))
			_, err = c.GetSourcedClaims(t.Context(), distributed("endpoint", issuer+"/me").info(t, p, c))
			require.ErrorIs(t, err, oidc.CheckClaimSource)
		},
	},
}

func TestConformanceModulesOfClaims(t *testing.T) {
	t.Parallel()
	for module, c := range conformanceClaims {
		t.Run(module, func(t *testing.T) {
			t.Parallel()
			tr, p := newTrial(), newProvider(t)
			c.change(tr)
			client := p.client(tr.config)
			result, err := p.login(client, tr, "")
			require.NoError(t, err)
			c.then(t, p, client, result)
		})
	}
}
