package session

import (
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// BenchmarkMemoryFull fills a Memory and reports how many bytes a session needs beside its data.
func BenchmarkMemoryFull(b *testing.B) {
	data := make([]byte, 1000)
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		m := NewMemory(time.Now)
		k := &Keeper{Store: m, Realm: []string{"https://app.example.com", "session"}, Idle: time.Hour, Absolute: time.Hour, Now: time.Now}
		for i := range MaxSessions {
			h := Head{Protocol: "oidc", Issuer: "https://id.example.com", Subject: strconv.Itoa(i), SessionID: strconv.Itoa(i), Named: BySession, Login: "0123456789012345678901", Return: "/a/path?of=the&application=1"}
			if _, _, err := k.Start(b.Context(), "https://app.example.com", h, data); err != nil {
				b.Fatal(err)
			}
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/MaxSessions-float64(len(data)), "B/session")
		b.ReportMetric(float64(len(m.sessions.heap)), "sessions")
		b.ReportMetric(float64(m.bytes)/MaxSessions-float64(len(data)), "counted-B/session")
		runtime.KeepAlive(m)
	}
}

// BenchmarkLoad is a Keeper's part of a guarded request.
func BenchmarkLoad(b *testing.B) {
	k := &Keeper{Store: NewMemory(time.Now), Realm: []string{"https://app.example.com", "session"}, Idle: time.Hour, Absolute: time.Hour, Now: time.Now}
	_, handle, err := k.Start(b.Context(), "https://app.example.com", Head{Protocol: "oidc", Issuer: "https://id.example.com", Subject: "alice"}, make([]byte, 1000))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if s, err := k.Load(b.Context(), "https://app.example.com", handle); err != nil || s == nil {
			b.Fatal(err)
		}
	}
}

// What a guarded request needs: the session, and the marks where the server can log users out.
func TestAllocationsOfARequest(t *testing.T) {
	k := &Keeper{Store: NewMemory(time.Now), Realm: []string{"https://app.example.com", "session"}, Idle: time.Hour, Absolute: time.Hour, Now: time.Now}
	_, handle, err := k.Start(t.Context(), "https://app.example.com", Head{Protocol: "oidc", Issuer: "https://id.example.com", Subject: "alice", SessionID: "1"}, make([]byte, 1000))
	require.NoError(t, err)
	var s *Session
	assert.LessOrEqual(t, testing.AllocsPerRun(100, func() { s, err = k.Load(t.Context(), "https://app.example.com", handle) }), 6.0)
	require.NoError(t, err)
	require.NotNil(t, s)
	assert.LessOrEqual(t, testing.AllocsPerRun(100, func() { _, err = k.Marks(t.Context(), &s.Head) }), 1.0)
	require.NoError(t, err)
}
