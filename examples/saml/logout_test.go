package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

// The user's session at the identity provider ends, and the session here that came from it.
func TestLogoutStartedElsewhere(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*settings, *samltest.App){
		"redirect": func(*settings, *samltest.App) {},
		"post":     func(_ *settings, a *samltest.App) { a.SLOBinding = samltest.BindingPOST },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, change)
			who := s.person()
			who.login()
			asked, err := s.idp.LogoutRequest(t.Context(), idptest.Username, s.app.entityID)
			require.NoError(t, err)
			asked.Header.Set("Sec-Fetch-Site", "cross-site")
			answered := who.do(asked)
			require.Contains(t, []int{http.StatusOK, http.StatusSeeOther}, answered.status, answered.body)
			if answered.status == http.StatusSeeOther {
				assert.Contains(t, answered.location, s.server+"/api/v2/saml-idp/"+authtest.AppID+"/slo?SAMLResponse=")
			} else {
				assert.Contains(t, answered.body, `name="SAMLResponse"`)
			}
			assert.False(t, who.loggedIn())
			who.login()
			assert.Equal(t, http.StatusUnauthorized, who.do(asked).status, "it is valid once")
			assert.True(t, who.loggedIn())
		})
	}
}

// SAML-53: no other sender can end sessions.
func TestSAML53LogoutByNobody(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	who := s.person()
	who.login()
	for _, query := range []string{"", "?SAMLRequest=x", "?SAMLResponse=x", "?SAMLResponse=x&RelayState=y", "?SAMLRequest=x&SAMLResponse=y"} {
		status := who.get(sloPath + query).status
		assert.Contains(t, []int{http.StatusUnauthorized, http.StatusOK}, status, query)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.origin+sloPath,
		strings.NewReader(url.Values{"SAMLRequest": {"PHg+"}}.Encode()))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	assert.Equal(t, http.StatusUnauthorized, who.do(r).status)
	assert.True(t, who.loggedIn())
}
