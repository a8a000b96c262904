package authtest

import "github.com/seed6e7d3bb2/authing-go/authentication/idptest"

// memory is all that the server remembers beside the realm; Server.mu guards it.
type memory struct {
	logouts idptest.Shelf[*samlChain]
	sent    map[string]string // the last SAML message of each kind to each application
}
