package authtest

// samlVisit is a service provider that a login was sent to (SAML Profiles §4.4).
type samlVisit struct {
	app    *SAMLApp
	base   string
	entity string
	name   samlName
	index  string

	indexes []string // of the sessions that end
}

// samlEnter remembers the login in the person's session and returns the session's
// index for that application. Server.mu must not be held.
func (s *Server) samlEnter(to *samlAsked, who *login, name samlName) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	index := samlID()
	for _, v := range who.live.entered {
		if s.samlID(v.app) == s.samlID(to.app) && v.entity == to.audience {
			if index = v.index; v.name == name {
				return index
			}
		}
	}
	if len(who.live.entered) == visitLimit {
		who.live.entered = who.live.entered[1:]
	}
	who.live.entered = append(who.live.entered, &samlVisit{app: to.app, base: to.base, entity: to.audience, name: name, index: index})
	return index
}
