package oidc_test

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// refresh logs in with the trial's ID token and refreshes it into one with these changes.
func refresh(t *testing.T, base change, changes ...change) (*oidc.Result, error) {
	t.Helper()
	tr := newTrial()
	if base != nil {
		base(tr)
	}
	p := newProvider(t)
	client := p.client(tr.config)
	tr.reply["refresh_token"] = "RT1"
	first, err := p.login(client, tr, "")
	require.NoError(t, err)
	next := *tr
	next.claims, next.reply = maps.Clone(tr.claims), maps.Clone(tr.reply)
	for _, c := range changes {
		c(&next)
	}
	if next.reply["access_token"] == accessToken {
		next.reply["access_token"], next.reply["refresh_token"] = "AT2", "RT2"
	}
	if _, none := next.reply["id_token"]; !none {
		next.reply["id_token"] = next.token(t)
	}
	p.serve("/token", next.reply)
	return client.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: first.Token.RefreshToken, Previous: first.IDToken})
}

// sameUser are refreshed ID tokens that differ from the first in one claim that must not change.
var sameUser = map[string]struct {
	check     oidc.TokenCheck
	base      change
	good, bad change
}{
	"issuer":               {oidc.CheckIssuer, nil, nil, set("iss", "https://other.example")},
	"subject":              {oidc.CheckSubject, nil, nil, set("sub", "248289761002")},
	"subject in case":      {oidc.CheckSubject, set("sub", "ada"), set("sub", "ada"), set("sub", "Ada")},
	"audience":             {oidc.CheckAudience, nil, set("aud", []string{clientID}), set("aud", "another")},
	"audience, one more":   {oidc.CheckAudience, trusts, set("azp", clientID), func(tr *trial) { tr.claims["aud"] = []string{clientID, trusted} }},
	"audience, one less":   {oidc.CheckAudience, twoAudiences, set("aud", []string{trusted, clientID}), set("aud", clientID)},
	"azp, another":         {oidc.CheckAuthorized, set("azp", clientID), set("azp", clientID), set("azp", "another")},
	"azp came":             {oidc.CheckAuthorized, nil, nil, set("azp", clientID)},
	"azp went":             {oidc.CheckAuthorized, set("azp", clientID), nil, set("azp", nil)},
	"iat, older":           {oidc.CheckIssuedAt, nil, set("iat", now().Unix()+1), set("iat", now().Unix()-1)},
	"auth_time":            {oidc.CheckAuthTime, set("auth_time", now().Unix()), set("auth_time", nil), set("auth_time", now().Unix()-1)},
	"auth_time came":       {oidc.CheckNonce, nil, set("auth_time", now().Unix()), set("nonce", "another")},
	"nonce":                {oidc.CheckNonce, nil, set("nonce", nil), set("nonce", "another")},
	"expired":              {oidc.CheckExpired, nil, nil, set("exp", now().Add(-time.Hour).Unix())},
	"signature":            {oidc.CheckSignature, nil, nil, func(tr *trial) { tr.key = keys()["other"] }},
	"at_hash of the first": {oidc.CheckAtHash, nil, set("at_hash", sha256Half("AT2")), set("at_hash", sha256Half(accessToken))},
}

func trusts(tr *trial) {
	tr.config.TrustedAudiences, tr.claims["azp"] = []string{trusted}, clientID
}

func TestR1RefreshedIDTokenIsAboutTheSameLogin(t *testing.T) {
	t.Parallel()
	for name, c := range sameUser {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			good := c.good
			if good == nil {
				good = func(*trial) {}
			}
			result, err := refresh(t, c.base, good)
			require.NoError(t, err, "the accepted twin")
			assert.Equal(t, "AT2", result.Token.AccessToken)
			assert.Equal(t, "RT2", result.Token.RefreshToken)
			result, err = refresh(t, c.base, c.bad)
			require.ErrorIs(t, err, c.check)
			assert.Nil(t, result)
			var kept *oidc.RefreshError
			switch c.check {
			case oidc.CheckIssuer, oidc.CheckSubject, oidc.CheckAudience, oidc.CheckSignature:
				assert.False(t, errors.As(err, &kept), "they may be another user's tokens")
			default:
				require.ErrorAs(t, err, &kept, "the tokens are kept")
				assert.Equal(t, "RT2", kept.Token.RefreshToken)
			}
		})
	}
}

func TestRefreshWithoutIDToken(t *testing.T) {
	t.Parallel()
	result, err := refresh(t, nil, func(tr *trial) {
		tr.reply = map[string]any{"access_token": "AT2", "token_type": "Bearer", "id_token": nil}
	})
	require.NoError(t, err)
	assert.Nil(t, result.IDToken)
	assert.Equal(t, "RT1", result.Token.RefreshToken, "R5: the old one stays")
}

func TestRefreshSendsWhatItIsTold(t *testing.T) {
	t.Parallel()
	tr, p := newTrial(), newProvider(t)
	p.serve("/token", tr.reply)
	_, err := p.client(tr.config).Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: "RT1", Scope: "openid"})
	require.NoError(t, err)
	assert.Equal(t, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {"RT1"}, "scope": {"openid"}}, p.form("/token"))

	p = newProvider(t)
	_, err = p.client(tr.config).Refresh(t.Context(), oidc.RefreshOptions{})
	require.EqualError(t, err, "oauth: refresh token is empty")
	assert.Zero(t, p.total())
}

func TestR2RefreshFailures(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status            int
		contentType, body string
		temporary         bool
		want              error
	}{
		"invalid_grant":        {http.StatusBadRequest, "application/json", `{"error":"invalid_grant"}`, false, oauth.InvalidGrant},
		"invalid_grant on 500": {http.StatusInternalServerError, "application/json", `{"error":"invalid_grant"}`, false, oauth.InvalidGrant},
		"500":                  {http.StatusInternalServerError, "text/plain", "no", true, nil},
		"429":                  {http.StatusTooManyRequests, "application/json", `{}`, true, nil},
		"503 as a page":        {http.StatusServiceUnavailable, "text/html", "<html>", true, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProvider(t)
			p.text("/token", c.status, c.contentType, c.body)
			result, err := p.client(newTrial().config).Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: "RT1"})
			assert.Nil(t, result)
			var refused *oauth.Error
			require.ErrorAs(t, err, &refused)
			assert.Equal(t, c.temporary, refused.Temporary())
			assert.Equal(t, c.want == oauth.InvalidGrant, errors.Is(err, oauth.ErrLoginAgain))
			if c.want != nil {
				require.ErrorIs(t, err, c.want)
			}
			assert.Equal(t, 1, p.count("/token"), "a refresh token is sent once")
			assert.NotContains(t, err.Error(), "RT1")
		})
	}
	p := newProvider(t)
	p.on("/token", func(*http.Request) (*http.Response, error) { return nil, errors.New("RT1-8xLOxBtZp8 was reset") })
	_, err := p.client(newTrial().config).Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: "RT1-8xLOxBtZp8"})
	require.EqualError(t, err, "oauth: POST https://op.example/token: [redacted] was reset")
	assert.NotErrorIs(t, err, oauth.ErrLoginAgain)
}

// A rotated refresh token would be lost with a reply that cannot be verified, and the session with it.
func TestR2RefreshTokenIsKeptWhileTheKeysCannotBeHad(t *testing.T) {
	t.Parallel()
	keys()
	synctest.Test(t, func(t *testing.T) { // for the second in which a failure is kept
		tr, p := newTrial(), newProvider(t)
		tr.reply["id_token"], tr.reply["refresh_token"] = tr.token(t), "RT2"
		p.serve("/token", tr.reply)
		p.text("/jwks", http.StatusNotFound, "text/plain", "no")
		client := p.client(tr.config)
		_, err := client.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: "RT1"})
		require.EqualError(t, err, "oidc: JWKS: GET https://op.example/jwks: status 404, want 200")
		assert.NotErrorIs(t, err, oauth.ErrLoginAgain)
		assert.Zero(t, p.count("/token"), "RT1 was not sent")
		p.publish(jwk("rsa"))
		time.Sleep(time.Second)
		result, err := client.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: "RT1"})
		require.NoError(t, err)
		assert.Equal(t, "RT2", result.Token.RefreshToken)
	})
}

// A client whose ID tokens are signed with its secret needs no keys.
func TestR2RefreshWithASecretNeedsNoKeys(t *testing.T) {
	t.Parallel()
	for _, own := range []oidc.KeySet{nil, keysFunc(func(string) ([]oidc.Key, error) { return nil, errors.New("the store is down") })} {
		tr, p := newTrial(), newProvider(t)
		hmac("HS256")(tr)
		tr.config.Keys = own
		tr.reply["id_token"] = tr.token(t)
		p.serve("/token", tr.reply)
		p.text("/jwks", http.StatusNotFound, "text/plain", "no")
		_, err := p.client(tr.config).Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: "RT1"})
		require.NoError(t, err)
		assert.Zero(t, p.count("/jwks"))
	}
}

// A server without an ID token in its replies needs no keys either.
func TestR2RefreshAtAServerWithoutKeys(t *testing.T) {
	t.Parallel()
	tr, p := newTrial(), newProvider(t)
	document := metadata()
	delete(document, "jwks_uri")
	p.discover(document)
	p.serve("/token", tr.reply)
	client := p.client(tr.config)
	result, err := client.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: "RT1"})
	require.NoError(t, err)
	assert.Nil(t, result.IDToken)
	tr.reply["id_token"] = tr.token(t)
	p.serve("/token", tr.reply)
	_, err = client.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: "RT2"})
	require.ErrorIs(t, err, errors.ErrUnsupported, "an ID token is never taken unverified")
}

// A Previous from another issuer is another user, even with the same sub.
func TestR1PreviousOfAnotherIssuer(t *testing.T) {
	t.Parallel()
	for iss, want := range map[string]error{issuer: nil, issuer + "/": oidc.CheckIssuer, "": oidc.CheckIssuer} {
		tr, p := newTrial(), newProvider(t)
		tr.reply["id_token"] = tr.token(t)
		p.serve("/token", tr.reply)
		previous := &oidc.IDToken{Issuer: iss, Subject: "248289761001", Audience: []string{clientID}, Nonce: sentNonce}
		result, err := p.client(tr.config).Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: "RT1", Previous: previous})
		require.ErrorIs(t, err, want)
		assert.Equal(t, want == nil, result != nil)
		assert.Equal(t, want == nil, p.count("/token") == 1, "this server must not see its refresh token")
	}
}
