package oidc_test

import (
	"encoding/json"
	"net/http"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// BenchmarkClientMemory reports the live bytes and objects of one client: an application with many tenants keeps
// thousands.
func BenchmarkClientMemory(b *testing.B) {
	document, err := json.Marshal(given())
	require.NoError(b, err)
	for name, c := range map[string]struct {
		keys     []any
		metadata *oidc.Metadata
	}{
		"configured": {metadata: given()},
		"discovered": {},
		"1 key":      {keys: []any{jwk("rsa")}},
		"4 keys":     {keys: []any{jwk("rsa"), jwk("other"), jwk("fake"), jwk("p256")}},
	} {
		b.Run(name, func(b *testing.B) {
			set, err := json.Marshal(map[string]any{"keys": c.keys})
			require.NoError(b, err)
			tr := newTrial()
			cfg, raw := tr.config, tr.token(b)
			cfg.Metadata = c.metadata
			cfg.HTTPClient = &http.Client{Transport: handler{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/jwks" {
					_, _ = w.Write(set)
					return
				}
				_, _ = w.Write(document)
			})}}
			clients := make([]*oidc.Client, b.N)
			bytes, objects := liveBytes()
			for i := range clients {
				clients[i], err = oidc.NewClient(cfg)
				require.NoError(b, err)
				_, err = clients[i].Metadata(b.Context())
				require.NoError(b, err)
				if c.keys != nil {
					_, err = clients[i].VerifyIDToken(b.Context(), raw, tr.expect)
					require.NoError(b, err)
				}
			}
			moreBytes, moreObjects := liveBytes()
			b.ReportMetric(float64(moreBytes-bytes)/float64(b.N), "live-B/client")
			b.ReportMetric(float64(moreObjects-objects)/float64(b.N), "objects/client")
			runtime.KeepAlive(clients)
		})
	}
}

func liveBytes() (bytes, objects int64) {
	runtime.GC()
	runtime.GC() // the first one may only begin to free what has a finalizer
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc), int64(m.HeapObjects)
}
