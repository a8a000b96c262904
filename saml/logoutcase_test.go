package saml

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A RelayState without a value is no part of what is signed (SAML Bindings §3.4.4.1); some servers sign it, and both say
// the same. One with a value is signed: SAML-54.
func TestSAML54AnEmptyRelayState(t *testing.T) {
	t.Parallel()
	unsignedState := func(state string) sloMessage {
		return sloMessage{text: sloRequest, noState: true, sent: func(query string) string {
			return strings.Replace(query, "&SigAlg=", "&RelayState="+state+"&SigAlg=", 1)
		}}
	}
	receive := func(m sloMessage) (*LogoutRequest, error) { return sloClient(t).ReceiveLogout(t.Context(), m.http(t)) }
	for _, m := range []sloMessage{
		unsignedState(""),
		{text: sloRequest, noState: true, sent: func(query string) string { return query + "&RelayState=" }},
		{text: sloRequest, noState: true, parts: func(parts []string) []string { return []string{parts[0], "RelayState=", parts[1]} }},
		{text: sloRequest, noState: true},
	} {
		got, err := receive(m)
		require.NoError(t, err)
		assert.Empty(t, got.RelayState)
		// The answer to a request without a value has none.
		reply, err := sloClient(t).RespondLogout(t.Context(), got, Success)
		require.NoError(t, err)
		assert.NotContains(t, reply.URL, "RelayState")
	}
	for _, m := range []sloMessage{
		unsignedState("x"), unsignedState("%20"),
		{text: sloRequest, noState: true, sent: func(query string) string { return query + "&RelayState=x" }},
		{text: sloRequest, sent: func(query string) string { return strings.Replace(query, "RelayState="+sloKey, "RelayState=", 1) }},
		{text: sloRequest, sent: func(query string) string { return strings.Replace(query, "&RelayState="+sloKey, "", 1) }},
		{text: sloRequest, noState: true, sent: func(query string) string { return query + "&RelayState=&RelayState=" }},
	} {
		_, err := receive(m)
		require.Error(t, err)
		assert.NotErrorIs(t, err, CheckReplay)
	}
}

// The addresses of logout messages are shown as those of responses are.
func TestCaseSamlAddressNotShownOfALogout(t *testing.T) {
	t.Parallel()
	const exact = `, which the identity provider must have letter for letter`
	for _, binding := range []Binding{BindingRedirect, BindingPOST} {
		for kind, text := range map[string]string{"LogoutRequest": sloRequest, "LogoutResponse": sloResponse} {
			m := sloMessage{text: text, binding: binding, before: []swap{{`"https://sp.example/slo"`, `"https://sp.example:443/slo/` + sloKey + `"`}}}
			shown := `https://sp.example:443/slo/` + sloKey
			if kind == "LogoutResponse" {
				shown = `https://sp.example:443/slo/[redacted]` // the key of the logout is its browser's secret
			}
			require.EqualError(t, m.arrive(t), `saml: refused (destination): the `+kind+` is for "`+shown+`", want SLOURL "https://sp.example/slo"`+exact)
		}
		m := sloMessage{text: sloResponse, binding: binding, before: []swap{{`>https://idp.example/metadata<`, `>https://idp.example/` + sloKey + `<`}}}
		require.EqualError(t, m.arrive(t), `saml: refused (issuer): the LogoutResponse is from "https://idp.example/[redacted]", want "https://idp.example/metadata"`)
		m = sloMessage{text: sloRequest, binding: binding, before: []swap{{`>https://idp.example/metadata<`, `>https://idp.example/<`}}}
		require.ErrorContains(t, m.arrive(t), `"https://idp.example/"`)
		m = sloMessage{text: sloRequest, binding: binding, before: []swap{{`SPNameQualifier="https://sp.example/metadata"`, `SPNameQualifier="https://sp2.example/"`}}}
		require.EqualError(t, m.arrive(t), `saml: refused (name id): NameID is for the service provider "https://sp2.example/", want "https://sp.example/metadata"`)
	}
}

// Blanks, zones and IDs in logout messages are those of responses.
func TestLogoutMessagesOfTheField(t *testing.T) {
	t.Parallel()
	anyIDs, offsets := func(c *Config) { c.AllowAnyIDs = true }, func(c *Config) { c.AllowTimeOffsets = true }
	for name, c := range map[string]struct {
		old, new string
		allow    func(*Config) // what it needs; nil is nothing
		refused  Check
	}{
		"blanks":         {`Destination="https://sp.example/slo"`, `Destination="  https://sp.example/slo "`, nil, ""},
		"no zone":        {`IssueInstant="2026-11-20T09:30:05Z"`, `IssueInstant="2026-11-20T09:30:05 "`, nil, ""},
		"an offset":      {`IssueInstant="2026-11-20T09:30:05Z"`, `IssueInstant="2026-11-20T17:30:05+08:00"`, offsets, CheckTime},
		"ID is no name":  {`ID="_message"`, `ID="7-message"`, anyIDs, CheckXML},
		"value U+FEFF":   {`<saml:Issuer>`, "<samlp:Extensions>\ufeff</samlp:Extensions><saml:Issuer>", nil, CheckIssuer},
		"value U+FEFF 2": {`</saml:Issuer>`, "</saml:Issuer><samlp:Extensions>\ufeff</samlp:Extensions>", nil, ""},
	} {
		for _, text := range []string{sloRequest, sloResponse} {
			for _, binding := range []Binding{BindingRedirect, BindingPOST} {
				m := sloMessage{text: text, binding: binding, before: []swap{{c.old, c.new}}}
				if c.refused != "" {
					require.ErrorIs(t, m.arrive(t), c.refused, name)
				}
				if c.refused == "" || c.allow != nil {
					m.config = c.allow
					require.NoError(t, m.arrive(t), name)
				}
			}
		}
	}
	end := sloMessage{text: sloRequest, before: []swap{{sloEnd, ` NotOnOrAfter="2026-11-20T17:29:10+08:00"`}}}
	require.ErrorIs(t, end.arrive(t), CheckLogout)
	require.ErrorContains(t, end.arrive(t), "AllowTimeOffsets")
	end.config = offsets
	require.ErrorContains(t, end.arrive(t), "too old")
	blank := sloMessage{text: sloResponse, before: []swap{{`InResponseTo="_request"`, `InResponseTo=" _request "`}, {`Value="urn`, `Value=" urn`}}}
	require.NoError(t, blank.arrive(t))
}

// A deflated message by POST: the refusal names the option, also for logouts.
func TestTheRefusalOfADeflatedPostNamesItsOption(t *testing.T) {
	t.Parallel()
	r := post(url.Values{"SAMLRequest": {b64(squeezed(t, sloRequest))}}.Encode())
	_, err := sloClient(t).ReceiveLogout(t.Context(), r)
	require.ErrorIs(t, err, CheckXML)
	require.ErrorContains(t, err, "AllowDeflatedPOST")
}

// pysaml2 sends requests by SOAP 1.1 with the label of SOAP 1.2. Its media type does not say what is read: the signed
// message in an envelope of SOAP 1.1. The twin is a form, which a page of another site can have a browser post.
func TestCaseSamlSOAPMediaType(t *testing.T) {
	t.Parallel()
	m := soapMessage{media: "application/soap+xml"}
	got, err := m.receive(t)
	require.NoError(t, err)
	assert.Equal(t, BindingSOAP, got.Binding)
	m.media = "application/x-www-form-urlencoded"
	_, err = m.receive(t)
	require.ErrorIs(t, err, CheckMalformed)
	m = soapMessage{media: "application/soap+xml", unsigned: true}
	_, err = m.receive(t)
	require.ErrorIs(t, err, CheckSignature)
}
