// Package casdjango is the tests against django-cas-server, which speaks CAS 1.0, 2.0 and 3.0 (build tag
// interop, see package interop). Each test has a person and an application of its own, so all run at once.
package casdjango
