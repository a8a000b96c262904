// Package mounting has the tests that mount a Site in routers, as README.md says. It is a module of its own, so that the
// library does not depend on the routers.
package mounting
