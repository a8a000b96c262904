package saml

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
)

const (
	// maxRelayStateIn is the most that is taken and given back: some servers send more than the 80 bytes of
	// SAML Bindings §3.4.3, and must get exactly that in a response.
	maxRelayStateIn = 2048
	// maxPeek bounds what is read for a key; Config.MaxMessage bounds the message later.
	maxPeek = 8 << 20
)

// checkRelayState bounds the state of a request of ours (SAML Bindings §3.4.3).
func checkRelayState(state string) error {
	if len(state) > maxRelayState {
		return fmt.Errorf("saml: RelayState is over %d bytes", maxRelayState)
	}
	return nil
}

// peekRelayState returns the RelayState of a message called name, by redirect or POST, or "" when r carries none. The
// body is still to be read afterwards.
func peekRelayState(r *http.Request, name string) string {
	if r == nil || r.URL == nil {
		return ""
	}
	raw := r.URL.RawQuery
	if r.Method == http.MethodPost {
		raw = peekForm(r)
	}
	if len(raw) > maxPeek {
		return ""
	}
	p, err := readParams(raw)
	if err != nil || !p.at(name).sent || p.request.sent && p.response.sent {
		return "" // the reason is told when the message is read
	}
	state, _ := p.relay()
	return state
}

// peekForm reads the body of a form and puts it back.
func peekForm(r *http.Request) string {
	if r.PostForm != nil {
		return r.PostForm.Encode() // whose reading is refused later, with a reason
	}
	if r.Body == nil || !isForm(r) {
		return ""
	}
	body := r.Body
	read, err := io.ReadAll(io.LimitReader(body, maxPeek+1))
	r.Body = &unread{io.MultiReader(bytes.NewReader(read), failing{err}, body), body}
	return string(read)
}

// unread is a body that was read and put back.
type unread struct {
	io.Reader
	io.Closer
}

// failing gives the error again that ended the first reading.
type failing struct{ err error }

// Read fails, or else ends at once.
func (f failing) Read([]byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	return 0, io.EOF
}
