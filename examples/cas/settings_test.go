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

func atAuthing() []string {
	return []string{"AUTHING_APP_HOST=https://sample-app.authing.cn", "AUTHING_APP_ID=" + authtest.AppID, "AUTHING_REDIRECT_URI=http://localhost:4000/callback"}
}

func atAnother() []string {
	return []string{"CAS_SERVER_URL=https://cas.example/cas", "CAS_SERVICE_URL=http://localhost:5000/callback?a=b"}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		env            []string
		addr, callback string
		login          string // its link, up to the key
	}{
		{nil, "localhost:3000", "http://localhost:3000/auth/callback", ""},
		{[]string{"AUTHING_EXAMPLE_ADDR=:3000"}, ":3000", "http://localhost:3000/auth/callback", ""},
		{[]string{"AUTHING_REDIRECT_URI=http://localhost:4000/x"}, "localhost:4000", "http://localhost:4000/x", ""},
		{atAuthing(), "localhost:4000", "http://localhost:4000/callback",
			"https://sample-app.authing.cn/cas-idp/" + authtest.AppID + "/login?service=http%3A%2F%2Flocalhost%3A4000%2Fcallback%3Flogin%3D"},
		{append(atAuthing(), "CAS_ALLOW_SHARED_SERVICE=true"), "localhost:4000", "http://localhost:4000/callback",
			"https://sample-app.authing.cn/cas-idp/" + authtest.AppID + "/login?service=http%3A%2F%2Flocalhost%3A4000%2Fcallback"},
		{append(atAnother(), "CAS_VERSION=2.0"), "localhost:5000", "http://localhost:5000/callback?a=b",
			"https://cas.example/cas/login?service=http%3A%2F%2Flocalhost%3A5000%2Fcallback%3Fa%3Db%26login%3D"},
	} {
		s, err := readSettings(environment(test.env...))
		require.NoError(t, err)
		assert.Equal(t, test.addr, s.addr, "it listens where the browser returns")
		s.follow(&net.TCPAddr{Port: 3000})
		assert.Equal(t, test.callback, s.callbackURL)
		assert.Equal(t, test.callback[:len("http://localhost:3000/")], s.homeURL)
		assert.Equal(t, test.login == "", s.embedded())
		if test.login == "" {
			continue
		}
		f, err := newFlow(s)
		require.NoError(t, err)
		login, err := f.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
		require.NoError(t, err)
		if strings.HasSuffix(test.login, "%3D") { // the key follows
			login.URL = login.URL[:min(len(test.login), len(login.URL))]
		}
		assert.Equal(t, test.login, login.URL)
	}
}

func TestSettingsRefused(t *testing.T) {
	t.Parallel()
	const path = "the callback must be an address with its own path, such as http://localhost:3000/auth/callback: see AUTHING_REDIRECT_URI, CAS_SERVICE_URL"
	for _, test := range []struct {
		want string
		env  []string
	}{
		{"AUTHING_APP_ID is set, so AUTHING_APP_HOST must be set too", atAuthing()[1:]},
		{"AUTHING_APP_HOST is set, so AUTHING_APP_ID, AUTHING_REDIRECT_URI must be set too", atAuthing()[:1]},
		{"AUTHING_APP_HOST is set, so AUTHING_REDIRECT_URI must be set too", atAuthing()[:2]},
		{"CAS_SERVER_URL is set, so CAS_SERVICE_URL must be set too", atAnother()[:1]},
		{"CAS_SERVICE_URL is set, so CAS_SERVER_URL must be set too", atAnother()[1:]},
		{"CAS_VERSION is set, so CAS_SERVER_URL, CAS_SERVICE_URL must be set too", append(atAuthing(), "CAS_VERSION=2.0")},
		{"AUTHING_APP_HOST and CAS_SERVER_URL are both set: name one server, Authing's or another", append(atAuthing(), atAnother()...)},
		{"AUTHING_REDIRECT_URI and CAS_SERVER_URL are both set: name one server, Authing's or another", append(atAnother(), atAuthing()[2])},
		{`CAS_ALLOW_SHARED_SERVICE is "yes", want true or false`, []string{"CAS_ALLOW_SHARED_SERVICE=yes"}},
		{path, []string{"AUTHING_REDIRECT_URI=http://localhost:3000/"}},
		{path, []string{"AUTHING_REDIRECT_URI=http://localhost:3000/logout"}},
		{path, []string{"AUTHING_REDIRECT_URI=localhost:3000/callback"}},
		{path, []string{"AUTHING_REDIRECT_URI=http://localhost:3000/{x}"}},
		{path, append(atAnother()[:1], "CAS_SERVICE_URL=http://localhost:3000/user")},
	} {
		_, err := readSettings(environment(test.env...))
		assert.EqualError(t, err, test.want)
	}
}

func TestRunSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "localhost:0")
	require.NoError(t, err)
	defer taken.Close()
	addr := taken.Addr().String()
	err = run(t.Context(), environment("AUTHING_EXAMPLE_ADDR="+addr), &bytes.Buffer{})
	assert.EqualError(t, err, addr+" is used by another program: stop it, or set AUTHING_EXAMPLE_ADDR to another address")
	err = run(t.Context(), environment(append(atAnother(), "AUTHING_EXAMPLE_ADDR=localhost:0", "CAS_VERSION=1.0")...), &bytes.Buffer{})
	assert.ErrorContains(t, err, "Version")
	err = run(t.Context(), environment("CAS_SERVER_URL=http://cas.example/cas", atAnother()[1], "AUTHING_EXAMPLE_ADDR=localhost:0"), &bytes.Buffer{})
	assert.ErrorContains(t, err, "https")
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
	stay := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for path, status := range map[string]int{"": http.StatusOK, "static/style.css": http.StatusOK, "static/none": http.StatusNotFound, "login": http.StatusSeeOther} {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, home+path, nil)
		require.NoError(t, err)
		answer, err := stay.Do(r)
		require.NoError(t, err)
		answer.Body.Close()
		assert.Equal(t, status, answer.StatusCode, path)
	}
	stop()
	assert.NoError(t, <-ended)
}

type lines chan string

func (l lines) Write(p []byte) (int, error) {
	l <- string(p)
	return len(p), nil
}

func TestPatternMatchesNothingBelow(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{"https://app.example/back": "/back", "https://app.example/back/": "/back/{$}"} {
		a := &app{settings: settings{callbackURL: address}}
		assert.Equal(t, want, a.callbackPattern())
	}
}
