package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/examples/internal/demotest"
)

// The program as it is started: both instances know the user, and neither does after the logout.
func TestJourney(t *testing.T) {
	t.Parallel()
	e := demotest.Start(t, newApp)
	assert.Contains(t, e.Greeting, "REDIS_URL")
	p := e.Person()
	welcome := p.Open("/")
	assert.NotEqual(t, welcome.Part("instance"), p.Open("/").Part("instance"))
	require.Contains(t, welcome.Body, `href="/auth/login?return=/account"`)
	page := p.Click("/auth/login?return=/account")
	assert.Equal(t, []string{"login", "consent"}, page.Asked)
	for range 2 {
		assert.Equal(t, e.Origin+"/account", page.URL.String())
		assert.Equal(t, idptest.Subject, page.Part("subject"))
		assert.NotContains(t, page.Body, "eyJ", "a token is on the page")
		next := p.Click("/account")
		assert.NotEqual(t, page.Part("instance"), next.Part("instance"))
		assert.Equal(t, page.Part("token-print"), next.Part("token-print"))
		page = next
	}
	assert.Contains(t, p.Press("/auth/logout", nil).Body, "You are signed out")
	for range 2 {
		assert.Contains(t, p.Open("/").Body, "One application, two instances")
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	for name, env := range map[string]string{"REDIS_URL": "http://user:secret@127.0.0.1", "POSTGRES_URL": "postgres://user:secret@127.0.0.1:none/"} {
		err := demotest.Fails(t, newApp, name+"="+env)
		require.ErrorContains(t, err, name)
		assert.NotContains(t, err.Error(), "secret")
	}
	for name, env := range map[string]string{"REDIS_URL": "redis://127.0.0.1:1", "POSTGRES_URL": "postgres://user@127.0.0.1:1/db"} {
		require.ErrorContains(t, demotest.Fails(t, newApp, name+"="+env), name, "nobody is there")
	}
	require.ErrorContains(t, demotest.Fails(t, newApp, "OIDC_ISSUER=https://op.example"), "OIDC_CLIENT_ID")
}

func TestUsage(t *testing.T) {
	t.Parallel()
	usage, err := os.ReadFile("usage.txt")
	require.NoError(t, err)
	demotest.AppUsage(t, string(usage), newApp)
}
