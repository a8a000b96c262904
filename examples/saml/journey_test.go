package main

import (
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

func newKey(t *testing.T) saml.Key {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	return saml.Key{Signer: key}
}

func TestJourney(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*settings, *samltest.App){
		"Authing":        func(*settings, *samltest.App) {},
		"any server":     anyServer,
		"logout by POST": func(_ *settings, a *samltest.App) { a.SLOBinding = samltest.BindingPOST },
		"demanding":      func(_ *settings, a *samltest.App) { a.DemandSigned = true },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			who := newStage(t, change).person()
			assert.Contains(t, who.get("/").body, `id="login" href="/login"`)
			assert.Equal(t, "/?return=%2Fuser", who.get("/user").location, "without a session there is no account page")
			who.login()

			user := who.get("/user")
			assert.Contains(t, user.body, `<code id="subject">`+idptest.Username+`</code>`)
			assert.Contains(t, user.body, "<dt>email</dt><dd>"+idptest.Email+"</dd>")
			assert.Contains(t, user.body, `<dd id="issuer">`+who.server+`</dd>`)
			for _, path := range []string{"/", "/user"} {
				page := who.get(path)
				assert.Equal(t, "no-store", page.header.Get("Cache-Control"), path)
				assert.Contains(t, page.header.Get("Content-Security-Policy"), "default-src 'none'", path)
			}

			out := who.press("/logout")
			require.Equal(t, http.StatusSeeOther, out.status, out.body)
			assert.False(t, who.loggedIn())
			back, err := who.browser.Open(t.Context(), out.location, nil)
			require.NoError(t, err)
			assert.Equal(t, "/", who.do(back).location)
			assert.Contains(t, who.do(back).body, `id="left"`, "the response is valid once")
			assert.Equal(t, "/", who.press("/logout").location, "there is nothing left to end")

			// The session at the identity provider has ended too.
			link := who.get("/login").location
			signed, err := who.idp.Login(t.Context(), link, idptest.Username)
			require.NoError(t, err)
			assert.Equal(t, "/user", who.do(signed).location)
		})
	}
}

// The metadata is available for an identity provider that needs it.
func TestMetadata(t *testing.T) {
	t.Parallel()
	page := newStage(t, anyServer).person().get(metadataPath)
	assert.Equal(t, http.StatusOK, page.status)
	assert.Equal(t, "application/samlmetadata+xml", page.header.Get("Content-Type"))
	assert.Contains(t, page.body, acsPath)
	assert.Equal(t, http.StatusNotFound, newStage(t).person().get(metadataPath).status, "Authing's console needs no metadata")
}

// A response in a browser that began no login, or another login.
func TestSAML47ResponseOfAnotherBrowser(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	who, other := s.person(), s.person()
	response, foreign := who.begin(), other.begin()
	refused := who.do(foreign)
	assert.Equal(t, http.StatusUnauthorized, refused.status)
	assert.False(t, who.loggedIn())
	assert.Equal(t, "/user", who.do(response).location)
	assert.Equal(t, http.StatusUnauthorized, who.do(response).status, "the back button sends it again")
	assert.True(t, who.loggedIn(), "an old response does not end the session")
}

func TestTwoTabs(t *testing.T) {
	t.Parallel()
	who := newStage(t).person()
	one, two := who.begin(), who.begin()
	assert.Equal(t, "/user", who.do(one).location)
	assert.Equal(t, "/user", who.do(two).location)
	assert.True(t, who.loggedIn())
}

// The password is asked again, although the identity provider has a session.
func TestAgain(t *testing.T) {
	t.Parallel()
	who := newStage(t).person()
	who.login()
	response, err := who.browser.Open(t.Context(), who.get("/login?again=true").location, nil)
	require.NoError(t, err)
	assert.Equal(t, "/user", who.do(response).location)
}
