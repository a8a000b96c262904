//go:build interop

package oidcprovider

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// An agent with a key, at an API that takes no token without one, and that gives nonces.
func TestAgentWithDPoP(t *testing.T) {
	t.Parallel()
	p := provider(t)
	api := p.apiWith(t, web.DPoPConfig{RequireDPoP: true, RequireNonce: true})
	metadata := oauth.ClientMetadata{ClientName: "Agent"}
	c, u := p.agent(t, oauth.ResourceConfig{Resource: api, Register: &metadata, Client: oauth.Config{DPoP: newDPoP(t)}})
	assert.Equal(t, http.StatusOK, get(t, c, api))
	assert.Equal(t, http.StatusOK, get(t, c, api+"/write"))
	assert.Len(t, u.scopes, 2)

	// The twin: without a key the API answers 401, and a login would be in vain.
	assert.Equal(t, http.StatusUnauthorized, get(t, &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, api))
	plain, u := p.agent(t, oauth.ResourceConfig{Resource: api, Register: &metadata})
	_, err := plain.Get(api)
	require.ErrorContains(t, err, "the API's challenge has the scheme DPoP and not Bearer, and ResourceConfig.Client.DPoP is not set")
	assert.Empty(t, u.scopes)
}
