package oidc_test

import (
	"errors"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// Temporary failures and wrong configuration are different errors, for discovery and for keys.
func TestNoAnswerOfDocuments(t *testing.T) {
	t.Parallel()
	good := map[string]string{wellKnown: mustJSON(metadata()), "/jwks": string(keySet(jwk("rsa")))}
	for path := range good {
		for name, c := range map[string]struct {
			broken   func(p *provider)
			noAnswer bool
		}{
			"dead": {func(p *provider) {
				p.on(path, func(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") })
			}, true},
			"429":        {func(p *provider) { p.text(path, http.StatusTooManyRequests, "text/plain", "") }, true},
			"499":        {func(p *provider) { p.text(path, 499, "text/plain", "") }, false},
			"500":        {func(p *provider) { p.text(path, http.StatusInternalServerError, "text/plain", "") }, true},
			"503":        {func(p *provider) { p.text(path, http.StatusServiceUnavailable, "text/html", "<html>") }, true},
			"a page":     {func(p *provider) { p.text(path, http.StatusOK, "text/html", good[path]) }, true},
			"404":        {func(p *provider) { p.text(path, http.StatusNotFound, "text/html", "<html>") }, false},
			"403":        {func(p *provider) { p.text(path, http.StatusForbidden, "text/plain", "") }, false},
			"204":        {func(p *provider) { p.text(path, http.StatusNoContent, "", "") }, false},
			"a redirect": {func(p *provider) { p.text(path, http.StatusFound, "", "") }, false},
			"no JSON":    {func(p *provider) { p.text(path, http.StatusOK, "application/json", "{") }, false},
			"another issuer, and no keys": {func(p *provider) {
				p.serve(path, map[string]any{"issuer": "https://attacker.example", "keys": 7})
			}, false},
		} {
			t.Run(path+" "+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) { // for the pauses between retries
					tr, p := newTrial(), newProvider(t)
					c.broken(p)
					_, err := p.client(tr.config).VerifyIDToken(t.Context(), tr.token(t), tr.expect)
					require.Error(t, err)
					assert.Equal(t, c.noAnswer, httpcore.NoAnswer(err), err.Error())
					assert.NotErrorIs(t, err, oidc.CheckKey)
					assert.NotErrorIs(t, err, oidc.CheckSignature)
				})
			})
		}
	}
}
