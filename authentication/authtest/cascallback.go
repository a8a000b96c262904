package authtest

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// pgt is a proxy-granting ticket: the right to fetch tickets for a person who is not there.
type pgt struct {
	login   idptest.Login
	proxies []string // the callback address it was sent to, then those of the ticket it came from
}

// grantProxy sends a proxy-granting ticket to pgtUrl and returns its IOU (CAS
// §2.5.4). The IOU is empty when none was asked for, and when the callback took
// the ticket with another status than 200.
func (s *Server) grantProxy(r *http.Request, t *ticket) (string, casFailure) {
	asked := r.URL.Query()["pgtUrl"]
	if len(asked) == 0 {
		return "", casFailure{}
	}
	callback := asked[0]
	invalid := func(why string) (string, casFailure) { return "", casFailure{"INVALID_PROXY_CALLBACK", why} }
	u, err := url.Parse(callback)
	switch {
	case err != nil || len(asked) > 1 || u.Host == "" || u.User != nil || strings.Contains(callback, "#"):
		return invalid("pgtUrl is not a callback address")
	case u.Scheme != "https" && !idptest.Loopback(callback):
		return invalid("pgtUrl must be https")
	case !serviceAllowed(s.ProxyCallbacks, callback):
		return "", casFailure{"UNAUTHORIZED_SERVICE_PROXY", "pgtUrl is not registered for this application"}
	}
	// First without a ticket: who is not trusted must not be sent one.
	if status, err := s.realm.Call(r.Context(), http.MethodGet, callback, ""); err != nil || status != http.StatusOK {
		return invalid("pgtUrl cannot be reached, is not trusted, or did not answer 200")
	}
	value, iou := "PGT-"+idptest.Opaque(), "PGTIOU-"+idptest.Opaque()
	now := s.realm.Time()
	s.mu.Lock()
	s.memory.pgts.Put(value, &pgt{login: t.login, proxies: append([]string{callback}, t.proxies...)}, now.Add(pgtLifetime), now)
	s.mu.Unlock()
	if s.realm.Broken(UndeliveredPGT) {
		return iou, casFailure{}
	}
	sent := idptest.AddQuery(callback, idptest.Pairs("pgtIou", iou, "pgtId", value).Encode())
	switch status, err := s.realm.Call(r.Context(), http.MethodGet, sent, ""); {
	case err != nil:
		return invalid("pgtUrl cannot be reached")
	case status != http.StatusOK:
		return "", casFailure{}
	case s.realm.Broken(WrongIOU):
		return "PGTIOU-" + idptest.Opaque(), casFailure{}
	}
	return iou, casFailure{}
}
