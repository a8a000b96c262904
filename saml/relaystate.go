package saml

import (
	"fmt"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/internal/callback"
)

const (
	// maxRelayStateIn is the longest RelayState that is accepted and sent back: some servers send more than the 80
	// bytes of SAML Bindings §3.4.3, and must get the same in a response.
	maxRelayStateIn = 2048
	// maxPeek limits what is read for a key; Config.MaxMessage limits the message later.
	maxPeek = 8 << 20
)

// checkRelayState limits the RelayState of our requests (SAML Bindings §3.4.3).
func checkRelayState(state string) error {
	if len(state) > maxRelayState {
		return fmt.Errorf("saml: RelayState is over %d bytes", maxRelayState)
	}
	return nil
}

// peekRelayState returns the RelayState of a message called name, by redirect or POST, or "" when r has none. The body
// can still be read afterwards.
func peekRelayState(r *http.Request, name string) string {
	if r == nil || r.URL == nil {
		return ""
	}
	raw := r.URL.RawQuery
	whole := len(raw) <= maxPeek
	if r.Method == http.MethodPost {
		raw, whole = callback.Peek(r, maxPeek)
	}
	if !whole {
		return ""
	}
	p, err := readParams(raw)
	if err != nil || !p.at(name).sent || p.messages() > 1 {
		return "" // the call that reads the message says why
	}
	state, _ := p.relay()
	return state
}
