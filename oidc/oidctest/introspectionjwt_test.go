package oidctest_test

import (
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

// introspection asks about a token and takes a signed reply; it returns the media type and the body.
func (j *journey) introspection(path, accept, token string) (media, body string) {
	j.t.Helper()
	request, err := http.NewRequestWithContext(j.t.Context(), http.MethodPost, j.url+path, nil)
	require.NoError(j.t, err)
	request.Header.Set("Accept", accept)
	request.PostForm = form("client_id", oidctest.ClientID, "client_secret", oidctest.ClientSecret, "token", token)
	return j.posted(request)
}

const introspectionJWT = "application/token-introspection+jwt"

func TestSignedIntrospection(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	token := text(j.tokens(), "access_token")
	for _, accept := range []string{introspectionJWT, "application/json, application/token-introspection+jwt;q=0.9"} {
		media, raw := j.introspection("/token/introspection", accept, token)
		assert.Equal(t, introspectionJWT, media)
		_, err := j.verify(raw, "RS256")
		require.NoError(t, err)
		assert.Equal(t, "token-introspection+jwt", headerOf(t, raw)["typ"])
		claims := unverified(t, raw)
		assert.Equal(t, []any{j.url, oidctest.ClientID}, []any{claims["iss"], claims["aud"]})
		assert.InDelta(t, time.Now().Unix(), claims["iat"], 60)
		assert.Equal(t, true, claims["token_introspection"].(map[string]any)["active"])
		assert.Len(t, claims, 4, "RFC 9701 §5: no sub and exp of its own")
	}
	_, raw := j.introspection("/token/introspection", introspectionJWT, "unknown")
	assert.Equal(t, map[string]any{"active": false}, unverified(t, raw)["token_introspection"])
	for path, accept := range map[string]string{"/token/introspection": "application/json", "/oauth/token/introspection": introspectionJWT} {
		media, body := j.introspection(path, accept, "unknown")
		assert.Equal(t, []string{"application/json; charset=utf-8", `{"active":false}`}, []string{media, body}, path)
	}
}

func TestHostileIntrospections(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	token := text(j.tokens(), "access_token")
	ask := func() (media, body string) { return j.introspection("/token/introspection", introspectionJWT, token) }
	hourAgo := float64(time.Now().Add(-30 * time.Minute).Unix())
	for fault, wrong := range map[idptest.Fault]func(media, body string) bool{
		oidctest.PlainIntrospection:   func(media, _ string) bool { return media != introspectionJWT },
		oidctest.UntypedIntrospection: func(_, body string) bool { return headerOf(t, body)["typ"] == "JWT" },
		oidctest.OldIntrospection:     func(_, body string) bool { return unverified(t, body)["iat"].(float64) < hourAgo },
		oidctest.TextActive: func(_, body string) bool {
			return unverified(t, body)["token_introspection"].(map[string]any)["active"] == "true"
		},
		oidctest.WrongAudience: func(_, body string) bool { return unverified(t, body)["aud"] != oidctest.ClientID },
		oidctest.WrongIssuer:   func(_, body string) bool { return unverified(t, body)["iss"] != j.url },
	} {
		assert.False(t, wrong(ask()), "the twin of %s", fault)
		j.idp.Break(fault)
		assert.True(t, wrong(ask()), "%s", fault)
		j.idp.Break()
	}
	j.idp.Break(oidctest.TextActive)
	_, answer := j.call("/token/introspection", "token", token)
	assert.Equal(t, "true", answer["active"], "in JSON too")
}

// posted sends a form and returns the media type and the body of the reply.
func (j *journey) posted(request *http.Request) (media, body string) {
	j.t.Helper()
	request.Body = io.NopCloser(strings.NewReader(request.PostForm.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := j.browser.Do(request)
	require.NoError(j.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(j.t, err)
	return response.Header.Get("Content-Type"), string(text)
}
