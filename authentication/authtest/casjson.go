package authtest

import (
	"encoding/json"
	"net/http"
)

// casDocument is a service response in JSON (CAS §2.5.2).
type casDocument struct {
	Success      *casSuccess      `json:"authenticationSuccess,omitempty"`
	Failure      *casRefusal      `json:"authenticationFailure,omitempty"`
	ProxySuccess *casProxySuccess `json:"proxySuccess,omitempty"`
}

type casSuccess struct {
	User       string         `json:"user"`
	IOU        string         `json:"proxyGrantingTicket,omitempty"`
	Proxies    []string       `json:"proxies,omitempty"`
	Attributes map[string]any `json:"attributes"`
}

type casRefusal struct {
	Code        string `json:"code"`
	Description string `json:"description"`
}

type casProxySuccess struct {
	Ticket string `json:"proxyTicket"`
}

func (f casFailure) members() *casRefusal { return &casRefusal{f.code, f.description} }

// document is the answer in JSON. The proxies stand as in XML, the latest first:
// the specification says so of XML, and its JSON sample has them the other way
// round (CAS §2.6.2).
func (s *Server) document(a *casAnswer) *casDocument {
	if a.failed.code != "" {
		return &casDocument{Failure: a.failed.members()}
	}
	attributes := s.casAttributes(&a.ticket.login)
	if a.p3 {
		for _, of := range a.protocolAttributes() {
			attributes[of.name] = of.value
		}
	}
	return &casDocument{Success: &casSuccess{
		User: a.ticket.login.User.Name(), IOU: a.iou, Proxies: a.ticket.proxies, Attributes: attributes,
	}}
}

func (s *Server) writeCASJSON(w http.ResponseWriter, reply *casDocument, a *casAnswer) {
	text, err := json.Marshal(map[string]any{"serviceResponse": reply})
	if err != nil {
		// A claim of a User that JSON has no form for.
		http.Error(w, "authtest: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	s.writeStatus(w, s.spoil(string(text), a, func(f casFault) func(string) string { return f.json }))
}
