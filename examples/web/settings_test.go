package main

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

func environment(pairs ...string) func(string) string {
	return func(name string) string {
		for _, pair := range pairs {
			if value, ok := strings.CutPrefix(pair, name+"="); ok {
				return value
			}
		}
		return ""
	}
}

var atAuthing = []string{
	"AUTHING_APP_HOST=https://sample-app.authing.cn", "AUTHING_APP_ID=" + authtest.AppID,
	"AUTHING_APP_SECRET=" + authtest.Secret, "AUTHING_REDIRECT_URI=http://localhost:4000/callback",
}

func TestSettings(t *testing.T) {
	t.Parallel()
	s, err := readSettings(environment(atAuthing...))
	require.NoError(t, err)
	assert.False(t, s.embedded())
	assert.Equal(t, "localhost:4000", s.addr, "it listens where the browser returns")
	s.follow(&net.TCPAddr{Port: 4000})
	assert.Equal(t, "http://localhost:4000/", s.homeURL)
	assert.Equal(t, s.homeURL, s.loggedOutURL)
	a, err := newApp(s)
	require.NoError(t, err)
	assert.Equal(t, "/callback", a.callbackPattern())

	s, err = readSettings(environment())
	require.NoError(t, err)
	assert.True(t, s.embedded())
	assert.Equal(t, "localhost:3000", s.addr)
	s.follow(&net.TCPAddr{Port: 3000})
	assert.Equal(t, "http://localhost:3000/auth/callback", s.options.RedirectURI)

	s, err = readSettings(environment(append(atAuthing, "AUTHING_PROTOCOL=oauth")...))
	require.NoError(t, err)
	assert.Equal(t, authentication.OAuth{}, s.options.Protocol)
	s, err = readSettings(environment(append(atAuthing, "AUTHING_ID_TOKEN_ALG=RS256", "AUTHING_LOGOUT=expert", "AUTHING_LOGOUT_REDIRECT_URI=http://x.example/")...))
	require.NoError(t, err)
	assert.Equal(t, authentication.OIDC{IDTokenSigningAlg: "RS256", UserInfo: true}, s.options.Protocol)
	assert.True(t, s.expertLogout)
	assert.Equal(t, "http://x.example/", s.loggedOutURL)
	s, err = readSettings(environment("AUTHING_EXAMPLE_ADDR=:8080"))
	require.NoError(t, err)
	s.follow(&net.TCPAddr{Port: 8080})
	assert.Equal(t, "http://localhost:8080/", s.homeURL)
}

func TestSettingsRefused(t *testing.T) {
	t.Parallel()
	without := func(name string) []string {
		var rest []string
		for _, pair := range atAuthing {
			if !strings.HasPrefix(pair, name+"=") {
				rest = append(rest, pair)
			}
		}
		return rest
	}
	const path = "AUTHING_REDIRECT_URI must be an address with its own path, such as http://localhost:3000/auth/callback"
	for want, env := range map[string][]string{
		"AUTHING_APP_HOST is set, so AUTHING_APP_ID must be set too":                                           without("AUTHING_APP_ID"),
		"AUTHING_APP_HOST is set, so AUTHING_APP_SECRET must be set too":                                       without("AUTHING_APP_SECRET"),
		"AUTHING_APP_HOST is set, so AUTHING_REDIRECT_URI must be set too":                                     without("AUTHING_REDIRECT_URI"),
		"AUTHING_APP_ID is set, so AUTHING_APP_HOST must be set too":                                           without("AUTHING_APP_HOST"),
		"AUTHING_APP_HOST is set, so AUTHING_APP_ID, AUTHING_APP_SECRET, AUTHING_REDIRECT_URI must be set too": atAuthing[:1],
		`AUTHING_PROTOCOL is "cas", want oidc or oauth`:                                                        {"AUTHING_PROTOCOL=cas"},
		`AUTHING_LOGOUT is "x", want authing, or expert with AUTHING_PROTOCOL oidc`:                            {"AUTHING_LOGOUT=x"},
		`AUTHING_LOGOUT is "expert", want authing, or expert with AUTHING_PROTOCOL oidc`:                       {"AUTHING_LOGOUT=expert", "AUTHING_PROTOCOL=oauth"},
		"AUTHING_LOGOUT_REDIRECT_URI must be an address such as http://localhost:3000/":                        {"AUTHING_LOGOUT_REDIRECT_URI=localhost:3000/"},
		"AUTHING_LOGOUT_REDIRECT_URI must be an address such as http://localhost:3000/ ":                       {"AUTHING_LOGOUT_REDIRECT_URI=/bye"},
		path:           {"AUTHING_REDIRECT_URI=http://localhost:3000/"},
		path + "    ":  {"AUTHING_REDIRECT_URI=http://localhost:3000//callback"},
		path + "     ": {"AUTHING_REDIRECT_URI=http://localhost:3000/auth/../callback"},
		path + " ":     {"AUTHING_REDIRECT_URI=http://localhost:3000/login"},
		path + "  ":    {"AUTHING_REDIRECT_URI=localhost:3000/callback"},
		path + "   ":   {"AUTHING_REDIRECT_URI=http://localhost:3000/{x}"},
	} {
		_, err := readSettings(environment(env...))
		assert.EqualError(t, err, strings.TrimRight(want, " "))
	}
}

// A path below the callback's is not found: otherwise it would go into the log.
func TestCallbackPathEndsWithASlash(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(s *settings) { s.options.RedirectURI += "/" })
	who := s.person()
	assert.Equal(t, http.StatusUnauthorized, who.get(callbackPath+"/?code=c&state=s").status)
	assert.Equal(t, http.StatusNotFound, who.get(callbackPath+"/x%0Aforged?code=c&state=s").status)
}

func TestRunSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "localhost:0")
	require.NoError(t, err)
	defer taken.Close()
	addr := taken.Addr().String()
	err = run(t.Context(), environment("AUTHING_EXAMPLE_ADDR="+addr), &bytes.Buffer{})
	assert.EqualError(t, err, addr+" is used by another program: stop it, or set AUTHING_EXAMPLE_ADDR to another address")
	err = run(t.Context(), environment("AUTHING_EXAMPLE_ADDR=localhost:0", "AUTHING_ID_TOKEN_ALG=none"), &bytes.Buffer{})
	assert.ErrorContains(t, err, "IDTokenSigningAlg")
}

// The program as it is started: it prints its address, answers there, and ends when asked.
func TestRun(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	greeting, ended := make(lines, 1), make(chan error, 1)
	go func() { ended <- run(ctx, environment("AUTHING_EXAMPLE_ADDR=localhost:0"), greeting) }()
	text := <-greeting
	require.Contains(t, text, "sign in as "+idptest.Username+" with the password "+idptest.Password)
	home := strings.TrimPrefix(strings.SplitN(text, "\n", 2)[0], "Open ")
	answer, err := follow(ctx, home)
	require.NoError(t, err)
	answer.Body.Close()
	assert.Equal(t, http.StatusOK, answer.StatusCode)
	answer, err = follow(ctx, home+"login")
	require.NoError(t, err)
	answer.Body.Close()
	assert.Contains(t, answer.Header.Get("Location"), "http://127.0.0.1:")
	stop()
	assert.NoError(t, <-ended)
}

type lines chan string

func (l lines) Write(p []byte) (int, error) {
	l <- string(p)
	return len(p), nil
}
