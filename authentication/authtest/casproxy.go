package authtest

import (
	"net/http"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// casProxy serves /proxy: a proxy ticket for a back-end service (CAS §2.7), as
// XML unless format=JSON.
func (s *Server) casProxy(w http.ResponseWriter, r *http.Request) {
	issued, failed := s.proxyTicket(r)
	if strings.EqualFold(r.URL.Query().Get("format"), "JSON") {
		reply := &casDocument{ProxySuccess: &casProxySuccess{issued}}
		if failed.code != "" {
			// The name that the specification prints for it (CAS §2.7.2).
			reply = &casDocument{Failure: failed.members()}
		}
		s.writeCASJSON(w, reply, nil)
		return
	}
	var b strings.Builder
	b.WriteString(casRoot)
	if failed.code != "" {
		b.WriteString("  <cas:proxyFailure code=\"" + failed.code + "\">" + idptest.EscapeXML(failed.description) + "</cas:proxyFailure>\n")
	} else {
		b.WriteString("  <cas:proxySuccess>\n    <cas:proxyTicket>" + issued + "</cas:proxyTicket>\n  </cas:proxySuccess>\n")
	}
	b.WriteString(casRootEnd)
	s.writeCASXML(w, b.String(), nil)
}

// proxyTicket issues a ticket for the target service in the name of the person
// whose proxy-granting ticket it is. That ticket may be used again, until its
// person leaves (CAS §3.3).
func (s *Server) proxyTicket(r *http.Request) (string, casFailure) {
	query := r.URL.Query()
	value, target := query.Get("pgt"), query.Get("targetService")
	if value == "" || target == "" || len(query["pgt"]) > 1 || len(query["targetService"]) > 1 {
		return "", casFailure{"INVALID_REQUEST", "'pgt' and 'targetService' parameters are both required"}
	}
	s.mu.Lock()
	granted, ok := s.memory.pgts.Get(value, s.realm.Time())
	ok = ok && !granted.login.Ended() && s.casApp(r)
	s.mu.Unlock()
	switch {
	case !ok:
		// CAS 2.0's code; CAS 3.0 names none for it.
		return "", casFailure{"BAD_PGT", "the proxy-granting ticket is not valid"}
	case !serviceAllowed(s.RedirectURIs, target):
		return "", casFailure{"UNAUTHORIZED_SERVICE", "the target service is not registered for this application"}
	}
	who := granted.login
	who.Fresh = false // nobody typed a password for this one
	return s.issueTicket("PT-", &ticket{service: target, login: who, proxies: granted.proxies}), casFailure{}
}
