package saml_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// White space around Method, Recipient and the times is no part of them, since their types collapse it. The rules are only
// for an assertion: a response that says no has none, and grants nothing.
func TestSAML44Confirmations(t *testing.T) {
	const bearer = `Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"`
	method := func(s string) change { return says(bearer, s) }
	data := func(s string) change { return says(plainData, s) }
	attributes := func(old, replacement string) change { return data(strings.Replace(plainData, old, replacement, 1)) }
	other := strings.Replace(plainConfirmed, testACS, "https://third.example/acs", 1)
	refusals(t, signedAssertion, map[string]refusal{
		"none":                      {says(plainConfirmed, ""), saml.CheckConfirmation, nil},
		"no subject":                {func(m *message) { m.text = strings.Replace(m.text, plainSubject, "", 1) }, saml.CheckConfirmation, nil},
		"two subjects":              {func(m *message) { m.text = strings.Replace(m.text, plainSubject, plainSubject+`<saml:Subject/>`, 1) }, saml.CheckConfirmation, nil},
		"holder of key":             {method(`Method="urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"`), saml.CheckConfirmation, nil},
		"sender vouches":            {method(`Method="urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"`), saml.CheckConfirmation, nil},
		"bearer of version 1":       {method(`Method="urn:oasis:names:tc:SAML:1.0:cm:bearer"`), saml.CheckConfirmation, nil},
		"no method":                 {method(``), saml.CheckConfirmation, nil},
		"no data":                   {data(""), saml.CheckConfirmation, nil},
		"two data":                  {data(plainData + plainData), saml.CheckConfirmation, nil},
		"no recipient":              {attributes(` Recipient="https://sp.example/acs"`, ""), saml.CheckConfirmation, nil},
		"empty recipient":           {attributes(testACS, ""), saml.CheckConfirmation, nil},
		"other recipient":           {attributes(testACS, "https://third.example/acs"), saml.CheckConfirmation, nil},
		"recipient with a query":    {attributes(testACS, testACS+"?x"), saml.CheckConfirmation, nil},
		"recipient begins the same": {attributes(testACS, testACS+".evil.example"), saml.CheckConfirmation, nil},
		"no end":                    {attributes(` NotOnOrAfter="2026-11-20T09:35:00Z"`, ""), saml.CheckConfirmation, nil},
		"over":                      {attributes("09:35:00", "09:29:10"), saml.CheckConfirmation, attributes("09:35:00", "09:29:11")},
		"end without zone":          {attributes(`09:35:00Z`, `09:35:00z`), saml.CheckConfirmation, attributes(`09:35:00Z`, `09:35:00`)}, // which is UTC (SAML Core §1.3.3)
		"end with zone":             {attributes(`09:35:00Z`, `17:35:00+08:00`), saml.CheckConfirmation, attributes(`09:35:00Z`, `09:35:00+00:00`)},
		"end is no time":            {attributes(`2026-11-20T09:35:00Z`, `tomorrow`), saml.CheckConfirmation, nil},
		"begin":                     {attributes(` Recipient`, ` NotBefore="2026-11-20T09:30:00Z" Recipient`), saml.CheckConfirmation, nil},
		"empty begin":               {attributes(` Recipient`, ` NotBefore="" Recipient`), saml.CheckConfirmation, nil},
		"halves of two":             {says(plainConfirmed, other+strings.Replace(plainConfirmed, "09:35:00", "09:20:00", 1)), saml.CheckConfirmation, says(plainConfirmed, other+plainConfirmed)},
		"data in another's element": {data(`<x:SubjectConfirmationData xmlns:x="urn:x" NotOnOrAfter="2026-11-20T09:35:00Z" Recipient="https://sp.example/acs" InResponseTo="_request"/>`), saml.CheckConfirmation, nil},
		"attributes of another":     {data(`<saml:SubjectConfirmationData xmlns:x="urn:x" x:NotOnOrAfter="2026-11-20T09:35:00Z" x:Recipient="https://sp.example/acs" x:InResponseTo="_request"/>`), saml.CheckConfirmation, nil},
		"in Advice":                 {all(says(plainConfirmed, ""), says("<saml:AuthnStatement ", "<saml:Advice>"+plainConfirmed+"</saml:Advice><saml:AuthnStatement ")), saml.CheckConfirmation, nil},
	})
}

// A time without a zone or with the offset zero is in UTC, the only zone of SAML Core §1.3.3; another offset needs
// AllowTimeOffsets: TestCaseSamlTimeZone.
func TestSAML45Conditions(t *testing.T) {
	times := func(s string) change { return says(plainTimes, s) }
	condition := func(s string) change { return says(plainAudience, plainAudience+s) }
	refusals(t, signedAssertion, map[string]refusal{
		"to come":          {times(`NotBefore="2026-11-20T09:31:11Z"`), saml.CheckConditions, times(`NotBefore="2026-11-20T09:31:10Z"`)},
		"over":             {times(`NotOnOrAfter="2026-11-20T09:29:10Z"`), saml.CheckConditions, times(`NotOnOrAfter="2026-11-20T09:29:11Z"`)},
		"skew":             {all(times(`NotOnOrAfter="2026-11-20T09:30:05Z"`), with(func(c *saml.Config) { c.Skew = 2 * time.Second })), saml.CheckConditions, times(`NotOnOrAfter="2026-11-20T09:30:05Z"`)},
		"ends first":       {times(`NotBefore="2026-11-20T09:30:20Z" NotOnOrAfter="2026-11-20T09:30:00Z"`), saml.CheckConditions, times(`NotBefore="2026-11-20T09:30:00Z" NotOnOrAfter="2026-11-20T09:30:20Z"`)},
		"ends at once":     {times(`NotBefore="2026-11-20T09:30:00Z" NotOnOrAfter="2026-11-20T09:30:00Z"`), saml.CheckConditions, nil},
		"no zone":          {times(`NotBefore="2026-11-20T09:31:11"`), saml.CheckConditions, times(`NotBefore="2026-11-20T09:31:10"`)}, // which is UTC (SAML Core §1.3.3)
		"local time":       {times(`NotOnOrAfter="2026-11-20T17:35:00+08:00"`), saml.CheckConditions, times(`NotOnOrAfter="2026-11-20T09:35:00Z"`)},
		"no time":          {times(`NotOnOrAfter="never"`), saml.CheckConditions, nil},
		"empty":            {times(`NotOnOrAfter=""`), saml.CheckConditions, times("")},
		"leap second":      {times(`NotOnOrAfter="2026-11-20T09:35:60Z"`), saml.CheckConditions, times(`NotOnOrAfter="2026-11-20T09:35:59Z"`)},
		"hour 24":          {times(`NotOnOrAfter="2026-11-20T24:00:00Z"`), saml.CheckConditions, times(`NotOnOrAfter="2026-11-21T00:00:00Z"`)},
		"white space":      {times(`NotOnOrAfter="2026-11-20 T09:35:00Z"`), saml.CheckConditions, times(`NotOnOrAfter=" 2026-11-20T09:35:00Z&#13;"`)}, // around a dateTime it is collapsed
		"comma":            {times(`NotOnOrAfter="2026-11-20T09:35:00,5Z"`), saml.CheckConditions, times(`NotOnOrAfter="2026-11-20T09:35:00.5Z"`)},
		"small z":          {times(`NotOnOrAfter="2026-11-20T09:35:00z"`), saml.CheckConditions, nil},
		"negative year":    {times(`NotBefore="-2026-11-20T09:35:00Z"`), saml.CheckConditions, nil},
		"unknown":          {condition(`<saml:Condition xmlns:x="urn:x" xsi:type="x:Delegation"/>`), saml.CheckConditions, condition(`<saml:OneTimeUse/>`)},
		"another's":        {condition(`<x:Condition xmlns:x="urn:x"/>`), saml.CheckConditions, nil},
		"used twice":       {condition(`<saml:OneTimeUse/><saml:OneTimeUse/>`), saml.CheckConditions, condition(`<saml:OneTimeUse/>`)},
		"two conditions":   {says(plainConditions, plainConditions+plainConditions), saml.CheckConditions, nil},
		"in another place": {says(plainConditions, "<saml:Advice>"+plainConditions+"</saml:Advice>"), saml.CheckAudience, nil},
	})
}

func TestSAML46Statements(t *testing.T) {
	statement := func(old, replacement string) change {
		return says(plainAuthn, strings.Replace(plainAuthn, old, replacement, 1))
	}
	seconds := func(n int64) change { return asked(func(l *saml.Login) { l.MaxAge = &n }) }
	classes := func(list ...string) change { return asked(func(l *saml.Login) { l.Contexts = list }) }
	refusals(t, signedAssertion, map[string]refusal{
		"no statement":         {says(plainAuthn, ""), saml.CheckAuthn, nil},
		"no instant":           {statement(` AuthnInstant="2026-11-20T09:29:58Z"`, ""), saml.CheckAuthn, nil},
		"instant without zone": {statement("09:29:58Z", "09:29:58z"), saml.CheckAuthn, statement("09:29:58Z", "09:29:58.0")}, // which is UTC (SAML Core §1.3.3)
		"instant to come":      {statement("09:29:58", "09:31:11"), saml.CheckAuthn, statement("09:29:58", "09:31:10")},
		"session over":         {statement(" SessionIndex", ` SessionNotOnOrAfter="2026-11-20T09:29:10Z" SessionIndex`), saml.CheckAuthn, statement(" SessionIndex", ` SessionNotOnOrAfter="2026-11-20T09:29:11Z" SessionIndex`)},
		"session's end local":  {statement(" SessionIndex", ` SessionNotOnOrAfter="2026-11-20T09:29:10" SessionIndex`), saml.CheckAuthn, statement(" SessionIndex", ` SessionNotOnOrAfter="2026-11-20T09:29:11" SessionIndex`)},
		"session's end zoned":  {statement(" SessionIndex", ` SessionNotOnOrAfter="2026-11-20T19:29:10+01:00" SessionIndex`), saml.CheckAuthn, statement(" SessionIndex", ` SessionNotOnOrAfter="2026-11-20T19:29:10Z" SessionIndex`)},
		"older than asked":     {all(seconds(120), statement("09:29:58", "09:27:09")), saml.CheckAuthn, all(seconds(120), statement("09:29:58", "09:27:10"))},
		"asked for now":        {all(seconds(0), statement("09:29:58", "09:29:09")), saml.CheckAuthn, all(seconds(0), statement("09:29:58", "09:29:10"))},
		"another class":        {classes("urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI"), saml.CheckAuthn, classes("urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI", plainClass)},
		"class and more":       {all(classes(plainClass), statement(plainClass, plainClass+"X")), saml.CheckAuthn, classes(plainClass)},
		"no context":           {says(`<saml:AuthnContext><saml:AuthnContextClassRef>`+plainClass+`</saml:AuthnContextClassRef></saml:AuthnContext>`, ""), saml.CheckAuthn, nil},
		"empty class":          {statement(plainClass, ""), saml.CheckAuthn, nil},
		"only a declaration":   {all(classes(plainClass), says(`<saml:AuthnContextClassRef>`+plainClass+`</saml:AuthnContextClassRef>`, `<saml:AuthnContextDeclRef>x</saml:AuthnContextDeclRef>`)), saml.CheckAuthn, says(`<saml:AuthnContextClassRef>`+plainClass+`</saml:AuthnContextClassRef>`, `<saml:AuthnContextDeclRef>x</saml:AuthnContextDeclRef>`)},
		"two classes":          {says(`</saml:AuthnContextClassRef>`, `</saml:AuthnContextClassRef><saml:AuthnContextClassRef>x</saml:AuthnContextClassRef>`), saml.CheckAuthn, nil},
		"the second statement": {says(plainAuthn, plainAuthn+strings.Replace(plainAuthn, " SessionIndex", ` SessionNotOnOrAfter="2026-11-20T09:20:00Z" SessionIndex`, 1)), saml.CheckAuthn, says(plainAuthn, plainAuthn+plainAuthn)},
	})
}

func TestSAML47InResponseTo(t *testing.T) {
	const ofResponse, ofConfirmation = `/acs" InResponseTo="_request">`, `/acs" InResponseTo="_request"/>`
	refusals(t, signedBoth, map[string]refusal{
		"response, another":     {says(ofResponse, `/acs" InResponseTo="_another">`), saml.CheckInResponseTo, nil},
		"response, none":        {says(ofResponse, `/acs">`), saml.CheckInResponseTo, nil},
		"response, empty":       {says(ofResponse, `/acs" InResponseTo="">`), saml.CheckInResponseTo, nil},
		"confirmation, another": {says(ofConfirmation, `/acs" InResponseTo="_another"/>`), saml.CheckConfirmation, nil},
		"confirmation, none":    {says(ofConfirmation, `/acs"/>`), saml.CheckConfirmation, nil},
		"confirmation, empty":   {says(ofConfirmation, `/acs" InResponseTo=""/>`), saml.CheckConfirmation, nil},
		"both, another":         {replacedBefore(requestID, "_another"), saml.CheckInResponseTo, all(replacedBefore(requestID, "_another"), asked(func(l *saml.Login) { l.RequestID = "_another" }))},
		"case of letters":       {replacedBefore(requestID, "_Request"), saml.CheckInResponseTo, nil},
		"expired":               {asked(func(l *saml.Login) { l.CreatedAt = clock.Add(-time.Hour - time.Second) }), saml.CheckExpired, asked(func(l *saml.Login) { l.CreatedAt = clock.Add(-time.Hour) })},
		"its own lifetime": {all(asked(func(l *saml.Login) { l.CreatedAt = clock.Add(-time.Minute - time.Second) }), with(func(c *saml.Config) { c.LoginLifetime = time.Minute })), saml.CheckExpired,
			all(asked(func(l *saml.Login) { l.CreatedAt = clock.Add(-time.Minute) }), with(func(c *saml.Config) { c.LoginLifetime = time.Minute }))},
		"begun to come":     {asked(func(l *saml.Login) { l.CreatedAt = clock.Add(2 * time.Minute) }), saml.CheckExpired, nil},
		"another client's":  {asked(func(l *saml.Login) { l.Client = "https://third.example/" }), saml.CheckLogin, nil},
		"another address's": {asked(func(l *saml.Login) { l.ACSURL = "https://third.example/acs" }), saml.CheckLogin, nil},
		"empty login":       {asked(func(l *saml.Login) { *l = saml.Login{} }), saml.CheckLogin, nil},
		"login without key": {all(asked(func(l *saml.Login) { l.Key = "" }), formed(func(f url.Values) { f.Set("RelayState", "") })), saml.CheckLogin, nil},
		"another browser's": {formed(func(f url.Values) { f.Set("RelayState", "OTHERKEY") }), saml.CheckRelayState, nil},
		"no RelayState":     {formed(func(f url.Values) { f.Del("RelayState") }), saml.CheckRelayState, nil},
	})
}

// formed changes the form that is posted.
func formed(f func(url.Values)) change { return func(m *message) { m.form = f } }

func TestSAML47UsedBefore(t *testing.T) {
	t.Parallel()
	m := signedAssertion()
	c := client(t, func(c *saml.Config) { c.Replay = nil })
	doc := m.xml(t)
	_, err := c.CompleteLogin(t.Context(), m.pending(), m.present(doc))
	require.NoError(t, err)
	other := strings.ReplaceAll(m.text, "_assertion", "_second")
	again := message{text: other, signA: &signature{}}
	_, err = c.CompleteLogin(t.Context(), again.pending(), again.present(again.xml(t)))
	require.ErrorIs(t, err, saml.CheckReplay, "the request was answered already, by another assertion")
	another := pending()
	another.RequestID = "_another"
	twin := message{text: strings.ReplaceAll(other, requestID, "_another"), signA: &signature{}}
	_, err = c.CompleteLogin(t.Context(), another, twin.present(twin.xml(t)))
	require.NoError(t, err)
}

// A refused response uses up neither the request nor the assertion: else anyone could spoil a login under way.
func TestSAML47ARefusalUsesNothingUp(t *testing.T) {
	t.Parallel()
	m := signedBoth()
	c := client(t, func(c *saml.Config) { c.Replay = nil })
	doc := m.xml(t)
	for _, bad := range []string{mallory(doc), strings.Replace(doc, "Success", "Requester", 1), doc + "x"} {
		_, err := c.CompleteLogin(t.Context(), m.pending(), m.present(bad))
		require.Error(t, err)
	}
	_, err := c.CompleteLogin(t.Context(), m.pending(), m.present(doc))
	require.NoError(t, err)
}

func TestSAML48Unsolicited(t *testing.T) {
	answers := ` InResponseTo="_request"`
	refusals(t, func() message { return unasked() }, map[string]refusal{
		"not allowed":                           {with(func(c *saml.Config) { c.AllowUnsolicited = false }), saml.CheckUnsolicited, nil},
		"an answer":                             {replacedText(plain), saml.CheckInResponseTo, nil},
		"the response an answer":                {says(` Destination="https://sp.example/acs"`, ` Destination="https://sp.example/acs"`+answers), saml.CheckInResponseTo, nil},
		"the confirmation":                      {says(` Recipient="https://sp.example/acs"`, ` Recipient="https://sp.example/acs"`+answers), saml.CheckConfirmation, nil},
		"empty":                                 {says(` Recipient="https://sp.example/acs"`, ` Recipient="https://sp.example/acs" InResponseTo=""`), saml.CheckConfirmation, nil},
		"for a login that was begun":            {func(m *message) { m.unasked = false }, saml.CheckInResponseTo, nil},
		"another's recipient":                   {says(` Recipient="https://sp.example/acs"`, ` Recipient="https://third.example/acs"`), saml.CheckConfirmation, nil},
		"an unknown issuer":                     {replacedBefore(testIDP, "https://third.example/"), saml.CheckUnknownIDP, nil},
		"a known one's name":                    {replacedBefore(testIDP, otherIDP), saml.CheckSignature, all(replacedBefore(testIDP, otherIDP), by(signature{key: "other"}))},
		"response by one, assertion by another": {says(`<saml:Issuer>https://idp.example/metadata</saml:Issuer>{R}`, `<saml:Issuer>https://other.example/metadata</saml:Issuer>{R}`), saml.CheckSignature, nil},
		"old":                                   {replacedBefore("2026-11-20T09:30:00Z", "2026-11-20T08:29:00Z"), saml.CheckExpired, replacedBefore("2026-11-20T09:30:00Z", "2026-11-20T08:30:00Z")},
	})
}

func replacedText(s string) change { return func(m *message) { m.text = s } }

// The request goes through the browser of a user who may prefer another of their names.
func TestSAML50FormatOtherThanAskedFor(t *testing.T) {
	wants := func(format string) change { return asked(func(l *saml.Login) { l.NameIDFormat = format }) }
	refusals(t, signedAssertion, map[string]refusal{
		"another":         {wants(saml.NameIDPersistent), saml.CheckNameID, wants(saml.NameIDEmail)},
		"none":            {all(wants(saml.NameIDEmail), says(plainName, "<saml:NameID>alice</saml:NameID>")), saml.CheckNameID, says(plainName, "<saml:NameID>alice</saml:NameID>")},
		"case of letters": {wants(strings.ToLower(saml.NameIDEmail)), saml.CheckNameID, wants("")},
		"encrypted":       {all(func(m *message) { m.encN = &encryption{} }, wants(saml.NameIDPersistent)), saml.CheckNameID, all(func(m *message) { m.encN = &encryption{} }, wants(saml.NameIDEmail))},
	})
	for format, kept := range map[string]string{
		"": "", saml.NameIDUnspecified: "", "urn:oasis:names:tc:SAML:2.0:nameid-format:encrypted": "", saml.NameIDPersistent: saml.NameIDPersistent, "urn:own": "urn:own",
	} {
		login, err := client(t).BeginLogin(t.Context(), saml.AuthorizeOptions{IDP: testIDP, NameIDPolicy: &saml.NameIDPolicy{Format: format}})
		require.NoError(t, err)
		assert.Equal(t, kept, login.NameIDFormat)
		login, err = client(t, func(c *saml.Config) { c.NameIDFormat = format }).BeginLogin(t.Context(), saml.AuthorizeOptions{IDP: testIDP})
		require.NoError(t, err)
		assert.Equal(t, kept, login.NameIDFormat, "Config asks for it where the call does not")
	}
}

func TestSAML50Names(t *testing.T) {
	name := func(s string) change { return says(plainName, s) }
	qualified := func(s string) string {
		return `<saml:NameID Format="` + saml.NameIDPersistent + `" SPNameQualifier="` + s + `">NDVj</saml:NameID>`
	}
	refusals(t, signedAssertion, map[string]refusal{
		"none":                       {name(""), saml.CheckNameID, all(name(""), with(func(c *saml.Config) { c.AllowMissingNameID = true }))},
		"empty":                      {name("<saml:NameID></saml:NameID>"), saml.CheckNameID, nil},
		"empty, and none is allowed": {all(name("<saml:NameID/>"), with(func(c *saml.Config) { c.AllowMissingNameID = true })), saml.CheckNameID, nil},
		"white space":                {name("<saml:NameID> \n</saml:NameID>"), saml.CheckNameID, name("<saml:NameID> x\n</saml:NameID>")},
		"another's":                  {name(qualified("https://third.example/")), saml.CheckNameID, name(qualified(testSP))},
		"a part of ours":             {name(qualified("https://sp.example/")), saml.CheckNameID, nil},
		"two":                        {name(plainName + plainName), saml.CheckNameID, nil},
		"two, another last":          {name(plainName + mallory(plainName)), saml.CheckNameID, nil},
		"elements in it":             {name("<saml:NameID>alice<x/></saml:NameID>"), saml.CheckNameID, nil},
		"BaseID":                     {name(`<saml:BaseID xsi:type="xs:string"/>`), saml.CheckNameID, nil},
		"BaseID beside":              {name(plainName + `<saml:BaseID/>`), saml.CheckNameID, nil},
		"of another kind":            {name(`<samlp:NameID>alice</samlp:NameID>`), saml.CheckNameID, nil},
		"in the confirmation only":   {all(name(""), says(plainData, plainName+plainData)), saml.CheckNameID, says(plainData, plainName+plainData)},
	})
}

func TestSAML51NamesOfAttributes(t *testing.T) {
	attribute := func(s string) change { return says(`<saml:Attribute Name="none"/>`, s) }
	const uri = `NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri"`
	refusals(t, signedAssertion, map[string]refusal{
		"one name in two formats":  {attribute(`<saml:Attribute Name="groups" ` + uri + `/>`), saml.CheckAttributes, attribute(`<saml:Attribute Name="groups" NameFormat="` + basic + `"/>`)},
		"one name, one unnamed":    {attribute(`<saml:Attribute Name="groups"/>`), saml.CheckAttributes, attribute(`<saml:Attribute Name="Groups"/>`)},
		"many":                     {attribute(manyAttributes(40) + `<saml:Attribute Name="a7" ` + uri + `/>`), saml.CheckAttributes, attribute(manyAttributes(40) + `<saml:Attribute Name="b7" ` + uri + `/>`)},
		"no name":                  {attribute(`<saml:Attribute FriendlyName="x"/>`), saml.CheckAttributes, attribute(`<saml:Attribute Name="x"/>`)},
		"empty name":               {attribute(`<saml:Attribute Name=""/>`), saml.CheckAttributes, nil},
		"another element":          {attribute(`<saml:Attribute Name="x"><saml:Other/></saml:Attribute>`), saml.CheckAttributes, attribute(`<saml:Attribute Name="x"><saml:AttributeValue/></saml:Attribute>`)},
		"not an attribute":         {attribute(`<saml:Other/>`), saml.CheckAttributes, nil},
		"nil and a value":          {attribute(`<saml:Attribute Name="x"><saml:AttributeValue xsi:nil="true">y</saml:AttributeValue></saml:Attribute>`), saml.CheckAttributes, attribute(`<saml:Attribute Name="x"><saml:AttributeValue xsi:nil="false">y</saml:AttributeValue></saml:Attribute>`)},
		"an encrypted one, forged": {all(attribute(encryption{}.wrap(t, `<saml:Attribute Name="x"/>`, "EncryptedAttribute")), tampered("</saml:AttributeStatement>", encryption{}.wrap(t, `<saml:Attribute Name="y"/>`, "EncryptedAttribute")+"</saml:AttributeStatement>")), saml.CheckXML, attribute(encryption{}.wrap(t, `<saml:Attribute Name="x"/>`, "EncryptedAttribute"))},
	})
}

func manyAttributes(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(`<saml:Attribute Name="a` + string(rune('0'+i%10)) + strings.Repeat("x", i/10) + `"/>`)
	}
	return b.String()
}

// Attributes of one name stay apart, in their order, and none of them is taken for all.
func TestSAML51RepeatedNamesAreKept(t *testing.T) {
	t.Parallel()
	m := signedAssertion()
	says(`<saml:Attribute Name="none"/>`, `<saml:Attribute Name="groups" FriendlyName="Groups" NameFormat="`+basic+`"><saml:AttributeValue>admin</saml:AttributeValue></saml:Attribute>`)(&m)
	got, err := m.complete(t)
	require.NoError(t, err)
	require.Len(t, got.Attributes, 2)
	assert.Equal(t, []string{"staff", "研发", "admin"}, got.Values("groups"))
	_, one := got.Attribute("groups")
	assert.False(t, one, "there are two")
}

func TestSAML52RelayState(t *testing.T) {
	t.Parallel()
	// What comes back is only ever compared with a key that was sent; with nobody asking it is handed on as text.
	m := unasked()
	m.form = func(f url.Values) { f.Set("RelayState", "https://evil.example/") }
	got, err := m.complete(t)
	require.NoError(t, err)
	assert.Equal(t, "https://evil.example/", got.RelayState)
	login := signedAssertion()
	got, err = login.complete(t)
	require.NoError(t, err)
	assert.Empty(t, got.RelayState, "the key is no address")

	m.form = func(f url.Values) { f.Set("RelayState", strings.Repeat("x", 2049)) }
	_, err = m.complete(t)
	require.ErrorIs(t, err, saml.CheckRelayState)

	c := client(t)
	_, err = c.BuildAuthorizeUrl(t.Context(), saml.AuthorizeOptions{RelayState: strings.Repeat("x", 81)})
	require.ErrorContains(t, err, "RelayState")
	_, err = c.BuildAuthorizeUrl(t.Context(), saml.AuthorizeOptions{RelayState: strings.Repeat("x", 80)})
	require.NoError(t, err)
	_, err = c.BeginLogin(t.Context(), saml.AuthorizeOptions{RelayState: "x"})
	require.ErrorContains(t, err, "RelayState")
	begun, err := c.BeginLogin(t.Context(), saml.AuthorizeOptions{})
	require.NoError(t, err)
	assert.LessOrEqual(t, len(begun.Key), 80)
}
