package authentication_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// BenchmarkClientMemory reports the live bytes and objects of one client: an application with many tenants keeps
// thousands.
func BenchmarkClientMemory(b *testing.B) {
	clients := make([]*authentication.Client, b.N)
	bytes, objects := liveBytes()
	for i := range clients {
		var err error
		clients[i], err = authentication.NewClient(authentication.Options{
			AppID: "60f1d4b29c3e8a7756041bfe", Secret: strings.Repeat("s", 32), AppHost: "https://app.authing.example", RedirectURI: "https://app.example/callback",
		})
		require.NoError(b, err)
	}
	moreBytes, moreObjects := liveBytes()
	b.ReportMetric(float64(moreBytes-bytes)/float64(b.N), "live-B/client")
	b.ReportMetric(float64(moreObjects-objects)/float64(b.N), "objects/client")
	runtime.KeepAlive(clients)
}

func liveBytes() (bytes, objects int64) {
	runtime.GC()
	runtime.GC() // the first one may only begin to free what has a finalizer
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc), int64(m.HeapObjects)
}
