package web_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

func TestError(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err    error
		status int
	}{
		"denied":           {fmt.Errorf("x: %w", authentication.ErrDenied), http.StatusForbidden},
		"refused":          {fmt.Errorf("x: %w", authentication.ErrRefused), http.StatusUnauthorized},
		"refused and more": {errors.Join(authentication.ErrDenied, authentication.ErrRefused), http.StatusUnauthorized},
		"no answer":        {errors.New("connection refused"), http.StatusServiceUnavailable},
		"timeout":          {context.DeadlineExceeded, http.StatusServiceUnavailable},
	} {
		w := httptest.NewRecorder()
		web.Error(w, get("https://app.example/callback"), c.err)
		assert.Equal(t, c.status, w.Code, name)
		assert.Equal(t, "text/html; charset=utf-8", w.Header().Get("Content-Type"))
		assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
		assert.Equal(t, "no-referrer", w.Header().Get("Referrer-Policy"))
		assert.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"))
		body := w.Body.String()
		style := body[strings.Index(body, "<style>")+len("<style>") : strings.Index(body, "</style>")]
		assert.Equal(t, "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; style-src "+hashOf(style), w.Header().Get("Content-Security-Policy"))
	}
}

func TestErrorNilDoesNothing(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	web.Error(w, get("https://app.example/callback"), nil)
	assert.Empty(t, w.Header())
	assert.False(t, w.Flushed)
	assert.Zero(t, w.Body.Len())
}

// What a server or an attacker wrote is not shown, escaped or not.
func TestS14ErrorTextIsNotShown(t *testing.T) {
	t.Parallel()
	for _, kind := range []error{authentication.ErrDenied, authentication.ErrRefused, errors.New("other")} {
		w := httptest.NewRecorder()
		web.Error(w, get("https://app.example/callback?error=zzz"), fmt.Errorf("%w: <script>zzz</script>", kind))
		assert.NotContains(t, w.Body.String(), "zzz")
		assert.NotContains(t, w.Body.String(), kind.Error())
		assert.NotContains(t, w.Body.String(), "<script")
	}
}
