// Package httpcore is the one road to the network: one request out, one bounded reply back.
//
// It knows HTTP, limits, redirects and redaction, and no protocol. Every call runs on a copy of the
// user's http.Client that carries no cookies and follows no redirect, so that a code, token, ticket
// or secret reaches the address it was meant for and no other.
package httpcore
