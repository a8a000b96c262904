package castest

import (
	"encoding/json"
	"io"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// writeXML writes a service response; user is whom it names.
func (s *Server) writeXML(w http.ResponseWriter, body, user string) {
	s.write(w, "application/xml", spoil(body, user, s.realm.Broken, func(f replyFault) func(string) string { return f.xml }))
}

func (s *Server) writeJSON(w http.ResponseWriter, response *document, user string) {
	text, err := json.Marshal(map[string]any{"serviceResponse": response})
	if err != nil {
		// A claim of a User that JSON has no form for.
		http.Error(w, "castest: "+err.Error(), http.StatusInternalServerError)
		return
	}
	s.write(w, "application/json", spoil(string(text), user, s.realm.Broken, func(f replyFault) func(string) string { return f.json }))
}

// write writes a body under the status that the faults leave.
func (s *Server) write(w http.ResponseWriter, kind, body string) {
	w.Header().Set("Content-Type", kind+"; charset=utf-8")
	if s.realm.Broken(ForbiddenStatus) {
		w.WriteHeader(http.StatusForbidden)
	}
	_, _ = io.WriteString(w, body)
}

// attributes are the claims of the person that the server releases.
func (s *Server) attributes(login *idptest.Login) map[string]any {
	scopes := s.Scopes
	if len(scopes) == 0 {
		scopes = []string{"profile", "email", "phone", "address"}
	}
	return s.realm.Claims(login.User, scopes, nil)
}

// described is the failure with the description that the server gives it.
func (s *Server) described(f failure) failure {
	if s.Describe != nil {
		f.description = s.Describe(f.code, f.description)
	}
	return f
}
