package oidc_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// aged runs f in a bubble. After the wait that f gets, the metadata is a day old.
func aged(t *testing.T, f func(c *cell, wait func())) {
	t.Helper()
	inCell(t, func(c *cell) {
		c.publish(jwk("rsa"))
		f(c, func() { time.Sleep(24 * time.Hour) })
	})
}

// tokenEndpoint is where the client would now exchange a code.
func (c *cell) tokenEndpoint() string {
	login, err := c.client.BeginLogin(c.t.Context(), oidc.AuthorizeOptions{})
	require.NoError(c.t, err)
	return login.TokenEndpoint
}

func moved(to string) map[string]any {
	document := metadata()
	document["token_endpoint"] = issuer + to
	return document
}

func movedKeys(to string) map[string]any {
	document := metadata()
	document["jwks_uri"] = issuer + to
	return document
}

func TestMetadataIsRefreshedDaily(t *testing.T) {
	t.Parallel()
	aged(t, func(c *cell, _ func()) {
		c.discover(moved("/token2"))
		time.Sleep(24*time.Hour - 1)
		assert.Equal(t, issuer+"/token", c.tokenEndpoint())
		assert.Equal(t, 1, c.count(wellKnown))
		time.Sleep(time.Nanosecond)
		assert.Equal(t, issuer+"/token2", c.tokenEndpoint())
		assert.Equal(t, 2, c.count(wellKnown), "one login asks once")
		time.Sleep(24*time.Hour - 1)
		assert.Equal(t, issuer+"/token2", c.tokenEndpoint())
		assert.Equal(t, 2, c.count(wellKnown))
	})
	inCell(t, func(c *cell) {
		cfg := c.trial.config
		cfg.Metadata = given()
		client := c.provider.client(cfg)
		time.Sleep(1000 * time.Hour)
		_, err := client.BeginLogin(c.t.Context(), oidc.AuthorizeOptions{})
		require.NoError(t, err)
		assert.Equal(t, 1, c.count(wellKnown), "configured metadata is never discovered; the one request is the cell's")
	})
}

// A login that began before the server moved its token endpoint, here or at another instance, is completed after it.
// An address of the configuration is compared: see A18AnotherEndpoint.
func TestLoginWhileTheTokenEndpointMoves(t *testing.T) {
	t.Parallel()
	for _, responseType := range responseTypes() {
		tr, p := frontTrial(responseType), newProvider(t)
		login, err := p.client(tr.config).BeginLogin(t.Context(), tr.ask)
		require.NoError(t, err)
		p.answerCode(tr, login)
		p.on("/token2", p.replyOf("/token"))
		p.discover(moved("/token2"))
		_, err = p.client(tr.config).CompleteLogin(t.Context(), login, callback(login, tr.answer(t, login).Encode()))
		require.NoError(t, err, responseType)
		assert.Zero(t, p.count("/token"))
		assert.Equal(t, returns(responseType, "code"), p.count("/token2") == 1)
	}
}

func TestMetadataRefreshIsOneFlight(t *testing.T) {
	t.Parallel()
	aged(t, func(c *cell, wait func()) {
		wait()
		reply := httpmock.NewJsonResponderOrPanic(http.StatusOK, moved("/token2"))
		c.on(wellKnown, func(r *http.Request) (*http.Response, error) {
			time.Sleep(time.Second - 1)
			return reply(r)
		})
		for _, err := range atOnce(100, func(int) error {
			login, err := c.client.BeginLogin(c.t.Context(), oidc.AuthorizeOptions{})
			if err == nil && login.TokenEndpoint != issuer+"/token2" {
				err = errors.New("the old endpoint")
			}
			return err
		}) {
			require.NoError(t, err)
		}
		assert.Equal(t, 2, c.count(wellKnown))
	})
}

// After a second the old metadata is used; a late reply is still stored.
func TestMetadataRefreshHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	aged(t, func(c *cell, wait func()) {
		wait()
		reply := httpmock.NewJsonResponderOrPanic(http.StatusOK, moved("/token2"))
		c.on(wellKnown, func(r *http.Request) (*http.Response, error) {
			time.Sleep(20 * time.Second)
			return reply(r)
		})
		begin := time.Now()
		assert.Equal(t, issuer+"/token", c.tokenEndpoint())
		assert.Equal(t, time.Second, time.Since(begin))
		assert.Equal(t, issuer+"/token", c.tokenEndpoint())
		assert.Equal(t, time.Second, time.Since(begin), "nobody waits twice")
		time.Sleep(20 * time.Second)
		assert.Equal(t, issuer+"/token2", c.tokenEndpoint())
		assert.Equal(t, 2, c.count(wellKnown))
	})
	aged(t, func(c *cell, wait func()) {
		wait()
		c.on(wellKnown, func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		ctx, cancel := context.WithTimeout(c.t.Context(), time.Second/2)
		defer cancel()
		_, err := c.client.BeginLogin(ctx, oidc.AuthorizeOptions{})
		require.ErrorIs(t, err, context.DeadlineExceeded, "the caller's context ended")
		time.Sleep(time.Minute)
	})
}

// brokenDocuments are replies to a refresh, with the error of Metadata; no error when a later reply may be good.
var brokenDocuments = map[string]struct {
	broken  func(p *provider)
	message string
}{
	"dead": {func(p *provider) {
		p.on(wellKnown, func(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") })
	}, ""},
	"503":    {func(p *provider) { p.text(wellKnown, http.StatusServiceUnavailable, "text/plain", "") }, ""},
	"429":    {func(p *provider) { p.text(wellKnown, http.StatusTooManyRequests, "text/plain", "") }, ""},
	"a page": {func(p *provider) { p.text(wellKnown, http.StatusOK, "text/html", "<html>") }, ""},
	"404": {
		func(p *provider) { p.text(wellKnown, http.StatusNotFound, "text/plain", "") },
		"oauth: discovery refused (status): GET https://op.example/.well-known/openid-configuration: status 404, GET https://op.example/.well-known/oauth-authorization-server: status 404, want 200: is the issuer right?",
	},
	"another issuer": {func(p *provider) {
		document := moved("/token2")
		document["issuer"] = "https://attacker.example"
		p.discover(document)
	}, `oauth: discovery refused (issuer): the document's issuer is "https://attacker.example", want "https://op.example"`},
	"an endpoint over http": {func(p *provider) {
		document := moved("/token2")
		document["userinfo_endpoint"] = "http://op.example/me"
		p.discover(document)
	}, "oauth: discovery refused (endpoint): userinfo_endpoint " + httpsOnly},
}

func TestMetadataRefreshThatFailsKeepsTheOld(t *testing.T) {
	t.Parallel()
	for name, b := range brokenDocuments {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			aged(t, func(c *cell, wait func()) {
				wait()
				b.broken(c.provider)
				metadataNow := func() {
					m, err := c.client.Metadata(c.t.Context())
					if b.message != "" {
						require.EqualError(t, err, b.message)
						assert.Nil(t, m)
						return
					}
					require.NoError(t, err)
					assert.Equal(t, issuer+"/token", m.TokenEndpoint)
				}
				for range 50 {
					require.Equal(t, issuer+"/token", c.tokenEndpoint())
				}
				metadataNow()
				time.Sleep(5 * time.Second) // the retries of a call for which no caller waits
				asked := c.count(wellKnown)
				assert.LessOrEqual(t, asked, 4, "at most one flight of three attempts")
				time.Sleep(30 * time.Second)
				metadataNow()
				assert.Equal(t, asked, c.count(wellKnown), "not asked again within a minute")
				time.Sleep(1000 * time.Hour)
				require.Equal(t, issuer+"/token", c.tokenEndpoint(), "for as long as it takes")
				metadataNow()
				c.discover(moved("/token2"))
				time.Sleep(time.Minute + time.Second)
				require.Equal(t, issuer+"/token2", c.tokenEndpoint())
				_, err := c.client.Metadata(c.t.Context())
				require.NoError(t, err)
			})
		})
	}
}

func TestMetadataRefreshCoolDownHasAnEdge(t *testing.T) {
	t.Parallel()
	aged(t, func(c *cell, wait func()) {
		wait()
		c.text(wellKnown, http.StatusNotFound, "text/plain", "")
		for i, pause := range []time.Duration{0, time.Minute - 1, 1, time.Minute} {
			time.Sleep(pause)
			assert.Equal(t, issuer+"/token", c.tokenEndpoint())
			assert.Equal(t, 1+[]int{1, 1, 2, 3}[i], c.count(wellKnown))
		}
	})
}

// The first document has no predecessor: its fault is the error of every call.
func TestMetadataFirstFailureIsTheCallers(t *testing.T) {
	t.Parallel()
	for name, b := range brokenDocuments {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := newProvider(t)
				b.broken(p)
				_, err := p.client(newTrial().config).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
				require.ErrorContains(t, err, b.message)
			})
		})
	}
}

// A clock that was set back does not keep metadata fresh for years.
func TestClockSetBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tr, p := newTrial(), newProvider(t)
		clock := now().AddDate(10, 0, 0)
		tr.config.Now = func() time.Time { return clock }
		client := p.client(tr.config)
		_, err := client.Metadata(t.Context())
		require.NoError(t, err)
		_, err = client.VerifyIDToken(t.Context(), tr.token(t), tr.expect)
		require.ErrorIs(t, err, oidc.CheckExpired)
		clock = now()
		for range 3 {
			_, err = client.VerifyIDToken(t.Context(), tr.token(t), tr.expect)
			require.NoError(t, err)
		}
		assert.Equal(t, [2]int{2, 2}, [2]int{p.count(wellKnown), p.count("/jwks")})
	})
}

// Keys and their cool-down survive a refresh that does not change their address.
func TestKeysSurviveARefreshOfTheMetadata(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		document map[string]any
		kept     bool
	}{
		"the same": {metadata(), true}, "another token endpoint": {moved("/token2"), true},
		"another address of the keys": {movedKeys("/jwks2"), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inCell(t, func(cell *cell) {
				fresh := func(r *http.Request) (*http.Response, error) {
					res := httpmock.NewStringResponse(http.StatusOK, mustJSON(map[string]any{"keys": []any{jwk("rsa")}}))
					res.Header.Set("Cache-Control", "max-age=86400")
					return res, nil
				}
				cell.on("/jwks", fresh)
				cell.on("/jwks2", fresh)
				time.Sleep(12 * time.Hour)
				require.NoError(t, cell.check("rsa"))
				cell.discover(c.document)
				time.Sleep(12 * time.Hour)
				require.NoError(t, cell.check("rsa"))
				assert.Equal(t, 2, cell.count(wellKnown))
				if c.kept {
					assert.Equal(t, 1, cell.count("/jwks"))
				} else {
					assert.Equal(t, [2]int{1, 1}, [2]int{cell.count("/jwks"), cell.count("/jwks2")})
				}
			})
		})
	}
}

// A document that has lost an address that logins need does not replace one that had it.
func TestD8MetadataRefreshThatLosesAnEndpoint(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"authorization_endpoint", "token_endpoint", "jwks_uri"} {
		aged(t, func(c *cell, wait func()) {
			wait()
			lost := moved("/token2")
			delete(lost, name)
			c.discover(lost)
			assert.Equal(t, issuer+"/token", c.tokenEndpoint(), name)
			_, err := c.client.Metadata(t.Context())
			require.EqualError(t, err, "oauth: discovery refused (missing): the refreshed document has no "+name+", which it had before")
		})
	}
	aged(t, func(c *cell, wait func()) {
		wait()
		lost := moved("/token2")
		delete(lost, "userinfo_endpoint")
		c.discover(lost)
		assert.Equal(t, issuer+"/token2", c.tokenEndpoint(), "logins do not need user info")
	})
}
