package oauth_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// Logins at the same time share nothing: each browser has its own request_uri, whatever nonce the server wants meanwhile.
func TestPushedRequestsAtTheSameTime(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	states, n := map[string]string{}, 0
	mock := httpmock.NewMockTransport()
	mock.RegisterResponder(http.MethodPost, server+pushPath, func(r *http.Request) (*http.Response, error) {
		if err := r.ParseForm(); err != nil {
			return nil, err
		}
		mu.Lock()
		defer mu.Unlock()
		if n++; n%3 == 0 { // the server forgets its nonces
			res := httpmock.NewStringResponse(http.StatusBadRequest, `{"error":"use_dpop_nonce"}`)
			res.Header.Set("DPoP-Nonce", fmt.Sprint("N", n))
			return res, nil
		}
		name := fmt.Sprint("urn:r:", n)
		states[name] = r.PostForm.Get("state")
		return httpmock.NewStringResponse(http.StatusCreated, `{"request_uri":"`+name+`","expires_in":60}`), nil
	})
	c := with(t, mock, func(c *oauth.Config) { pushing(c); c.DPoP = newDPoP(t) })
	var all sync.WaitGroup
	seen := map[string]bool{}
	for range 100 {
		all.Go(func() {
			login, err := c.BeginLogin(t.Context(), oauth.AuthorizeOptions{})
			if errors.Is(err, oauth.UseDPoPNonce) { // twice: the server forgot the new one, too
				return
			}
			if !assert.NoError(t, err) {
				return
			}
			name := query(t, login.URL).Get("request_uri")
			mu.Lock()
			defer mu.Unlock()
			assert.False(t, seen[name])
			assert.Equal(t, login.State, states[name])
			seen[name] = true
		})
	}
	all.Wait()
	assert.NotEmpty(t, seen)
}

// What is no answer is not sent again, goes nowhere else, and begins no login.
func TestPushedRequestWithoutAnswer(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		ctx     context.Context
		reply   func() (*http.Response, error)
		is      error
		outage  bool
		attempt int
	}{
		"redirect": {t.Context(), func() (*http.Response, error) {
			res := httpmock.NewStringResponse(http.StatusTemporaryRedirect, pushed)
			res.Header.Set("Location", "https://attacker.example/par")
			return res, nil
		}, httpcore.Redirect, false, 1},
		"too large": {t.Context(), func() (*http.Response, error) {
			return httpmock.NewStringResponse(http.StatusCreated, strings.Replace(pushed, "{", `{"pad":"`+strings.Repeat("a", 1<<20)+`",`, 1)), nil
		}, httpcore.TooLarge, false, 1},
		"dead":  {t.Context(), func() (*http.Response, error) { return nil, errors.New("connection refused") }, nil, true, 1},
		"ended": {ended, func() (*http.Response, error) { return httpmock.NewStringResponse(http.StatusCreated, pushed), nil }, context.Canceled, true, 0},
	} {
		mock := httpmock.NewMockTransport()
		mock.RegisterResponder(http.MethodPost, server+pushPath, func(*http.Request) (*http.Response, error) { return c.reply() })
		login, err := with(t, mock, pushing).BeginLogin(c.ctx, oauth.AuthorizeOptions{})
		require.Error(t, err, name)
		assert.Nil(t, login, name)
		if c.is != nil {
			require.ErrorIs(t, err, c.is, name)
		}
		assert.Equal(t, c.outage, httpcore.NoAnswer(err), name)
		assert.Equal(t, c.attempt, mock.GetTotalCallCount(), name)
	}
}
