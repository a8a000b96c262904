package oidctest

import (
	"net/http"
	"slices"
)

// exchange serves the token endpoint (RFC 6749 §3.2).
func (s *Server) exchange(w http.ResponseWriter, r *http.Request) {
	if failed := readForm(w, r); failed != nil {
		failed.write(w, r)
		return
	}
	r, failed := s.proven(w, r)
	if failed != nil {
		failed.write(w, r)
		return
	}
	var reply map[string]any
	switch grant := r.PostForm.Get("grant_type"); {
	case grant == "":
		failed = invalidRequest("missing required parameter 'grant_type'")
	case grant == "authorization_code":
		reply, failed = s.exchangeCode(r)
	case grant == "refresh_token":
		reply, failed = s.exchangeRefresh(r)
	case grant == "client_credentials":
		reply, failed = s.exchangeCredentials(r)
	case grant == "password" && !s.fapi():
		reply, failed = s.exchangePassword(r)
	default:
		reply, failed = s.exchangeMore(w, r, grant)
	}
	if failed != nil {
		failed.write(w, r)
		return
	}
	w.Header().Set("Pragma", "no-cache")
	writeJSON(w, http.StatusOK, reply)
}

// usualGrants are those without a field; FAPI 2.0 Security Profile §5.3.2.1 has no password, and no implicit grant.
func (s *Server) usualGrants() []string {
	grants := []string{"authorization_code", "refresh_token", "client_credentials"}
	if s.fapi() {
		return grants
	}
	return append(grants, "implicit", "password")
}

// moreGrants are the grants that fields of the Server switch on.
func (s *Server) moreGrants() []string {
	var more []string
	for grant, on := range map[string]bool{
		deviceGrant: s.Device != nil, cibaGrant: s.CIBA != nil, exchangeGrant: s.TokenExchange != nil, jwtBearerGrant: s.JWTBearer != nil,
	} {
		if on {
			more = append(more, grant)
		}
	}
	slices.Sort(more)
	return more
}

// exchangeMore is a grant that a field of the Server switches on.
func (s *Server) exchangeMore(w http.ResponseWriter, r *http.Request, grant string) (map[string]any, *failure) {
	if !slices.Contains(s.moreGrants(), grant) {
		return nil, &failure{http.StatusBadRequest, "unsupported_grant_type", "unsupported grant_type requested"}
	}
	switch grant {
	case deviceGrant:
		return s.exchangeAsked(w, r, "device_code")
	case cibaGrant:
		return s.exchangeAsked(w, r, "auth_req_id")
	case exchangeGrant:
		return s.exchangeToken(r)
	}
	return s.exchangeJWT(r)
}
