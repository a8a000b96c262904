// Package pysaml2 has the tests with pysaml2, the SAML library of Python, as an identity provider (build tag interop, see
// package interop). It signs, verifies and encrypts by xmlsec1. The server gets the metadata that the client under test
// writes.
package pysaml2
