package authentication_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// OAuth itself has no logout; at Authing it is the logout page, which returns nothing to check.
func TestAuthingOAuthLogout(t *testing.T) {
	t.Parallel()
	f := newFake(t, authentication.OAuth{}, nil)
	id, err := f.complete(t, authentication.AuthorizeOptions{})
	require.NoError(t, err)
	out, err := f.client.BeginLogout(t.Context(), stored(t, id), authentication.LogoutOptions{RedirectURI: localBye})
	require.NoError(t, err)
	assert.Equal(t, []string{"oauth", "", mockHost + "/login/profile/logout?redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fbye"}, []string{out.Protocol, out.Key, out.URL})
	require.NoError(t, f.client.CompleteLogout(t.Context(), stored(t, out), callback(t, nil)))

	out.Protocol = "oidc"
	for _, l := range []*authentication.Logout{nil, out} {
		assert.Equal(t, "refused", kind(f.client.CompleteLogout(t.Context(), l, callback(t, nil))))
	}
	id.Protocol = "oidc"
	for _, other := range []*authentication.Identity{nil, id} {
		_, err = f.client.BeginLogout(t.Context(), other, authentication.LogoutOptions{})
		require.EqualError(t, err, "authentication: the identity is not from an OAuth login")
		assert.Equal(t, "misconfigured", kind(err))
	}
	id.Protocol = "oauth"
	_, err = f.client.BeginLogout(t.Context(), id, authentication.LogoutOptions{LogoutHint: "alice"})
	assert.Equal(t, "misconfigured", kind(err))
}
