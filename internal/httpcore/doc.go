// Package httpcore is the only way to the network: one request out, one reply of limited size back.
//
// It handles HTTP, limits, redirects and redaction, and no protocol. Every call uses a copy of the application's
// http.Client that has no cookies and follows no redirect, so that a code, token, ticket or secret reaches only the
// intended address.
package httpcore
