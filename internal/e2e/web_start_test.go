package e2e

import (
	"cmp"
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A mistake in the settings is answered by one line that says what to do.
func TestWebStart(t *testing.T) {
	t.Parallel()
	binary := build(t, examples+"/web")
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { taken.Close() })
	for _, test := range []struct{ name, addr, env, want string }{
		{"port taken", taken.Addr().String(), "", taken.Addr().String() + " is used by"},
		{"address that is none", "localhost", "", "localhost"},
		{"variable missing", "", "AUTHING_APP_ID=app", "AUTHING_APP_HOST"},
		{"unknown protocol", "", "AUTHING_PROTOCOL=ldap", `"ldap", want oidc, oauth, saml or cas`},
		{"unknown algorithm", "", "AUTHING_ID_TOKEN_ALG=none", `"none"`},
		{"address without a scheme", "", "AUTHING_EXAMPLE_URL=localhost:3000", "BaseURL"},
		{"secret missing", "", "OIDC_ISSUER=https://op.example", "OIDC_CLIENT_ID, OIDC_CLIENT_SECRET"},
		{"version without a server", "", "CAS_VERSION=3.0", "CAS_SERVER_URL"},
		{"key without certificate", "", "SAML_KEY_FILE=key.pem", "SAML_CERT_FILE"},
		{"metadata over http", "", "SAML_IDP_METADATA_URL=http://idp.example/metadata", "https"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := start(t, binary, cmp.Or(test.addr, freeAddr(t)), test.env)
			<-p.ended // TestExamples is the accepted twin; the test's own timeout bounds the wait
			require.Error(t, p.err)
			assert.Contains(t, p.output.String(), test.want)
			assert.NotContains(t, p.output.String(), "goroutine")
		})
	}
}
