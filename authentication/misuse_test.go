package authentication_test

import (
	"context"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// misuse is a call that must send nothing, and its error.
type misuse struct {
	want     string
	protocol authentication.Protocol // nil is OIDC
	change   func(*authentication.Options)
	call     func(context.Context, *authentication.Client) error
}

func (m misuse) run(t *testing.T) {
	t.Helper()
	w := always(t, 200, `{}`)
	client := newTestClient(t, w, func(o *authentication.Options) {
		o.Protocol = m.protocol
		if m.change != nil {
			m.change(o)
		}
	})
	require.EqualError(t, m.call(t.Context(), client), m.want)
	assert.Empty(t, w.sent, m.want)
}

func noApp(o *authentication.Options)      { o.AppID = "" }
func noSecret(o *authentication.Options)   { o.Secret = "" }
func noRedirect(o *authentication.Options) { o.RedirectURI = "" }

const noAppID = "authentication: AppID is not set"

// callMisuses are misuses of calls that send requests.
func callMisuses() []misuse {
	oauthOnly := authentication.OAuth{}
	code := func(code string, opts ...oauth.CodeOptions) func(context.Context, *authentication.Client) error {
		return func(ctx context.Context, c *authentication.Client) error {
			_, err := c.GetAccessTokenByCode(ctx, code, opts...)
			return err
		}
	}
	refresh := func(token string, opts ...oauth.RefreshOptions) func(context.Context, *authentication.Client) error {
		return func(ctx context.Context, c *authentication.Client) error {
			_, err := c.GetNewAccessTokenByRefreshToken(ctx, token, opts...)
			return err
		}
	}
	password := func(o authentication.PasswordOptions) func(context.Context, *authentication.Client) error {
		return func(ctx context.Context, c *authentication.Client) error {
			_, err := c.GetAccessTokenByPassword(ctx, o)
			return err
		}
	}
	machine := func(o authentication.ClientCredentialsOptions) func(context.Context, *authentication.Client) error {
		return func(ctx context.Context, c *authentication.Client) error {
			_, err := c.GetAccessTokenByClientCredentials(ctx, o)
			return err
		}
	}
	revoke := func(token string, opts ...oauth.TokenOptions) func(context.Context, *authentication.Client) error {
		return func(ctx context.Context, c *authentication.Client) error { return c.RevokeToken(ctx, token, opts...) }
	}
	ticket := func(ticket, service string, opts ...cas.ValidateOptions) func(context.Context, *authentication.Client) error {
		return func(ctx context.Context, c *authentication.Client) error {
			_, err := c.ValidateTicketV2(ctx, ticket, service, opts...)
			return err
		}
	}
	ticketV1 := func(ctx context.Context, c *authentication.Client) error {
		_, err := c.ValidateTicketV1(ctx, "ST-1", testBack)
		return err
	}
	const needsSecret = " client_secret_post needs Secret, which is not set"
	const auth = "oauth: client authentication: "
	const oneName = "authentication: PasswordOptions needs exactly one of Username, Email and Phone"
	return []misuse{
		{"oauth: code is empty", nil, nil, code("")},
		{"oauth: RedirectURI is not set", nil, noRedirect, code("C-1")},
		{auth + "AppID is not set", nil, noApp, code("C-1")},
		{auth + "TokenEndPointAuthMethod" + needsSecret, nil, noSecret, code("C-1")},
		{"pkce: code verifier has 5 characters, want 43 to 128", nil, nil, code("C-1", oauth.CodeOptions{CodeVerifier: "short"})},
		{"oauth: Extra must not set grant_type: use its field instead", nil, nil, code("C-1", oauth.CodeOptions{Extra: url.Values{"grant_type": {"x"}}})},
		{"oauth: CodeOptions were given 2 times, want at most once", nil, nil, code("C-1", oauth.CodeOptions{}, oauth.CodeOptions{})},
		{"oauth: refresh token is empty", nil, nil, refresh("")},
		{auth + "TokenEndPointAuthMethod" + needsSecret, oauthOnly, noSecret, refresh("RT-1")},
		{"oauth: token is empty", nil, nil, revoke("")},
		{auth + "RevocationEndPointAuthMethod" + needsSecret, nil, noSecret, revoke("RT-1")},
		{"oauth: Extra must not set token_type_hint: use its field instead", nil, nil, revoke("RT-1", oauth.TokenOptions{Extra: url.Values{"token_type_hint": {"x"}}})},
		{oneName, nil, nil, password(authentication.PasswordOptions{Password: "pw-1"})},
		{oneName, nil, nil, password(authentication.PasswordOptions{Username: "u", Email: "e", Password: "pw-1"})},
		{oneName, oauthOnly, nil, password(authentication.PasswordOptions{Username: "u", Phone: "1", Password: "pw-1"})},
		{"authentication: PasswordOptions.Username is not set: OAuth does not accept email or phone", oauthOnly, nil, password(authentication.PasswordOptions{Email: "e", Password: "pw-1"})},
		{"authentication: PasswordOptions.Password is not set", nil, nil, password(authentication.PasswordOptions{Username: "u"})},
		{"authentication: ClientCredentialsOptions.Scope is not set", nil, nil, machine(authentication.ClientCredentialsOptions{AccessKey: "AK", SecretKey: "SK"})},
		{"authentication: ClientCredentialsOptions.AccessKey is not set", nil, nil, machine(authentication.ClientCredentialsOptions{Scope: "s", SecretKey: "SK"})},
		{"authentication: ClientCredentialsOptions.SecretKey is not set", oauthOnly, nil, machine(authentication.ClientCredentialsOptions{Scope: "s", AccessKey: "AK"})},
		{noAppID, nil, noApp, ticket("ST-1", testBack)},
		{noAppID, nil, noApp, ticketV1},
		{"cas: Service is not set", nil, nil, ticket("ST-1", "")},
		{"cas: Format must be XML or JSON", nil, nil, ticket("ST-1", testBack, cas.ValidateOptions{Format: "json"})},
		{"cas: refused the ticket (ticket): it does not begin with ST- or PT-, see TicketPrefixes", nil, nil, ticket("T-1", testBack)},
	}
}

func TestMisuseOfCalls(t *testing.T) {
	t.Parallel()
	for _, m := range callMisuses() {
		m.run(t)
	}
}

// Both mistakes of ValidateToken, and those of VerifyIDToken, user info and introspection.
func TestMisuseOfTokens(t *testing.T) {
	t.Parallel()
	validate := func(o authentication.ValidateTokenOptions) func(context.Context, *authentication.Client) error {
		return func(ctx context.Context, c *authentication.Client) error {
			_, err := c.ValidateToken(ctx, o)
			return err
		}
	}
	for _, m := range []misuse{
		{oneToken, nil, nil, validate(authentication.ValidateTokenOptions{})},
		{oneToken, nil, nil, validate(authentication.ValidateTokenOptions{IDToken: "I", AccessToken: "A", AllowAnyAudience: true})},
		{noAppID, nil, noApp, validate(authentication.ValidateTokenOptions{IDToken: "I"})},
		{noAppID, nil, noApp, func(ctx context.Context, c *authentication.Client) error {
			_, err := c.VerifyIDToken(ctx, "a.b.c", oidc.Expect{})
			return err
		}},
		{"authentication: VerifyIDToken is not a call of protocol oauth: unsupported operation", authentication.OAuth{}, nil,
			func(ctx context.Context, c *authentication.Client) error {
				_, err := c.VerifyIDToken(ctx, "a.b.c", oidc.Expect{})
				return err
			}},
		{"oauth: access token is empty", nil, nil, func(ctx context.Context, c *authentication.Client) error {
			_, err := c.GetUserInfoByAccessToken(ctx, "")
			return err
		}},
		{"oauth: unknown TokenPlacement 3", nil, nil, func(ctx context.Context, c *authentication.Client) error {
			_, err := c.GetUserInfoByAccessToken(ctx, "AT-1", oauth.UserInfoOptions{Placement: 3})
			return err
		}},
		{"oauth: token is empty", nil, nil, func(ctx context.Context, c *authentication.Client) error {
			_, err := c.IntrospectToken(ctx, "")
			return err
		}},
	} {
		m.run(t)
	}
}
