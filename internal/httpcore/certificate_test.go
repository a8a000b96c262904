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

func TestTrustsAnyServer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config *tls.Config
		trusts bool
	}{
		"no settings": {nil, false}, "checked": {&tls.Config{}, false}, "not checked": {&tls.Config{InsecureSkipVerify: true}, true},
		"an own check": {&tls.Config{InsecureSkipVerify: true, VerifyConnection: func(tls.ConnectionState) error { return nil }}, false},
	} {
		client, err := New(Config{HTTPClient: &http.Client{Transport: &http.Transport{TLSClientConfig: c.config}}})
		require.NoError(t, err)
		assert.Equal(t, c.trusts, client.TrustsAnyServer(), name)
	}
}
