package oidc_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

const introspectionJWT = "application/token-introspection+jwt"

// newIntrospection is a trial whose token is the signed reply to an introspection (RFC 9701 §5).
func newIntrospection() *trial {
	tr := newTrial()
	tr.config.IntrospectionSigningAlg = "RS256"
	tr.header["typ"] = "token-introspection+jwt"
	tr.claims = map[string]any{
		"iss": issuer, "aud": clientID, "iat": now().Unix(), "token_introspection": map[string]any{
			"active": true, "sub": "248289761001", "scope": "orders:read", "exp": now().Add(time.Hour).Unix(), "iss": issuer,
		},
	}
	return tr
}

func (tr *trial) introspect(t testing.TB) (*oauth.Introspection, error) {
	t.Helper()
	p := newProvider(t)
	p.publish(tr.jwks...)
	p.text("/introspect", http.StatusOK, introspectionJWT, tr.token(t))
	return p.client(tr.config).IntrospectToken(t.Context(), "mF_9.B5f-4.1JqM")
}

// refusesIntrospection is refuses for introspections.
func refusesIntrospection(t *testing.T, check oidc.TokenCheck, base change, spoil map[string]change) {
	t.Helper()
	twin := newIntrospection()
	if base != nil {
		base(twin)
	}
	got, err := twin.introspect(t)
	require.NoError(t, err, "the accepted twin")
	assert.True(t, got.Active)
	for name, s := range spoil {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tr := newIntrospection()
			if base != nil {
				base(tr)
			}
			s(tr)
			got, err := tr.introspect(t)
			require.ErrorIs(t, err, check)
			assert.Nil(t, got)
			assert.NotContains(t, err.Error(), tr.token(t))
		})
	}
}

func TestN3SignedIntrospection(t *testing.T) {
	t.Parallel()
	tr := newIntrospection()
	got, err := tr.introspect(t)
	require.NoError(t, err)
	assert.Equal(t, []any{true, "248289761001", issuer, now().Add(time.Hour)}, []any{got.Active, got.Subject, got.Issuer, got.Expiry})
	assert.True(t, got.HasScope("orders:read"))
	var all map[string]any
	require.NoError(t, got.Claims(&all))
	assert.NotContains(t, all, "token_introspection", "the claims are the token's, not the reply's")

	tr.claims["token_introspection"] = map[string]any{"active": false, "sub": "kim"}
	got, err = tr.introspect(t)
	require.NoError(t, err)
	assert.Equal(t, &oauth.Introspection{}, got, "N2")
	for _, content := range []any{map[string]any{}, map[string]any{"active": "true"}, map[string]any{"Active": true}} {
		tr.claims["token_introspection"] = content
		_, err = tr.introspect(t)
		require.ErrorContains(t, err, "active is missing, or is neither true nor false", "N1")
	}
}

func TestN3Typ(t *testing.T) {
	t.Parallel()
	typ := func(v any) change {
		return func(tr *trial) {
			if tr.header["typ"] = v; v == nil {
				delete(tr.header, "typ")
			}
		}
	}
	refusesIntrospection(t, oidc.CheckType, nil, map[string]change{
		"absent": typ(nil), "JWT": typ("JWT"), "at+jwt": typ("at+jwt"), "logout+jwt": typ("logout+jwt"), "longer": typ("token-introspection+jwtx"), "+json": typ("token-introspection+json"),
	})
	refusesIntrospection(t, oidc.CheckType, typ("application/Token-Introspection+JWT"), nil)
	// Marks of other kinds beside the right typ.
	refusesIntrospection(t, oidc.CheckType, set("sub", "kim"), map[string]change{
		"ID token": set("nonce", "n"), "logout token": set("events", map[string]any{}), "request object": set("response_type", "code"),
	})
	refusesIntrospection(t, oidc.CheckScope, nil, map[string]change{"access token": set("scope", "openid")})
}

func TestN3Claims(t *testing.T) {
	t.Parallel()
	refusesIntrospection(t, oidc.CheckIssuer, nil, eachOf("iss", nil, "", issuer+"/", "https://attacker.example", 7))
	refusesIntrospection(t, oidc.CheckAudience, nil, eachOf("aud", nil, "", []string{}, "another", clientID+"1", 7))
	refusesIntrospection(t, oidc.CheckAudience, set("aud", []string{"another", clientID}), eachOf("aud", []string{"another"}))
	refusesIntrospection(t, oidc.CheckIssuedAt, set("iat", unix(60*time.Second)), eachOf("iat", nil, "now", unix(61*time.Second), unix(-11*time.Minute-time.Second)))
	refusesIntrospection(t, oidc.CheckIssuedAt, set("iat", unix(-11*time.Minute)), nil)
	tr := newIntrospection()
	delete(tr.claims, "iat")
	_, err := tr.introspect(t)
	require.ErrorContains(t, err, "iat is missing")
	refusesIntrospection(t, oidc.CheckExpired, set("exp", unix(-59*time.Second)), eachOf("exp", unix(-time.Minute), "soon"))
	refusesIntrospection(t, oidc.CheckNotBefore, set("nbf", unix(time.Minute)), eachOf("nbf", unix(61*time.Second)))
	refusesIntrospection(t, oidc.CheckFormat, nil, eachOf("token_introspection", nil, "text", []any{}, true))
	refusesIntrospection(t, oidc.CheckFormat, nil, map[string]change{
		"in another case": func(tr *trial) {
			tr.claims["Token_introspection"] = tr.claims["token_introspection"]
			delete(tr.claims, "token_introspection")
		},
		"not a JWT": reworked(func(string) string { return `{"active":true}` }),
		"line end":  reworked(func(raw string) string { return raw + "\n" }),
		"twice":     func(tr *trial) { tr.payload = `{"token_introspection":{},` + mustJSON(tr.claims)[1:] },
	})
}

func TestN3Signature(t *testing.T) {
	t.Parallel()
	refusesIntrospection(t, oidc.CheckSignature, nil, map[string]change{"changed": reworked(flipLast), "another key": func(tr *trial) { tr.key = keys()["other"] }})
	refusesIntrospection(t, oidc.CheckAlgorithm, nil, map[string]change{
		"none": func(tr *trial) { tr.alg = "none" }, "PS256": func(tr *trial) { tr.alg = "PS256" }, "HS256": func(tr *trial) { tr.alg, tr.key = "HS256", []byte(clientSecret) },
	})
	refusesIntrospection(t, oidc.CheckKey, nil, map[string]change{"unknown kid": func(tr *trial) { tr.header["kid"] = "unknown" }})
	refusesIntrospection(t, oidc.CheckAlgorithm, func(tr *trial) {
		tr.config.IntrospectionSigningAlg, tr.alg, tr.key = "HS256", "HS256", []byte(clientSecret)
		tr.jwks = nil
	}, map[string]change{"RS256": func(tr *trial) { tr.alg, tr.key = "RS256", keys()["rsa"] }})
	refusesIntrospection(t, oidc.CheckSignature, func(tr *trial) {
		tr.config.IntrospectionSigningAlg, tr.alg, tr.key, tr.header["kid"] = "ES256", "ES256", keys()["p256"], "p256"
		tr.config.Keys = oidc.StaticKeys{{ID: "p256", Public: keys()["p256"].Public()}}
	}, map[string]change{"changed": reworked(flipLast)})
}

func TestN3ContentTypeMismatch(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	signed := p.client(newIntrospection().config)
	for _, media := range []string{"application/json", "application/jwt", "text/plain"} {
		for _, body := range []string{newIntrospection().token(t), `{"active":true}`} {
			p.text("/introspect", http.StatusOK, media, body)
			got, err := signed.IntrospectToken(t.Context(), "AT")
			require.ErrorIs(t, err, oidc.CheckUnsigned, media)
			assert.Nil(t, got)
		}
	}
	p.text("/introspect", http.StatusOK, introspectionJWT, newIntrospection().token(t))
	_, err := signed.IntrospectToken(t.Context(), "AT")
	require.NoError(t, err)
	assert.Equal(t, introspectionJWT, p.request("/introspect").Header.Get("Accept"))
	_, err = p.client(newTrial().config).IntrospectToken(t.Context(), "AT")
	require.EqualError(t, err, "oauth: introspection reply: is a JWT, want a JSON object (application/token-introspection+jwt from https://op.example/introspect)")
	assert.Equal(t, "application/json", p.request("/introspect").Header.Get("Accept"))
	p.text("/introspect", http.StatusOK, "application/json", `{"active":true}`)
	_, err = p.client(newTrial().config).IntrospectToken(t.Context(), "AT")
	require.NoError(t, err)
}

// Replies are remembered when the metadata is discovered again, too.
func TestN4IntrospectionsAreRemembered(t *testing.T) {
	t.Parallel()
	for _, tr := range []*trial{newIntrospection(), newTrial()} {
		p, clock := newProvider(t), now()
		tr.config.Now = func() time.Time { return clock }
		cache, err := oauth.NewIntrospectionCache(oauth.IntrospectionCacheOptions{MaxAge: 25 * time.Hour})
		require.NoError(t, err)
		tr.config.IntrospectionCache = cache
		client := p.client(tr.config)
		p.text("/introspect", http.StatusOK, "application/json", `{"active":true}`)
		if tr.config.IntrospectionSigningAlg != "" {
			tr.claims["token_introspection"] = map[string]any{"active": true}
			p.text("/introspect", http.StatusOK, introspectionJWT, tr.token(t))
		}
		p.text("/revoke", http.StatusOK, "application/json", "")
		ask := func() bool {
			got, err := client.IntrospectToken(t.Context(), "AT")
			require.NoError(t, err)
			return got.Active
		}
		require.True(t, ask())
		require.True(t, ask())
		clock = clock.Add(24 * time.Hour)
		require.True(t, ask())
		assert.Equal(t, []int{1, 2}, []int{p.count("/introspect"), p.count(wellKnown)})
		clock = clock.Add(-24 * time.Hour)
		require.NoError(t, client.RevokeToken(t.Context(), "AT"))
		require.True(t, ask())
		assert.Equal(t, 2, p.count("/introspect"))
	}
}

func TestN3IntrospectionSigningAlgMistakes(t *testing.T) {
	t.Parallel()
	for alg, want := range map[string]string{
		"none": `oidc: IntrospectionSigningAlg "none" is not supported`, "HS512": "oidc: IntrospectionSigningAlg HS512 needs a ClientSecret of at least 64 bytes, got 32 (RFC 7518 §3.2)",
	} {
		c := newTrial().config
		c.IntrospectionSigningAlg, c.ClientSecret = alg, clientSecret[:32]
		_, err := oidc.NewClient(c)
		require.ErrorContains(t, err, want)
	}
	_, err := oidc.NewClient(oidc.Config{Issuer: issuer, IntrospectionSigningAlg: "RS256"})
	require.EqualError(t, err, "oidc: IntrospectionSigningAlg needs a ClientID: it is the audience of the replies")
}
