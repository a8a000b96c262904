package authentication_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// Row 26: an application without a secret has RS256 ID tokens, and authenticates by none.
func TestLoginWithoutSecret(t *testing.T) {
	t.Parallel()
	for _, alg := range []string{"RS256", "RS512"} {
		f := newFake(t, nil, func(s *authtest.Server, o *authentication.Options) {
			s.AllowPublic, s.IDTokenSigningAlg = true, alg
			o.Secret, o.TokenEndPointAuthMethod = "", oauth.None
		})
		id, err := f.complete(t, authentication.AuthorizeOptions{})
		if alg != "RS256" {
			require.ErrorIs(t, err, oidc.CheckAlgorithm)
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, idptest.Subject, id.Subject)
	}
}

// Security I14: another audience is accepted when it is in TrustedAudiences.
func TestI14TrustedAudiences(t *testing.T) {
	t.Parallel()
	claims := map[string]any{"aud": []string{testApp, "resource"}, "azp": testApp}
	_, err := newSigned(t, authentication.OIDC{TrustedAudiences: []string{"resource"}}, "").login(t, claims)
	require.NoError(t, err)
	_, err = newSigned(t, authentication.OIDC{}, "").login(t, claims)
	require.ErrorIs(t, err, oidc.CheckAudience)
	assert.Equal(t, "refused", kind(err))
}

// An ID token may be longer than 64 KiB when MaxIDToken allows it.
func TestMaxIDTokenReachesTheLogin(t *testing.T) {
	t.Parallel()
	claims := map[string]any{"more": strings.Repeat("x", 64<<10)}
	_, err := newSigned(t, authentication.OIDC{MaxIDToken: 100 << 10}, "").login(t, claims)
	require.NoError(t, err)
	_, err = newSigned(t, authentication.OIDC{}, "").login(t, claims)
	require.ErrorIs(t, err, oidc.CheckFormat)
	assert.Equal(t, "refused", kind(err))
}

// Each option reaches every call: a larger reply, and a lifetime longer than the default.
func TestMaxReplyReachesEveryCall(t *testing.T) {
	t.Parallel()
	for _, p := range []authentication.Protocol{authentication.OIDC{}, authentication.OAuth{}} {
		for name, call := range calls {
			w := always(t, 200, `{"access_token":"AT","token_type":"Bearer"}`)
			_, err := call(t.Context(), newTestClient(t, w, func(o *authentication.Options) { o.Protocol, o.MaxReply = p, 10 }))
			require.ErrorContains(t, err, "over 10 bytes", "%s %s", p.Name(), name)
			require.Len(t, w.sent, 1)
		}
	}
}

func TestLoginLifetimeLongerThanTheDefault(t *testing.T) {
	t.Parallel()
	for _, p := range []authentication.Protocol{authentication.OIDC{}, authentication.OAuth{}} {
		now := time.Unix(1700000000, 0)
		f := newFake(t, p, func(s *authtest.Server, o *authentication.Options) {
			o.LoginLifetime = 2 * time.Hour
			o.Now = func() time.Time { return now }
			s.Now = o.Now
		})
		login, err := f.client.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
		require.NoError(t, err)
		now = now.Add(90 * time.Minute)
		r, err := f.Login(t.Context(), login.URL, "")
		require.NoError(t, err)
		_, err = f.client.CompleteLogin(t.Context(), login, r)
		require.NoError(t, err, p.Name())
	}
}

func TestIntrospectionCacheReachesBothProtocols(t *testing.T) {
	t.Parallel()
	for _, p := range []authentication.Protocol{authentication.OIDC{}, authentication.OAuth{}} {
		cache, err := oauth.NewIntrospectionCache(oauth.IntrospectionCacheOptions{})
		require.NoError(t, err)
		w := always(t, 200, `{"active":true}`)
		client := newTestClient(t, w, func(o *authentication.Options) { o.Protocol, o.IntrospectionCache = p, cache })
		for range 2 {
			state, err := client.IntrospectToken(t.Context(), "AT")
			require.NoError(t, err)
			assert.True(t, state.Active)
		}
		assert.Len(t, w.sent, 1, p.Name())
	}
}

func TestAccessTokenOptionsReachOIDC(t *testing.T) {
	t.Parallel()
	clock := func() time.Time { return time.Unix(1700000100, 0) }
	raw := signRS256(t, map[string]any{"alg": "RS256", "kid": "k1"}, userToken())
	verify := func(p authentication.Protocol, e authentication.AccessTokenExpect) (*oidc.AccessToken, *oidc.AccessToken) {
		client := newTestClient(t, publicKeys(t), func(o *authentication.Options) { o.Protocol, o.Now = p, clock })
		var tokens [3]*oidc.AccessToken
		for i := range tokens {
			var err error
			tokens[i], err = client.VerifyAccessToken(t.Context(), raw, e)
			require.NoError(t, err)
		}
		return tokens[1], tokens[2]
	}
	second, third := verify(authentication.OIDC{AccessTokenCache: oidc.AccessTokenCache{Entries: 1}}, authentication.AccessTokenExpect{Scopes: []string{"profile", "email"}})
	assert.Same(t, second, third)
	second, third = verify(authentication.OIDC{}, authentication.AccessTokenExpect{})
	assert.NotSame(t, second, third)

	client := newTestClient(t, publicKeys(t), func(o *authentication.Options) { o.Now = clock })
	_, err := client.VerifyAccessToken(t.Context(), raw, authentication.AccessTokenExpect{Scopes: []string{"email", "admin"}})
	require.ErrorIs(t, err, oidc.CheckInsufficientScope)
	require.ErrorIs(t, err, authentication.ErrRefused)
	machine := signRS256(t, map[string]any{"alg": "RS256", "kid": "k1"}, machineToken())
	for scope, ok := range map[string]bool{"book:read": true, "book:write": false} {
		_, err = client.VerifyAccessToken(t.Context(), machine, authentication.AccessTokenExpect{AccessKeys: []string{testAK}, Scopes: []string{scope}})
		assert.Equal(t, !ok, errors.Is(err, oidc.CheckInsufficientScope), "%v", err)
	}
}
