// Package oidcprovider is the tests against oidc-provider, a certified OpenID Provider from which
// Authing's own derives (build tag interop, see package interop). Each test has a person of its own, so
// all run at once.
package oidcprovider
