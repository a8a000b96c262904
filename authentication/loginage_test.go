package authentication_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
)

// A login exactly one minute ahead of this clock, and one of exactly the maximum age, are accepted. One nanosecond
// more is refused, with any protocol.
func TestA4LoginOnTheEdge(t *testing.T) {
	t.Parallel()
	now := time.Unix(1700000000, 0)
	clock := func(s *authtest.Server, o *authentication.Options) {
		o.Now = func() time.Time { return now }
		o.LoginLifetime = 10 * time.Minute
		s.Now = o.Now
	}
	for name, f := range map[string]*fake{
		"oidc": newFake(t, authentication.OIDC{}, clock), "oauth": newFake(t, authentication.OAuth{}, clock), "cas": newFake(t, authentication.CAS{}, clock),
		"saml": newFake(t, authentication.SAML{EntityID: samlEntity}, clock),
	} {
		for ahead, want := range map[time.Duration]string{
			0: "none", time.Minute: "none", time.Minute + 1: "refused", time.Hour: "refused",
			-10 * time.Minute: "none", -10*time.Minute - 1: "refused", -time.Hour: "refused",
		} {
			login, r := f.begun(t)
			login.CreatedAt = now.Add(ahead)
			_, err := f.client.CompleteLogin(t.Context(), login, r)
			assert.Equal(t, want, kind(err), "%s, %s ahead: %v", name, ahead, err)
			if want == "refused" {
				require.ErrorContains(t, err, "the login began ")
			}
		}
	}
}
