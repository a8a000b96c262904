//go:build interop

package e2e

import "testing"

// examples/web at Keycloak, and at oidc-provider by form_post; TestWeb, TestSAML and TestCAS have the others.
func TestWebServers(t *testing.T) {
	b, binary := startBrowser(t), build(t, examples+"/web")
	none := func(string) map[string]string { return nil }
	for server, s := range map[string]*site{
		"oidc-provider, form_post": provider(t, binary, "form_post"),
		"Keycloak, query":          newRealm(t).oidc(binary, "query", nil, none),
		"Keycloak, form_post":      newRealm(t).oidc(binary, "form_post", nil, none),
		"Keycloak, SAML":           newRealm(t).saml(binary, map[string]any{"frontchannelLogout": true}),
	} {
		s.posted = server != "Keycloak, query"
		t.Run(server, func(t *testing.T) {
			for _, test := range []struct {
				name string
				run  func(*testing.T, *site, *browser)
			}{
				{"login", testLogin},
				{"refresh", testRefresh},
				{"logout and login again", testLogout},
				{"two tabs", testTwoTabs},
				{"response elsewhere and twice", testPosted},
				{"back button", testBackButton},
				{"logout by another site", testForeignLogout},
			} {
				if test.name == "refresh" && s.protocol == "saml" || test.name == "response elsewhere and twice" && !s.posted {
					continue // SAML has no tokens; TestWeb has responses by GET
				}
				t.Run(test.name, func(t *testing.T) { test.run(t, s, b) })
			}
		})
	}
}
