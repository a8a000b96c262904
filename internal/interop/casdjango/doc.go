// Package casdjango has the tests with django-cas-server, which supports CAS 1.0, 2.0 and 3.0 (build tag interop, see
// package interop). Each test has its own user and application, so all run in parallel.
package casdjango
