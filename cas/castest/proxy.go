package castest

import (
	"net/http"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// proxy serves /proxy: a proxy ticket for a back-end service (CAS §2.7), in XML unless format=JSON.
func (s *Server) proxy(w http.ResponseWriter, r *http.Request) {
	issued, failed := s.proxyTicket(r)
	if failed.code != "" {
		failed = s.described(failed)
	}
	if strings.EqualFold(r.URL.Query().Get("format"), "JSON") {
		response := &document{ProxySuccess: &proxySuccess{issued}}
		if failed.code != "" {
			// The name that the specification prints for it (CAS §2.7.2).
			response = failed.document()
		}
		s.writeJSON(w, response, "")
		return
	}
	var b strings.Builder
	b.WriteString(root)
	if failed.code != "" {
		b.WriteString("  <cas:proxyFailure code=\"" + failed.code + "\">" + idptest.EscapeXML(failed.description) + "</cas:proxyFailure>\n")
	} else {
		b.WriteString("  <cas:proxySuccess>\n    <cas:proxyTicket>" + issued + "</cas:proxyTicket>\n  </cas:proxySuccess>\n")
	}
	b.WriteString(rootEnd)
	s.writeXML(w, b.String(), "")
}

// proxyTicket issues a ticket for the target service in the name of the person whose proxy-granting ticket it is. That
// ticket may be used again, until its person leaves (CAS §3.3).
func (s *Server) proxyTicket(r *http.Request) (string, failure) {
	query := r.URL.Query()
	value, target := query.Get("pgt"), query.Get("targetService")
	if value == "" || target == "" || len(query["pgt"]) > 1 || len(query["targetService"]) > 1 {
		return "", invalidRequest("'pgt' and 'targetService' parameters are both required")
	}
	s.mu.Lock()
	granted, ok := s.pgts.Get(value, s.realm.Time())
	s.mu.Unlock()
	switch {
	case !ok || granted.login.Ended():
		return "", badPGT
	case !allowed(s.Services, target):
		return "", failure{"UNAUTHORIZED_SERVICE", "the target service is not registered for this application"}
	}
	who := granted.login
	who.Fresh = false // the person typed no password for this one
	return s.issue("PT-", &ticket{service: target, login: who, proxies: granted.proxies}), failure{}
}
