// Package jws makes signed tokens (RFC 7515) and public keys (RFC 7517, RFC 7638). Package oauth uses it: it does not
// depend on go-jose.
package jws
