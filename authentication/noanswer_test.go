package authentication_test

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// calls is every call that sends something, with values that must not appear in an error.
var calls = map[string]func(context.Context, *authentication.Client) (any, error){
	"code": func(ctx context.Context, c *authentication.Client) (any, error) {
		return c.GetAccessTokenByCode(ctx, "SECRET-code")
	},
	"refresh": func(ctx context.Context, c *authentication.Client) (any, error) {
		return c.GetNewAccessTokenByRefreshToken(ctx, "SECRET-refresh")
	},
	"machine": func(ctx context.Context, c *authentication.Client) (any, error) {
		return c.GetAccessTokenByClientCredentials(ctx, authentication.ClientCredentialsOptions{Scope: "s", AccessKey: "AK", SecretKey: "SECRET-key"})
	},
	"password": func(ctx context.Context, c *authentication.Client) (any, error) {
		return c.GetAccessTokenByPassword(ctx, authentication.PasswordOptions{Username: "alice", Password: "SECRET-password"})
	},
	"user info": func(ctx context.Context, c *authentication.Client) (any, error) {
		return c.GetUserInfoByAccessToken(ctx, "SECRET-access")
	},
	"introspection": func(ctx context.Context, c *authentication.Client) (any, error) {
		return c.IntrospectToken(ctx, "SECRET-access")
	},
	"revocation": func(ctx context.Context, c *authentication.Client) (any, error) {
		return nil, c.RevokeToken(ctx, "SECRET-access")
	},
	"validate token": func(ctx context.Context, c *authentication.Client) (any, error) {
		return c.ValidateToken(ctx, authentication.ValidateTokenOptions{IDToken: "SECRET-id"})
	},
	"ticket 1": func(ctx context.Context, c *authentication.Client) (any, error) {
		return c.ValidateTicketV1(ctx, "ST-SECRET-ticket", testBack)
	},
	"ticket 2": func(ctx context.Context, c *authentication.Client) (any, error) {
		return c.ValidateTicketV2(ctx, "ST-SECRET-ticket", testBack)
	},
}

// Row 24: an unusable reply with status 200 is an error, never a result. An error object is a typed error.
func TestT4ErrorObjectOn200(t *testing.T) {
	t.Parallel()
	for name, call := range calls {
		for body, code := range map[string]string{
			`{"code":400,"message":"no"}`:                        "400",
			`{"code":4e2,"message":"no"}`:                        "400",
			`{"error":"invalid_grant","error_description":"no"}`: "invalid_grant",
			`{"error":true,"access_token":"AT","token_type":"Bearer","active":true,"sub":"u","exp":4102444800}`: "",
		} {
			result, err := call(t.Context(), newTestClient(t, always(t, 200, body), nil))
			require.Error(t, err, "%s %s", name, body)
			checkNothing(t, result)
			var server *oauth.Error
			var failure *cas.Failure
			switch {
			case errors.As(err, &server):
				assert.Equal(t, code, string(server.Code), name)
				assert.Equal(t, 200, server.StatusCode, name)
			case errors.As(err, &failure):
				assert.Equal(t, code, string(failure.Code), name)
			default:
				t.Errorf("%s %s: %T %v", name, body, err, err)
			}
		}
	}
}

func checkNothing(t *testing.T, result any) {
	t.Helper()
	assert.True(t, result == nil || reflect.ValueOf(result).IsNil(), "%T and an error", result)
}

// Row 24: HTML, a missing member, half an object, nothing.
func TestT5NoAnswerOn200(t *testing.T) {
	t.Parallel()
	for name, call := range calls {
		for _, body := range []string{"<!DOCTYPE html>", "{}", `{"access_token":`, "", "[]", `"yes"`, `{"access_token":"","token_type":"Bearer"}`} {
			if name == "revocation" {
				continue // any 2xx is a success: see row 14
			}
			for _, p := range []authentication.Protocol{authentication.OIDC{}, authentication.OAuth{}} {
				result, err := call(t.Context(), newTestClient(t, always(t, 200, body), with(p)))
				require.Error(t, err, "%s %s %q", p.Name(), name, body)
				checkNothing(t, result)
				if strings.HasPrefix(body, "<") {
					assert.ErrorContains(t, err, "text/html", name)
				}
				var server *oauth.Error
				assert.False(t, errors.As(err, &server), "%s %q is not a refusal: %v", name, body, err)
			}
		}
	}
}

// Row 25: no call follows a redirect or sends the secret to another address.
func TestH2NoRedirect(t *testing.T) {
	t.Parallel()
	for name, call := range calls {
		w := newWire(t, func(*http.Request) (*http.Response, error) {
			res := httpmock.NewStringResponse(http.StatusTemporaryRedirect, "")
			res.Header.Set("Location", "https://attacker.example/")
			return res, nil
		})
		_, err := call(t.Context(), newTestClient(t, w, nil))
		require.ErrorContains(t, err, "refused a redirect (status 307)", name)
		assert.Len(t, w.sent, 1, name)
	}
}

// sends are the secrets that each call sends.
var sends = map[string][]string{
	"code": {"SECRET-code", testSecret}, "refresh": {"SECRET-refresh", testSecret}, "machine": {"SECRET-key"},
	"password": {"SECRET-password", testSecret}, "user info": {"SECRET-access"}, "introspection": {"SECRET-access", testSecret},
	"revocation": {"SECRET-access", testSecret}, "validate token": {"SECRET-id"},
	"ticket 1": {"ST-SECRET-ticket"}, "ticket 2": {"ST-SECRET-ticket"},
}

// Security S12, S14: no error has a code, token, ticket, password or secret of the call, whatever the server repeats.
func TestS12NoSecretInErrors(t *testing.T) {
	t.Parallel()
	for name, call := range calls {
		echo := strings.Join(sends[name], " and ")
		for _, p := range []authentication.Protocol{authentication.OIDC{}, authentication.OAuth{}} {
			for _, body := range []string{
				`{"error":"` + echo + `","error_description":"` + echo + `","error_uri":"` + echo + `"}`,
				`{"code":400,"message":"` + echo + `"}`,
				`{"access_token":"` + echo + `","token_type":"` + echo + `","active":"` + echo + `"}`,
				echo,
			} {
				for _, status := range []int{200, 400, 500} {
					_, err := call(t.Context(), newTestClient(t, always(t, status, body), with(p)))
					if name == "revocation" && status == 200 && !strings.Contains(body, `"error"`) && !strings.Contains(body, `"code"`) {
						continue // a success: see row 14
					}
					require.Error(t, err, "%s %s", name, body)
					for _, secret := range sends[name] {
						assert.NotContains(t, err.Error(), secret, "%s %d %s", name, status, body)
					}
				}
			}
		}
		// The text of the network error contains the address.
		w := newWire(t, func(r *http.Request) (*http.Response, error) {
			return nil, errors.New("no route to " + r.URL.String() + " with " + echo)
		})
		_, err := call(t.Context(), newTestClient(t, w, nil))
		require.Error(t, err)
		assert.NotContains(t, err.Error(), "SECRET", name)
		assert.NotContains(t, err.Error(), testSecret, name)
	}
}

func TestContextEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := newWire(t, func(r *http.Request) (*http.Response, error) { return nil, r.Context().Err() })
	for name, call := range calls {
		_, err := call(ctx, newTestClient(t, w, nil))
		assert.ErrorIs(t, err, context.Canceled, name)
	}
}
