package oauth

import (
	"container/list"
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

const hostLimit = 10_000

// RequestObjectHost is an http.Handler that keeps request objects for RequestObject.Host, and gives each of them once
// (RFC 9101 §5.2). It keeps them in memory, for an application that runs as one instance. Its fields are set before the
// first use; it is safe for concurrent use.
type RequestObjectHost struct {
	// URL is the https address under which the server reaches this handler. The handler serves all paths below it.
	URL string
	// Limit is how many objects are kept; 0 means 10,000. When there are more, the oldest one leaves: servers get an
	// object within seconds, and a login that nobody continued must not stop others.
	Limit int
	// Lifetime is how long an object is kept; 0 means 10 minutes.
	Lifetime time.Duration
	// Now is the clock; nil is time.Now.
	Now func() time.Time

	mu    sync.Mutex
	named map[string]*list.Element
	order list.List // of hosted, the oldest first
}

type hosted struct {
	name, object string
	until        time.Time
}

// Host keeps an object and returns its address, which nobody can guess. An URL that is not https, or http to loopback,
// is an error.
func (h *RequestObjectHost) Host(_ context.Context, object string) (string, error) {
	guard, err := httpcore.New(httpcore.Config{})
	if err == nil {
		err = guard.CheckURL("URL", h.URL)
	}
	switch {
	case err != nil:
		return "", err
	case strings.Contains(h.URL, "?"):
		return "", errors.New("URL must not have a query")
	case h.Limit < 0 || h.Lifetime < 0:
		return "", errors.New("Limit or Lifetime is negative")
	}
	name := rand.Text()
	h.keep(name, object, h.now())
	return strings.TrimSuffix(h.URL, "/") + "/" + name, nil
}

func (h *RequestObjectHost) keep(name, object string, now time.Time) {
	limit, lifetime := h.Limit, h.Lifetime
	if limit == 0 {
		limit = hostLimit
	}
	if lifetime == 0 {
		lifetime = requestLifetime
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.named == nil {
		h.named = map[string]*list.Element{}
	}
	for oldest := h.order.Front(); oldest != nil; oldest = h.order.Front() {
		if now.Before(oldest.Value.(hosted).until) && h.order.Len() < limit {
			break
		}
		h.drop(oldest)
	}
	h.named[name] = h.order.PushBack(hosted{name, object, now.Add(lifetime)})
}

func (h *RequestObjectHost) drop(e *list.Element) hosted {
	delete(h.named, e.Value.(hosted).name)
	return h.order.Remove(e).(hosted)
}

// take returns an object once.
func (h *RequestObjectHost) take(name string, now time.Time) (string, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	e, ok := h.named[name]
	if !ok {
		return "", false
	}
	kept := h.drop(e)
	return kept.object, now.Before(kept.until)
}

// ServeHTTP gives an object to the server.
func (h *RequestObjectHost) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", "GET")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	object, ok := h.take(path.Base(r.URL.Path), h.now())
	if !ok {
		http.Error(w, "there is no such request object", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/oauth-authz-req+jwt")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write([]byte(object))
}

func (h *RequestObjectHost) now() time.Time {
	if h.Now != nil {
		return h.Now()
	}
	return time.Now()
}
