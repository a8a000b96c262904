// Package oidcprovider has the tests with oidc-provider, a certified OpenID Provider on which Authing's is based
// (build tag interop, see package interop). Each test has its own user, so all run in parallel.
//
// oidc-provider 9 has no token exchange, no JWT bearer grant and no request objects by reference. It demands no encrypted
// request objects. Of CIBA it has the poll mode here.
package oidcprovider
