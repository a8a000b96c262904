// Package e2e is the tests that start the example programs as a user would. It is a module of its own, so
// that the browser's driver stays out of the library's requirements.
//
//	go test ./...                 each example is built and started, and answers or ends well
//	go test -tags interop ./...   logins in headless Chromium, with the embedded server and real ones
//
// The second needs Chromium (or $CHROMIUM, its path), and oidc-provider, cas-django, simplesamlphp and keycloak
// running; see internal/interop. Without them it fails. Screenshots of the pages go to $E2E_SCREENSHOTS when set.
package e2e
