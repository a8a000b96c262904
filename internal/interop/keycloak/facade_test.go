//go:build interop

package keycloak

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// FromOIDC of package authentication with a client of Keycloak: login, refresh, logout.
func TestFlow(t *testing.T) {
	t.Parallel()
	k := server(t)
	c, who := k.client(t, "idt-es256", rotation(k), alg("ES256")), k.alice(t)
	flow := authentication.FromOIDC(c)
	pending, err := flow.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
	require.NoError(t, err)
	back := visit(t, who, pending.URL, callback)
	require.Equal(t, pending.Key, flow.LoginKey(back))
	id, err := flow.CompleteLogin(t.Context(), pending, back)
	require.NoError(t, err)
	assert.Equal(t, "oidc "+k.base+"/realms/rotation", id.Protocol+" "+id.Issuer)
	assert.Equal(t, "alice", id.Claims["preferred_username"])

	next, err := flow.(authentication.RefreshFlow).Refresh(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, id.Key(), next.Key())
	assert.NotEqual(t, id.Token.RefreshToken, next.Token.RefreshToken)

	address, err := flow.BuildLogoutUrl(t.Context(), authentication.LogoutOptions{RedirectURI: loggedOut, IDToken: next.Token.IDToken, State: "bye"})
	require.NoError(t, err)
	assert.Equal(t, "bye", visit(t, who, address, loggedOut).URL.Query().Get("state"))
}

func TestFlowRefused(t *testing.T) {
	t.Parallel()
	k := server(t)
	flow := authentication.FromOIDC(k.client(t, "basic"))
	pending, err := flow.BeginLogin(t.Context(), authentication.AuthorizeOptions{Prompt: "none"})
	require.NoError(t, err)
	_, err = flow.CompleteLogin(t.Context(), pending, visit(t, k.alice(t), pending.URL, callback))
	require.ErrorIs(t, err, authentication.ErrDenied)

	signed := authentication.FromOIDC(k.client(t, "idt-hs256", alg("HS256")))
	pending, err = signed.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
	require.NoError(t, err)
	_, err = signed.CompleteLogin(t.Context(), pending, visit(t, k.alice(t), pending.URL, callback))
	require.ErrorIs(t, err, authentication.ErrRefused)
	require.ErrorIs(t, err, oidc.CheckSignature)
}
