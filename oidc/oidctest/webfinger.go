package oidctest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

const issuerRelation = "http://openid.net/specs/connect/1.0/issuer"

// webFinger answers for every acct and https URI of the server's own host (OpenID Connect Discovery §2, RFC 7033 §4).
func (s *Server) webFinger(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	resource := query.Get("resource")
	if len(query["resource"]) != 1 {
		http.Error(w, "oidctest: one resource is needed", http.StatusBadRequest)
		return
	}
	issuer := s.issuer(r)
	own, err := url.Parse(issuer)
	if err != nil || !strings.EqualFold(hostOf(resource), own.Host) {
		http.NotFound(w, r)
		return
	}
	if s.realm.Broken(WrongWebFingerIssuer) {
		issuer = otherIssuer
	}
	links := []map[string]string{}
	wanted := query["rel"]
	if (len(wanted) == 0 || slices.Contains(wanted, issuerRelation)) && !s.realm.Broken(NoWebFingerLink) {
		links = append(links, map[string]string{"rel": issuerRelation, "href": issuer})
	}
	writeJSON(w, http.StatusOK, map[string]any{"subject": resource, "links": links})
}

// hostOf is the host of an acct or https URI, with its port; empty for any other text.
func hostOf(resource string) string {
	if account, ok := strings.CutPrefix(resource, "acct:"); ok {
		_, host, _ := strings.Cut(account, "@")
		return host
	}
	u, err := url.Parse(resource)
	if err != nil || u.Scheme != "https" {
		return ""
	}
	return u.Host
}
