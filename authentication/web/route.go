package web

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// visit is one request at one of the application's addresses.
type visit struct {
	site *Site
	base *base
	w    http.ResponseWriter
	r    *http.Request
	// name and flow are those of the Site's own address; name is empty for a request of the application.
	name string
	flow string
	// ended says that the session which the browser brought has ended, so that a login is right.
	ended bool
}

// requestPath is the path of a request as it came. A router or StripPrefix changes r.URL, and a decoded path hides an
// encoded slash.
func requestPath(r *http.Request) string {
	path, _, _ := strings.Cut(r.RequestURI, "?")
	if path == "" {
		path = r.URL.EscapedPath()
	} else if path[0] != '/' { // the absolute form, which proxies get
		if u, err := url.ParseRequestURI(r.RequestURI); err == nil {
			path = cmp.Or(u.EscapedPath(), "/")
		}
	}
	return path
}

// pathOf is the path of a request without BaseURL's own path.
func pathOf(r *http.Request, b *base, prefix string) string {
	path := requestPath(r)
	if rest, found := strings.CutPrefix(path, b.path); found && b.path != "" && under(rest, prefix) {
		return rest
	}
	if under(path, prefix) {
		return path
	}
	if rest, found := strings.CutPrefix(path, b.path); found && strings.HasPrefix(rest, "/") {
		return rest
	}
	return path
}

func under(path, prefix string) bool {
	rest, found := strings.CutPrefix(path, prefix)
	return found && (rest == "" || rest[0] == '/')
}

// own tells the Site's own addresses from those of the application. An address that is not written as the Site writes it
// has the name "?", which no address has.
func (v *visit) own() bool {
	path := pathOf(v.r, v.base, v.site.config.Prefix)
	if !under(path, v.site.config.Prefix) {
		return false
	}
	rest := path[len(v.site.config.Prefix):]
	if !ownPath(rest) {
		v.name = "?"
		return true
	}
	v.name, v.flow, _ = strings.Cut(rest[1:], "/")
	return true
}

// enter finds the address that a request is for; it is nil for an unknown host, which it has answered.
func (s *Site) enter(w http.ResponseWriter, r *http.Request) *visit {
	v := &visit{site: s, w: w, r: r}
	if !v.enter() {
		return nil
	}
	return v
}

func (v *visit) enter() bool {
	if v.base = v.site.baseOf(v.r); v.base == nil {
		quiet(v.w)
		http.Error(v.w, http.StatusText(http.StatusMisdirectedRequest), http.StatusMisdirectedRequest)
	}
	return v.base != nil
}

// ServeHTTP answers the Site's own addresses, below BaseURL and Prefix; everything else is 404.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v := s.enter(w, r)
	if v == nil {
		return
	}
	if !v.own() {
		v.notFound()
		return
	}
	v.serve()
}

// serve answers one of the Site's own addresses.
func (v *visit) serve() {
	switch {
	case v.name == "logout" && v.flow == "":
		v.logout()
	case v.name == "session" && v.flow == "":
		v.session()
	case v.name == "callback" && v.flow == seenName:
		v.seen()
	case v.name == "login" && v.flow == "" && v.chooses():
		v.choose()
	case v.name == "loggedout" && v.flow == "":
		v.loggedOut(v.site.config.Flow) // nil when every flow has a name
	default:
		v.serveFlow()
	}
}

// serveFlow answers an address of one flow.
func (v *visit) serveFlow() {
	flow, err := v.site.flow(v.r, v.flow)
	switch {
	case errors.Is(err, ErrNoFlow):
		v.notFound()
		return
	case err != nil:
		v.site.fail(v.w, v.r, Event{Kind: EventError, Flow: v.flow, Err: err})
		return
	}
	switch v.name {
	case "login":
		v.login(flow)
	case "callback":
		v.callback(flow)
	case "loggedout":
		v.loggedOut(flow)
	case "slo":
		v.slo(flow)
	case "backchannel":
		v.backChannel(flow)
	case "frontchannel":
		v.frontChannel(flow)
	case "metadata":
		v.metadata(flow)
	default:
		v.notFound()
	}
}

// seenName stands where a flow's name stands in the address of a callback.
const seenName = "seen"

func (v *visit) notFound() {
	quiet(v.w)
	http.NotFound(v.w, v.r)
}
