package web_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/saml"
)

// The metadata of a SAML flow has the Site's addresses; other flows have none.
func TestSiteMetadata(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	u := w.person("")
	p := u.fetch(http.MethodGet, appOrigin+"/auth/metadata/saml", "")
	require.Equal(t, http.StatusOK, p.StatusCode)
	assert.Equal(t, "application/samlmetadata+xml", p.Header.Get("Content-Type"))
	assert.Equal(t, "nosniff", p.Header.Get("X-Content-Type-Options"))
	assert.Contains(t, p.body, `Location="`+appOrigin+`/auth/callback/saml"`)
	assert.Contains(t, p.body, `Location="`+appOrigin+`/auth/slo/saml"`)
	head := u.fetch(http.MethodHead, appOrigin+"/auth/metadata/saml", "")
	assert.Equal(t, p.Header.Get("Content-Length"), head.Header.Get("Content-Length"))
	assert.Equal(t, http.StatusMethodNotAllowed, u.fetch(http.MethodPost, appOrigin+"/auth/metadata/saml", "").StatusCode)
	for _, other := range []string{"", "/oidc", "/cas", "/nobody", "/saml/x"} {
		assert.Equal(t, http.StatusNotFound, u.fetch(http.MethodGet, appOrigin+"/auth/metadata"+other, "").StatusCode, other)
	}
}

// New refuses flows that could not work, each beside one that can.
func TestNewChecksFlows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	flow := func(acs, slo string) authentication.LoginFlow {
		w.samlConfig = func(c *saml.Config) { c.ACSURL, c.SLOURL = acs, slo }
		return w.samlFlow()
	}
	client, err := authentication.NewClient(authentication.Options{AppHost: idOrigin, Protocol: authentication.SAML{}})
	require.NoError(t, err)
	const at = appOrigin + "/auth/"
	for want, c := range map[string]web.Config{
		"": {Flows: map[string]authentication.LoginFlow{"saml": flow(at+"callback/saml", at+"slo/saml")}},
		`web: Config.Flows["saml"] has no ACS address of the Site: it needs ` + at + `callback/saml (Config.Addresses)`: {
			Flows: map[string]authentication.LoginFlow{"saml": flow(at+"callback", at+"slo/saml")},
		},
		`web: Config.Flow has an SLO address that the Site does not serve: it needs ` + at + `slo (Config.Addresses)`: {
			Flow: flow(at+"callback", at+"slo/saml"),
		},
		"web: Config.Flow cannot log users in: it is a client without a login, such as SAML without an EntityID, or none of NewClient": {Flow: client},
		"web: Config.FlowByName alone needs Config.LoginPage: the Site does not know which flows to offer":                             {FlowByName: noTenant},
		"web: Config.MoreBaseURLs[0] has another path than Config.BaseURL": {
			Flow: w.oidcFlow(), MoreBaseURLs: []string{"https://other.example/app"},
		},
	} {
		c.BaseURL = appOrigin
		_, err := web.New(c)
		if want == "" {
			require.NoError(t, err)
			continue
		}
		require.EqualError(t, err, want)
		assert.ErrorIs(t, err, authentication.ErrMisconfigured)
	}
}
