package authentication_test

import (
	"encoding/json"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
)

func TestJourneyLoginRefreshLogout(t *testing.T) {
	t.Parallel()
	for _, p := range []authentication.Protocol{authentication.OIDC{UserInfo: true}, authentication.OAuth{}} {
		t.Run(p.Name(), func(t *testing.T) {
			t.Parallel()
			srv := httptest.NewServer(&authtest.Server{})
			defer srv.Close()
			fake := srv.Config.Handler.(*authtest.Server)
			client, err := authentication.NewClient(authentication.Options{
				AppID: authtest.AppID, Secret: authtest.Secret, AppHost: srv.URL, RedirectURI: "http://localhost:3000/auth/callback", Protocol: p,
			})
			require.NoError(t, err)
			opts := authentication.AuthorizeOptions{}
			if p.Name() == "oidc" {
				opts.Scope = "openid profile offline_access"
			}
			login, err := client.BeginLogin(t.Context(), opts)
			require.NoError(t, err)
			stored, err := json.Marshal(login)
			require.NoError(t, err)
			r, err := fake.Login(t.Context(), login.URL, authtest.Username)
			require.NoError(t, err)
			assert.Equal(t, login.Key, client.LoginKey(r))
			var back authentication.Login
			require.NoError(t, json.Unmarshal(stored, &back))
			id, err := client.CompleteLogin(t.Context(), &back, r)
			require.NoError(t, err)
			assert.Equal(t, authtest.Subject, id.Subject)
			next, err := client.Refresh(t.Context(), id)
			require.NoError(t, err)
			assert.Equal(t, id.Key(), next.Key())
			assert.NotEqual(t, id.Token.AccessToken, next.Token.AccessToken)
			_, err = client.CompleteLogin(t.Context(), &back, r)
			require.ErrorIs(t, err, authentication.ErrDenied, "the code was used")
		})
	}
}
