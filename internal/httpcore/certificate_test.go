package httpcore

import (
	"crypto/tls"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A guarded client is seen through.
func TestLacksCertificate(t *testing.T) {
	t.Parallel()
	with := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{Certificates: []tls.Certificate{{}}}}}
	without := &http.Client{Transport: &http.Transport{}}
	for name, c := range map[string]struct {
		client *http.Client
		lacks  bool
	}{"with": {with, false}, "without": {without, true}} {
		plain, err := New(Config{HTTPClient: c.client})
		require.NoError(t, err)
		assert.Equal(t, c.lacks, plain.LacksCertificate(), name)
		guarded, err := New(Config{HTTPClient: &http.Client{Transport: &guard{plain}, Timeout: time.Second}})
		require.NoError(t, err)
		assert.Equal(t, c.lacks, guarded.LacksCertificate(), name)
	}
}

func TestWeakTLS(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config *tls.Config
		trusts bool
		old    bool
	}{
		"no settings": {}, "checked": {config: &tls.Config{}}, "not checked": {config: &tls.Config{InsecureSkipVerify: true}, trusts: true},
		"an own check": {config: &tls.Config{InsecureSkipVerify: true, VerifyConnection: func(tls.ConnectionState) error { return nil }}},
		"TLS 1.1":      {config: &tls.Config{MinVersion: tls.VersionTLS11}, old: true}, "TLS 1.2": {config: &tls.Config{MinVersion: tls.VersionTLS12}},
	} {
		client, err := New(Config{HTTPClient: &http.Client{Transport: &http.Transport{TLSClientConfig: c.config}}})
		require.NoError(t, err)
		assert.Equal(t, c.trusts, client.TrustsAnyServer(), name)
		assert.Equal(t, c.old, client.AllowsOldTLS(), name)
	}
}
