package castest

import (
	"net/http"
	"strings"
)

// validate serves /validate: two lines of text (CAS §2.4).
func (s *Server) validate(w http.ResponseWriter, r *http.Request) {
	t, failed := s.use(r, false)
	body := "no\n\n"
	if failed.code == "" {
		body = "yes\n" + t.login.User.Name() + "\n"
	}
	s.write(w, "text/plain", spoilText(body, s.realm.Broken))
}

// serviceValidate serves an endpoint that answers with a service response (CAS §2.5, §2.6, §2.8, §2.9): XML unless
// format=JSON.
func (s *Server) serviceValidate(v validation) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		format := strings.ToUpper(query.Get("format"))
		a := &answer{v3: v.v3, lists: s.ListsInJSON, broken: s.realm.Broken, failed: invalidRequest("'format' must be XML or JSON")}
		if format == "" || format == "XML" || format == "JSON" {
			a.ticket, a.failed = s.use(r, v.proxy)
		}
		if a.failed.code == "" {
			a.iou, a.failed = s.grantProxy(r, a.ticket)
		}
		switch {
		case a.failed.code == "":
			if v.v3 || s.AttributesInV2 {
				a.released = s.attributes(&a.ticket.login)
			}
		case s.realm.Broken(HostileText):
			a.failed.description = hostileText(query.Get("ticket"))
		default:
			a.failed = s.described(a.failed)
		}
		if (format == "JSON") != s.realm.Broken(OtherFormat) {
			s.writeJSON(w, a.document(), a.user())
			return
		}
		s.writeXML(w, a.xml(s.Attributes), a.user())
	}
}
