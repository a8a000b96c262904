package castest

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// grantProxy sends a proxy-granting ticket to pgtUrl and returns its IOU (CAS §2.5.4). The IOU is empty when pgtUrl was
// not given, and when the callback took the ticket with another status than 200.
func (s *Server) grantProxy(r *http.Request, t *ticket) (string, failure) {
	asked := r.URL.Query()["pgtUrl"]
	if len(asked) == 0 {
		return "", failure{}
	}
	callback := asked[0]
	u, err := url.Parse(callback)
	switch {
	case err != nil || len(asked) > 1 || u.Host == "" || u.User != nil || strings.Contains(callback, "#"):
		return "", invalidCallback("pgtUrl is not a callback address")
	case u.Scheme != "https" && !idptest.Loopback(callback):
		return "", invalidCallback("pgtUrl must be https")
	case !allowed(s.ProxyCallbacks, callback):
		return "", failure{"UNAUTHORIZED_SERVICE_PROXY", "pgtUrl is not registered for this application"}
	}
	// First without a ticket: who is not trusted must not be sent one.
	if status, err := s.realm.Call(r.Context(), http.MethodGet, callback, ""); err != nil || status != http.StatusOK {
		return "", invalidCallback("pgtUrl cannot be reached, is not trusted, or did not answer 200")
	}
	value, iou := s.keepPGT(&pgt{login: t.login, proxies: append([]string{callback}, t.proxies...)})
	if s.realm.Broken(UndeliveredPGT) {
		return iou, failure{}
	}
	sent := idptest.AddQuery(callback, idptest.Pairs("pgtIou", iou, "pgtId", value).Encode())
	switch status, err := s.realm.Call(r.Context(), http.MethodGet, sent, ""); {
	case err != nil:
		return "", invalidCallback("pgtUrl cannot be reached")
	case status != http.StatusOK:
		return "", failure{}
	case s.realm.Broken(WrongIOU):
		return "PGTIOU-" + idptest.Opaque(), failure{}
	}
	return iou, failure{}
}

// keepPGT keeps p under a new value and makes its IOU.
func (s *Server) keepPGT(p *pgt) (value, iou string) {
	value, iou = "PGT-"+idptest.Opaque(), "PGTIOU-"+idptest.Opaque()
	now := s.realm.Time()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pgts.Put(value, p, now.Add(pgtLifetime), now)
	return value, iou
}
