package oidctest

import "time"

// codeLifetime is the longest that RFC 6749 §4.1.2 recommends.
const codeLifetime = 10 * time.Minute

// code is an authorization code.
type code struct {
	grant                      *grant
	redirectURI                string
	nonce                      string
	challenge, challengeMethod string
	jkt                        string // of dpop_jkt (RFC 9449 §10)
	used                       bool   // guarded by memory.mu
}
