// Package samlparty has service providers for tests with a SAML identity provider that reads their metadata from a
// folder (build tag interop, see package interop): registration, logins and logouts. Nothing listens at their addresses:
// the user's walk stops there.
package samlparty
