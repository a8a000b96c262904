package wiretest

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/require"
)

// Transport answers each fixture, a file, once.
func Transport(t testing.TB, files ...string) *httpmock.MockTransport {
	t.Helper()
	texts := make(map[string]string, len(files))
	for _, file := range files {
		b, err := os.ReadFile(file)
		require.NoError(t, err)
		texts[filepath.Base(file)] = string(b)
	}
	return serve(t, texts)
}

// Text is Transport for one fixture written in the test.
func Text(t testing.TB, fixture string) *httpmock.MockTransport {
	t.Helper()
	return serve(t, map[string]string{"fixture": strings.TrimPrefix(fixture, "\n")})
}

// player has the fixtures that are still to come.
type player struct {
	t  testing.TB
	mu sync.Mutex
	// open fixtures wait for their request.
	open []*fixture
}

func serve(t testing.TB, texts map[string]string) *httpmock.MockTransport {
	t.Helper()
	p := &player{t: t}
	mock := httpmock.NewMockTransport()
	for name, text := range texts {
		f, err := parse(name, text)
		require.NoError(t, err)
		p.open = append(p.open, f)
		mock.RegisterMatcherResponder(f.method, address(f.url), httpmock.NewMatcher(name, p.isNext(f)), f.respond)
	}
	mock.RegisterNoResponder(p.refuse)
	t.Cleanup(p.finish)
	return mock
}

// isNext removes the fixture from the list when it matches the request.
func (p *player) isNext(f *fixture) httpmock.MatcherFunc {
	return func(r *http.Request) bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		for i, o := range p.open {
			if o == f && f.differs(r) == "" {
				p.open = append(p.open[:i:i], p.open[i+1:]...)
				return true
			}
		}
		return false
	}
}

func (p *player) refuse(r *http.Request) (*http.Response, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, f := range p.open {
		p.t.Errorf("%s %s is not %s: %s", r.Method, r.URL, f.name, f.differs(r))
	}
	if len(p.open) == 0 {
		p.t.Errorf("%s %s: every fixture was answered already", r.Method, r.URL)
	}
	return nil, errors.New("no fixture for this request")
}

func (p *player) finish() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, f := range p.open {
		p.t.Errorf("%s was never requested", f.name)
	}
}

func (f *fixture) respond(r *http.Request) (*http.Response, error) {
	res := httpmock.NewStringResponse(f.status, f.reply)
	res.Header, res.Request = f.replyHeader.Clone(), r
	return res, nil
}
