//go:build interop

package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/internal/interop"
)

// casSite is examples/web, running, with one CAS server.
type casSite struct {
	*site
	base       string // of the server; empty for the embedded one, whose port is found later
	attributes []string
	timeless   bool // it does not say when the user logged in
}

func casSites(t *testing.T) map[string]*casSite {
	t.Helper()
	binary := build(t, examples+"/web")
	return map[string]*casSite{"embedded": embeddedCAS(t, binary), "cas-django": djangoCAS(t, binary)}
}

// embeddedCAS is the application with its own server. CAS asks for no consent.
func embeddedCAS(t *testing.T, binary string) *casSite {
	t.Helper()
	return &casSite{site: embedded(t, binary, "cas"), attributes: []string{idptest.Email, "Alice Liddell"}, timeless: true}
}

// djangoCAS is the application with the real server.
func djangoCAS(t *testing.T, binary string) *casSite {
	t.Helper()
	facts, err := interop.Facts("cas-django")
	require.NoError(t, err)
	f := newFront(t)
	f.run(t, binary, "CAS_SERVER_URL="+facts["BASE_URL"])
	return &casSite{
		base: facts["BASE_URL"], attributes: []string{"alice@example.test", "Alice <&> Example", "admin\ndev", "爱丽丝"},
		site: &site{
			front: f, callback: f.origin + "/auth/callback/cas", protocol: "cas", subject: "alice",
			server: &loginPages{user: "#id_username", password: "#id_password", submit: "#login_form [type=submit]", name: "alice", secret: "wonderland"},
		},
	}
}
