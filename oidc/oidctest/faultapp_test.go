package oidctest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// A fault For one application strikes there alone; without For it strikes both.
func TestFaultOfOneApplication(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{Apps: []oidctest.App{{ClientID: "second", ClientSecret: "second-secret", RedirectURIs: []string{callbackURI}}}})
	state := func(client string) string {
		return j.login("/auth", "client_id", client).Get("state")
	}
	audience := func(client string) any {
		to := j.login("/auth", "client_id", client, "response_type", "id_token")
		return unverified(t, to.Get("id_token"))["aud"]
	}
	for _, c := range []struct {
		faults            []idptest.Fault
		first, second     any
		firstIs, secondIs bool // the state
	}{
		{nil, oidctest.ClientID, "second", true, true},
		{[]idptest.Fault{oidctest.WrongAudience, idptest.WrongState}, "another-application", "another-application", false, false},
		{[]idptest.Fault{oidctest.WrongAudience.For("second"), idptest.WrongState.For("second")}, oidctest.ClientID, "another-application", true, false},
		{[]idptest.Fault{oidctest.WrongAudience.For(oidctest.ClientID), idptest.WrongState.For("second")}, "another-application", "second", true, false},
	} {
		j.idp.Break(c.faults...)
		assert.Equal(t, c.first, audience(oidctest.ClientID), c.faults)
		assert.Equal(t, c.second, audience("second"), c.faults)
		assert.Equal(t, c.firstIs, state(oidctest.ClientID) == "state-1", c.faults)
		assert.Equal(t, c.secondIs, state("second") == "state-1", c.faults)
	}
	j.idp.Break(oidctest.WrongDiscoveryIssuer.For("second"))
	_, body := j.visit(j.url + "/auth")
	assert.Contains(t, body, "unknown fault oidctest.WrongDiscoveryIssuer#second", "the document is for all applications")
}
