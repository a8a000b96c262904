package oidc_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

func TestX6ScopeMissing(t *testing.T) {
	t.Parallel()
	needs := func(scopes ...string) oidc.AccessTokenExpect {
		return oidc.AccessTokenExpect{Audience: resource, Scopes: scopes}
	}
	both := needs("orders:read", "openid")
	refusesAccess(t, oidc.CheckInsufficientScope, both, nil, eachOf("scope",
		nil, "", " ", "openid", "orders:read", "orders:read openid2", "OpenID orders:read", "openid\torders:read", []string{"openid"}))
	for _, ok := range []any{"orders:read openid", "x orders:read  openid", []string{"openid", "orders:read"}} {
		refusesAccess(t, oidc.CheckInsufficientScope, both, set("scope", ok), nil)
	}
	refusesAccess(t, oidc.CheckInsufficientScope, needs(), nil, nil)
	plainOne := oidc.AccessTokenExpect{AllowPlainJWT: true, Scopes: []string{"email"}}
	refusesAccess(t, oidc.CheckInsufficientScope, plainOne, func(tr *trial) {
		plain(tr)
		delete(tr.claims, "scope")
		tr.claims["scp"] = []string{"email"}
	}, eachOf("scp", []string{"mail"}))

	// Only a token that is valid otherwise is one with too little scope.
	for _, bad := range []change{set("exp", unix(-time.Hour)), set("aud", "https://other.example"), set("sub", nil)} {
		tr := newAccess()
		bad(tr)
		tr.claims["scope"] = "openid"
		_, err := tr.verifyAccess(t, both)
		var refused *oidc.TokenError
		require.ErrorAs(t, err, &refused)
		assert.NotEqual(t, oidc.CheckInsufficientScope, refused.Check)
		assert.Equal(t, oauth.InvalidToken, refused.ErrorCode())
	}
	tr := newAccess()
	tr.claims["scope"] = "openid"
	_, err := tr.verifyAccess(t, both)
	require.EqualError(t, err, `oidc: refused the token (insufficient_scope): the token does not have the scope "orders:read"`)
	var refused *oidc.TokenError
	require.ErrorAs(t, err, &refused)
	assert.Equal(t, oauth.InsufficientScope, refused.ErrorCode())
	assert.Equal(t, oauth.InvalidToken, (*oidc.TokenError)(nil).ErrorCode())
	for _, bad := range []string{"", "a b", "a\tb", "a\n"} {
		_, err := newAccess().verifyAccess(t, needs("openid", bad))
		require.EqualError(t, err, "oidc: AccessTokenExpect.Scopes has an entry that is not one scope")
	}
}

func TestX2AudienceIsOneOfSeveral(t *testing.T) {
	t.Parallel()
	e := oidc.AccessTokenExpect{Audience: resource, OtherAudiences: []string{"https://old.example", "https://older.example"}}
	for _, aud := range []any{resource, "https://old.example", []string{"https://other.example", "https://older.example"}} {
		refusesAccess(t, oidc.CheckAudience, e, set("aud", aud), eachOf("aud", nil, "", []string{}, "https://other.example", "https://old.example/"))
	}
	refusesAccess(t, oidc.CheckAudience, strict, nil, eachOf("aud", "https://old.example"))
	_, err := newAccess().verifyAccess(t, oidc.AccessTokenExpect{Audience: resource, OtherAudiences: []string{""}})
	require.EqualError(t, err, "oidc: AccessTokenExpect.OtherAudiences has an empty entry")
	_, err = newAccess().verifyAccess(t, oidc.AccessTokenExpect{
		Audience: resource, OtherAudiences: []string{clientID}, ClientIDs: []string{clientID}, AllowPlainJWT: true, AllowNoScope: true,
	})
	require.ErrorContains(t, err, "ClientIDs must not have the Audience or one of OtherAudiences")
}

// RFC 9068 §2.2.1: how and when the user authenticated.
func TestAuthenticationInAnAccessToken(t *testing.T) {
	t.Parallel()
	tr := newAccess()
	tr.claims["auth_time"], tr.claims["acr"], tr.claims["amr"] = unix(-time.Minute), "urn:mace:incommon:iap:silver", []string{"pwd", "otp"}
	got, err := tr.verifyAccess(t, strict)
	require.NoError(t, err)
	assert.Equal(t, []any{now().Add(-time.Minute), "urn:mace:incommon:iap:silver", []string{"pwd", "otp"}}, []any{got.AuthTime, got.ACR, got.AMR})
	refusesAccess(t, oidc.CheckAuthTime, strict, nil, eachOf("auth_time", "yesterday", -1))
	refusesAccess(t, oidc.CheckACR, strict, nil, eachOf("acr", 7, []string{"a"}))

	got, err = newAccess().verifyAccess(t, strict)
	require.NoError(t, err)
	assert.True(t, got.AuthTime.IsZero() && got.ACR == "" && got.AMR == nil)
}

// RFC 9068 §2.2.3.1: groups, roles and entitlements as strings, or as RFC 7643 §4.1.2 has them.
func TestAuthorizationClaims(t *testing.T) {
	t.Parallel()
	scim := func(values ...any) []any {
		list := []any{}
		for _, v := range values {
			list = append(list, map[string]any{"value": v, "display": "A name", "$ref": "../Groups/1", "type": "direct"})
		}
		return list
	}
	for name, field := range map[string]func(*oidc.AccessToken) []string{
		"groups":       func(a *oidc.AccessToken) []string { return a.Groups },
		"roles":        func(a *oidc.AccessToken) []string { return a.Roles },
		"entitlements": func(a *oidc.AccessToken) []string { return a.Entitlements },
	} {
		for _, c := range []struct {
			claim any
			want  []string
		}{
			{[]string{"admins", "staff"}, []string{"admins", "staff"}},
			{scim("e9e3", "fc34"), []string{"e9e3", "fc34"}},
			{[]any{"admins", map[string]any{"value": "staff"}}, []string{"admins", "staff"}},
			{[]any{"admins", 7}, nil},
			{[]any{"admins", map[string]any{"display": "staff"}}, nil},
			{[]any{"admins", map[string]any{"Value": "staff"}}, nil},
			{scim("e9e3", true), nil},
			{"admins", nil},
			{nil, nil},
			{[]string{}, nil},
		} {
			tr := newAccess()
			set(name, c.claim)(tr)
			got, err := tr.verifyAccess(t, strict)
			require.NoError(t, err)
			assert.Equal(t, c.want, field(got), "%s %v", name, c.claim)
			for other, f := range map[string][]string{"groups": got.Groups, "roles": got.Roles, "entitlements": got.Entitlements} {
				assert.True(t, other == name || f == nil, "%s in %s", name, other)
			}
		}
	}
}
