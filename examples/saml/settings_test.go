package main

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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

// pemFiles writes a key and its certificate.
func pemFiles(t *testing.T) (certFile, keyFile string) {
	t.Helper()
	key := newKey(t).Signer
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1, 0)}
	cert, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	require.NoError(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	certFile, keyFile = filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	require.NoError(t, os.WriteFile(certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}), 0o600))
	require.NoError(t, os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600))
	return certFile, keyFile
}

func TestSettings(t *testing.T) {
	t.Parallel()
	certFile, keyFile := pemFiles(t)
	const other = "SAML_IDP_METADATA_URL=https://idp.example/metadata"
	for name, test := range map[string]struct {
		env                    []string
		addr, acs, entity, slo string
		embedded               bool
	}{
		"nothing": {nil, "localhost:3000", "http://localhost:3000/saml/acs", "http://localhost:3000/saml/metadata", "http://localhost:3000/saml/slo", true},
		"address": {[]string{"AUTHING_EXAMPLE_ADDR=:3000"}, ":3000", "http://localhost:3000/saml/acs", "http://localhost:3000/saml/metadata",
			"http://localhost:3000/saml/slo", true},
		"Authing": {[]string{"AUTHING_APP_ID=a", "AUTHING_APP_HOST=https://a.authing.cn", "AUTHING_REDIRECT_URI=http://localhost:4000/x"},
			"localhost:4000", "http://localhost:4000/x", "http://localhost:4000/saml/metadata", "", false},
		"another, unsigned": {[]string{other, "SAML_ENTITY_ID=urn:me"}, "localhost:3000", "http://localhost:3000/saml/acs", "urn:me", "", false},
		"another, signed": {[]string{other, "SAML_CERT_FILE=" + certFile, "SAML_KEY_FILE=" + keyFile},
			"localhost:3000", "http://localhost:3000/saml/acs", "http://localhost:3000/saml/metadata", "http://localhost:3000/saml/slo", false},
	} {
		s, err := readSettings(environment(test.env...))
		require.NoError(t, err, name)
		assert.Equal(t, test.addr, s.addr, name)
		s.follow(&net.TCPAddr{Port: 3000})
		assert.Equal(t, []string{test.acs, test.entity, test.slo}, []string{s.acsURL, s.entityID, s.sloURL}, name)
		assert.Equal(t, test.embedded, s.embedded(), name)
		if !test.embedded {
			_, err := newApp(s)
			require.NoError(t, err, name)
		}
	}
}

func TestSettingsRefused(t *testing.T) {
	t.Parallel()
	const path = "AUTHING_REDIRECT_URI must be an address with its own path, such as http://localhost:3000/saml/acs"
	_, missing := os.Open("x") // its text depends on the system
	for _, test := range []struct {
		want string
		env  []string
	}{
		{"AUTHING_APP_ID and AUTHING_APP_HOST must be set together", []string{"AUTHING_APP_ID=a"}},
		{"AUTHING_APP_ID and SAML_IDP_METADATA_URL are both set: name one server, Authing's or another",
			[]string{"AUTHING_APP_ID=a", "AUTHING_APP_HOST=https://a.authing.cn", "SAML_IDP_METADATA_URL=https://idp.example/"}},
		{"SAML_CERT_FILE and SAML_KEY_FILE must be set together", []string{"SAML_CERT_FILE=x"}},
		{"SAML_CERT_FILE, SAML_KEY_FILE: " + missing.Error(), []string{"SAML_CERT_FILE=x", "SAML_KEY_FILE=y"}},
		{path, []string{"AUTHING_REDIRECT_URI=http://localhost:3000/"}},
		{path, []string{"AUTHING_REDIRECT_URI=http://localhost:3000/saml/slo"}},
		{path, []string{"AUTHING_REDIRECT_URI=localhost:3000/callback"}},
		{path, []string{"AUTHING_REDIRECT_URI=http://localhost:3000/{x}"}},
	} {
		_, err := readSettings(environment(test.env...))
		assert.EqualError(t, err, test.want)
	}
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

func TestRunSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "localhost:0")
	require.NoError(t, err)
	defer taken.Close()
	addr := taken.Addr().String()
	err = run(t.Context(), environment("AUTHING_EXAMPLE_ADDR="+addr), &bytes.Buffer{})
	assert.EqualError(t, err, addr+" is used by another program: stop it, or set AUTHING_EXAMPLE_ADDR to another address")
	err = run(t.Context(), environment("AUTHING_EXAMPLE_ADDR=localhost:0", "SAML_IDP_METADATA_URL=http://idp.example/"), &bytes.Buffer{})
	assert.ErrorContains(t, err, "https")
}

type lines chan string

func (l lines) Write(p []byte) (int, error) {
	l <- string(p)
	return len(p), nil
}

func TestPatternMatchesNothingBelow(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{"https://app.example/back": "/back", "https://app.example/back/": "/back/{$}"} {
		a := &app{settings: settings{acsURL: address}}
		assert.Equal(t, want, a.acsPattern())
	}
}
