package authtest_test

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

func TestSAMLLogin(t *testing.T) {
	t.Parallel()
	clock := newClock()
	j := start(t, &authtest.Server{Now: clock.now})
	message := j.ask(toACS, "")
	byRedirect, err := j.idp.Login(t.Context(), j.samlURL(message, "RelayState", "to/here?a=b&c"), "")
	require.NoError(t, err)
	byPost, err := j.idp.LoginForm(t.Context(), j.url+samlPath, form("SAMLRequest", base64.StdEncoding.EncodeToString([]byte(message)), "RelayState", "to/here?a=b&c"), "")
	require.NoError(t, err)
	for _, callback := range []*http.Request{byRedirect, byPost} {
		assert.Equal(t, acsURL, callback.URL.String())
		p, relayState := samlCallback(t, callback)
		assert.Equal(t, "to/here?a=b&c", relayState)
		assert.Equal(t, "2.0 _request Success "+acsURL+" "+j.url, p.Version+" "+p.InResponseTo+" "+p.status()+p.Destination+" "+p.Issuer)
		require.Len(t, p.Assertions, 1)
		a := p.Assertions[0]
		assert.Equal(t, j.url, a.Issuer)
		assert.Equal(t, "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified", a.Subject.NameID.Format)
		assert.Equal(t, idptest.Username, a.Subject.NameID.Value)
		assert.Equal(t, "urn:oasis:names:tc:SAML:2.0:cm:bearer", a.Subject.SubjectConfirmation.Method)
		data := a.Subject.SubjectConfirmation.SubjectConfirmationData
		assert.Equal(t, "_request "+acsURL, data.InResponseTo+" "+data.Recipient)
		assert.Equal(t, clock.now().Add(time.Hour), data.NotOnOrAfter)
		assert.Equal(t, clock.now(), a.Conditions.NotBefore)
		assert.Equal(t, clock.now().Add(time.Hour), a.Conditions.NotOnOrAfter)
		assert.Equal(t, []string{spEntity}, a.Conditions.Audience)
		assert.Equal(t, clock.now(), a.AuthnStatement.AuthnInstant)
		assert.NotEmpty(t, a.AuthnStatement.SessionIndex)
		assert.Empty(t, a.AuthnStatement.SessionNotOnOrAfter)
		assert.Equal(t, "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified", a.AuthnStatement.Class)

		_, err := j.judge(p.text, "Assertion")
		assert.NoError(t, err)
		_, err = j.judge(p.text, "Response")
		assert.ErrorContains(t, err, "Missing signature", "Authing signs the assertion alone")
	}
}

// Whatever is sent is registered; the zero Server takes any loopback address.
func TestSAMLSignatures(t *testing.T) {
	t.Parallel()
	for sign, want := range map[authtest.SAMLSignature][2]bool{
		"": {true, false}, authtest.SAMLSignAssertion: {true, false}, authtest.SAMLSignResponse: {false, true}, authtest.SAMLSignBoth: {true, true},
	} {
		j := start(t, &authtest.Server{SAMLApps: []authtest.SAMLApp{{Sign: sign}}})
		p := j.sso(toACS, "")
		for i, name := range []string{"Assertion", "Response"} {
			_, err := j.judge(p.text, name)
			assert.Equal(t, want[i], err == nil, "%s %s: %v", sign, name, err)
		}
	}
}

// The key that is given is the one that signs; another server has another.
func TestSAMLKey(t *testing.T) {
	t.Parallel()
	j := start(t, &authtest.Server{})
	assert.True(t, samlKey().PublicKey.Equal(j.certificates()[0].PublicKey))
	own, other := &authtest.Server{}, &authtest.Server{}
	made := map[string]bool{}
	for _, idp := range []*authtest.Server{own, other} {
		for range 2 {
			w := httptest.NewRecorder()
			idp.ServeHTTP(w, httptest.NewRequest(http.MethodGet, samlPath+"/metadata", nil))
			made[certificateOf(w.Body.String())] = true
		}
	}
	assert.Len(t, made, 2)
}
