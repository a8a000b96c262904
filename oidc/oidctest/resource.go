package oidctest

import (
	"net/http"
	"net/url"
	"slices"
)

// readResource reads the APIs that a request names (RFC 8707 §2.1).
func (s *Server) readResource(q *authRequest, form url.Values) *refusal {
	if len(s.Resources) == 0 {
		return nil
	}
	if slices.ContainsFunc(form["resource"], func(name string) bool { return !slices.Contains(s.Resources, name) }) {
		return &refusal{"invalid_target", "the resource is unknown"}
	}
	q.resources = form["resource"]
	return nil
}

// narrow returns the APIs of a token: those that its request names, else those of the grant (RFC 8707 §2.2). Without a
// name a machine's token is for none of them.
func (s *Server) narrow(g *grant, named []string) ([]string, *failure) {
	switch {
	case len(s.Resources) == 0 || g.user == nil && len(named) == 0:
		return nil, nil
	case len(named) == 0:
		return g.resources, nil
	case slices.ContainsFunc(named, func(name string) bool { return !slices.Contains(g.resources, name) }):
		return nil, &failure{http.StatusBadRequest, "invalid_target", "the resource is not one of the grant"}
	}
	return named, nil
}
