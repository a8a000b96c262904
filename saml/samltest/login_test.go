package samltest_test

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

func TestLogin(t *testing.T) {
	t.Parallel()
	clock := newClock()
	j := start(t, &samltest.Server{Realm: clock.realm()})
	message := j.ask(toACS, "")
	byRedirect, err := j.idp.Login(t.Context(), j.ssoURL(message, "RelayState", "to/here?a=b&c"), "")
	require.NoError(t, err)
	byPost, err := j.idp.LoginForm(t.Context(), j.url+"/sso", form("SAMLRequest", base64.StdEncoding.EncodeToString([]byte(message)), "RelayState", "to/here?a=b&c"), "")
	require.NoError(t, err)
	for _, callback := range []*http.Request{byRedirect, byPost} {
		assert.Equal(t, acsURL, callback.URL.String())
		p, relayState := received(t, callback)
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
func TestSignatures(t *testing.T) {
	t.Parallel()
	for sign, want := range map[samltest.Signature][2]bool{
		"": {true, false}, samltest.SignAssertion: {true, false}, samltest.SignResponse: {false, true}, samltest.SignBoth: {true, true},
	} {
		j := start(t, &samltest.Server{Apps: []samltest.App{{Sign: sign}}})
		p := j.sso(toACS, "")
		for i, name := range []string{"Assertion", "Response"} {
			_, err := j.judge(p.text, name)
			assert.Equal(t, want[i], err == nil, "%s %s: %v", sign, name, err)
		}
	}
}

// The key that is given is the one that signs; another server has another.
func TestKey(t *testing.T) {
	t.Parallel()
	j := start(t, &samltest.Server{})
	assert.True(t, idpKey().PublicKey.Equal(j.certificates()[0].PublicKey))
	own, other := &samltest.Server{}, &samltest.Server{}
	made := map[string]bool{}
	for _, idp := range []*samltest.Server{own, other} {
		for range 2 {
			w := httptest.NewRecorder()
			idp.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metadata", nil))
			made[certificateOf(w.Body.String())] = true
		}
	}
	assert.Len(t, made, 2)
}
