package demo

import (
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
)

// The address to open is one that a browser on this machine reaches.
func TestBaseURL(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]string{
		"localhost:3000": "http://localhost:3000", ":3000": "http://localhost:3000", "0.0.0.0:3000": "http://localhost:3000",
		"[::]:3000": "http://localhost:3000", "127.0.0.1:0": "http://127.0.0.1:3000", "[::1]:3000": "http://[::1]:3000",
	} {
		assert.Equal(t, want, baseURL(addr, &net.TCPAddr{Port: 3000}), addr)
	}
}
