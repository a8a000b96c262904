package oidc_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// spent is a provider that answers a refresh with new tokens and this trial's ID token.
func spent(t *testing.T, tr *trial) *provider {
	t.Helper()
	p := newProvider(t)
	tr.reply["access_token"], tr.reply["refresh_token"], tr.reply["id_token"] = "AT2", "RT2", tr.token(t)
	p.serve("/token", tr.reply)
	return p
}

// before is the ID token of newTrial's login.
func before() *oidc.IDToken {
	return &oidc.IDToken{Issuer: issuer, Subject: "248289761001", Audience: []string{clientID}, Nonce: sentNonce, IssuedAt: now()}
}

// The key of a rotated set cannot be fetched after the refresh token was used: the new tokens are kept, unless the ID
// token names another user.
func TestR1RefreshErrorHoldsTheTokens(t *testing.T) {
	t.Parallel()
	unknown := func(tr *trial) { tr.header["kid"] = "unknown" }
	nobody := before()
	nobody.Subject = ""
	for name, c := range map[string]struct {
		change   change
		previous *oidc.IDToken
		down     bool // now the keys cannot be fetched
		kept     bool
		check    oidc.TokenCheck
	}{
		"keys gone":                 {unknown, before(), true, true, ""},
		"keys gone, another sub":    {func(tr *trial) { unknown(tr); tr.claims["sub"] = "another" }, before(), true, false, ""},
		"keys gone, sub in case":    {func(tr *trial) { unknown(tr); tr.claims["sub"] = 248289761001 }, before(), true, false, ""},
		"keys gone, no sub":         {func(tr *trial) { unknown(tr); delete(tr.claims, "sub") }, before(), true, false, ""},
		"keys gone, nobody's":       {func(tr *trial) { unknown(tr); delete(tr.claims, "sub") }, nobody, true, false, ""},
		"keys gone, another iss":    {func(tr *trial) { unknown(tr); tr.claims["iss"] = issuer + "/" }, before(), true, false, ""},
		"keys gone, another aud":    {func(tr *trial) { unknown(tr); tr.claims["aud"] = "another" }, before(), true, false, ""},
		"keys gone, one aud more":   {func(tr *trial) { unknown(tr); tr.claims["aud"] = []string{clientID, "b"} }, before(), true, false, ""},
		"keys gone, nothing before": {unknown, nil, true, false, ""},
		"keys gone, no claims":      {func(tr *trial) { unknown(tr); tr.payload = "[]" }, before(), true, false, ""},
		"unknown kid":               {unknown, before(), false, true, oidc.CheckKey},
		"a claim of another kind":   {func(tr *trial) { tr.claims["nonce"] = 7 }, before(), false, true, oidc.CheckNonce},
		"another kind of token":     {func(tr *trial) { tr.header["typ"] = "at+jwt" }, before(), false, true, oidc.CheckType},
		"bad signature":             {func(tr *trial) { tr.key = keys()["other"] }, before(), false, false, oidc.CheckSignature},
		"no signature":              {func(tr *trial) { tr.alg = "none" }, before(), false, false, oidc.CheckAlgorithm},
		"another alg":               {func(tr *trial) { tr.alg, tr.key = "HS256", []byte(clientSecret) }, before(), false, false, oidc.CheckAlgorithm},
		"no token":                  {func(tr *trial) { tr.rework = func(string) string { return "a.b.c" } }, before(), false, false, oidc.CheckFormat},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tr := newTrial()
			c.change(tr)
			p := spent(t, tr)
			client := p.client(tr.config)
			if c.down {
				p.on("/token", func(r *http.Request) (*http.Response, error) {
					p.text("/jwks", http.StatusNotFound, "text/plain", "no")
					return httpmock.NewJsonResponse(http.StatusOK, tr.reply)
				})
			}
			result, err := client.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: "RT1", Previous: c.previous})
			assert.Nil(t, result)
			require.Error(t, err)
			var refused *oidc.TokenError
			if c.check != "" {
				require.ErrorIs(t, err, c.check)
				require.ErrorAs(t, err, &refused)
			} else {
				assert.False(t, errors.As(err, &refused), "a missing answer is not a refusal")
				require.ErrorContains(t, err, "JWKS")
			}
			var kept *oidc.RefreshError
			require.Equal(t, c.kept, errors.As(err, &kept), "%v", err)
			assert.Equal(t, !c.kept && c.check != "", errors.Is(err, oauth.ErrLoginAgain), "R2: a refused reply whose tokens were dropped")
			if c.kept {
				assert.Equal(t, "AT2", kept.Token.AccessToken)
				assert.Equal(t, "RT2", kept.Token.RefreshToken)
			}
		})
	}
}

func TestRefreshErrorPrintsNoToken(t *testing.T) {
	t.Parallel()
	token := &oauth.Token{AccessToken: "AT2SECRET", RefreshToken: "RT2SECRET", IDToken: "IDSECRET"}
	err := &oidc.RefreshError{Token: token, Err: &oidc.TokenError{Check: oidc.CheckNonce, Detail: "why"}}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Error("refresh", "err", err, "in", struct{ E *oidc.RefreshError }{err}, "value", *err)
	slog.New(slog.NewTextHandler(&log, nil)).Error("refresh", "err", err, "value", *err)
	text, jsonErr := json.Marshal([]any{err, *err, map[string]any{"e": err}})
	require.NoError(t, jsonErr)
	printed := log.String() + string(text)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		printed += fmt.Sprintf(verb, err) + fmt.Sprintf(verb, *err) + fmt.Sprintf(verb, []any{err})
	}
	assert.NotContains(t, printed, "SECRET")
	assert.Contains(t, err.Error(), "oidc: refused the token (nonce): why")
	assert.Contains(t, fmt.Sprint(err), err.Error())
	stored, jsonErr := json.Marshal(err.Token)
	require.NoError(t, jsonErr)
	assert.Contains(t, string(stored), "RT2SECRET", "the token is for storage")

	var none *oidc.RefreshError
	assert.NotEmpty(t, none.Error())
	assert.NoError(t, errors.Unwrap(none))
	assert.NotEmpty(t, (&oidc.RefreshError{}).Error())
}

// Twenty callers share one request, and the reply is compared with each caller's ID token.
func TestCaseOauthRefreshAtOnceAndEachHasItsOwnPrevious(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tr := newTrial()
		p := spent(t, tr)
		p.on("/token", func(r *http.Request) (*http.Response, error) {
			time.Sleep(time.Second)
			return httpmock.NewJsonResponse(http.StatusOK, tr.reply)
		})
		client := p.client(tr.config)
		_, err := client.Metadata(t.Context())
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		tokens := make(chan *oauth.Token, 30)
		refresh := func(ctx context.Context, previous *oidc.IDToken) (*oidc.Result, error) {
			return client.Refresh(ctx, oidc.RefreshOptions{RefreshToken: "RT1", Previous: previous})
		}
		all.Go(func() {
			_, err := refresh(ctx, before())
			assert.ErrorIs(t, err, context.Canceled, "K7")
		})
		synctest.Wait()
		for range 10 {
			all.Go(func() {
				result, err := refresh(t.Context(), before())
				if assert.NoError(t, err) {
					tokens <- result.Token
					result.Token.RefreshToken = "changed by its caller"
				}
			})
			all.Go(func() {
				another := before()
				another.Subject = "another"
				_, err := refresh(t.Context(), another)
				assert.ErrorIs(t, err, oidc.CheckSubject)
				var kept *oidc.RefreshError
				assert.False(t, errors.As(err, &kept))
			})
			all.Go(func() {
				another := before()
				another.Nonce = "another"
				_, err := refresh(t.Context(), another)
				assert.ErrorIs(t, err, oidc.CheckNonce)
				var kept *oidc.RefreshError
				if assert.ErrorAs(t, err, &kept) {
					tokens <- kept.Token
				}
			})
		}
		synctest.Wait()
		cancel()
		all.Wait()
		close(tokens)
		seen := map[*oauth.Token]bool{}
		for token := range tokens {
			seen[token] = true
		}
		assert.Len(t, seen, 20, "each caller has its own token")
		assert.Equal(t, 1, p.count("/token"))

		late, err := refresh(t.Context(), before())
		require.NoError(t, err)
		assert.Equal(t, "RT2", late.Token.RefreshToken)
		token, err := client.RefreshIfExpired(t.Context(), &oauth.Token{RefreshToken: "RT1", Scope: "s", Expiry: now()}, 0)
		require.NoError(t, err)
		assert.Equal(t, "AT2", token.AccessToken)
		assert.Equal(t, "s", token.Scope)
		assert.Equal(t, 1, p.count("/token"))
		p.serve("/revoke", map[string]any{})
		require.NoError(t, client.RevokeToken(t.Context(), "RT2"))
		_, err = refresh(t.Context(), before())
		require.NoError(t, err)
		assert.Equal(t, 2, p.count("/token"), "a revoked token is not given out")
	})
}

// A refresh token that was not replaced is sent again only when the last result expires too soon; a replaced one
// never.
func TestR5RefreshIfExpiredSendsNoMoreThanItMust(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rotates     bool
		accessToken string // that the second caller holds
		leeway      time.Duration
		calls       int
	}{
		"stays, good":                {false, "AT1", time.Hour - 1, 1},
		"stays, not for long enough": {false, "AT1", time.Hour, 2},
		"stays, held already":        {false, "AT2", 0, 2},
		"replaced":                   {true, "AT1", time.Hour, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tr := newTrial()
			p := newProvider(t)
			tr.reply["access_token"] = "AT2"
			if c.rotates {
				tr.reply["refresh_token"] = "RT2"
			}
			p.serve("/token", tr.reply)
			client := p.client(tr.config)
			old := &oauth.Token{AccessToken: "AT1", RefreshToken: "RT1", Expiry: now()}
			_, err := client.RefreshIfExpired(t.Context(), old, 0)
			require.NoError(t, err)
			old.AccessToken = c.accessToken
			next, err := client.RefreshIfExpired(t.Context(), old, c.leeway)
			require.NoError(t, err)
			assert.Equal(t, "AT2", next.AccessToken)
			assert.Equal(t, c.calls, p.count("/token"))
		})
	}
}

// A secret that the server puts into a claim of an ID token does not reach the logs.
func TestS14TokenErrorQuotesNoSecret(t *testing.T) {
	t.Parallel()
	const refreshToken = "8xLOxBtZp8-of-kim"
	for _, claim := range []string{"iss", "aud", "azp", "acr"} {
		for _, mode := range []oauth.ResponseMode{"", oauth.ResponseModeFormPost} {
			for _, secret := range []string{"", "code", "verifier", "client secret", "access token", "refresh token"} {
				tr := newTrial()
				tr.ask = oidc.AuthorizeOptions{ResponseMode: mode, Claims: json.RawMessage(`{"id_token":{"acr":{"essential":true,"value":"gold"}}}`)}
				tr.claims["acr"], tr.reply["refresh_token"] = "gold", refreshToken
				p := newProvider(t)
				c := p.client(tr.config)
				login, err := c.BeginLogin(t.Context(), tr.ask)
				require.NoError(t, err)
				value := "a text that was not sent: https://other.example"
				switch secret {
				case "code":
					value = "C0DE-L0GIN"
				case "verifier":
					value = login.CodeVerifier
				case "client secret":
					value = clientSecret
				case "access token":
					value = accessToken
				case "refresh token":
					value = refreshToken
				}
				tr.claims[claim] = "x" + value
				p.answerCode(tr, login)
				_, err = c.CompleteLogin(t.Context(), login, callback(login, "code=C0DE-L0GIN&state="+login.State))
				var refused *oidc.TokenError
				require.ErrorAs(t, err, &refused, "%s %s", claim, secret)
				assert.Equal(t, secret == "", strings.Contains(err.Error(), value), "%s of the %s: %v", claim, secret, err)

				tr.claims["acr"] = nil
				p.answerCode(tr, login)
				_, err = c.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: "the-old-" + value})
				if claim != "acr" && secret != "code" && secret != "verifier" { // those are not sent then
					require.ErrorAs(t, err, &refused, "%s %s", claim, secret)
					assert.Equal(t, secret == "", strings.Contains(err.Error(), value), "%s of the %s: %v", claim, secret, err)
				}
			}
		}
	}
}
