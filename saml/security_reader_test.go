package saml_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

const strayed = `<samlp:Extensions><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/></samlp:Extensions><samlp:Status>`

// A signature that is not verified must not look as if it were.
func TestSAML11SignatureBesideTheVerifiedOne(t *testing.T) {
	stray := tampered("<samlp:Status>", strayed)
	other := tampered("<samlp:Status>", strings.ReplaceAll(strayed, "2000/09/xmldsig#", "2000/09/xmldsig"))
	refusals(t, signedAssertion, map[string]refusal{"of an assertion": {stray, saml.CheckSignature, other}})
	t.Run("sealed", func(t *testing.T) {
		refusals(t, sealed, map[string]refusal{"of what is encrypted": {stray, saml.CheckSignature, other}})
	})
}

// What was encrypted is one assertion, as what was not.
func TestSAML42AssertionsInThePlaintext(t *testing.T) {
	advice := func(s string) change {
		return says("<saml:AuthnStatement ", "<saml:Advice>"+s+"</saml:Advice><saml:AuthnStatement ")
	}
	rows := map[string]refusal{
		// Directly in Advice they are ignored (SAML Core §2.6.1); further below they are no advice.
		"in Advice":           {advice("<saml:X><saml:Assertion/></saml:X>"), saml.CheckEncryption, advice("<saml:Assertion/><saml:AssertionIDRef>_x</saml:AssertionIDRef>")},
		"encrypted in Advice": {advice("<saml:X><saml:EncryptedAssertion/></saml:X>"), saml.CheckEncryption, advice("<saml:EncryptedAssertion/>")},
	}
	refusals(t, sealed, rows)
	t.Run("in a signed response", func(t *testing.T) { refusals(t, sealedInSigned, rows) })
}

func TestSAML35EncryptionIsWanted(t *testing.T) {
	wanted := with(func(c *saml.Config) { c.WantEncrypted = true })
	plainly := func(m *message) { m.encE = nil }
	rows := map[string]refusal{"plain": {all(wanted, plainly), saml.CheckEncryption, wanted}, "not wanted": {all(wanted, plainly), saml.CheckEncryption, plainly}}
	refusals(t, sealed, rows)
	t.Run("in a signed response", func(t *testing.T) { refusals(t, sealedInSigned, rows) })
}

func TestSAML38Sizes(t *testing.T) {
	long := func(n int) string { return "_" + strings.Repeat("x", n-1) }
	issuer := func(n int) change {
		name := "https://idp.example/" + strings.Repeat("ü", n-len("https://idp.example/"))
		return all(replacedBefore(testIDP, name), asked(func(l *saml.Login) { l.IDP = name }), with(func(c *saml.Config) {
			p := idpWith(testIDP, key(t, "idp").Public())
			p.EntityID = name
			c.IDP = idps{name: p}
		}))
	}
	answers := func(n int) change {
		return all(replacedBefore(requestID, long(n)), asked(func(l *saml.Login) { l.RequestID = long(n) }))
	}
	refusals(t, signedBoth, map[string]refusal{
		"ID of the response":  {says(`ID="_response"`, `ID="`+long(1025)+`"`), saml.CheckVersion, says(`ID="_response"`, `ID="`+long(1024)+`"`)},
		"ID of the assertion": {says(`ID="_assertion"`, `ID="`+long(1025)+`"`), saml.CheckVersion, says(`ID="_assertion"`, `ID="`+long(1024)+`"`)},
		"InResponseTo":        {answers(1025), saml.CheckInResponseTo, answers(1024)},
		"Issuer":              {issuer(1025), saml.CheckIssuer, issuer(1024)},
	})
}

func TestSAML39Messages(t *testing.T) {
	t.Parallel()
	m := signedBoth()
	says(`status:Success"/>`, `status:Requester"/><samlp:StatusMessage>one</samlp:StatusMessage><samlp:StatusMessage>two</samlp:StatusMessage>`)(&m)
	_, err := m.complete(t)
	require.ErrorIs(t, err, saml.CheckStatus)
	m = signedBoth()
	says(`status:Success"/>`, `status:Requester"/><samlp:StatusMessage>one</samlp:StatusMessage>`)(&m)
	_, err = m.complete(t)
	var refused *saml.StatusError
	require.ErrorAs(t, err, &refused)
	assert.Equal(t, "one", refused.Message)
}

func TestSAML43OneOfSeveralAudiences(t *testing.T) {
	ours := "<saml:Audience>" + testSP + "</saml:Audience>"
	const third = "<saml:Audience>https://third.example/</saml:Audience>"
	refusals(t, signedAssertion, map[string]refusal{
		"none is ours":   {says(ours, third+third), saml.CheckAudience, says(ours, ours+third)},
		"an empty one":   {says(ours, ours+"<saml:Audience/>"), saml.CheckAudience, says(ours, third+ours)},
		"one in another": {says(ours, "<saml:Audience>"+ours+"</saml:Audience>"), saml.CheckAudience, nil},
	})
}

func TestSAML45ProxyRestrictions(t *testing.T) {
	once := says(plainAudience, plainAudience+`<saml:ProxyRestriction/>`)
	refusals(t, signedAssertion, map[string]refusal{
		"twice": {says(plainAudience, plainAudience+`<saml:ProxyRestriction/><saml:ProxyRestriction Count="1"/>`), saml.CheckConditions, once},
	})
}

func TestSAML44ConfirmationsOfOthers(t *testing.T) {
	others := strings.NewReplacer("<saml:SubjectConfirmation ", `<x:SubjectConfirmation xmlns:x="urn:x" `, "</saml:SubjectConfirmation>", "</x:SubjectConfirmation>").Replace(plainConfirmed)
	refusals(t, signedAssertion, map[string]refusal{
		"alone": {says(plainConfirmed, others), saml.CheckConfirmation, says(plainConfirmed, others+plainConfirmed)},
	})
}

func TestSAML46Contexts(t *testing.T) {
	context := `<saml:AuthnContext>` + ref + `</saml:AuthnContext>`
	refusals(t, signedAssertion, map[string]refusal{
		"two":                 {says(context, context+context), saml.CheckAuthn, nil},
		"elements in a class": {says(plainClass, plainClass+`<x/>`), saml.CheckAuthn, nil},
	})
}

func TestSAML48Heads(t *testing.T) {
	const responder = `<saml:Issuer>https://idp.example/metadata</saml:Issuer>{R}`
	at := func(s string) change { return says(` Destination="https://sp.example/acs"`, s) }
	refusals(t, func() message { return unasked() }, map[string]refusal{
		"response, empty":                   {at(` Destination="https://sp.example/acs" InResponseTo=""`), saml.CheckInResponseTo, nil},
		"nobody's response, two assertions": {all(says(responder, ""), tampered("</samlp:Response>", "<saml:Assertion/></samlp:Response>")), saml.CheckAssertion, says(responder, "")},
		"nobody's response, Format":         {all(says(responder, ""), says(`Z"><saml:Issuer>`, `Z"><saml:Issuer Format="urn:x">`)), saml.CheckIssuer, all(says(responder, ""), says(`Z"><saml:Issuer>`, `Z"><saml:Issuer Format="`+saml.NameIDEntity+`">`))},
	})
}

func TestSAML50NamesOfOthers(t *testing.T) {
	t.Parallel()
	for _, beside := range []string{`<x:NameID xmlns:x="urn:x">mallory</x:NameID>`, `<x:EncryptedID xmlns:x="urn:x">mallory</x:EncryptedID>`, `<x:BaseID xmlns:x="urn:x"/>`} {
		m := signedAssertion()
		says(plainName, beside+plainName)(&m)
		got, err := m.complete(t)
		require.NoError(t, err, beside)
		assert.Equal(t, alice().NameID, got.NameID)
	}
}

// A name that may be missing has no format that could be wrong.
func TestSAML50NoNameOfAFormat(t *testing.T) {
	persistent := all(asked(func(l *saml.Login) { l.NameIDFormat = saml.NameIDPersistent }), with(func(c *saml.Config) { c.AllowMissingNameID = true }))
	refusals(t, signedAssertion, map[string]refusal{
		"another format": {persistent, saml.CheckNameID, all(persistent, says(plainName, ""))},
	})
}

func TestSAML51OtherElements(t *testing.T) {
	sealed := func(s string) change {
		return says(none, (encryption{}).wrap(t, s, "EncryptedAttribute"))
	}
	refusals(t, signedBoth, map[string]refusal{
		"beside attributes": {says(none, `<saml:Other Name="x"/>`), saml.CheckAttributes, says(none, `<saml:Attribute Name="x"/>`)},
		"of another kind":   {says(none, `<x:Attribute xmlns:x="urn:x" Name="x"/>`), saml.CheckAttributes, nil},
		"encrypted":         {sealed(`<saml:Other Name="x"/>`), saml.CheckAttributes, sealed(`<saml:Attribute Name="x"/>`)},
		"nil with elements": {says(`xsi:type="xs:string">staff`, `xsi:nil="true"><x/>`), saml.CheckAttributes, says(`xsi:type="xs:string">staff`, `xsi:nil="0"><x/>`)},
	})
}
