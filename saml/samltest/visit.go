package samltest

import (
	"cmp"
	"slices"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// visit is a service provider that a login was sent to (SAML Profiles §4.4): a member of the session. app is that of
// server, and of no other.
type visit struct {
	server *Server
	app    *App
	home   string // the single logout service of the server
	issuer string // who sent the login
	entity string // whom it was sent to
	name   nameID
	index  string

	indexes []string // of the sessions that end
	ended   bool     // it said so, by SOAP
}

// visits are the members that are service providers, also those of other servers of the realm.
func visits(members []idptest.Member) []*visit {
	var all []*visit
	for _, m := range members {
		if v, ok := m.(*visit); ok {
			all = append(all, v)
		}
	}
	return all
}

// enter remembers the login in the person's session and returns the session's index for that application.
func (s *Server) enter(who *idptest.Login, v visit) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	v.server, v.index = s, cmp.Or(v.app.SessionIndex, newID())
	for _, known := range visits(who.Members()) {
		if known.app == v.app && known.entity == v.entity {
			if v.index = known.index; known.name == v.name {
				return v.index
			}
		}
	}
	who.Join(&v)
	return v.index
}

// told says whether the service provider is told of a logout by way of the browser.
func (v *visit) told() bool { return v.app.SLOURL != "" && !v.server.NoLogout && !v.bySOAP() }

// bySOAP says whether the server itself tells the service provider.
func (v *visit) bySOAP() bool { return v.app.SOAPLogoutURL != "" && !v.server.NoLogout }

// merge makes one visit of those that one logout request can name.
func merge(all []*visit) []*visit {
	var merged []*visit
	for _, v := range all {
		at := slices.IndexFunc(merged, func(m *visit) bool { return m.app == v.app && m.entity == v.entity && m.name == v.name })
		if at < 0 {
			copied := *v
			copied.indexes = []string{v.index}
			merged = append(merged, &copied)
			continue
		}
		merged[at].ended = merged[at].ended && v.ended
		if !slices.Contains(merged[at].indexes, v.index) {
			merged[at].indexes = append(merged[at].indexes, v.index)
		}
	}
	return merged
}
