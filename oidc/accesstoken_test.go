package oidc_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

const resource = "https://api.example"

// newAccess is a trial whose token is a JWT access token of RFC 9068.
func newAccess() *trial {
	tr := newTrial()
	tr.header["typ"] = "at+jwt"
	tr.claims = map[string]any{
		"iss": issuer, "aud": resource, "sub": "248289761001", "client_id": clientID, "jti": "dbe39bf3a3ba4238a513f51d6e1691c4",
		"scope": "openid orders:read", "iat": now().Unix(), "exp": now().Add(time.Hour).Unix(),
	}
	return tr
}

// plain is an access token as Authing issues it: typ JWT, for the client itself, without client_id.
func plain(tr *trial) {
	tr.header["typ"], tr.claims["aud"] = "JWT", clientID
	delete(tr.claims, "client_id")
}

func (tr *trial) verifyAccess(t testing.TB, e oidc.AccessTokenExpect) (*oidc.AccessToken, error) {
	t.Helper()
	p := newProvider(t)
	p.publish(tr.jwks...)
	return p.client(tr.config).VerifyAccessToken(t.Context(), tr.token(t), e)
}

// refusesAccess is refuses for access tokens.
func refusesAccess(t *testing.T, check oidc.TokenCheck, e oidc.AccessTokenExpect, base change, spoil map[string]change) {
	t.Helper()
	twin := newAccess()
	if base != nil {
		base(twin)
	}
	got, err := twin.verifyAccess(t, e)
	require.NoError(t, err, "the accepted twin")
	require.NotNil(t, got)
	for name, s := range spoil {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tr := newAccess()
			if base != nil {
				base(tr)
			}
			s(tr)
			got, err := tr.verifyAccess(t, e)
			require.ErrorIs(t, err, check)
			assert.Nil(t, got)
		})
	}
}

var (
	strict = oidc.AccessTokenExpect{Audience: resource}
	lax    = oidc.AccessTokenExpect{AllowPlainJWT: true}
)

func TestX1TypIsNotAccessToken(t *testing.T) {
	t.Parallel()
	typ := func(v any) change {
		return func(tr *trial) {
			if tr.header["typ"] = v; v == nil {
				delete(tr.header, "typ")
			}
		}
	}
	spoil := map[string]change{"JWT": typ("JWT"), "absent": typ(nil), "logout+jwt": typ("logout+jwt"), "at+JWTx": typ("at+jwtx")}
	refusesAccess(t, oidc.CheckType, strict, nil, spoil)
	refusesAccess(t, oidc.CheckType, strict, typ("application/at+jwt"), nil)
	refusesAccess(t, oidc.CheckType, strict, typ("AT+JWT"), nil)
	refusesAccess(t, oidc.CheckType, lax, plain, map[string]change{"logout+jwt": typ("logout+jwt"), "dpop+jwt": typ("dpop+jwt")})
	refusesAccess(t, oidc.CheckType, lax, func(tr *trial) { plain(tr); typ(nil)(tr) }, nil)
}

func TestX1PlainJWTThatCouldBeAnIDToken(t *testing.T) {
	t.Parallel()
	refusesAccess(t, oidc.CheckType, lax, plain, map[string]change{
		"nonce": set("nonce", "n"), "empty nonce": set("nonce", ""), "at_hash": set("at_hash", "h"), "c_hash": set("c_hash", "h"),
	})
	refusesAccess(t, oidc.CheckScope, lax, plain, eachOf("scope", nil, "", " ", []string{}, 7))
}

func TestX2ClaimsOfAnAccessToken(t *testing.T) {
	t.Parallel()
	for check, spoil := range map[oidc.TokenCheck]map[string]change{
		oidc.CheckIssuer:   eachOf("iss", nil, issuer+"/", "https://attacker.example", []string{issuer}),
		oidc.CheckAudience: eachOf("aud", nil, "", []string{}, "https://other.example", clientID, 7),
		oidc.CheckExpired:  eachOf("exp", nil, "soon", unix(-time.Minute), -1),
		oidc.CheckIssuedAt: eachOf("iat", nil, "now", unix(61*time.Second)),
		oidc.CheckSubject:  eachOf("sub", nil, "", 7),
		oidc.CheckClientID: eachOf("client_id", nil, "", 7),
		oidc.CheckTokenID:  eachOf("jti", nil, "", 7),
	} {
		refusesAccess(t, check, strict, nil, spoil)
	}
	refusesAccess(t, oidc.CheckNotBefore, strict, set("nbf", unix(time.Minute)), eachOf("nbf", unix(61*time.Second), "now"))
	refusesAccess(t, oidc.CheckAudience, strict, set("aud", []string{"https://other.example", resource}), eachOf("aud", []string{"https://other.example"}))
}

func TestX2SignatureOfAnAccessToken(t *testing.T) {
	t.Parallel()
	refusesAccess(t, oidc.CheckSignature, strict, nil, map[string]change{"another key": func(tr *trial) { tr.key = keys()["other"] }})
	refusesAccess(t, oidc.CheckAlgorithm, strict, nil, map[string]change{
		"none": func(tr *trial) { tr.alg = "none" }, "PS256": func(tr *trial) { tr.alg = "PS256" },
		"HS256": func(tr *trial) { tr.alg, tr.key = "HS256", []byte(clientSecret) },
	})
	for alg, key := range algorithms {
		tr := newAccess()
		signedBy(alg)(tr)
		tr.config.AccessTokenSigningAlg, tr.config.IDTokenSigningAlg = alg, ""
		_, err := tr.verifyAccess(t, strict)
		require.NoError(t, err, alg+key)
	}
}

func TestX3IDTokenAsAccessToken(t *testing.T) {
	t.Parallel()
	id := func(tr *trial) {
		tr.header, tr.claims = newTrial().header, newTrial().claims
		tr.claims["aud"] = resource
	}
	refusesAccess(t, oidc.CheckType, strict, nil, map[string]change{"by typ": id})
	refusesAccess(t, oidc.CheckType, lax, plain, map[string]change{
		"by nonce":     func(tr *trial) { id(tr); tr.claims["aud"] = clientID },
		"with a scope": func(tr *trial) { id(tr); tr.claims["aud"], tr.claims["scope"] = clientID, "openid" },
		"by at_hash, no nonce": func(tr *trial) {
			id(tr)
			delete(tr.claims, "nonce")
			tr.claims["aud"], tr.claims["scope"], tr.claims["at_hash"] = clientID, "openid", "h"
		},
	})
}

func TestX4BoundTokenWithoutProof(t *testing.T) {
	t.Parallel()
	bound := map[string]change{
		"DPoP": set("cnf", map[string]any{"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}),
		"mTLS": set("cnf", map[string]any{"x5t#S256": "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"}), "empty": set("cnf", map[string]any{}),
	}
	refusesAccess(t, oidc.CheckBinding, strict, nil, bound)
	refusesAccess(t, oidc.CheckBinding, lax, plain, bound)
}

// A caller that checks proofs gets a key that it can check, and no other key beside it.
func TestX4BoundTokenOfAKeyThatCannotBeChecked(t *testing.T) {
	t.Parallel()
	const digest = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
	bound := oidc.AccessTokenExpect{Audience: resource, AllowBoundToken: true}
	refusesAccess(t, oidc.CheckBinding, bound, set("cnf", map[string]any{"jkt": digest}), eachOf("cnf",
		map[string]any{}, "", 7, []string{digest}, map[string]any{"jkt": ""}, map[string]any{"jkt": digest[1:]}, map[string]any{"kid": "k"},
		map[string]any{"jwk": jwk("p256")}, map[string]any{"jkt": digest, "kid": "k"}))
	tr := newAccess()
	tr.claims["cnf"] = map[string]any{"jkt": digest, "x5t#S256": digest}
	got, err := tr.verifyAccess(t, bound)
	require.NoError(t, err)
	assert.Equal(t, oauth.Binding{JKT: digest, X5T: digest}, got.Binding)
}

func TestAccessTokenIsReadWhole(t *testing.T) {
	t.Parallel()
	tr := newAccess()
	tr.claims["nbf"], tr.claims["azp"], tr.claims["tenant"] = now().Unix(), clientID, "t1"
	got, err := tr.verifyAccess(t, strict)
	require.NoError(t, err)
	assert.Equal(t, []any{issuer, "248289761001", clientID, clientID, "dbe39bf3a3ba4238a513f51d6e1691c4", []string{resource}, now().Add(time.Hour), now(), now()},
		[]any{got.Issuer, got.Subject, got.ClientID, got.AuthorizedParty, got.JWTID, got.Audience, got.Expiry, got.IssuedAt, got.NotBefore})
	assert.True(t, got.HasScope("orders:read"))
	assert.False(t, got.HasScope("orders"))
	var rest struct{ Tenant string }
	require.NoError(t, got.Claims(&rest))
	assert.Empty(t, rest.Tenant, "names match byte by byte")
	var unfit struct {
		Sub int `json:"sub"`
	}
	require.ErrorContains(t, got.Claims(&unfit), "oidc: claims: ")

	tr.claims["scope"] = []string{"openid", "orders:read"} // as some servers write it
	got, err = tr.verifyAccess(t, strict)
	require.NoError(t, err)
	assert.True(t, got.HasScope("orders:read"))
}

func TestX2ResourceServerNeedsAnIssuerAlone(t *testing.T) {
	t.Parallel()
	tr := newAccess()
	tr.config = oidc.Config{Issuer: issuer, Now: now}
	_, err := tr.verifyAccess(t, strict)
	require.NoError(t, err)
	p := newProvider(t)
	client := p.client(tr.config)
	_, err = client.VerifyAccessToken(t.Context(), tr.token(t), oidc.AccessTokenExpect{})
	require.EqualError(t, err, "oidc: AccessTokenExpect.Audience and ClientID are not set")
	_, err = client.VerifyIDToken(t.Context(), tr.token(t), oidc.Expect{})
	require.EqualError(t, err, "oidc: ClientID is not set: it is the audience of an ID token")
	assert.Zero(t, p.total())
}
