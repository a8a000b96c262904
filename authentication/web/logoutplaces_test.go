package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// With several base URLs, a logout comes back to its own; the server's messages come to the first, for all of them.
func TestLogoutOfAnotherBaseURL(t *testing.T) {
	t.Parallel()
	const tenant = "https://tenant.example"
	w := newWorld(t)
	w.config.MoreBaseURLs = []string{tenant}
	w.oidc.RedirectURIs = append(w.oidc.RedirectURIs, tenant+"/auth/callback/oidc")
	w.oidc.LogoutURIs = append(w.oidc.LogoutURIs, tenant+"/auth/loggedout/oidc")
	w.open()
	w.network[tenant] = w.network[appOrigin]
	login := func(u *userAgent) {
		p := u.open(tenant + "/auth/login/oidc?return=/private/x")
		require.Contains(t, p.body, "/private/x: hello")
	}
	alive := func(u *userAgent) bool {
		return u.fetch(http.MethodGet, tenant+"/private/", "").StatusCode == http.StatusOK
	}
	u := w.person("")
	login(u)
	u.at = appOrigin
	assert.Contains(t, u.submit(tenant+"/auth/logout", url.Values{}).body, logoutButton, "the other host is another site")
	u.at = tenant
	require.True(t, alive(u))
	p := u.submit("/auth/logout", url.Values{})
	assert.Equal(t, tenant+"/auth/loggedout/oidc", originOf(p.Request.URL)+p.Request.URL.Path)
	assert.Contains(t, p.body, confirmedOut)
	assert.False(t, alive(u))

	login(u)
	_, err := w.realm.EndSessions(t.Context(), "")
	require.NoError(t, err)
	assert.False(t, alive(u), "by the server")

	login(u)
	e := w.happened(web.EventLogin)[0]
	require.NoError(t, w.site.EndSessions(t.Context(), e.Issuer, e.Subject))
	assert.False(t, alive(u), "by EndSessions")
}

// The pages after a logout are below BaseURL's own path.
func TestLoggedOutBelowAPath(t *testing.T) {
	t.Parallel()
	for page, want := range map[string]string{"": "/app/auth/loggedout", "/bye": "/app/bye"} {
		client, err := authentication.NewClient(authentication.Options{AppID: "app", Secret: "0123456789abcdef0123456789abcdef", AppHost: idOrigin})
		require.NoError(t, err)
		site, err := web.New(web.Config{BaseURL: appOrigin + "/app", Flow: client, LoggedOutPage: page})
		require.NoError(t, err)
		for _, path := range []string{"/app/auth/logout", "/auth/logout"} { // a proxy may strip the path
			r := httptest.NewRequest(http.MethodPost, appOrigin+path, nil)
			r.Header.Set("Origin", appOrigin)
			out := httptest.NewRecorder()
			site.ServeHTTP(out, r)
			assert.Equal(t, http.StatusSeeOther, out.Code)
			assert.Equal(t, want, out.Header().Get("Location"), path)
		}
	}
}

// By SOAP the server itself posts its message to the same address.
func TestSAMLServerLogoutBySOAP(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	at, err := w.config.Addresses("saml")
	require.NoError(t, err)
	w.saml.Apps[0].SOAPLogoutURL = at.SLO
	source, err := metadata.NewSource(metadata.Config{URL: idOrigin + "/saml/metadata", HTTPClient: w.client(), Now: w.now})
	require.NoError(t, err)
	client, err := saml.NewClient(saml.Config{
		EntityID: appOrigin, ACSURL: at.Callback, SLOURL: at.SLO, SOAPLogoutURL: at.SLO, IDP: source, Keys: []saml.Key{{Signer: worldKey()}}, Now: w.now,
	})
	require.NoError(t, err)
	w.config.Flows["saml"] = authentication.FromSAML(client)
	w.open()
	u := w.signedIn("", "saml")
	_, err = w.realm.EndSessions(t.Context(), "")
	require.NoError(t, err)
	assert.False(t, u.alive())
	require.Len(t, w.happened(web.EventNotice), 1)
	assert.NoError(t, w.happened(web.EventNotice)[0].Err)

	w.advance(11 * time.Second) // until then, a session that is lost is no reason to log in again
	// The next navigation goes to the login.
	assert.Contains(t, u.open(appOrigin+"/private/").body, "Please choose how you want to sign in")
}
