package saml_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

func begin(t testing.TB, c *saml.Client, o saml.AuthorizeOptions) *saml.Login {
	t.Helper()
	login, err := c.BeginLogin(t.Context(), o)
	require.NoError(t, err)
	return login
}

func sp(t testing.TB, configure ...func(*saml.Config)) *saml.Client {
	t.Helper()
	c, err := newSP(configure...)
	require.NoError(t, err)
	return c
}

func TestLoginJourney(t *testing.T) {
	t.Parallel()
	for name, sign := range map[string]func(*answer){
		"assertion signed": func(a *answer) { a.signBody = true },
		"response signed":  func(a *answer) { a.signBody, a.signResponse = false, true },
		"both signed":      func(a *answer) { a.signBody, a.signResponse = true, true },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := sp(t)
			login := begin(t, c, saml.AuthorizeOptions{})
			reply := answerTo(login)
			sign(&reply)
			r := reply.request()
			require.Equal(t, login.Key, saml.LoginKey(r))
			got, err := c.CompleteLogin(t.Context(), login, r)
			require.NoError(t, err)
			assert.Equal(t, idpID, got.Issuer)
			assert.Equal(t, "_assertion-1", got.ID)
			assert.Equal(t, noon, got.IssueInstant)
			assert.Equal(t, saml.NameID{Value: "ada@example.com", Format: saml.NameIDEmail}, got.NameID)
			assert.Equal(t, login.RequestID, got.InResponseTo)
			assert.Equal(t, "_session-1", got.SessionIndex)
			assert.Equal(t, noon.Add(8*time.Hour), got.SessionNotOnOrAfter)
			assert.Equal(t, noon.Add(-2*time.Minute+500*time.Millisecond), got.AuthnInstant)
			assert.Equal(t, "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport", got.AuthnContext)
			assert.Empty(t, got.RelayState)
			assert.Equal(t, []saml.Attribute{
				{
					Name: "urn:oid:0.9.2342.19200300.100.1.3", NameFormat: "urn:oasis:names:tc:SAML:2.0:attrname-format:uri", FriendlyName: "mail",
					Values: []saml.Value{{Type: "xs:string", Text: "ada@example.com"}},
				},
				{Name: "groups", Values: []saml.Value{{Type: "xs:string", Text: "staff"}, {Type: "xs:string", Text: "a & b"}}},
			}, got.Attributes)
			assert.Equal(t, []string{"staff", "a & b"}, got.Values("groups"))
			if reply.signBody {
				assert.True(t, strings.HasPrefix(got.XML, "<saml:Assertion "))
			} else {
				assert.True(t, strings.HasPrefix(got.XML, "<samlp:Response "))
			}
			assert.NotContains(t, got.XML, "Signature")

			_, err = c.CompleteLogin(t.Context(), login, reply.request())
			require.ErrorIs(t, err, saml.CheckReplay)
		})
	}
}
