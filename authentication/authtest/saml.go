package authtest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

// samlPath is where Authing has its SAML identity providers, one for each application.
const samlPath = "/api/v2/saml-idp"

// newSAML is the SAML identity provider as Authing has it: single sign-on is at the path of the application itself.
func (s *Server) newSAML() *samltest.Server {
	apps := slices.Clone(s.SAMLApps)
	if len(apps) == 0 {
		apps = []samltest.App{{}}
	}
	for i := range apps {
		a := &apps[i]
		a.ID = either(a.ID, s.appID())
		a.SSOPath = either(a.SSOPath, samlPath+"/"+url.PathEscape(a.ID))
		if len(a.ACSURLs) == 0 {
			a.ACSURLs = s.RedirectURIs
		}
	}
	return &samltest.Server{
		Realm: s.realm, Path: samlPath, Apps: apps, Key: s.SAMLKey, NoLogout: s.NoSAMLLogout, SignMetadata: s.SignSAMLMetadata,
	}
}

// mountSAML has a page for applications that do not exist.
func (s *Server) mountSAML(mux *http.ServeMux) {
	s.saml.Mount(mux)
	for _, pattern := range []string{"GET /{app}", "POST /{app}", "GET /{app}/slo", "POST /{app}/slo", "GET /{app}/metadata"} {
		method, path, _ := strings.Cut(pattern, " ")
		mux.HandleFunc(method+" "+samlPath+path, s.noSAMLApp)
	}
}

// noSAMLApp answers with Authing's code.
func (s *Server) noSAMLApp(w http.ResponseWriter, _ *http.Request) {
	s.realm.ErrorPage(w, http.StatusNotFound, "7348", "SAML SP app does not exist")
}
