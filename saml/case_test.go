package saml_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// White space around a value of type anyURI is no part of it (XML Schema part 2 §3.2.17): SAML-43. In Issuer, NameID and
// AttributeValue, which are strings, it is (SAML Core §1.3.1).
func TestCaseSamlAudienceBlanks(t *testing.T) {
	t.Parallel()
	const laidOut = "<saml:AudienceRestriction>\n  <saml:Audience>\n          https://sp.example/metadata\n        </saml:Audience>\n</saml:AudienceRestriction>"
	m := signedBoth()
	says(plainAudience, laidOut)(&m)
	got, err := m.complete(t)
	require.NoError(t, err)
	same(t, alice(), got, "")

	m = signedBoth()
	says(plainAudience, strings.Replace(laidOut, "metadata", "metadata/", 1))(&m)
	_, err = m.complete(t)
	require.ErrorIs(t, err, saml.CheckAudience)

	m = signedBoth()
	says(">alice@example.com<", ">\n alice@example.com <")(&m)
	says(">staff<", "> staff\n<")(&m)
	got, err = m.complete(t)
	require.NoError(t, err)
	assert.Equal(t, "\n alice@example.com ", got.NameID.Value)
	assert.Equal(t, " staff\n", got.Attributes[0].Values[0].Text)

	m = signedBoth()
	says(`09:30:00Z"><saml:Issuer>`, `09:30:00Z"><saml:Issuer> `)(&m)
	_, err = m.complete(t)
	require.ErrorIs(t, err, saml.CheckIssuer)
}

// SAML Core §1.3.3 fixes the zone: a time without one, and the offset zero, are in UTC: SAML-45.
func TestCaseSamlTimeZone(t *testing.T) {
	t.Parallel()
	times := regexp.MustCompile(`(T\d\d:\d\d:\d\d)Z"`)
	zoned := func(zone string) message {
		m := signedBoth()
		m.text = times.ReplaceAllString(m.text, "$1"+zone+`"`)
		return m
	}
	east := zoned(".000+08:00")
	east.text = strings.ReplaceAll(east.text, "T09:", "T17:")
	for name, m := range map[string]message{"no zone": zoned(".000"), "the offset zero": zoned(".000+00:00"), "another offset": changed(east, with(func(c *saml.Config) { c.AllowTimeOffsets = true }))} {
		got, err := m.complete(t)
		require.NoError(t, err, name)
		same(t, alice(), got, name)
	}
	_, err := east.complete(t)
	require.ErrorIs(t, err, saml.CheckTime)
	require.NotErrorIs(t, err, saml.CheckVersion)
	require.EqualError(t, err, "saml: refused (time): IssueInstant, and AllowTimeOffsets is off: a time with an offset from UTC")

	// An offset is read as the instant that it is, and not as another way to write UTC.
	late := zoned("+08:00")
	late.config = func(c *saml.Config) { c.AllowTimeOffsets = true }
	_, err = late.complete(t)
	require.ErrorIs(t, err, saml.CheckConfirmation)
	require.ErrorContains(t, err, "expired")

	for old, check := range map[string]saml.Check{
		`IssueInstant="2026-11-20T09:30:00Z"`: saml.CheckTime, `NotBefore="2026-11-20T09:29:30Z"`: saml.CheckConditions,
		`NotOnOrAfter="2026-11-20T09:36:00Z"`: saml.CheckConditions, `NotOnOrAfter="2026-11-20T09:35:00Z"`: saml.CheckConfirmation,
		`AuthnInstant="2026-11-20T09:29:58Z"`: saml.CheckAuthn,
	} {
		m := signedBoth()
		says(old, strings.Replace(strings.Replace(old, "T09:", "T08:", 1), "Z", "-01:00", 1))(&m)
		_, err = m.complete(t)
		require.ErrorIs(t, err, check, old)
		require.ErrorContains(t, err, "AllowTimeOffsets", old)
		m.config = func(c *saml.Config) { c.AllowTimeOffsets = true }
		_, err = m.complete(t)
		require.NoError(t, err, old)
	}
}

// changed is m with a change.
func changed(m message, f change) message {
	f(&m)
	return m
}

// The most frequent trouble of new installations: the error shows what came and what is wanted.
func TestCaseSamlAddressNotShown(t *testing.T) {
	t.Parallel()
	const exact = `, which the identity provider must have letter for letter`
	to := func(s string) change {
		return says(` Destination="https://sp.example/acs"`, ` Destination="`+s+`"`)
	}
	for name, row := range map[string]struct {
		change change
		want   string
	}{
		"port":         {to("https://sp.example:443/acs"), `saml: refused (destination): the response is for "https://sp.example:443/acs", want "https://sp.example/acs"` + exact},
		"host":         {to("https://SP.example/acs"), `saml: refused (destination): the response is for "https://SP.example/acs", want "https://sp.example/acs"` + exact},
		"slash":        {to("https://sp.example/acs/"), `saml: refused (destination): the response is for "https://sp.example/acs/", want "https://sp.example/acs"` + exact},
		"scheme":       {to("http://sp.example/acs"), `saml: refused (destination): the response is for "http://sp.example/acs", want "https://sp.example/acs"` + exact},
		"a secret":     {to("https://evil.example/" + loginKey), `saml: refused (destination): the response is for "https://evil.example/[redacted]", want "https://sp.example/acs"` + exact},
		"control":      {to("https://sp.example/\u202e\u0085&#10;acs"), `saml: refused (destination): the response is for "https://sp.example/\u202e\u0085 acs", want "https://sp.example/acs"` + exact},
		"quotes":       {to("https://sp.example/&quot;, want &quot;https://evil.example/"), `saml: refused (destination): the response is for "https://sp.example/\", want \"https://evil.example/", want "https://sp.example/acs"` + exact},
		"long":         {to("https://sp.example/" + strings.Repeat("x", 1000)), `saml: refused (destination): the response is for "https://sp.example/` + strings.Repeat("x", 234) + `…", want "https://sp.example/acs"` + exact},
		"recipient":    {says(`Recipient="https://sp.example/acs"`, `Recipient="https://sp.example:8443/acs"`), `saml: refused (confirmation): Recipient is "https://sp.example:8443/acs", want "https://sp.example/acs"`},
		"no recipient": {says(` Recipient="https://sp.example/acs"`, ``), `saml: refused (confirmation): Recipient is missing, want "https://sp.example/acs"`},
		"audience": {says("<saml:Audience>https://sp.example/metadata<", "<saml:Audience>urn:a</saml:Audience><saml:Audience>sp.example<"),
			`saml: refused (audience): the assertion was made for "urn:a sp.example", and not for "https://sp.example/metadata": is that our entity ID at the identity provider?`},
		"issuer": {says(`_request"><saml:Issuer>https://idp.example/metadata<`, `_request"><saml:Issuer>https://idp.example/<`),
			`saml: refused (issuer): the response is from "https://idp.example/", want "https://idp.example/metadata"`},
		"issuer of the assertion": {says(`09:30:00Z"><saml:Issuer>https://idp.example/metadata<`, `09:30:00Z"><saml:Issuer>https://idp.example/<`),
			`saml: refused (issuer): the assertion is from "https://idp.example/", want "https://idp.example/metadata"`},
		"service provider": {says(`<saml:NameID `, `<saml:NameID SPNameQualifier="https://sp2.example/" `), `saml: refused (name id): NameID is for the service provider "https://sp2.example/", want "https://sp.example/metadata"`},
		"format": {asked(func(l *saml.Login) { l.NameIDFormat = saml.NameIDPersistent }),
			`saml: refused (name id): NameID has the Format "` + saml.NameIDEmail + `", want "` + saml.NameIDPersistent + `" (NameIDPolicy, NameIDFormat)`},
		"class": {asked(func(l *saml.Login) { l.Contexts = []string{"urn:a", "urn:b"} }),
			`saml: refused (authentication): the user authenticated by the class "` + plainClass + `", want one of RequestedAuthnContext: ["urn:a" "urn:b"]`},
		"another client": {asked(func(l *saml.Login) { l.Client = "https://sp2.example/" }), `saml: refused (login): the login was begun by another client: by "https://sp2.example/" for "https://sp.example/acs"`},
	} {
		m := signedBoth()
		row.change(&m)
		_, err := m.complete(t)
		assert.EqualError(t, err, row.want, name)
	}
	// Where the response chooses the address, all of ours are shown.
	m := unasked()
	says(`Destination="https://sp.example/acs"`, `Destination="https://sp.example/acs3"`)(&m)
	_, err := m.complete(t)
	assert.ErrorContains(t, err, `"https://sp.example/acs3", want one of ACSURL and MoreACSURLs: ["https://sp.example/acs" "https://sp.example/acs2"]`)
}
