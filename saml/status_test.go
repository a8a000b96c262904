package saml_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

const yes = `<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>`

// no is a response that is the identity provider's no, unsigned as most are.
func no(status string) message {
	head, _, _ := strings.Cut(plain, "{E}")
	return message{text: strings.Replace(head, yes, status, 1) + "</samlp:Response>"}
}

func TestSAML39TheNoOfTheIdentityProvider(t *testing.T) {
	t.Parallel()
	const responder = `<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder">`
	passive := no(responder + `<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:NoPassive"/></samlp:StatusCode><samlp:StatusMessage>No session, KEY0123456789` + "\u0085" + `_request</samlp:StatusMessage>`)
	signedNo := passive
	signedNo.signR = &signature{}
	demanding := passive
	demanding.config = func(c *saml.Config) { c.WantResponseSigned = true }
	for name, m := range map[string]message{"unsigned": passive, "signed": signedNo, "unsigned, though signed ones are wanted": demanding} {
		_, err := m.complete(t)
		var status *saml.StatusError
		require.ErrorAs(t, err, &status, name)
		assert.Equal(t, []saml.StatusCode{saml.Responder, saml.NoPassive}, status.Codes)
		assert.Equal(t, `No session, [redacted]\u0085[redacted]`, status.Message)
		require.ErrorIs(t, err, saml.NoPassive)
		require.NotErrorIs(t, err, saml.Success)
		var invalid *saml.InvalidError
		assert.False(t, errors.As(err, &invalid))
	}
	_, err := no(responder + yes + `</samlp:StatusCode>`).complete(t)
	require.ErrorIs(t, err, saml.Responder, "a yes below is none")
	_, err = no(`<samlp:StatusCode Value="` + strings.Repeat("x", 1000) + `"/>`).complete(t)
	require.Error(t, err)
	assert.Less(t, len(err.Error()), 400)
	_, err = no(`<samlp:StatusCode Value="urn:x"/><samlp:StatusMessage><b/></samlp:StatusMessage>`).complete(t)
	require.EqualError(t, err, "saml: the identity provider refused: urn:x")
	// A yes without an assertion is no login.
	_, err = no(yes).complete(t)
	require.ErrorIs(t, err, saml.CheckAssertion)
}

// A no grants nothing, and RelayState binds it to the browser: it need not say which request it answers, as Keycloak's do
// not. With a yes that is needed, and a wrong answer is none either way: SAML-47.
func TestSAML47ARefusalNeedNotSayWhatItAnswers(t *testing.T) {
	t.Parallel()
	const passive = `<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:NoPassive"/></samlp:StatusCode>`
	const denied = `<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Requester"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:RequestDenied"/></samlp:StatusCode>`
	silent := says(` InResponseTo="_request"`, ``)
	for want, code := range map[saml.StatusCode]string{saml.NoPassive: passive, saml.RequestDenied: denied} {
		for _, sign := range []*signature{nil, {}} {
			m := no(code)
			m.signR = sign
			silent(&m)
			got, err := m.complete(t)
			require.ErrorIs(t, err, want)
			assert.Nil(t, got)
			var status *saml.StatusError
			require.ErrorAs(t, err, &status)

			wrong := no(code)
			wrong.signR = sign
			says(`InResponseTo="_request"`, `InResponseTo="_other"`)(&wrong)
			_, err = wrong.complete(t)
			require.ErrorIs(t, err, saml.CheckInResponseTo)
			require.NotErrorIs(t, err, want)

			elsewhere := m
			elsewhere.form = func(f url.Values) { f.Set("RelayState", "of another browser") }
			_, err = elsewhere.complete(t)
			require.ErrorIs(t, err, saml.CheckRelayState)
		}
	}
	// An assertion beside the no is not read, whatever is wrong with it.
	m := signedResponse()
	says(yes, passive)(&m)
	says(`InResponseTo="_request"><saml:Issuer>`, `><saml:Issuer>`)(&m)
	says(plainConditions, "")(&m)
	_, err := m.complete(t)
	require.ErrorIs(t, err, saml.NoPassive)
	// A yes, and what cannot be read, must say it.
	for _, code := range []string{yes, `<samlp:StatusCode/>`} {
		m = signedBoth()
		says(yes, code)(&m)
		says(`InResponseTo="_request"><saml:Issuer>`, `><saml:Issuer>`)(&m)
		_, err = m.complete(t)
		require.ErrorIs(t, err, saml.CheckInResponseTo)
	}
	// Without a login a no may not answer one.
	m = no(passive)
	m.unasked, m.config = true, func(c *saml.Config) { c.AllowUnsolicited = true }
	_, err = m.complete(t)
	require.ErrorIs(t, err, saml.CheckInResponseTo)
	silent(&m)
	_, err = m.complete(t)
	require.ErrorIs(t, err, saml.NoPassive)
}

// What can be checked is checked before the no is believed.
func TestSAML39ANoOfSomebodyElse(t *testing.T) {
	t.Parallel()
	const refused = `<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"/>`
	deep := strings.Repeat(`<samlp:StatusCode Value="urn:x">`, 8) + `<samlp:StatusCode Value="urn:x"/>` + strings.Repeat(`</samlp:StatusCode>`, 8)
	for name, row := range map[string]struct {
		change func(*message)
		check  saml.Check
	}{
		"issuer":         {says("https://idp.example/metadata", otherIDP), saml.CheckIssuer},
		"request":        {says(`InResponseTo="_request"`, `InResponseTo="_other"`), saml.CheckInResponseTo},
		"empty request":  {says(`InResponseTo="_request"`, `InResponseTo=""`), saml.CheckInResponseTo},
		"destination":    {says(`"https://sp.example/acs"`, `"https://sp.example/acs/"`), saml.CheckDestination},
		"signature":      {func(m *message) { m.signR = &signature{key: "other"} }, saml.CheckSignature},
		"tampered":       {func(m *message) { m.signR = &signature{}; tampered("AuthnFailed", "NoPassive")(m) }, saml.CheckSignature},
		"no status":      {says(`<samlp:Status>`+refused+`</samlp:Status>`, ``), saml.CheckStatus},
		"two":            {says(`</samlp:Status>`, `</samlp:Status><samlp:Status>`+yes+`</samlp:Status>`), saml.CheckStatus},
		"two codes":      {says(refused, yes+refused), saml.CheckStatus},
		"no code":        {says(refused, ``), saml.CheckStatus},
		"no value":       {says(refused, `<samlp:StatusCode/>`), saml.CheckStatus},
		"nine codes":     {says(refused, deep), saml.CheckStatus},
		"foreign status": {says(`<samlp:Status>`+refused+`</samlp:Status>`, `<x:Status xmlns:x="urn:x">`+refused+`</x:Status>`), saml.CheckStatus},
	} {
		m := no(refused)
		row.change(&m)
		_, err := m.complete(t)
		require.ErrorIs(t, err, row.check, name)
		var status *saml.StatusError
		assert.False(t, errors.As(err, &status), name)
	}
	_, err := no(refused).complete(t)
	require.ErrorIs(t, err, saml.AuthnFailed)
	_, err = no(strings.Repeat(`<samlp:StatusCode Value="urn:x">`, 8) + strings.Repeat(`</samlp:StatusCode>`, 8)).complete(t)
	var eight *saml.StatusError
	require.ErrorAs(t, err, &eight)
	require.Len(t, eight.Codes, 8)
}
