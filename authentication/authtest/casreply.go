package authtest

import (
	"io"
	"net/http"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// casAnswer is what a validation found.
type casAnswer struct {
	validation
	ticket *ticket
	failed casFailure
	iou    string // of the proxy-granting ticket that was sent to pgtUrl
}

// casValidate serves /validate: two lines of text (CAS §2.4).
func (s *Server) casValidate(w http.ResponseWriter, r *http.Request) {
	t, failed := s.useTicket(r, false)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	body := "no\n\n"
	if failed.code == "" {
		body = "yes\n" + t.login.User.Name() + "\n"
	}
	s.writeStatus(w, s.spoilText(body))
}

// casServiceValidate serves the endpoints that answer with a service response
// (CAS §2.5, §2.6, §2.8, §2.9): XML unless format=JSON.
func (s *Server) casServiceValidate(v validation) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		format := strings.ToUpper(r.URL.Query().Get("format"))
		a := &casAnswer{validation: v, failed: casFailure{"INVALID_REQUEST", "format 只能为 XML 或 JSON"}}
		if format == "" || format == "XML" || format == "JSON" {
			a.ticket, a.failed = s.useTicket(r, v.proxy)
		}
		if a.failed.code == "" {
			a.iou, a.failed = s.grantProxy(r, a.ticket)
		}
		if a.failed.code != "" && s.realm.Broken(HostileText) {
			a.failed.description = hostileText(r.URL.Query().Get("ticket"))
		}
		if (format == "JSON") != s.realm.Broken(OtherFormat) {
			s.writeCASJSON(w, s.document(a), a)
			return
		}
		s.writeCASXML(w, s.casXML(a), a)
	}
}

// writeStatus writes a body under the status that the faults leave.
func (s *Server) writeStatus(w http.ResponseWriter, body string) {
	if s.realm.Broken(ForbiddenStatus) {
		w.WriteHeader(http.StatusForbidden)
	}
	_, _ = io.WriteString(w, body)
}

// casAttributes are the profile, as Authing gives it to every CAS application.
func (s *Server) casAttributes(who *idptest.Login) map[string]any {
	return s.realm.Claims(who.User, []string{"profile", "email", "phone", "address", "unionid", "external_id"}, nil)
}

// protocolAttributes are what CAS 3.0 says of the login itself (CAS appendix A).
// Authing's serviceValidate has the first two, and those in XML alone.
func (a *casAnswer) protocolAttributes() []attribute {
	all := []attribute{
		{"authenticationDate", a.ticket.login.Time.UTC().Format("2006-01-02T15:04:05.000Z")},
		{"longTermAuthenticationRequestTokenUsed", false},
	}
	if a.p3 {
		all = append(all, attribute{"isFromNewLogin", a.ticket.login.Fresh})
	}
	return all
}

// attribute is a name and a value of the kinds that JSON has.
type attribute struct {
	name  string
	value any
}
