package oidctest_test

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

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

func TestHostileTravel(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	ask := func(path string) (status int, kind, body string) {
		response, text := j.do(http.MethodPost, j.url+path, form("grant_type", "x"))
		return response.StatusCode, response.Header.Get("Content-Type"), text
	}
	tests := map[idptest.Fault]func(status int, kind, body string) bool{
		idptest.HTML: func(status int, kind, _ string) bool {
			return status == 200 && strings.HasPrefix(kind, "text/html")
		},
		idptest.Redirect:    func(status int, _, _ string) bool { return status == 307 },
		idptest.ServerError: func(status int, _, _ string) bool { return status == 500 },
		idptest.Unavailable: func(status int, _, _ string) bool { return status == 503 },
		idptest.Oversized:   func(_ int, _, body string) bool { return len(body) > 8<<20 },
		idptest.BrokenJSON:  func(status int, _, body string) bool { return status == 200 && !strings.HasSuffix(body, "}") },
		idptest.ErrorOn200:  func(status int, _, body string) bool { return status == 200 && strings.Contains(body, `"code":400`) },
	}
	for fault, wrong := range tests {
		assert.False(t, wrong(ask("/token")), "the twin of %s", fault)
		j.idp.Break(fault)
		assert.True(t, wrong(ask("/token")), "%s", fault)
		j.idp.Break(fault.At("/token/revocation"))
		assert.False(t, wrong(ask("/token")), "%s is elsewhere", fault)
		assert.True(t, wrong(ask("/token/revocation")), "%s", fault)
		j.idp.Break(fault)
		j.login("/auth") // the pages are spared
		j.keys()
		j.idp.Break()
	}
}

func TestRedirectIsCountedWhenFollowed(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	j.idp.Break(idptest.Redirect)
	_, _ = j.do(http.MethodPost, j.url+"/token", form())
	assert.Equal(t, 0, j.idp.Requests("/redirected"))
	response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Post(j.url+"/token", "application/x-www-form-urlencoded", strings.NewReader("a=b"))
	require.NoError(t, err)
	response.Body.Close()
	assert.Equal(t, 1, j.idp.Requests("/redirected"))
	assert.Equal(t, 2, j.idp.Requests("/token"))
}

func TestSlowWaitsForTheCaller(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	j.idp.Break(idptest.Slow)
	ctx, cancel := context.WithCancel(t.Context())
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, j.url+"/token", strings.NewReader("a=b"))
	require.NoError(t, err)
	arrived := make(chan error, 1)
	go func() {
		response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(request)
		if err == nil {
			_, _ = io.Copy(io.Discard, response.Body)
			response.Body.Close()
		}
		arrived <- err
	}()
	require.Eventually(t, func() bool { return j.idp.Requests("/token") == 1 }, 10*time.Second, time.Millisecond)
	select {
	case <-arrived:
		t.Fatal("the server answered")
	default:
	}
	cancel()
	assert.True(t, errors.Is(<-arrived, context.Canceled))
}
