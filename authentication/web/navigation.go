package web

import (
	"net/http"
	"strings"
)

// idle answers requests that begin no login.
func idle(w http.ResponseWriter, r *http.Request) bool {
	quiet(w)
	switch {
	case r.Method == http.MethodHead:
		w.WriteHeader(http.StatusNoContent)
	case prefetched(r):
		w.WriteHeader(http.StatusServiceUnavailable)
	default:
		return false
	}
	return true
}

// stays answers requests that are not navigations: five images would displace the pending login of another tab.
func stays(w http.ResponseWriter, r *http.Request) bool {
	if navigates(r) {
		return false
	}
	new(ErrorPage).answer(w, r, matterNavigate, 0)
	return true
}

// prefetched reports whether the browser loads the page in advance, without the user.
func prefetched(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Sec-Purpose"), "prefetch") || r.Header.Get("Purpose") == "prefetch"
}

// navigates reports whether the request is a navigation, not a part of a page or a script's fetch. A frame in another
// site's page does not count: that page could begin logins without end (Fetch Metadata §2.1, §2.3). Without
// Sec-Fetch-Mode, Accept decides; programs may omit both.
func navigates(r *http.Request) bool {
	h := r.Header
	if mode := h.Get("Sec-Fetch-Mode"); mode != "" {
		return mode == "navigate" && !foreignFrame(h)
	}
	accept := h.Values("Accept")
	return h.Get("X-Requested-With") == "" && (len(accept) == 0 || names(accept, "text/html"))
}

func foreignFrame(h http.Header) bool {
	switch h.Get("Sec-Fetch-Dest") {
	case "iframe", "frame", "embed", "object", "fencedframe":
		site := h.Get("Sec-Fetch-Site")
		return site != "same-origin" && site != "same-site"
	}
	return false
}

// manner is how a request for a guarded address came.
type manner int

const (
	aside  manner = iota // a part of a page, a script's fetch, a prefetch, a program's call
	whole                // a navigation of the whole window
	framed               // a navigation in a frame
)

// mannerOf tells a navigation from all other requests. Fetch Metadata decides; without it, Accept does.
func mannerOf(r *http.Request) manner {
	h := r.Header
	mode, dest := h.Get("Sec-Fetch-Mode"), h.Get("Sec-Fetch-Dest")
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodPost, prefetched(r), mode != "" && mode != "navigate":
		return aside
	case mode != "" && dest != "":
		return destination(dest)
	case h.Get("X-Requested-With") == "" && h.Get("Upgrade") == "" && names(h.Values("Accept"), "text/html"):
		return whole
	}
	return aside
}

func destination(dest string) manner {
	switch dest {
	case "document":
		return whole
	case "iframe", "frame", "embed", "object", "fencedframe":
		return framed
	}
	return aside
}
