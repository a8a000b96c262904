package main

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/examples/internal/demotest"
)

func TestMain(m *testing.M) { demotest.Main(m) }

// A login by each profile: the browser goes to the server with two parameters alone, and the token is bound to a key.
func TestLogin(t *testing.T) {
	t.Parallel()
	for profile, answer := range map[string]string{"fapi2": "code", "fapi2_message_signing": "response"} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			p := demotest.Start(t, newApp, "FAPI_PROFILE="+profile).Person()
			assert.Equal(t, profile, p.Open("/").Part("profile"))
			var asked, answered *http.Request
			p.Hold = func(r *http.Request) bool {
				switch {
				case r.URL.Query().Has("request_uri"):
					asked = r
				case r.URL.Path == "/auth/callback":
					answered = r
				}
				return false
			}
			home := p.Click("/auth/login")
			require.NotNil(t, asked)
			assert.Len(t, asked.URL.Query(), 2, asked.URL.RawQuery)
			require.NotNil(t, answered)
			assert.True(t, answered.URL.Query().Has(answer), answered.URL.RawQuery)
			assert.Equal(t, idptest.Subject, home.Part("subject"))
			assert.Len(t, home.Part("key"), 43)
			assert.NotContains(t, home.Body, "eyJ", "a token is on the page")
			p.Press("/auth/logout", nil)
			assert.Contains(t, p.Open("/").Body, "Sign in")
		})
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	require.EqualError(t, demotest.Fails(t, newApp, "FAPI_PROFILE=fapi1"), `FAPI_PROFILE is "fapi1", want fapi2 or fapi2_message_signing`)
	usage, err := files.ReadFile("usage.txt")
	require.NoError(t, err)
	demotest.AppUsage(t, string(usage), newApp)
}
