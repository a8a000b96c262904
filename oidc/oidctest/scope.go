package oidctest

import "slices"

// scopes are those that the application can be granted.
func (s *Server) scopes() []string {
	switch {
	case len(s.Scopes) > 0:
		return s.Scopes
	case s.OAuth:
		return s.realm.ClaimScopes()
	}
	return append(append([]string{"openid"}, s.realm.ClaimScopes()...), "offline_access")
}

// split parts the scopes that were asked for into those that can be granted and the others.
func split(asked, possible []string) (granted, rejected []string) {
	for _, scope := range asked {
		if slices.Contains(possible, scope) {
			granted = append(granted, scope)
		} else {
			rejected = append(rejected, scope)
		}
	}
	return granted, rejected
}
