// Package e2e has the tests that start the example programs like a user. It is a module of its own, so that the
// library does not depend on the browser's driver.
//
//	go test ./...                 each example is built and started, and answers or ends well
//	go test -tags interop ./...   logins in headless Chromium, with the embedded server and real ones
//
// The second needs Chromium (or $CHROMIUM, its path), axe, and oidc-provider, cas-django, simplesamlphp and keycloak
// running; see internal/interop. Without them it fails. Screenshots of the pages go to $E2E_SCREENSHOTS when set.
package e2e
