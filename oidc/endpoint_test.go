package oidc_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

func TestD7EndpointsThatAreNotForUs(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "end_session_endpoint", "introspection_endpoint", "revocation_endpoint",
	} {
		for url, why := range map[string]string{
			"javascript:alert(1)": "must be an absolute URL such as https://example.com", "/token": "must be an absolute URL such as https://example.com",
			"ftp://op.example/":              "must be an https URL",
			"https://user:secret@op.example": "must not carry a user name or password",
			"https://op.example/#top":        "must not have a fragment",
			// D3
			"http://op.example/": "must be an https URL: http is for loopback hosts only (InsecureAllowHTTP lifts this, and lets anyone on the way read the secrets)",
		} {
			_, err := discovers(t, func(d map[string]any, _ *oidc.Config) { d[name] = url })
			require.EqualError(t, err, "oauth: discovery refused (endpoint): "+name+" "+why)
		}
		_, err := discovers(t, func(d map[string]any, _ *oidc.Config) { d[name] = 7 })
		require.EqualError(t, err, "oauth: discovery refused (document): https://op.example/.well-known/openid-configuration: the document's "+name+" has a value of the wrong type")
		for _, url := range []any{"https://other.example/x?y=z", "http://localhost:3000/x", "http://127.0.0.1/x", "http://[::1]/x", nil, ""} {
			_, err := discovers(t, func(d map[string]any, _ *oidc.Config) { d[name] = url })
			require.NoError(t, err)
		}
		_, err = discovers(t, func(d map[string]any, c *oidc.Config) { d[name], c.InsecureAllowHTTP = "http://op.example/", true })
		require.NoError(t, err)
	}
}

func TestD8MissingEndpointIsNamedWhenNeeded(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]func(ctx context.Context, c *oidc.Client) error{
		"authorization_endpoint": func(ctx context.Context, c *oidc.Client) error {
			_, err := c.BuildAuthorizeUrl(ctx, oidc.AuthorizeOptions{})
			return err
		},
		"token_endpoint": func(ctx context.Context, c *oidc.Client) error {
			_, err := c.GetAccessTokenByCode(ctx, "C1")
			return err
		},
		"userinfo_endpoint": func(ctx context.Context, c *oidc.Client) error {
			_, err := c.GetUserInfoByAccessToken(ctx, "AT")
			return err
		},
		"end_session_endpoint": func(ctx context.Context, c *oidc.Client) error {
			_, err := c.BuildLogoutUrl(ctx, oidc.LogoutOptions{})
			return err
		},
		"introspection_endpoint": func(ctx context.Context, c *oidc.Client) error {
			_, err := c.IntrospectToken(ctx, "AT")
			return err
		},
		"revocation_endpoint": func(ctx context.Context, c *oidc.Client) error { return c.RevokeToken(ctx, "AT") },
		"jwks_uri": func(ctx context.Context, c *oidc.Client) error {
			_, err := c.VerifyIDToken(ctx, newTrial().token(t), oidc.Expect{})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProvider(t)
			document := metadata()
			delete(document, name)
			p.discover(document)
			client := p.client(newTrial().config)
			_, err := client.Metadata(t.Context())
			require.NoError(t, err, "no call needs it yet")
			err = call(t.Context(), client)
			require.EqualError(t, err, "oauth: discovery refused (missing): the server's metadata has no "+name+": unsupported operation")
			require.ErrorIs(t, err, errors.ErrUnsupported)
			assert.Equal(t, 1, p.total())
			if name != "authorization_endpoint" && name != "token_endpoint" && name != "jwks_uri" {
				return
			}
			_, err = client.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
			require.ErrorContains(t, err, name, "before the browser goes to the server")
		})
	}
}
