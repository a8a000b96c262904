// Package interop has the tests with real servers of other projects, on loopback, each started by one command:
// oidc-provider, a certified OpenID Provider; cas-django, Debian's django-cas-server; simplesamlphp, pysaml2 and samlp
// (Auth0's library), SAML 2.0 identity providers; pyff, a metadata server; and keycloak.
//
//	internal/interop/servers/oidc-provider/start.sh      installs it if needed, waits, prints the facts
//	internal/interop/servers/cas-django/start.sh
//	internal/interop/servers/simplesamlphp/start.sh
//	internal/interop/servers/pysaml2/start.sh
//	internal/interop/servers/samlp/start.sh
//	internal/interop/servers/pyff/start.sh                the metadata of a federation by pyFF, for package pyff
//	internal/interop/servers/xmlsec/start.sh              libxmlsec1 1.3 for package xmlsec; nothing keeps running
//	internal/interop/servers/axe/start.sh                 axe-core for internal/e2e; nothing keeps running
//	internal/interop/servers/nginx/start.sh               no server of logins: it stands in front of applications
//	internal/interop/servers/keycloak/start.sh            minutes when it runs for the first time
//	go test -tags interop ./internal/interop/...
//	internal/interop/servers/oidc-provider/stop.sh
//	internal/interop/servers/cas-django/stop.sh
//	internal/interop/servers/simplesamlphp/stop.sh
//	internal/interop/servers/pysaml2/stop.sh
//	internal/interop/servers/samlp/stop.sh
//	internal/interop/servers/pyff/stop.sh
//	internal/interop/servers/nginx/stop.sh
//	internal/interop/servers/keycloak/stop.sh
//
// The scripts need Debian 12 or a similar system, bash, npm and Python 3, and for Keycloak Java 17 or 21. They download and
// write only outside the repository (see servers/lib.sh for the folders). Without the tag interop nothing here needs
// a server. With it, a server that does not run is a failure, not a skip. So is a missing xmlsec1, openssl or xmllint
// (package libxml2-utils) in package xmlsec, which checks messages without a server.
//
// A server needs a folder servers/NAME with start.sh and stop.sh, and a package with its tests. Package formlogin is
// the user at the browser for all of them, and samlparty the service providers for pysaml2 and samlp.
package interop
