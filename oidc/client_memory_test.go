package oidc_test

import (
	"encoding/json"
	"net/http"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// BenchmarkClientMemory reports the live bytes of one client: an application with many tenants keeps thousands.
func BenchmarkClientMemory(b *testing.B) {
	document, err := json.Marshal(given())
	require.NoError(b, err)
	for _, name := range []string{"configured", "discovered"} {
		b.Run(name, func(b *testing.B) {
			cfg := newTrial().config
			cfg.HTTPClient = &http.Client{Transport: handler{http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(document) })}}
			if name == "configured" {
				cfg.Metadata = given()
			}
			clients := make([]*oidc.Client, b.N)
			before := liveBytes()
			for i := range clients {
				clients[i], err = oidc.NewClient(cfg)
				require.NoError(b, err)
				_, err = clients[i].Metadata(b.Context())
				require.NoError(b, err)
			}
			b.ReportMetric(float64(liveBytes()-before)/float64(b.N), "live-B/client")
			runtime.KeepAlive(clients)
		})
	}
}

func liveBytes() int64 {
	runtime.GC()
	runtime.GC() // the first one may only begin to free what has a finalizer
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
