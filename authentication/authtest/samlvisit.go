package authtest

import (
	"context"
	"net/http"
	"slices"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// samlVisit is a service provider that a login was sent to (SAML Profiles §4.4): a member of the session.
type samlVisit struct {
	server *Server
	app    *SAMLApp
	base   string
	entity string
	name   samlName
	index  string

	indexes []string // of the sessions that end
}

// Tell does nothing: a service provider is told by way of the browser alone.
func (v *samlVisit) Tell(context.Context) {}

// Journey leads the browser from one service provider to the next.
func (v *samlVisit) Journey(w http.ResponseWriter, r *http.Request, members []idptest.Member, to string) bool {
	s := v.server
	entered := s.entered(members)
	if s.NoSAMLLogout || !slices.ContainsFunc(entered, func(v *samlVisit) bool { return v.app.SLOURL != "" }) {
		return false
	}
	idptest.TellAll(r.Context(), members)
	s.samlNext(w, r, &samlChain{to: to, left: s.merge(entered)})
	return true
}

// entered are the members that are service providers of this server.
func (s *Server) entered(members []idptest.Member) []*samlVisit {
	var all []*samlVisit
	for _, m := range members {
		if v, ok := m.(*samlVisit); ok && v.server == s {
			all = append(all, v)
		}
	}
	return all
}

// samlEnter remembers the login in the person's session and returns the session's
// index for that application. Server.mu must not be held.
func (s *Server) samlEnter(to *samlAsked, who *idptest.Login, name samlName) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	index := samlID()
	for _, v := range s.entered(who.Members()) {
		if s.samlID(v.app) == s.samlID(to.app) && v.entity == to.audience {
			if index = v.index; v.name == name {
				return index
			}
		}
	}
	who.Join(&samlVisit{server: s, app: to.app, base: to.base, entity: to.audience, name: name, index: index})
	return index
}
