package saml_test

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// sloMutants changes a posted logout message in every place; fooled tells whether one was taken for something else.
func sloMutants(t *testing.T, name, doc string, evil func(string) string, fooled func(r *http.Request) bool) {
	t.Helper()
	presented, wrong := 0, []string{}
	present := func(kind, doc string) {
		presented++
		form := url.Values{name: {base64.StdEncoding.EncodeToString([]byte(doc))}, "RelayState": {"KEY"}}
		r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, slo, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if fooled(r) {
			wrong = append(wrong, kind+": "+doc)
		}
	}
	m := &mutants{t: t, doc: doc, stride: 3, named: 1, evil: evil, yield: present}
	if raceDetector {
		m.stride, m.named = 60, 20
	}
	m.wraps()
	m.structure()
	m.texts()
	for _, w := range wrong[:min(len(wrong), 3)] {
		t.Errorf("accepted: %s", w)
	}
	assert.Empty(t, len(wrong), "mutants accepted with another content")
	if !raceDetector {
		assert.GreaterOrEqual(t, presented, 500, "the mutator shrank")
	}
	t.Log("mutants", presented)
}

// TestSAML12LogoutRequests wants the session of the signed request to end, or none.
func TestSAML12LogoutRequests(t *testing.T) {
	t.Parallel()
	c := sp(t, logouts, func(c *saml.Config) { c.Replay = always{} })
	text := `<samlp:LogoutRequest ID="_request-7"` + logoutHead + `><saml:Issuer>` + idpID + `</saml:Issuer>` +
		`<saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">alice@example.com</saml:NameID>` +
		`<samlp:SessionIndex>_session-1</samlp:SessionIndex></samlp:LogoutRequest>`
	want, err := c.ReceiveLogout(t.Context(), arrives("SAMLRequest", text, "KEY"))
	require.NoError(t, err)
	evil := strings.NewReplacer("alice@", "mallory@", "_session-1", "_session-9").Replace
	sloMutants(t, "SAMLRequest", signed(text), evil, func(r *http.Request) bool {
		got, err := c.ReceiveLogout(t.Context(), r)
		if err != nil {
			return got != nil
		}
		return !reflect.DeepEqual(got, want)
	})
}

// TestSAML12LogoutResponses has a status of failure that no mutation may turn into success.
func TestSAML12LogoutResponses(t *testing.T) {
	t.Parallel()
	c := sp(t, logouts, func(c *saml.Config) { c.Replay = always{} })
	l := &saml.Logout{Key: "KEY", RequestID: "_mine", IDP: idpID, Client: spID, CreatedAt: noon}
	text := `<samlp:LogoutResponse ID="_response-7" InResponseTo="_mine"` + logoutHead + `><saml:Issuer>` + idpID + `</saml:Issuer>` +
		`<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder"/></samlp:Status></samlp:LogoutResponse>`
	require.ErrorIs(t, c.CompleteLogout(t.Context(), l, arrives("SAMLResponse", text, "KEY")), saml.Responder)
	evil := strings.NewReplacer("status:Responder", "status:Success", "alice@", "mallory@").Replace
	require.NoError(t, c.CompleteLogout(t.Context(), l, arrives("SAMLResponse", evil(text), "KEY")))
	sloMutants(t, "SAMLResponse", signed(text), evil, func(r *http.Request) bool {
		err := c.CompleteLogout(t.Context(), l, r)
		var refused *saml.InvalidError
		return !errors.As(err, &refused) && !errors.Is(err, saml.Responder)
	})
}
