package oidctest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
)

// details are authorization_details (RFC 9396 §2).
type details []map[string]any

// readDetails reads those of an authorization request (RFC 9396 §3).
func (s *Server) readDetails(q *authRequest, form url.Values) *refusal {
	var why string
	if q.details, why = s.parseDetails(q.client, form.Get("authorization_details")); why != "" {
		return &refusal{"invalid_authorization_details", why}
	}
	return nil
}

// requestDetails reads those of another request.
func (s *Server) requestDetails(r *http.Request, c *client) (details, *failure) {
	all, why := s.parseDetails(c, r.PostForm.Get("authorization_details"))
	if why != "" {
		return nil, invalidDetails(why)
	}
	return all, nil
}

func invalidDetails(why string) *failure {
	return &failure{http.StatusBadRequest, "invalid_authorization_details", why}
}

// parseDetails checks what RFC 9396 §5 demands; why is what is wrong with them.
func (s *Server) parseDetails(c *client, raw string) (all details, why string) {
	if raw == "" || len(s.AuthorizationDetailsTypes) == 0 {
		return nil, ""
	}
	decoder := json.NewDecoder(strings.NewReader(raw))
	decoder.UseNumber() // amounts stay as they are
	if !json.Valid([]byte(raw)) || decoder.Decode(&all) != nil || len(all) == 0 {
		return nil, "authorization_details is not an array of objects"
	}
	types := s.AuthorizationDetailsTypes
	if len(c.app.AuthorizationDetailsTypes) > 0 {
		types = c.app.AuthorizationDetailsTypes
	}
	for _, one := range all {
		if name, ok := one["type"].(string); !ok || !slices.Contains(types, name) {
			return nil, "a type is missing or unknown"
		}
		if name, ok := one["identifier"]; ok && !isText(name) {
			return nil, "identifier is not a string"
		}
		for _, name := range []string{"locations", "actions", "datatypes", "privileges"} {
			list, ok := one[name].([]any)
			if _, present := one[name]; present && (!ok || !allTexts(list)) {
				return nil, name + " is not an array of strings"
			}
		}
	}
	return all, ""
}

// lacksType says whether one of the types is not the server's.
func (s *Server) lacksType(types []string) bool {
	return slices.ContainsFunc(types, func(name string) bool { return !slices.Contains(s.AuthorizationDetailsTypes, name) })
}

func isText(value any) bool { _, ok := value.(string); return ok }

func allTexts(list []any) bool {
	return !slices.ContainsFunc(list, func(value any) bool { return !isText(value) })
}

// narrowDetails returns those of a token: what its request names, which must be of the grant, else all of the grant (RFC
// 9396 §6). A grant that has no authorization request is for what the token request names.
func (s *Server) narrowDetails(r *http.Request, g *grant) (details, *failure) {
	named, failed := s.requestDetails(r, s.owner(g.app))
	if failed != nil || named == nil {
		return g.details, failed
	}
	switch r.PostForm.Get("grant_type") {
	case "client_credentials", "password", jwtBearerGrant:
		g.details = named
	}
	for _, one := range named {
		if !slices.ContainsFunc(g.details, func(granted map[string]any) bool { return reflect.DeepEqual(granted, one) }) {
			return nil, invalidDetails("authorization_details are not those of the grant")
		}
	}
	return named, nil
}
