package oidctest

import (
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// Machine is a client of its own for the client_credentials grant, which the application then cannot use. It sends its
// secret in the body (client_secret_post). It may also introspect and revoke.
type Machine struct {
	// ID is its name (client_id).
	ID string
	// Secret is its password (client_secret).
	Secret string
	// Scopes are those that it holds; of others that it asks for, the reply tells in rejected_scope.
	Scopes []string
}

func (m *Machine) is(c credentials) bool {
	return m != nil && c.id == m.ID && idptest.Same(c.secret, m.Secret)
}
