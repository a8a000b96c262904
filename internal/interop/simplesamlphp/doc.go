// Package simplesamlphp has the tests with SimpleSAMLphp, a SAML 2.0 identity provider (build tag interop, see
// package interop). Each test has its own users and service providers, so all run in parallel. The server gets the
// metadata that the client under test writes. Nothing listens at the addresses of the service providers: the walk
// stops there.
package simplesamlphp
