package oidctest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// sources returns the members of the user info about other parties.
func (j *journey) sources() (names, aggregated, distributed map[string]any) {
	j.t.Helper()
	_, me := j.get("/me", http.Header{"Authorization": {"Bearer " + text(j.tokens(), "access_token")}})
	assert.Equal(j.t, idptest.Subject, me["sub"])
	names, _ = me["_claim_names"].(map[string]any)
	all, _ := me["_claim_sources"].(map[string]any)
	aggregated, _ = all["aggregated"].(map[string]any)
	distributed, _ = all["distributed"].(map[string]any)
	return names, aggregated, distributed
}

// fetched gets the JWT of a distributed source.
func (j *journey) fetched(source map[string]any, token string) (status int, body string) {
	j.t.Helper()
	request, err := http.NewRequestWithContext(j.t.Context(), http.MethodGet, text(source, "endpoint"), nil)
	require.NoError(j.t, err)
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	return j.answered(request)
}

func TestClaimsOfAnotherParty(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{AggregatedClaims: map[string]any{"credit_score": 650}, DistributedClaims: map[string]any{"address": map[string]any{"country": "CN"}}})
	names, aggregated, distributed := j.sources()
	assert.Equal(t, map[string]any{"credit_score": "aggregated", "address": "distributed"}, names)

	status, raw := j.fetched(distributed, text(distributed, "access_token"))
	require.Equal(t, http.StatusOK, status)
	_, body := j.visit(j.url + "/claims/jwks.json")
	var keys jose.JSONWebKeySet
	require.NoError(t, json.Unmarshal([]byte(body), &keys))
	for name, jwt := range map[string]string{"credit_score": text(aggregated, "JWT"), "address": raw} {
		parsed, err := jose.ParseSignedCompact(jwt, []jose.SignatureAlgorithm{jose.RS256})
		require.NoError(t, err)
		_, err = parsed.Verify(&keys)
		require.NoError(t, err)
		_, err = parsed.Verify(j.keys())
		require.Error(t, err, "the server's keys are others")
		claims := unverified(t, jwt)
		assert.Equal(t, j.url+"/claims", claims["iss"])
		assert.Contains(t, claims, name)
		assert.NotContains(t, claims, "sub", "OpenID Connect Core §5.6.2")
	}
	access := text(j.tokens(), "access_token")
	for _, token := range []string{"", "unknown", access} {
		status, body := j.fetched(distributed, token)
		assert.Contains(t, []int{http.StatusBadRequest, http.StatusUnauthorized}, status, body)
	}
	status, _ = j.get("/me", http.Header{"Authorization": {"Bearer " + text(distributed, "access_token")}})
	assert.Equal(t, http.StatusForbidden, status, "the party's token is for its endpoint alone")

	names, aggregated, distributed = start(t, &oidctest.Server{}).sources()
	assert.True(t, names == nil && aggregated == nil && distributed == nil)
}

func TestHostileClaimsOfAnotherParty(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{AggregatedClaims: map[string]any{"credit_score": 650}, DistributedClaims: map[string]any{"address": "CN"}})
	_, aggregated, _ := j.sources()
	for fault, wrong := range map[idptest.Fault]func() bool{
		oidctest.MissingClaims: func() bool {
			_, aggregated, _ := j.sources()
			return unverified(t, text(aggregated, "JWT"))["credit_score"] == nil
		},
		oidctest.WrongIssuer: func() bool {
			_, aggregated, _ := j.sources()
			return unverified(t, text(aggregated, "JWT"))["iss"] != j.url+"/claims"
		},
		oidctest.WrongAudience: func() bool {
			_, aggregated, _ := j.sources()
			return unverified(t, text(aggregated, "JWT"))["aud"] != nil
		},
		oidctest.ForeignClaimsEndpoint: func() bool {
			_, _, distributed := j.sources()
			return !strings.HasPrefix(text(distributed, "endpoint"), j.url+"/")
		},
		oidctest.AlgNone: func() bool {
			_, aggregated, _ := j.sources()
			return strings.HasSuffix(text(aggregated, "JWT"), ".")
		},
	} {
		assert.False(t, wrong(), "the twin of %s", fault)
		j.idp.Break(fault)
		assert.True(t, wrong(), "%s", fault)
		j.idp.Break()
	}
	assert.NotEmpty(t, text(aggregated, "JWT"))
}

func TestMisconfiguredClaimsOfAnotherParty(t *testing.T) {
	t.Parallel()
	claims := map[string]any{"credit_score": 650}
	for want, server := range map[string]*oidctest.Server{
		"OAuth has no claims of other parties":                    {OAuth: true, AggregatedClaims: claims},
		"a claim is in AggregatedClaims and in DistributedClaims": {AggregatedClaims: claims, DistributedClaims: claims},
	} {
		w := httptest.NewRecorder()
		server.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
		assert.Equal(t, http.StatusInternalServerError, w.Code)
		assert.Contains(t, w.Body.String(), want)
	}
}

func (j *journey) answered(request *http.Request) (status int, body string) {
	j.t.Helper()
	response, err := j.browser.Do(request)
	require.NoError(j.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(j.t, err)
	return response.StatusCode, string(text)
}
