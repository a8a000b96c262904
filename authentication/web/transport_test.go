package web_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

const apiOrigin = "https://api.example"

// inside runs f with the context of a request of this user.
func (g *guarded) inside(cookie *http.Cookie, f func(ctx context.Context)) {
	ask(g.site.RequireLogin(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { f(r.Context()) })), "GET", "/", cookie)
}

// bearers are hosts that answer with the Authorization that they got.
func bearers(origins ...string) network {
	n := network{}
	for _, o := range origins {
		n[o] = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if to := r.URL.Query().Get("to"); to != "" {
				http.Redirect(w, r, to, http.StatusFound)
				return
			}
			body, _ := io.ReadAll(r.Body)
			_, _ = io.WriteString(w, r.Header.Get("Authorization")+string(body))
		})
	}
	return n
}

func bodyOf(t testing.TB, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	return string(b)
}

// The token goes to exactly the origin, also after a redirect, and to no other.
func TestTransportSendsTheTokenToOneOrigin(t *testing.T) {
	t.Parallel()
	g, _ := withTokens(t)
	others := []string{"https://api.example.evil.test", "https://sub.api.example", "http://api.example", "https://api.example:8443", "https://api.example@evil.test"}
	hosts := bearers(append(others, apiOrigin, "https://api.example:443", "https://API.example", "https://evil.test")...)
	client := &http.Client{Transport: &web.Transport{Origin: "https://API.example:443", Base: hosts}}
	g.inside(g.signIn(), func(ctx context.Context) {
		get := func(address string) string {
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
			require.NoError(t, err)
			res, err := client.Do(r)
			require.NoError(t, err, address)
			assert.Empty(t, r.Header.Get("Authorization"), "the request is not changed")
			return bodyOf(t, res)
		}
		for _, address := range []string{apiOrigin, "https://api.example:443/x", "https://API.example/x?y", "https://a:b@api.example/"} {
			assert.Equal(t, "Bearer access-1", get(address), address)
		}
		for _, other := range others {
			assert.NotContains(t, get(other+"/x"), "access-1", other)
			assert.NotContains(t, get(apiOrigin+"/?to="+other), "access-1", "a redirect to "+other)
			assert.Equal(t, "Bearer access-1", get(other+"/?to="+apiOrigin), "a redirect from "+other)
		}
	})
}

// A request brings no Authorization of its own to the API, such as the browser's behind a proxy.
func TestTransportReplacesAuthorization(t *testing.T) {
	t.Parallel()
	g, _ := withTokens(t)
	g.inside(g.signIn(), func(ctx context.Context) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, apiOrigin, nil)
		require.NoError(t, err)
		r.Header.Add("Authorization", "Basic a")
		r.Header.Add("Authorization", "Bearer b")
		api := bearers(apiOrigin)
		api[apiOrigin] = http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			assert.Equal(t, []string{"Bearer access-1"}, r.Header.Values("Authorization"))
		})
		_, err = (&web.Transport{Origin: apiOrigin, Base: api}).RoundTrip(r)
		require.NoError(t, err)
	})
}

// closing is a body that says whether it was closed.
type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error {
	c.closed = true
	return nil
}

// A request for the API is not sent without a token, and its body is closed.
func TestTransportWithoutAToken(t *testing.T) {
	t.Parallel()
	g, flow := withTokens(t)
	api := network{apiOrigin: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was sent") })}
	try := func(ctx context.Context, transport *web.Transport) error {
		body := &closing{Reader: strings.NewReader("x")}
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, apiOrigin, body)
		require.NoError(t, err)
		_, err = transport.RoundTrip(r)
		assert.True(t, body.closed)
		return err
	}
	good := &web.Transport{Origin: apiOrigin, Base: api}
	require.ErrorIs(t, try(t.Context(), good), web.ErrNoSession)
	ask(g.site.LoadLogin(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		require.ErrorIs(t, try(r.Context(), good), web.ErrNoSession)
	})), "GET", "/", nil)
	cookie := g.signIn()
	for _, origin := range []string{"", "api.example", "http://api.example", apiOrigin + "/v1", apiOrigin + "?a", "https://u:secret@api.example", "ftp://api.example"} {
		g.inside(cookie, func(ctx context.Context) {
			err := try(ctx, &web.Transport{Origin: origin, Base: api})
			require.ErrorIs(t, err, authentication.ErrMisconfigured, origin)
			require.ErrorContains(t, err, "Transport.Origin")
			assert.NotContains(t, err.Error(), "secret")
		})
	}
	flow.err = errors.New("no answer")
	g.advance(2 * time.Hour)
	g.inside(cookie, func(ctx context.Context) { require.ErrorIs(t, try(ctx, good), flow.err) })

	id := alice(g.now())
	id.Token.TokenType = "DPoP"
	g.inside(g.site.SignIn(t, "", id), func(ctx context.Context) { require.ErrorContains(t, try(ctx, good), "Transport: the token is of type") })
}

// http is for loopback hosts, and others only where the application takes the risk.
func TestTransportOverHTTP(t *testing.T) {
	t.Parallel()
	g, _ := withTokens(t)
	g.inside(g.signIn(), func(ctx context.Context) {
		for _, c := range []web.Transport{
			{Origin: "http://localhost:8080"}, {Origin: "http://127.0.0.1:8080"}, {Origin: "http://api.internal", InsecureAllowHTTP: true},
		} {
			c.Base = bearers(c.Origin)
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.Origin, nil)
			require.NoError(t, err)
			res, err := c.RoundTrip(r)
			require.NoError(t, err)
			assert.Equal(t, "Bearer access-1", bodyOf(t, res), c.Origin)
		}
	})
}

// An API that demands another login is a typed error that Site.Login takes (RFC 9470); another refusal is an answer.
func TestTransportStepUp(t *testing.T) {
	t.Parallel()
	g, _ := withTokens(t)
	challenge := ""
	api := network{apiOrigin: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("WWW-Authenticate", challenge)
		w.WriteHeader(http.StatusUnauthorized)
	})}
	g.inside(g.signIn(), func(ctx context.Context) {
		get := func() (*http.Response, error) {
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, apiOrigin, nil)
			require.NoError(t, err)
			return (&http.Client{Transport: &web.Transport{Origin: apiOrigin, Base: api}}).Do(r)
		}
		challenge = `Bearer error="insufficient_user_authentication", acr_values="gold", max_age="60"`
		_, err := get()
		var stepUp *web.StepUpError
		require.ErrorAs(t, err, &stepUp)
		assert.Equal(t, authentication.AuthorizeOptions{MaxAge: time.Minute, ACRValues: "gold"}, stepUp.AuthorizeOptions())
		challenge = `Bearer error="insufficient_scope"`
		res, err := get()
		require.NoError(t, err)
		assert.Equal(t, http.StatusUnauthorized, res.StatusCode)
		require.NoError(t, res.Body.Close())
	})
}

// A token that the API does not take any more is refreshed once, and the request is sent once more, if that is possible.
func TestTransportRefreshesAnInvalidToken(t *testing.T) {
	t.Parallel()
	again := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("body")), nil }
	for name, c := range map[string]struct {
		age     time.Duration
		getBody func() (io.ReadCloser, error)
		body    string
		revoked map[string]bool
		want    string
		calls   int
	}{
		"revoked":                       {time.Minute, nil, "", map[string]bool{"access-1": true}, "Bearer access-2", 1},
		"revoked, with a body":          {time.Minute, again, "body", map[string]bool{"access-1": true}, "Bearer access-2body", 1},
		"a body that cannot come again": {time.Minute, nil, "body", map[string]bool{"access-1": true}, "refused", 0},
		"a young token":                 {time.Minute - 1, nil, "", map[string]bool{"access-1": true}, "refused", 0},
		"each token":                    {time.Minute, nil, "", map[string]bool{"access-1": true, "access-2": true}, "refused", 1},
		"none":                          {time.Minute, nil, "", nil, "Bearer access-1", 0},
	} {
		g, flow := withTokens(t)
		cookie := g.signIn()
		g.advance(c.age)
		api := network{apiOrigin: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			if c.revoked[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")] {
				w.Header().Set("WWW-Authenticate", `Bearer realm="x", error="invalid_token"`)
				w.WriteHeader(http.StatusUnauthorized)
				_, _ = io.WriteString(w, "refused")
				return
			}
			_, _ = io.WriteString(w, r.Header.Get("Authorization")+string(body))
		})}
		for range 2 {
			g.inside(cookie, func(ctx context.Context) {
				var body io.Reader
				if c.body != "" {
					body = io.MultiReader(strings.NewReader(c.body)) // net/http knows no way to read it again
				}
				r, err := http.NewRequestWithContext(ctx, http.MethodPost, apiOrigin, body)
				require.NoError(t, err)
				r.GetBody = c.getBody
				res, err := (&web.Transport{Origin: apiOrigin, Base: api}).RoundTrip(r)
				require.NoError(t, err, name)
				assert.Equal(t, c.want, bodyOf(t, res), name)
			})
		}
		assert.Equal(t, c.calls, flow.count(), name)
	}
}

// An API whose answer is 401 for the reason that the refresh fails keeps its answer.
func TestTransportKeepsTheAnswerWithoutARefresh(t *testing.T) {
	t.Parallel()
	g, flow := withTokens(t)
	flow.err = errors.New("no answer")
	cookie := g.signIn()
	g.advance(time.Minute)
	api := network{apiOrigin: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		w.WriteHeader(http.StatusUnauthorized)
	})}
	g.inside(cookie, func(ctx context.Context) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, apiOrigin, nil)
		require.NoError(t, err)
		res, err := (&web.Transport{Origin: apiOrigin, Base: api}).RoundTrip(r)
		require.NoError(t, err)
		assert.Equal(t, http.StatusUnauthorized, res.StatusCode)
	})
}

// P5: the token of a login with a key goes out with its proof, once more for a nonce, and with no other key.
func TestP5TransportProves(t *testing.T) {
	t.Parallel()
	g, _ := withTokens(t)
	key, err := oauth.NewDPoP(oauth.DPoPOptions{Signer: apiKey('k')})
	require.NoError(t, err)
	id := alice(g.now())
	id.Token.TokenType, id.Token.Binding = "DPoP", oauth.Binding{JKT: key.JKT()}
	asked := 0
	api := network{apiOrigin: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		body, _ := io.ReadAll(r.Body)
		assert.Equal(t, "DPoP access-1 order", r.Header.Get("Authorization")+" "+string(body))
		assert.Len(t, r.Header.Values("DPoP"), 1)
		if asked == 1 {
			w.Header().Set("WWW-Authenticate", `DPoP error="use_dpop_nonce"`)
			w.Header().Set("DPoP-Nonce", "n-1")
			w.WriteHeader(http.StatusUnauthorized)
		}
	})}
	g.inside(g.site.SignIn(t, "", id), func(ctx context.Context) {
		send := func(d *oauth.DPoP) (*http.Response, error) {
			r, err := http.NewRequestWithContext(ctx, http.MethodPost, apiOrigin, strings.NewReader("order"))
			require.NoError(t, err)
			return (&web.Transport{Origin: apiOrigin, Base: api, DPoP: d}).RoundTrip(r)
		}
		res, err := send(key)
		require.NoError(t, err)
		assert.Equal(t, http.StatusOK, res.StatusCode)
		assert.Equal(t, 2, asked)
		other, err := oauth.NewDPoP(oauth.DPoPOptions{Signer: apiKey('z')})
		require.NoError(t, err)
		_, err = send(other)
		require.ErrorIs(t, err, oauth.ErrBinding)
		_, err = send(nil)
		require.ErrorContains(t, err, "not Bearer")
		assert.Equal(t, 2, asked, "nothing was sent")
	})
}
