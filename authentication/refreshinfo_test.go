package authentication_test

import (
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// User info is fetched again at a refresh. When it cannot be fetched, the tokens are kept; when it is another user's,
// they are not.
func TestRefreshFetchesUserInfo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault   idptest.Fault
		refused bool
	}{
		"as it was":    {},
		"not there":    {fault: idptest.ServerError.At("/oidc/me")},
		"another user": {fault: oidctest.WrongSubject, refused: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := &authtest.Server{SigningKey: fakeKey()}
			server := httptest.NewServer(fake)
			defer server.Close()
			client, err := authentication.NewClient(authentication.Options{
				AppID: authtest.AppID, Secret: authtest.Secret, AppHost: server.URL, RedirectURI: "http://localhost:3000/auth/callback",
				Protocol: authentication.OIDC{UserInfo: true}, HTTPClient: server.Client(),
			})
			require.NoError(t, err)
			login, err := client.BeginLogin(t.Context(), authentication.AuthorizeOptions{Scope: "openid email offline_access"})
			require.NoError(t, err)
			r, err := fake.Login(t.Context(), login.URL, idptest.Username)
			require.NoError(t, err)
			id, err := client.CompleteLogin(t.Context(), login, r)
			require.NoError(t, err)
			if c.fault != "" {
				fake.Break(c.fault)
			}
			next, err := client.Refresh(t.Context(), id)
			if c.refused {
				require.ErrorIs(t, err, authentication.ErrRefused)
				return
			}
			require.NoError(t, err)
			assert.NotEqual(t, id.Token.RefreshToken, next.Token.RefreshToken)
			assert.Equal(t, idptest.Email, next.Claims["email"])
		})
	}
}
