// Package samlp has the tests with samlp, the SAML library of Auth0, in an Express application (build tag interop, see
// package interop). The server gets the metadata that the client under test writes.
package samlp
