package cas

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"net/textproto"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	testService = "https://app.example/callback?a=b&c=d"
	testTicket  = "ST-1856339-aA5Yuvrxzpv8Tau1cYQ7"
)

// fixture is one exchange: the request above ---, the reply below. Package wiretest reads the same files, but drops
// the end of the last line, which matters in CAS 1.0.
type fixture struct {
	method, url string
	header      http.Header
	status      int
	replyHeader http.Header
	body        []byte
}

func readFixture(t testing.TB, name string) fixture {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name+".http"))
	require.NoError(t, err)
	for bytes.HasPrefix(data, []byte("#")) {
		_, data, _ = bytes.Cut(data, []byte("\n"))
	}
	request, reply, found := bytes.Cut(data, []byte("\n---\n"))
	require.True(t, found, name)
	head, body, found := bytes.Cut(reply, []byte("\n\n"))
	require.True(t, found, name)

	first, header := readHead(t, string(request))
	f := fixture{header: header, body: body}
	f.method, f.url, _ = strings.Cut(first, " ")
	first, f.replyHeader = readHead(t, string(head))
	f.status, err = strconv.Atoi(first)
	require.NoError(t, err)
	return f
}

func readHead(t testing.TB, text string) (first string, header http.Header) {
	t.Helper()
	first, lines, _ := strings.Cut(text, "\n")
	mime, err := textproto.NewReader(bufio.NewReader(strings.NewReader(lines + "\n\n"))).ReadMIMEHeader()
	require.NoError(t, err)
	return first, http.Header(mime)
}

// newClient returns a client of https://cas.example/cas and its transport, which has no replies yet.
func newClient(t testing.TB, configure ...func(*Config)) (*Client, *httpmock.MockTransport) {
	t.Helper()
	mock := httpmock.NewMockTransport()
	cfg := Config{ServerURL: "https://cas.example/cas", HTTPClient: &http.Client{Transport: mock}}
	for _, f := range configure {
		f(&cfg)
	}
	c, err := NewClient(cfg)
	require.NoError(t, err)
	return c, mock
}

// play returns a client whose server answers the request of the fixture. The test fails for any other request, a
// second request, or none.
func play(t *testing.T, name string, configure ...func(*Config)) *Client {
	t.Helper()
	f := readFixture(t, name)
	c, mock := newClient(t, configure...)
	mock.RegisterResponder(f.method, f.url, func(r *http.Request) (*http.Response, error) {
		assert.Equal(t, f.url, r.URL.String())
		for key := range f.header {
			assert.Equal(t, f.header[key], r.Header[key], key)
		}
		body, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		assert.Empty(t, body)
		res := httpmock.NewBytesResponse(f.status, f.body)
		res.Header = f.replyHeader
		return res, nil
	})
	t.Cleanup(func() { assert.Equal(t, 1, mock.GetTotalCallCount(), "requests that were sent") })
	return c
}
