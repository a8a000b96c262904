package oidctest

import (
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// client is the application.
type client struct {
	id, secret string
	public     bool // it may call without its secret
}

func (a client) is(c credentials) bool { return c.id == a.id && idptest.Same(c.secret, a.secret) }

// authenticate checks that the request comes from the application, by the one
// method allowed or, with none named, by any that fits it.
func (a client) authenticate(r *http.Request, allowed string) (credentials, *failure) {
	c, failed := readCredentials(r)
	switch {
	case failed != nil:
		return c, failed
	case c.id != a.id:
		return c, invalidClient("client authentication failed")
	case allowed != "" && c.method != allowed:
		return c, invalidClient("the client is not allowed this authentication method")
	case c.method == authNone:
		if allowed == authNone || a.public {
			return c, nil
		}
		return c, invalidClient("client authentication failed: the secret is missing")
	case !a.is(c):
		return c, invalidClient("client authentication failed")
	}
	return c, nil
}
