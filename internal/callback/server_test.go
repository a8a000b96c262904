package callback_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/callback"
)

// watched reports when its last Read has returned.
type watched struct {
	io.ReadCloser
	reads chan struct{}
}

func (w watched) Read(p []byte) (int, error) {
	defer func() { w.reads <- struct{}{} }()
	return w.ReadCloser.Read(p)
}

// A browser that sends only half a body: Form returns when its context ends, and the reader ends with the connection.
func TestHalfABodyOverHTTP1(t *testing.T) {
	t.Parallel()
	result, reads := make(chan error, 1), make(chan struct{}, 8)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		r.Body = watched{r.Body, reads}
		ctx, cancel := context.WithCancel(context.Background())
		go func() {
			<-reads // the first half has arrived
			cancel()
		}()
		_, err := callback.Form(ctx, r, 100)
		result <- err
	}))
	t.Cleanup(server.Close)
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	_, err = io.WriteString(conn, "POST /cb HTTP/1.1\r\nHost: app.example\r\nContent-Type: "+formType+"\r\nContent-Length: 50\r\n\r\ncode=1&")
	require.NoError(t, err)
	assert.ErrorIs(t, <-result, context.Canceled, "while 43 bytes are missing")
	require.NoError(t, conn.Close())
	<-reads // the pending Read ends
}
