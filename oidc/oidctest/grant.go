package oidctest

import (
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// grant is what a person, or a machine, allowed: all codes and tokens that come
// from one login share it, and die with it.
type grant struct {
	issuer             string
	client             string
	app                *client       // nil for the Machine
	user               *idptest.User // nil for client_credentials
	scopes             []string
	resources          []string  // the APIs of the authorization request (RFC 8707 §2.1)
	details            details   // those of RFC 9396
	login              time.Time // when the user logged in; zero for client_credentials
	authTime           time.Time // that of the ID token; zero: not to be told
	idClaims, meClaims []string
	sid                string         // the session, where the application is told of its end
	offline            bool           // a refresh token is due
	authReqID          string         // of CIBA
	audience           []string       // of an exchanged token
	act                map[string]any // of an exchanged token
	revoked            bool           // guarded by memory.mu
}
