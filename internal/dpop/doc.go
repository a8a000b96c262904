// Package dpop checks proofs of possession for a resource server (RFC 9449 §4.3). The fake server of package oidctest has
// its own reading.
package dpop
