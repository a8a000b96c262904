package authentication_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// A refresh without an ID token and a refresh token keeps both (security R5).
func TestR5RefreshKeeps(t *testing.T) {
	t.Parallel()
	for _, p := range []authentication.Protocol{authentication.OIDC{}, authentication.OAuth{}} {
		s := newSigned(t, p, `{"sub":"u-1","name":"n"}`)
		id, err := s.login(t, map[string]any{"name": "n", "sid": "S"})
		require.NoError(t, err)
		before := stored(t, id)
		s.now = s.now.Add(time.Hour)
		s.reply(t, nil, map[string]any{"access_token": "AT-2"})
		next, err := s.client.Refresh(t.Context(), id)
		require.NoError(t, err)
		assert.Equal(t, "RT-1", next.Token.RefreshToken)
		if p.Name() == "oidc" {
			assert.Equal(t, id.Token.IDToken, next.Token.IDToken, "a logout sends it as its hint")
		}
		assert.Equal(t, "AT-2", next.Token.AccessToken)
		assert.NotEmpty(t, next.Token.Scope)
		assert.Equal(t, id.Token.Scope, next.Token.Scope, "a missing scope is unchanged (RFC 6749 §6)")
		assert.Equal(t, s.now.Add(time.Hour).Unix(), next.Expiry.Unix())
		assert.Equal(t, id.Claims, next.Claims)
		assert.Equal(t, id.SessionID, next.SessionID)
		assert.Equal(t, before, stored(t, id), "the old identity is not changed")

		s.reply(t, nil, map[string]any{"refresh_token": "RT-2", "scope": "less"})
		next, err = s.client.Refresh(t.Context(), stored(t, next))
		require.NoError(t, err)
		assert.Equal(t, "RT-2", next.Token.RefreshToken)
		assert.Equal(t, "less", next.Token.Scope)
	}
}

// A new ID token replaces the claims. A claim that it omits is removed: it may be a role that the user lost.
func TestRefreshTakesTheNewIDToken(t *testing.T) {
	t.Parallel()
	s := newSigned(t, authentication.OIDC{}, "")
	id, err := s.login(t, map[string]any{"name": "old", "email": "a@b.c", "sid": "S"})
	require.NoError(t, err)
	require.Equal(t, "S", id.SessionID)
	s.now = s.now.Add(time.Minute)
	s.reply(t, map[string]any{"name": "new"}, nil)
	next, err := s.client.Refresh(t.Context(), stored(t, id))
	require.NoError(t, err)
	assert.Equal(t, "new", next.Claims["name"])
	assert.NotContains(t, next.Claims, "email")
	assert.Equal(t, "S", next.SessionID)
	assert.NotEqual(t, id.Token.IDToken, next.Token.IDToken)
}

// Security R1: the new ID token is of the same login.
func TestR1RefreshCompares(t *testing.T) {
	t.Parallel()
	loggedIn := int64(1690000000)
	for name, c := range map[string]struct {
		claims map[string]any
		check  oidc.TokenCheck // empty is accepted
	}{
		"as it was":            {map[string]any{}, ""},
		"same auth_time":       {map[string]any{"auth_time": loggedIn}, ""},
		"another user":         {map[string]any{"sub": "u-2"}, oidc.CheckSubject},
		"another issuer":       {map[string]any{"iss": "https://attacker.example"}, oidc.CheckIssuer},
		"another audience":     {map[string]any{"aud": []string{testApp, "trusted"}, "azp": testApp}, oidc.CheckAudience},
		"another azp":          {map[string]any{"azp": testApp}, oidc.CheckAuthorized},
		"another nonce":        {map[string]any{"nonce": "another"}, oidc.CheckNonce},
		"another auth_time":    {map[string]any{"auth_time": loggedIn + 1}, oidc.CheckAuthTime},
		"older":                {map[string]any{"iat": int64(1700000000 - 1)}, oidc.CheckIssuedAt},
		"expired":              {map[string]any{"exp": int64(1700000000 - 61)}, oidc.CheckExpired},
		"of another's at_hash": {map[string]any{"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, oidc.CheckAtHash},
	} {
		s := newSigned(t, authentication.OIDC{TrustedAudiences: []string{"trusted"}}, "")
		id, err := s.login(t, map[string]any{"auth_time": loggedIn})
		require.NoError(t, err)
		s.reply(t, c.claims, nil)
		next, err := s.client.Refresh(t.Context(), stored(t, id))
		if c.check == "" {
			require.NoError(t, err, name)
			continue
		}
		require.ErrorIs(t, err, c.check, name)
		assert.Equal(t, "refused", kind(err), name)
		assert.Nil(t, next)
	}
}

// The comparison is with the login, also after several refreshes without nonce and auth_time (OpenID Connect
// Core §12.2).
func TestR1SecondRefreshComparesWithTheLogin(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(nonce string) map[string]any
		check  oidc.TokenCheck
	}{
		"same nonce":        {func(nonce string) map[string]any { return map[string]any{"nonce": nonce} }, ""},
		"another nonce":     {func(string) map[string]any { return map[string]any{"nonce": "another"} }, oidc.CheckNonce},
		"another auth_time": {func(string) map[string]any { return map[string]any{"auth_time": 1690000001} }, oidc.CheckAuthTime},
	} {
		s := newSigned(t, authentication.OIDC{}, "")
		id, err := s.login(t, map[string]any{"auth_time": 1690000000})
		require.NoError(t, err)
		nonce, _ := id.Claims["nonce"].(string)
		s.reply(t, map[string]any{}, nil)
		next, err := s.client.Refresh(t.Context(), id)
		require.NoError(t, err)
		s.reply(t, c.change(nonce), nil)
		_, err = s.client.Refresh(t.Context(), stored(t, next))
		if c.check == "" {
			require.NoError(t, err, name)
			continue
		}
		require.ErrorIs(t, err, c.check, name)
	}
}

// Two servers of one protocol in one application: the refresh token of one is not sent to the other.
func TestRefreshOfAnotherIssuer(t *testing.T) {
	t.Parallel()
	for _, p := range []authentication.Protocol{authentication.OIDC{}, authentication.OAuth{}} {
		s := newSigned(t, p, `{"sub":"u-1"}`)
		id, err := s.login(t, nil)
		require.NoError(t, err)
		other := always(t, 200, `{"access_token":"AT","token_type":"Bearer"}`)
		next, err := newTestClient(t, other, func(o *authentication.Options) {
			o.Protocol, o.AppHost = p, "https://other.example"
		}).Refresh(t.Context(), stored(t, id))
		assert.Equal(t, "refused", kind(err), p.Name())
		assert.Nil(t, next)
		assert.Empty(t, other.sent)
		_, err = s.client.Refresh(t.Context(), id)
		require.NoError(t, err)
	}
}

// Identities that cannot be refreshed: nothing is sent.
func TestRefreshMisuse(t *testing.T) {
	t.Parallel()
	token := &oauth.Token{AccessToken: "AT", RefreshToken: "RT"}
	for want, id := range map[string]*authentication.Identity{
		"authentication: the identity is nil":                                                                      nil,
		`authentication: the identity is of protocol "oauth", want "oidc"`:                                         {Protocol: "oauth", Token: token},
		"authentication: the identity has no refresh token: OpenID Connect gives one for the scope offline_access": {Protocol: "oidc"},
		"authentication: the identity's Data is not from an OIDC login":                                            {Protocol: "oidc", Token: token},
	} {
		w := always(t, 200, `{}`)
		next, err := newTestClient(t, w, nil).Refresh(t.Context(), id)
		require.EqualError(t, err, want)
		if !strings.HasSuffix(want, "login") {
			assert.ErrorIs(t, err, authentication.ErrMisconfigured)
		}
		assert.Nil(t, next)
		assert.Empty(t, w.sent)
	}
	_, err := newTestClient(t, nil, with(authentication.OAuth{})).Refresh(t.Context(), &authentication.Identity{Protocol: "oidc", Token: token})
	require.EqualError(t, err, `authentication: the identity is of protocol "oidc", want "oauth"`)
	_, err = newTestClient(t, nil, nil).Refresh(t.Context(), &authentication.Identity{
		Protocol: "oidc", Token: &oauth.Token{AccessToken: "AT"}, Data: json.RawMessage(`{}`),
	})
	require.EqualError(t, err, "authentication: the identity has no refresh token: OpenID Connect gives one for the scope offline_access")
}

// Security R2: invalid_grant is final; after any other error the same token may be tried again later.
func TestR2RefreshKinds(t *testing.T) {
	t.Parallel()
	for _, p := range []authentication.Protocol{authentication.OIDC{}, authentication.OAuth{}} {
		for status, c := range map[int][2]string{
			400: {`{"error":"invalid_grant"}`, "denied"},
			401: {`{"error":"invalid_client"}`, "misconfigured"},
			429: {`{"code":429,"message":"slow down"}`, "no answer"},
			500: {`oops`, "no answer"},
			200: {`<html>`, "no answer"},
		} {
			s := newSigned(t, p, `{"sub":"u-1"}`)
			id, err := s.login(t, nil)
			require.NoError(t, err)
			client := newTestClient(t, always(t, status, c[0]), with(p))
			next, err := client.Refresh(t.Context(), id)
			assert.Equal(t, c[1], kind(err), "%s %d: %v", p.Name(), status, err)
			assert.Equal(t, status == 400, errors.Is(err, oauth.ErrLoginAgain), "%s %d: %v", p.Name(), status, err)
			assert.Nil(t, next)
		}
	}
}

// The refresh token is sent once, with the application's credentials, and no scope.
func TestRefreshSends(t *testing.T) {
	t.Parallel()
	s := newSigned(t, authentication.OIDC{}, "")
	id, err := s.login(t, nil)
	require.NoError(t, err)
	s.wire.sent = nil
	_, err = s.client.Refresh(t.Context(), id)
	require.NoError(t, err)
	require.Len(t, s.wire.sent, 1)
	assert.Equal(t, "POST /oidc/token client_id="+testApp+"&client_secret="+testSecret+"&grant_type=refresh_token&refresh_token=RT-1", s.wire.sent[0].line())
}
