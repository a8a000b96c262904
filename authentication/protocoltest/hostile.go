package protocoltest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// redirects answers the requests of CompleteLogin with a redirect to another host, which must get no request: it
// could contain the code, and a redirected POST the application's secret.
func (p *probe) redirects() error {
	var reached atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer elsewhere.Close()
	var wrong []error
	for _, status := range []int{301, 302, 303, 307, 308} {
		err := p.hostile("a redirect", elsewhere.URL, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL+r.URL.RequestURI(), status)
		})
		if reached.Swap(0) > 0 {
			err = errors.Join(err, fmt.Errorf("CompleteLogin follows a redirect (status %d) to another host; use Options.HTTPClient", status))
		}
		wrong = append(wrong, err)
	}
	return errors.Join(wrong...)
}

const longReply = 64<<20 + 1<<16

// endlessReply answers the requests of CompleteLogin with a reply that does not end.
func (p *probe) endlessReply() error {
	var most atomic.Int64
	err := p.hostile("an endless reply", "", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"a":"`))
		for n, part := 0, []byte(strings.Repeat("a", 1<<16)); n < longReply; n += len(part) {
			if _, err := w.Write(part); err != nil {
				return
			}
			most.Store(max(most.Load(), int64(n)))
		}
	})
	if n := most.Load(); n > max(peekable, 2*p.options.MaxReply) {
		err = errors.Join(err, fmt.Errorf("CompleteLogin read %d MiB of a reply; use Options.HTTPClient", n>>20))
	}
	return err
}

// hostile completes a login while every server answers like this: the one behind Options.HTTPClient, and the one at
// AppHost for a flow with another client. A flow that sends no request is not tested. Requests to spared are not
// changed.
func (p *probe) hostile(what, spared string, answer http.HandlerFunc) error {
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		answer(w, r)
	}))
	defer server.Close()
	wire := &http.Transport{}
	defer wire.CloseIdleConnections()
	to, err := url.Parse(server.URL)
	if err != nil {
		return err
	}
	diverted := transport(func(r *http.Request) (*http.Response, error) {
		if spared == "" || r.URL.Scheme+"://"+r.URL.Host != spared {
			r = r.Clone(r.Context())
			r.URL.Scheme, r.URL.Host = to.Scheme, to.Host
		}
		return wire.RoundTrip(r)
	})
	var wrong []error
	for _, change := range []func(*authentication.Options){
		over(diverted),
		func(o *authentication.Options) { o.AppHost = server.URL },
	} {
		asked.Store(0)
		ctx, cancel := context.WithCancel(p.ctx)
		err := p.unanswered(ctx, change)
		cancel()
		switch {
		case asked.Load() == 0:
		case err == nil:
			wrong = append(wrong, fmt.Errorf("CompleteLogin accepts %s as an answer", what))
		case errors.Is(err, authentication.ErrRefused) || errors.Is(err, authentication.ErrDenied):
			wrong = append(wrong, fmt.Errorf("%s is reported as a refusal: %w", what, err))
		}
	}
	return errors.Join(wrong...)
}
