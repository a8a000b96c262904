// Package simplesamlphp is the tests against SimpleSAMLphp, a SAML 2.0 identity provider (build tag interop, see
// package interop). Each test has persons and service providers of its own, which the server knows by the
// metadata that the client under test writes, so all run at once. Nothing listens at the addresses of the service
// providers: the person stops there.
package simplesamlphp
