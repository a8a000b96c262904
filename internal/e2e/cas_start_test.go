package e2e

import (
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCASStart(t *testing.T) {
	t.Parallel()
	binary := build(t, examples+"/cas")
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { taken.Close() })
	free := freeAddr(t)
	for _, test := range []struct{ name, addr, env, want string }{
		{"port taken", taken.Addr().String(), "", taken.Addr().String() + " is used by"},
		{"service missing", free, "CAS_SERVER_URL=https://cas.example/cas", "CAS_SERVICE_URL"},
		{"host missing", free, "AUTHING_APP_ID=app", "AUTHING_APP_HOST"},
		{"callback without a path", free, "AUTHING_REDIRECT_URI=http://" + free, "http://localhost:3000/auth/callback"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := start(t, binary, test.addr, test.env)
			<-p.ended // TestExamples is the accepted twin; the test's own timeout bounds the wait
			require.Error(t, p.err)
			assert.Contains(t, p.output.String(), test.want)
			assert.NotContains(t, p.output.String(), "goroutine")
		})
	}
}
