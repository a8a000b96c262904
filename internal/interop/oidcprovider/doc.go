// Package oidcprovider has the tests with oidc-provider, a certified OpenID Provider on which Authing's is based
// (build tag interop, see package interop). Each test has its own user, so all run in parallel.
package oidcprovider
