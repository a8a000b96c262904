package oidc_test

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// elsewhere runs f in a bubble, with a server that has both kinds of logins in which the user decides on another device.
func elsewhere(t *testing.T, f func(t *testing.T, server *oidctest.Server, client *oidc.Client)) {
	t.Helper()
	key := keys()["fake"].(*rsa.PrivateKey)
	synctest.Test(t, func(t *testing.T) {
		server := &oidctest.Server{SigningKey: key, Device: &oidctest.Device{}, CIBA: &oidctest.CIBA{}, Scopes: []string{"openid", "email", "offline_access"}}
		f(t, server, against(t, server, func(*oidc.Config) {}))
	})
}

// after lets the user decide while the client polls.
func after(t *testing.T, wait time.Duration, decide func() error) {
	go func() {
		time.Sleep(wait)
		assert.NoError(t, decide())
	}()
}

func TestDeviceLogin(t *testing.T) {
	t.Parallel()
	elsewhere(t, func(t *testing.T, server *oidctest.Server, client *oidc.Client) {
		login, err := client.BeginDeviceLogin(t.Context(), oauth.DeviceOptions{Scope: "openid email offline_access"})
		require.NoError(t, err)
		after(t, 12*time.Second, func() error {
			browser, err := server.Browser("")
			if err == nil {
				_, err = browser.Open(t.Context(), login.Link(), nil)
			}
			return err
		})
		start := time.Now()
		result, err := client.CompleteDeviceLogin(t.Context(), login)
		require.NoError(t, err)
		assert.Equal(t, 15*time.Second, time.Since(start), "three polls")
		assert.Equal(t, []string{idptest.Subject, idptest.Email}, []string{result.IDToken.Subject, result.IDToken.Email})
		assert.Equal(t, result.IDToken.Raw(), result.Token.IDToken)
		next, err := client.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: result.Token.RefreshToken, Previous: result.IDToken})
		require.NoError(t, err)
		assert.Equal(t, result.IDToken.Subject, next.IDToken.Subject)

		_, err = client.CompleteDeviceLogin(t.Context(), login)
		require.ErrorIs(t, err, oauth.InvalidGrant, "a code is for one use")

		login, err = client.BeginDeviceLogin(t.Context(), oauth.DeviceOptions{})
		require.NoError(t, err)
		assert.Equal(t, "openid", login.Scope)
		after(t, time.Second, func() error { return server.Deny(t.Context(), login.UserCode) })
		_, err = client.CompleteDeviceLogin(t.Context(), login)
		require.ErrorIs(t, err, oauth.AccessDenied)

		login, err = client.BeginDeviceLogin(t.Context(), oauth.DeviceOptions{})
		require.NoError(t, err)
		_, err = client.CompleteDeviceLogin(t.Context(), login)
		require.ErrorIs(t, err, oauth.ExpiredToken)
	})
}

func TestCIBALogin(t *testing.T) {
	t.Parallel()
	elsewhere(t, func(t *testing.T, server *oidctest.Server, client *oidc.Client) {
		login, err := client.BeginCIBALogin(t.Context(), oauth.CIBAOptions{Scope: "openid offline_access", LoginHint: idptest.Username})
		require.NoError(t, err)
		after(t, 7*time.Second, func() error { return server.Allow(t.Context(), login.AuthReqID, "") })
		result, err := client.CompleteCIBALogin(t.Context(), login)
		require.NoError(t, err)
		assert.Equal(t, idptest.Subject, result.IDToken.Subject)
		var claims map[string]any
		require.NoError(t, result.IDToken.Claims(&claims))
		assert.Equal(t, login.AuthReqID, claims["urn:openid:params:jwt:claim:auth_req_id"])
		_, err = client.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: result.Token.RefreshToken, Previous: result.IDToken})
		require.NoError(t, err)

		// The next time the ID token names the user, who refuses.
		login, err = client.BeginCIBALogin(t.Context(), oauth.CIBAOptions{IDTokenHint: result.IDToken.Raw()})
		require.NoError(t, err)
		assert.Equal(t, idptest.Subject, login.Subject)
		after(t, time.Second, func() error { return server.Deny(t.Context(), login.AuthReqID) })
		_, err = client.CompleteCIBALogin(t.Context(), login)
		require.ErrorIs(t, err, oauth.AccessDenied)
		_, err = client.BeginCIBALogin(t.Context(), oauth.CIBAOptions{LoginHint: "nobody"})
		require.ErrorIs(t, err, oauth.UnknownUserID)
	})
}

// What a broken server sends is refused, by its typed reason, and its whole twin is accepted.
func TestElsewhereByABrokenServer(t *testing.T) {
	t.Parallel()
	for fault, want := range map[idptest.Fault]error{
		"": nil, oidctest.OtherAuthReqID: oidc.CheckAuthReqID, oidctest.WrongRTHash: oidc.CheckRefreshHash, oidctest.OtherSubject: oidc.CheckSubject,
		oidctest.WrongNonce: oidc.CheckNonce, oidctest.WrongAtHash: oidc.CheckAtHash, oidctest.MissingIDToken: oidc.CheckMissing,
		oidctest.WrongAudience: oidc.CheckAudience, oidctest.WrongIssuer: oidc.CheckIssuer, oidctest.BadSignature: oidc.CheckSignature,
		oidctest.ExpiredIDToken: oidc.CheckExpired, oidctest.AlwaysSlowDown: oauth.ExpiredToken, oidctest.BusyPolls: oauth.TemporarilyUnavailable,
	} {
		t.Run("CIBA "+string(fault), func(t *testing.T) {
			t.Parallel()
			elsewhere(t, func(t *testing.T, server *oidctest.Server, client *oidc.Client) {
				hint := loggedIn(server, client).IDToken.Raw()
				login, err := client.BeginCIBALogin(t.Context(), oauth.CIBAOptions{Scope: "openid offline_access", IDTokenHint: hint})
				require.NoError(t, err)
				require.NoError(t, server.Allow(t.Context(), login.AuthReqID, ""))
				if fault != "" {
					server.Break(fault)
				}
				result, err := client.CompleteCIBALogin(t.Context(), login)
				if want == nil {
					require.NoError(t, err)
					return
				}
				require.ErrorIs(t, err, want)
				assert.Nil(t, result)
				assert.NotContains(t, err.Error(), login.AuthReqID)
			})
		})
	}
	for fault, want := range map[idptest.Fault]string{
		"": "", oidctest.ControlUserCode: "user_code has more than 64 bytes, or a character that cannot be shown", oidctest.MissingExpiry: "expires_in is missing or 0",
		oidctest.ScriptVerificationURI: "verification_uri_complete must be an absolute URL such as https://example.com",
	} {
		t.Run("device "+string(fault), func(t *testing.T) {
			t.Parallel()
			elsewhere(t, func(t *testing.T, server *oidctest.Server, client *oidc.Client) {
				if fault != "" {
					server.Break(fault)
				}
				_, err := client.BeginDeviceLogin(t.Context(), oauth.DeviceOptions{})
				if want == "" {
					require.NoError(t, err)
					return
				}
				require.EqualError(t, err, "oauth: device authorization reply: "+want)
			})
		})
	}
	for fault, want := range map[idptest.Fault]error{"": nil, oidctest.MissingIDToken: oidc.CheckMissing, oidctest.WrongNonce: oidc.CheckNonce, oidctest.SwappedKey: oidc.CheckSignature} {
		t.Run("device tokens "+string(fault), func(t *testing.T) {
			t.Parallel()
			elsewhere(t, func(t *testing.T, server *oidctest.Server, client *oidc.Client) {
				login, err := client.BeginDeviceLogin(t.Context(), oauth.DeviceOptions{})
				require.NoError(t, err)
				require.NoError(t, server.Allow(t.Context(), login.UserCode, ""))
				if fault != "" {
					server.Break(fault)
				}
				_, err = client.CompleteDeviceLogin(t.Context(), login)
				require.ErrorIs(t, err, want)
			})
		})
	}
}

// Without keys the token is not asked for, because the server gives it once; later the same login is completed.
func TestElsewhereWithoutKeys(t *testing.T) {
	t.Parallel()
	elsewhere(t, func(t *testing.T, server *oidctest.Server, client *oidc.Client) {
		login, err := client.BeginDeviceLogin(t.Context(), oauth.DeviceOptions{})
		require.NoError(t, err)
		require.NoError(t, server.Allow(t.Context(), login.UserCode, ""))
		down := &outage{Handler: server, path: "/.well-known/jwks.json", down: true}
		other := another(t, down)
		_, err = other.CompleteDeviceLogin(t.Context(), login)
		require.Error(t, err)
		assert.Zero(t, server.Requests("/token"))
		down.down = false
		time.Sleep(time.Minute)
		_, err = other.CompleteDeviceLogin(t.Context(), login)
		require.NoError(t, err)
	})
}

// outage answers 500 at one path.
type outage struct {
	http.Handler
	path string
	down bool
}

func (o *outage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if o.down && r.URL.Path == o.path {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	o.Handler.ServeHTTP(w, r)
}

// another is another client of the same server.
func another(t *testing.T, h http.Handler) *oidc.Client {
	t.Helper()
	client, err := oidc.NewClient(oidc.Config{
		Issuer: "https://id.example", ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, HTTPClient: &http.Client{Transport: handler{h}},
	})
	require.NoError(t, err)
	return client
}

func TestElsewhereMisuse(t *testing.T) {
	t.Parallel()
	server := &oidctest.Server{SigningKey: keys()["fake"].(*rsa.PrivateKey)}
	client := against(t, server, func(*oidc.Config) {})
	_, err := client.BeginDeviceLogin(t.Context(), oauth.DeviceOptions{Scope: "email"})
	require.EqualError(t, err, "oidc: Scope must have the word openid")
	_, err = client.BeginCIBALogin(t.Context(), oauth.CIBAOptions{})
	require.ErrorContains(t, err, "exactly one of LoginHint, LoginHintToken and IDTokenHint must be set")
	_, err = client.CompleteDeviceLogin(t.Context(), nil)
	require.ErrorIs(t, err, oauth.CheckLogin)
	_, err = client.CompleteCIBALogin(t.Context(), nil)
	require.ErrorIs(t, err, oauth.CheckLogin)
	_, err = against(t, server, func(c *oidc.Config) { c.ClientSecret = "" }).BeginDeviceLogin(t.Context(), oauth.DeviceOptions{})
	require.ErrorContains(t, err, "ClientSecret is not set")
	assert.Zero(t, server.Requests("/.well-known/openid-configuration"), "nothing was sent")

	_, err = client.BeginDeviceLogin(t.Context(), oauth.DeviceOptions{})
	require.ErrorIs(t, err, errors.ErrUnsupported, "the server has no such endpoint")
	require.ErrorIs(t, err, oauth.DiscoveryMissing)
	_, err = client.BeginCIBALogin(t.Context(), oauth.CIBAOptions{LoginHint: "alice"})
	require.ErrorIs(t, err, oauth.DiscoveryMissing)
	_, err = oidc.NewClient(oidc.Config{Issuer: "https://id.example", Endpoints: oidc.Endpoints{DeviceAuthorization: "http://id.example/device"}})
	require.ErrorContains(t, err, "oidc: Endpoints.DeviceAuthorization must be an https URL")

	// The code of another server is not sent here.
	_, err = client.CompleteDeviceLogin(t.Context(), &oauth.DeviceLogin{DeviceCode: "D", ClientID: oidctest.ClientID, Issuer: "https://other.example", Expiry: time.Now().Add(time.Hour)})
	require.ErrorIs(t, err, oauth.CheckLogin)
	assert.Zero(t, server.Requests("/token"))
}

// In the ping mode the server says when to ask; the wrong server, or an attacker, is not heard.
func TestCIBAPing(t *testing.T) {
	t.Parallel()
	for fault, accepted := range map[idptest.Fault]bool{"": true, oidctest.WrongPingToken: false, oidctest.OtherPing: false} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			var login *oauth.CIBALogin
			due := make(chan *oauth.CIBALogin, 1)
			application := httptest.NewServer(oauth.CIBAPingHandler(
				func(_ context.Context, id string) (*oauth.CIBALogin, error) {
					if login.AuthReqID != id {
						return nil, nil
					}
					return login, nil
				},
				func(_ context.Context, l *oauth.CIBALogin) error { due <- l; return nil },
			))
			t.Cleanup(application.Close)
			server := &oidctest.Server{SigningKey: keys()["fake"].(*rsa.PrivateKey), CIBA: &oidctest.CIBA{NotificationURI: application.URL}}
			client := against(t, server, func(*oidc.Config) {})
			server.Realm.HTTPClient = application.Client()
			_, err := client.BeginCIBALogin(t.Context(), oauth.CIBAOptions{LoginHint: idptest.Username})
			require.ErrorIs(t, err, oauth.DiscoveryMissing, "the server has the ping mode alone")
			login, err = client.BeginCIBALogin(t.Context(), oauth.CIBAOptions{LoginHint: idptest.Username, Ping: true})
			require.NoError(t, err)
			if fault != "" {
				server.Break(fault)
			}
			err = server.Allow(t.Context(), login.AuthReqID, "")
			if !accepted {
				require.EqualError(t, err, "oidctest: the application answered its notification with status 401")
				assert.Empty(t, due)
				return
			}
			require.NoError(t, err)
			result, err := client.CompleteCIBALogin(t.Context(), <-due)
			require.NoError(t, err, "at once")
			assert.Equal(t, idptest.Subject, result.IDToken.Subject)
		})
	}
}

func TestTokenExchange(t *testing.T) {
	t.Parallel()
	server := &oidctest.Server{SigningKey: keys()["fake"].(*rsa.PrivateKey), TokenExchange: &oidctest.TokenExchange{Audiences: []string{"ledger"}}}
	client := against(t, server, func(*oidc.Config) {})
	login := loggedIn(server, client)
	machine, err := client.GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{})
	require.NoError(t, err)
	o := oauth.TokenExchangeOptions{
		SubjectToken: login.Token.AccessToken, Audience: []string{"ledger"}, Scope: "email", RequestedTokenType: oauth.TokenTypeAccessToken,
		ActorToken: machine.AccessToken, ActorTokenType: oauth.TokenTypeAccessToken,
	}
	result, err := client.ExchangeToken(t.Context(), o)
	require.NoError(t, err)
	actor := &oauth.Actor{Subject: oidctest.ClientID}
	assert.Equal(t, actor, result.Actor)

	// The service verifies the token, and sees who acts for whom.
	access, err := client.VerifyAccessToken(t.Context(), result.Token.AccessToken, oidc.AccessTokenExpect{Audience: "ledger", Scopes: []string{"email"}})
	require.NoError(t, err)
	assert.Equal(t, []any{idptest.Subject, actor}, []any{access.Subject, access.Actor})
	seen, err := client.IntrospectToken(t.Context(), result.Token.AccessToken)
	require.NoError(t, err)
	assert.Equal(t, actor, seen.Actor)
	plain, err := client.VerifyAccessToken(t.Context(), login.Token.AccessToken, oidc.AccessTokenExpect{Audience: oidctest.ClientID})
	require.NoError(t, err)
	assert.Nil(t, plain.Actor)

	o.Audience = []string{"elsewhere"}
	_, err = client.ExchangeToken(t.Context(), o)
	require.ErrorIs(t, err, oauth.InvalidTarget)

	o = oauth.TokenExchangeOptions{SubjectToken: login.Token.AccessToken, RequestedTokenType: oauth.TokenTypeIDToken}
	result, err = client.ExchangeToken(t.Context(), o)
	require.NoError(t, err)
	assert.Equal(t, "N_A", result.Token.TokenType)
	id, err := client.VerifyIDToken(t.Context(), result.Token.AccessToken, oidc.Expect{})
	require.NoError(t, err)
	assert.Equal(t, idptest.Subject, id.Subject)
	for fault, want := range map[idptest.Fault]string{
		oidctest.MissingIssuedTokenType: "issued_token_type is missing or empty",
		oidctest.OtherIssuedTokenType:   `issued_token_type is urn:ietf:params:oauth:token-type:saml2, want "urn:ietf:params:oauth:token-type:id_token"`,
	} {
		server.Break(fault)
		_, err = client.ExchangeToken(t.Context(), o)
		require.EqualError(t, err, "oauth: token exchange reply: "+want)
	}
	server.Break(oidctest.NotApplicable)
	_, err = client.GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{})
	require.ErrorContains(t, err, `token_type is "N_A", want Bearer`)
}

// A token whose act cannot be read must not pass as one without an actor.
func TestActorOfAnAccessToken(t *testing.T) {
	t.Parallel()
	for act, want := range map[string]error{`{"sub":"s"}`: nil, `null`: nil, `"s"`: oidc.CheckActor, `{"sub":1}`: oidc.CheckActor, `{"sub":"s","act":[]}`: oidc.CheckActor} {
		tr := newAccess()
		tr.claims["act"] = json.RawMessage(act)
		token, err := tr.verifyAccess(t, strict)
		require.ErrorIs(t, err, want, act)
		if act == `{"sub":"s"}` {
			assert.Equal(t, &oauth.Actor{Subject: "s"}, token.Actor)
		}
	}
}

func TestJWTBearer(t *testing.T) {
	t.Parallel()
	key := oauth.SigningKey{ID: "hr", Signer: keys()["other"].(*rsa.PrivateKey)}
	public, err := key.JWK()
	require.NoError(t, err)
	set, err := json.Marshal(oauth.JWKSet{public})
	require.NoError(t, err)
	server := &oidctest.Server{SigningKey: keys()["fake"].(*rsa.PrivateKey), JWTBearer: &oidctest.JWTBearer{Issuers: map[string]json.RawMessage{"hr": set}}}
	client := against(t, server, func(*oidc.Config) {})
	assertion, err := oauth.JWTAssertion{Key: key, Issuer: "hr", Subject: idptest.Username, Audience: "https://id.example"}.Sign(time.Now())
	require.NoError(t, err)
	token, err := client.GetAccessTokenByJWTBearer(t.Context(), oauth.JWTBearerOptions{Assertion: assertion, Scope: "email"})
	require.NoError(t, err)
	access, err := client.VerifyAccessToken(t.Context(), token.AccessToken, oidc.AccessTokenExpect{Audience: oidctest.ClientID})
	require.NoError(t, err)
	assert.Equal(t, idptest.Subject, access.Subject)
	_, err = client.GetAccessTokenByJWTBearer(t.Context(), oauth.JWTBearerOptions{Assertion: assertion, Scope: "email"})
	require.ErrorIs(t, err, oauth.InvalidGrant, "used before")
}

// rt_hash without a refresh token beside it: somebody took the token out.
func TestCIBAWithoutItsRefreshToken(t *testing.T) {
	t.Parallel()
	for taken, want := range map[string]error{"": nil, "refresh_token": oidc.CheckRefreshHash} {
		elsewhere(t, func(t *testing.T, server *oidctest.Server, _ *oidc.Client) {
			client := another(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				whole := httptest.NewRecorder()
				server.ServeHTTP(whole, r)
				var reply map[string]any
				if r.URL.Path != "/token" || json.Unmarshal(whole.Body.Bytes(), &reply) != nil {
					maps.Copy(w.Header(), whole.Header())
					w.WriteHeader(whole.Code)
					_, _ = w.Write(whole.Body.Bytes())
					return
				}
				delete(reply, taken)
				w.Header().Set("Content-Type", "application/json")
				_ = json.NewEncoder(w).Encode(reply)
			}))
			login, err := client.BeginCIBALogin(t.Context(), oauth.CIBAOptions{Scope: "openid offline_access", LoginHint: idptest.Username})
			require.NoError(t, err)
			require.NoError(t, server.Allow(t.Context(), login.AuthReqID, ""))
			_, err = client.CompleteCIBALogin(t.Context(), login)
			require.ErrorIs(t, err, want)
		})
	}
}

// In the poll mode the ID token may have no auth_req_id (OpenID Connect CIBA Core §10.1.1); one that it has must be the login's.
func TestCIBARequestOfTheIDToken(t *testing.T) {
	t.Parallel()
	const name = "urn:openid:params:jwt:claim:auth_req_id"
	for value, want := range map[any]error{nil: nil, "R1": nil, "R2": oidc.CheckAuthReqID, "r1": oidc.CheckAuthReqID, 7: oidc.CheckAuthReqID} {
		p, tr, document := newProvider(t), newTrial(), metadata()
		document["backchannel_authentication_endpoint"] = issuer + "/ciba"
		p.discover(document)
		p.publish(tr.jwks...)
		tr.config.Metadata = nil
		set("nonce", nil)(tr)
		set(name, value)(tr)
		p.serve("/ciba", map[string]any{"auth_req_id": "R1", "expires_in": 60})
		p.serve("/token", map[string]any{"access_token": accessToken, "token_type": "Bearer", "id_token": tr.token(t)})
		client := p.client(tr.config)
		login, err := client.BeginCIBALogin(t.Context(), oauth.CIBAOptions{LoginHint: "alice"})
		require.NoError(t, err)
		login.NextPoll = now()
		result, err := client.CompleteCIBALogin(t.Context(), login)
		require.ErrorIs(t, err, want, value)
		assert.Equal(t, want == nil, result != nil)
	}
}

// A login on another device needs the server at both ends, also in another process.
func TestElsewhereWithoutAServer(t *testing.T) {
	t.Parallel()
	gone := errors.New("no route to host")
	p, cfg := newProvider(t), newTrial().config
	cfg.Metadata = nil
	p.on(wellKnown, httpmock.NewErrorResponder(gone))
	client := p.client(cfg)
	for name, call := range map[string]func() error{
		"begin device": func() error { _, err := client.BeginDeviceLogin(t.Context(), oauth.DeviceOptions{}); return err },
		"begin CIBA": func() error {
			_, err := client.BeginCIBALogin(t.Context(), oauth.CIBAOptions{LoginHint: "alice"})
			return err
		},
		"complete device": func() error {
			_, err := client.CompleteDeviceLogin(t.Context(), &oauth.DeviceLogin{DeviceCode: "D", ClientID: clientID, Issuer: issuer, Expiry: now().Add(time.Hour)})
			return err
		},
		"complete CIBA": func() error {
			_, err := client.CompleteCIBALogin(t.Context(), &oauth.CIBALogin{AuthReqID: "R", ClientID: clientID, Issuer: issuer, Expiry: now().Add(time.Hour)})
			return err
		},
	} {
		require.ErrorIs(t, call(), gone, name)
	}
}
