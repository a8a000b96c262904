package web_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// slowly calls a handler over a network that takes up to 400 ms each way, and not the same time for each request.
type slowly struct {
	http.Handler
	requests atomic.Int64
}

func (s *slowly) RoundTrip(r *http.Request) (*http.Response, error) {
	n := s.requests.Add(1)
	time.Sleep(time.Duration(n*7919%400) * time.Millisecond)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	time.Sleep(time.Duration(n*104729%400) * time.Millisecond)
	return w.Result(), nil
}

// A bound token under 100 concurrent callers, and a nonce that changes every second, of which the last two are accepted:
// no call fails, and none is sent more than twice.
func TestX4NonceUnderLoad(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		require.NoError(t, err)
		client, err := oauth.NewDPoP(oauth.DPoPOptions{Signer: key})
		require.NoError(t, err)
		d, err := web.NewDPoP(web.DPoPConfig{BaseURL: apiName, RequireNonce: true, NonceLifetime: 2 * time.Second, RequireDPoP: true})
		require.NoError(t, err)
		var refused, admitted atomic.Int64
		guard := web.TokenGuard{
			DPoP: d,
			Verifier: verifier(func(string) (*web.Caller, error) {
				return &web.Caller{Subject: apiUser, Binding: oauth.Binding{JKT: client.JKT()}}, nil
			}),
			OnError: func(_ *http.Request, err error) { refused.Add(1); assert.ErrorIs(t, err, oauth.UseDPoPNonce) },
		}
		network := &slowly{Handler: guard.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			assert.Equal(t, "order", string(body), "the body is whole at each try")
			admitted.Add(1)
		}))}
		source := oauth.NewTokenSource(func(context.Context) (*oauth.Token, error) {
			return &oauth.Token{AccessToken: "AT", TokenType: "DPoP", Binding: oauth.Binding{JKT: client.JKT()}}, nil
		}, nil)
		api := &http.Client{Transport: &oauth.Transport{Source: source, Origin: apiName, DPoP: client, Base: network}}
		const callers, calls = 100, 20
		var all sync.WaitGroup
		for range callers {
			all.Go(func() {
				for range calls {
					r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, apiName+"/orders", strings.NewReader("order"))
					assert.NoError(t, err)
					res, err := api.Do(r)
					if assert.NoError(t, err) {
						assert.Equal(t, http.StatusOK, res.StatusCode)
						assert.NoError(t, res.Body.Close())
					}
				}
			})
		}
		all.Wait()
		assert.EqualValues(t, callers*calls, admitted.Load())
		assert.Equal(t, network.requests.Load(), admitted.Load()+refused.Load(), "each refused request was sent once more, and no other")
		assert.GreaterOrEqual(t, refused.Load(), int64(callers), "the first call of each caller had no nonce")
		assert.Less(t, refused.Load(), int64(callers*calls/4), "most calls know a nonce")
	})
}
