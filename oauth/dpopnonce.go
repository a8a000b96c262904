package oauth

import (
	"net/http"
	"strings"
	"sync"
)

const (
	maxNonce   = 1024
	maxOrigins = 100
)

// nonces are the newest nonces of servers, by origin (RFC 9449 §8.2). The zero value is ready.
type nonces struct {
	mu       sync.Mutex
	byOrigin map[string]string
}

func (n *nonces) get(origin string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.byOrigin[origin]
}

// take keeps the nonce of a reply, and returns it; empty when there is none. When there are too many origins, any of them
// leaves: it costs one call more.
func (n *nonces) take(origin string, reply http.Header) string {
	values := reply["Dpop-Nonce"]
	if len(values) != 1 || noNonce(values[0]) {
		return ""
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.byOrigin == nil {
		n.byOrigin = map[string]string{}
	}
	if _, known := n.byOrigin[origin]; !known && len(n.byOrigin) >= maxOrigins {
		for other := range n.byOrigin {
			delete(n.byOrigin, other)
			break
		}
	}
	n.byOrigin[origin] = values[0]
	return values[0]
}

// noNonce finds what is no nonce (RFC 9449 §8.1): none of its characters needs an escape in JSON.
func noNonce(s string) bool {
	return s == "" || len(s) > maxNonce || strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c > '~' || c == '"' || c == '\\' })
}
