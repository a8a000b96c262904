package saml_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// Beginnings of the two elements, which have most attributes in common.
const (
	responseHead  = `ID="_response" Version="2.0" IssueInstant="2026-11-20T09:30:01Z"`
	assertionHead = `ID="_assertion" Version="2.0" IssueInstant="2026-11-20T09:30:00Z"`
)

func TestSAML38Heads(t *testing.T) {
	table := map[string]refusal{}
	for what, head := range map[string]string{"response": responseHead, "assertion": assertionHead} {
		in := func(old, replacement string) change { return says(head, strings.Replace(head, old, replacement, 1)) }
		instant := head[strings.Index(head, "IssueInstant"):]
		for name, row := range map[string]refusal{
			"Version 1.1":             {in(`"2.0"`, `"1.1"`), saml.CheckVersion, nil},
			"Version 2.1":             {in(`"2.0"`, `"2.1"`), saml.CheckVersion, nil},
			"Version 2":               {in(`"2.0"`, `"2"`), saml.CheckVersion, nil},
			"no Version":              {in(` Version="2.0"`, ""), saml.CheckVersion, nil},
			"no IssueInstant":         {in(instant, ""), saml.CheckTime, nil},
			"IssueInstant local":      {in(`Z"`, `z"`), saml.CheckTime, in(`Z"`, `"`)}, // a time without zone is in UTC (SAML Core §1.3.3)
			"IssueInstant zoned":      {in(`Z"`, `+00:01"`), saml.CheckTime, in(`Z"`, `+00:00"`)},
			"IssueInstant a date":     {in(instant, `IssueInstant="2026-11-20Z"`), saml.CheckTime, in(instant, `IssueInstant="2026-11-20T00:00:00Z"`)},
			"IssueInstant to come":    {in(instant, `IssueInstant="2026-11-20T09:31:11Z"`), saml.CheckTime, in(instant, `IssueInstant="2026-11-20T09:31:10Z"`)},
			"IssueInstant impossible": {in(instant, `IssueInstant="2026-02-30T09:31:10Z"`), saml.CheckTime, in(instant, `IssueInstant="2026-02-28T09:31:10Z"`)},
		} {
			table[what+", "+name] = row
		}
	}
	table["response without ID"] = refusal{says(`ID="_response" `, ""), saml.CheckVersion, nil}
	refusals(t, signedAssertion, table)
}

// A signed element without ID cannot be referred to, so that these have the other one signed.
func TestSAML38NoID(t *testing.T) {
	refusals(t, signedResponse, map[string]refusal{
		"assertion":           {says(`ID="_assertion" `, ""), saml.CheckVersion, nil},
		"assertion, an empty": {says(`ID="_assertion"`, `ID=""`), saml.CheckXML, nil},
		"assertion, its Id":   {says(`ID="_assertion"`, `Id="_assertion"`), saml.CheckVersion, nil},
	})
}

func TestSAML39Status(t *testing.T) {
	t.Parallel()
	const good = `<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>`
	code := func(value, inside string) string {
		return `<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:` + value + `">` + inside + `</samlp:StatusCode>`
	}
	for name, row := range map[string]struct {
		status  string
		want    error // nil is a login
		refused saml.Check
	}{
		"success":                       {good, nil, ""},
		"success with a second":         {code("Success", code("PartialLogout", "")), nil, ""},
		"requester":                     {code("Requester", ""), saml.Requester, ""},
		"responder, and then success":   {code("Responder", code("Success", "")), saml.Responder, ""},
		"no passive":                    {code("Responder", code("NoPassive", "")), saml.NoPassive, ""},
		"no status code":                {"", nil, saml.CheckStatus},
		"two status codes":              {good + good, nil, saml.CheckStatus},
		"failure and success":           {code("Requester", "") + good, nil, saml.CheckStatus},
		"no value":                      {`<samlp:StatusCode/>`, nil, saml.CheckStatus},
		"empty value":                   {`<samlp:StatusCode Value=""/>`, nil, saml.CheckStatus},
		"white space":                   {`<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status: Success"/>`, saml.StatusCode("urn:oasis:names:tc:SAML:2.0:status: Success"), ""},
		"white space around":            {`<samlp:StatusCode Value="&#10; urn:oasis:names:tc:SAML:2.0:status:Success "/>`, nil, ""}, // Value has the type anyURI
		"white space around a no":       {`<samlp:StatusCode Value=" urn:oasis:names:tc:SAML:2.0:status:Requester"/>`, saml.Requester, ""},
		"white space alone":             {`<samlp:StatusCode Value=" "/>`, nil, saml.CheckStatus},
		"case of letters":               {code("success", ""), saml.StatusCode("urn:oasis:names:tc:SAML:2.0:status:success"), ""},
		"another namespace's":           {`<x:StatusCode xmlns:x="urn:x" Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>`, nil, saml.CheckStatus},
		"an assertion beside a failure": {code("AuthnFailed", ""), saml.AuthnFailed, ""},
		"two second levels":             {code("Responder", code("NoPassive", "")+code("NoPassive", "")), nil, saml.CheckStatus},
		"nested without end":            {strings.Repeat(`<samlp:StatusCode Value="x">`, 40) + strings.Repeat(`</samlp:StatusCode>`, 40), nil, saml.CheckStatus},
	} {
		for _, m := range []message{signedAssertion(), signedResponse()} {
			m.before = []edit{{good, row.status}}
			got, err := m.complete(t)
			switch {
			case row.refused != "":
				assert.ErrorIs(t, err, row.refused, name)
			case row.want != nil:
				var status *saml.StatusError
				assert.ErrorAs(t, err, &status, name)
				assert.ErrorIs(t, err, row.want, name)
			default:
				assert.NoError(t, err, name)
				continue
			}
			assert.Nil(t, got, name)
		}
	}
}

func TestSAML39NoStatus(t *testing.T) {
	const status = `<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>`
	refusals(t, signedResponse, map[string]refusal{
		"none":                   {says(status, ""), saml.CheckStatus, nil},
		"two":                    {says(status, status+status), saml.CheckStatus, nil},
		"in a Status of another": {says(status, `<x:Status xmlns:x="urn:x"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></x:Status>`), saml.CheckStatus, nil},
	})
}

func TestSAML40Issuers(t *testing.T) {
	const issuer = `<saml:Issuer>https://idp.example/metadata</saml:Issuer>`
	ofResponse := func(s string) change { return says(`InResponseTo="_request">`+issuer, `InResponseTo="_request">`+s) }
	ofAssertion := func(s string) change { return says(`09:30:00Z">`+issuer, `09:30:00Z">`+s) }
	entity := `<saml:Issuer Format=" ` + saml.NameIDEntity + ` ">https://idp.example/metadata</saml:Issuer>`
	persistent := `<saml:Issuer Format="` + saml.NameIDPersistent + `">https://idp.example/metadata</saml:Issuer>`
	other := `<saml:Issuer>https://other.example/metadata</saml:Issuer>`
	refusals(t, signedBoth, map[string]refusal{
		"response, none":             {ofResponse(""), saml.CheckIssuer, nil},
		"response, empty":            {ofResponse("<saml:Issuer/>"), saml.CheckIssuer, nil},
		"response, other":            {ofResponse(other), saml.CheckIssuer, nil},
		"response, unknown":          {ofResponse("<saml:Issuer>https://idp.example/metadata/</saml:Issuer>"), saml.CheckIssuer, nil},
		"response, white space":      {ofResponse("<saml:Issuer> https://idp.example/metadata</saml:Issuer>"), saml.CheckIssuer, nil},
		"response, case of letters":  {ofResponse("<saml:Issuer>https://IDP.example/metadata</saml:Issuer>"), saml.CheckIssuer, nil},
		"response, Format":           {ofResponse(persistent), saml.CheckIssuer, ofResponse(entity)},
		"response, two":              {ofResponse(issuer + issuer), saml.CheckSignature, nil},
		"response, elements in it":   {ofResponse("<saml:Issuer><x/></saml:Issuer>"), saml.CheckIssuer, nil},
		"response, of another kind":  {ofResponse("<samlp:Issuer>https://idp.example/metadata</samlp:Issuer>"), saml.CheckSignature, nil},
		"assertion, none":            {ofAssertion(""), saml.CheckIssuer, nil},
		"assertion, empty":           {ofAssertion("<saml:Issuer></saml:Issuer>"), saml.CheckIssuer, nil},
		"assertion, other":           {ofAssertion(other), saml.CheckIssuer, nil},
		"assertion, Format":          {ofAssertion(persistent), saml.CheckIssuer, ofAssertion(entity)},
		"assertion, begins the same": {ofAssertion("<saml:Issuer>https://idp.example/metadata.evil</saml:Issuer>"), saml.CheckIssuer, nil},
		"another's login":            {asked(func(l *saml.Login) { l.IDP = otherIDP }), saml.CheckSignature, nil},
	})
}

// An unsigned response may have no Issuer (SAML Core §3.2.2). When it has one, it must be the right one.
func TestSAML40IssuerOfAnUnsignedResponse(t *testing.T) {
	const issuer = `InResponseTo="_request"><saml:Issuer>https://idp.example/metadata</saml:Issuer>`
	none := says(issuer, `InResponseTo="_request">`)
	refusals(t, signedAssertion, map[string]refusal{
		"other":              {says(issuer, `InResponseTo="_request"><saml:Issuer>https://other.example/metadata</saml:Issuer>`), saml.CheckIssuer, none},
		"two":                {says(issuer, issuer+`<saml:Issuer>https://idp.example/metadata</saml:Issuer>`), saml.CheckIssuer, none},
		"encrypted and none": {all(none, func(m *message) { m.encE = &encryption{} }), saml.CheckIssuer, func(m *message) { m.encE = &encryption{} }},
	})
}

// White space around the address is no part of it, since its type is anyURI (XML Schema part 2 §4.3.6). What is left is
// compared byte for byte.
func TestSAML41Destination(t *testing.T) {
	const destination = ` Destination="https://sp.example/acs"`
	to := func(s string) change { return says(destination, ` Destination="`+s+`"`) }
	more := with(func(c *saml.Config) { c.MoreACSURLs = []string{"https://sp.example/acs2"} })
	refusals(t, signedResponse, map[string]refusal{
		"none":            {says(destination, ""), saml.CheckDestination, nil},
		"empty":           {to(""), saml.CheckDestination, nil},
		"other host":      {to("https://evil.example/acs"), saml.CheckDestination, nil},
		"longer":          {to("https://sp.example/acs/x"), saml.CheckDestination, nil},
		"shorter":         {to("https://sp.example/ac"), saml.CheckDestination, nil},
		"query":           {to("https://sp.example/acs?x=y"), saml.CheckDestination, nil},
		"fragment":        {to("https://sp.example/acs#x"), saml.CheckDestination, nil},
		"port":            {to("https://sp.example:443/acs"), saml.CheckDestination, nil},
		"http":            {to("http://sp.example/acs"), saml.CheckDestination, nil},
		"case of letters": {to("https://SP.example/acs"), saml.CheckDestination, nil},
		"user":            {to("https://sp.example@evil.example/acs"), saml.CheckDestination, nil},
		"white space":     {to("https://sp.example/ acs"), saml.CheckDestination, to("&#10; https://sp.example/acs ")}, // around an anyURI it is collapsed
		"no-break space":  {to("\u00a0https://sp.example/acs"), saml.CheckDestination, nil},
		"blank":           {to(" "), saml.CheckDestination, nil},
		"another of ours": {all(to("https://sp.example/acs2"), more), saml.CheckDestination,
			all(replacedBefore("https://sp.example/acs", "https://sp.example/acs2"), more, asked(func(l *saml.Login) { l.ACSURL = "https://sp.example/acs2" }))},
	})
}

func TestSAML41DestinationOfAnUnsignedResponse(t *testing.T) {
	const destination = ` Destination="https://sp.example/acs"`
	refusals(t, signedAssertion, map[string]refusal{
		"other": {says(destination, ` Destination="https://evil.example/acs"`), saml.CheckDestination, says(destination, "")},
		"empty": {says(destination, ` Destination=""`), saml.CheckDestination, says(destination, "")},
	})
}

// An assertion in the Advice of the one assertion does not count, since nothing there says who logs in (SAML Core §2.6.1):
// TestAdviceIsIgnored.
func TestSAML42Assertions(t *testing.T) {
	assertion := func(s string) (from, to int) {
		return strings.Index(s, "<saml:Assertion "), strings.Index(s, "</saml:Assertion>") + len("</saml:Assertion>")
	}
	other := func(s string) string {
		from, to := assertion(s)
		return strings.Replace(s[from:to], "_assertion", "_second", -1)
	}
	beside := func(build func(doc, first, second string, from, to int) string) change {
		return func(m *message) {
			doc := strings.NewReplacer("{R}", "", "{A}", "", "{E}", "", "{/E}", "", "{N}", "", "{/N}", "").Replace(plain)
			from, to := assertion(doc)
			m.text = strings.Replace(build(doc, doc[from:to], other(doc), from, to), "</saml:Issuer>", "</saml:Issuer>{R}", 1)
			m.signA = nil
		}
	}
	refusals(t, signedResponse, map[string]refusal{
		"none": {beside(func(d, _, _ string, from, to int) string { return d[:from] + d[to:] }), saml.CheckAssertion, nil},
		"two":  {beside(func(d, _, second string, _, to int) string { return d[:to] + second + d[to:] }), saml.CheckAssertion, nil},
		"three": {beside(func(d, _, second string, _, to int) string {
			return d[:to] + second + strings.ReplaceAll(second, "_second", "_third") + d[to:]
		}), saml.CheckAssertion, nil},
		"in another": {beside(func(d, _, second string, _, to int) string {
			return d[:to-len("</saml:Assertion>")] + second + d[to-len("</saml:Assertion>"):]
		}), saml.CheckAssertion, nil},
		"in Extensions": {beside(func(d, _, second string, _, _ int) string {
			return strings.Replace(d, "<samlp:Status>", "<samlp:Extensions>"+second+"</samlp:Extensions><samlp:Status>", 1)
		}), saml.CheckAssertion, nil},
		// In the Advice of the assertion that is read another one is ignored (SAML Core §2.6.1); see TestAdviceIsIgnored.
		"in Advice": {beside(func(d, _, second string, _, _ int) string {
			return strings.Replace(d, "<samlp:Status>", "<saml:Advice>"+second+"</saml:Advice><samlp:Status>", 1)
		}), saml.CheckAssertion, beside(func(d, _, second string, _, _ int) string {
			return strings.Replace(d, "<saml:AuthnStatement ", "<saml:Advice>"+second+"</saml:Advice><saml:AuthnStatement ", 1)
		})},
		"in an attribute": {beside(func(d, _, second string, _, _ int) string {
			return strings.Replace(d, `<saml:Attribute Name="none"/>`, `<saml:Attribute Name="none"><saml:AttributeValue>`+second+`</saml:AttributeValue></saml:Attribute>`, 1)
		}), saml.CheckAssertion, nil},
		"of another version": {beside(func(d, _, _ string, from, to int) string {
			return strings.NewReplacer("<saml:Assertion ", `<old:Assertion xmlns:old="urn:oasis:names:tc:SAML:1.0:assertion" `, "</saml:Assertion>", "</old:Assertion>").Replace(d)
		}), saml.CheckAssertion, nil},
		"within a list": {beside(func(d, first, _ string, from, to int) string {
			return d[:from] + "<saml:Evidence>" + first + "</saml:Evidence>" + d[to:]
		}), saml.CheckAssertion, nil},
	})
}

func TestSAML42ResponseInAResponse(t *testing.T) {
	t.Parallel()
	m := signedResponse()
	doc := m.xml(t)
	outer := strings.Replace(doc, "_response", "_outer", -1)
	for _, bad := range []string{
		strings.Replace(outer, "</samlp:Response>", doc+"</samlp:Response>", 1),
		`<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ` + responseHead + `>` + doc + `</samlp:Response>`,
	} {
		_, err := m.client(t).CompleteLogin(t.Context(), m.pending(), m.present(bad))
		var invalid *saml.InvalidError
		require.ErrorAs(t, err, &invalid)
	}
}

// White space around an audience is no part of it, since its type is anyURI: TestCaseSamlAudienceBlanks.
func TestSAML43Audiences(t *testing.T) {
	audience := func(s string) change { return says(plainAudience, s) }
	restriction := func(names ...string) string {
		return "<saml:AudienceRestriction><saml:Audience>" + strings.Join(names, "</saml:Audience><saml:Audience>") + "</saml:Audience></saml:AudienceRestriction>"
	}
	refusals(t, signedAssertion, map[string]refusal{
		"no restriction":            {audience(""), saml.CheckAudience, nil},
		"no conditions":             {says(plainConditions, ""), saml.CheckAudience, nil},
		"no audience":               {audience("<saml:AudienceRestriction></saml:AudienceRestriction>"), saml.CheckAudience, nil},
		"empty audience":            {audience(restriction("")), saml.CheckAudience, nil},
		"empty beside ours":         {audience(restriction("", testSP)), saml.CheckAudience, audience(restriction("https://third.example/", testSP))},
		"another":                   {audience(restriction("https://third.example/")), saml.CheckAudience, nil},
		"begins the same":           {audience(restriction(testSP + "/")), saml.CheckAudience, nil},
		"is a part":                 {audience(restriction("https://sp.example/")), saml.CheckAudience, nil},
		"case of letters":           {audience(restriction("https://SP.example/metadata")), saml.CheckAudience, nil},
		"white space":               {audience(restriction("https://sp.example/ metadata")), saml.CheckAudience, audience(restriction("\n  " + testSP + "\t"))}, // around an anyURI it is collapsed
		"no-break space":            {audience(restriction("\u00a0" + testSP)), saml.CheckAudience, nil},
		"blank beside ours":         {audience(restriction(" \n", testSP)), saml.CheckAudience, audience(restriction(testSP))},
		"the address":               {audience(restriction(testACS)), saml.CheckAudience, nil},
		"one of two is unmet":       {audience(restriction(testSP) + restriction("https://third.example/")), saml.CheckAudience, audience(restriction(testSP) + restriction("https://third.example/", testSP))},
		"the second is unmet":       {audience(restriction("https://third.example/") + restriction(testSP)), saml.CheckAudience, nil},
		"elements in it":            {audience(restriction("<x/>" + testSP)), saml.CheckAudience, nil},
		"audience of another kind":  {audience("<saml:AudienceRestriction><samlp:Audience>" + testSP + "</samlp:Audience></saml:AudienceRestriction>"), saml.CheckAudience, nil},
		"in another's restriction":  {audience(`<x:AudienceRestriction xmlns:x="urn:x"><saml:Audience>` + testSP + `</saml:Audience></x:AudienceRestriction>`), saml.CheckConditions, nil},
		"in a proxy restriction":    {audience("<saml:ProxyRestriction><saml:Audience>" + testSP + "</saml:Audience></saml:ProxyRestriction>"), saml.CheckAudience, nil},
		"outside of the conditions": {all(audience(""), says("<saml:AuthnStatement ", "<saml:Advice>"+restriction(testSP)+"</saml:Advice><saml:AuthnStatement ")), saml.CheckAudience, nil},
	})
}
