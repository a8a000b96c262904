package saml_test

import (
	"regexp"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

const basic = `urn:oasis:names:tc:SAML:2.0:attrname-format:basic`

// plain is the layout that most tests change: prefixes declared at the root, no white space.
const plain = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"` +
	` ID="_response" Version="2.0" IssueInstant="2026-11-20T09:30:01Z" Destination="https://sp.example/acs" InResponseTo="_request">` +
	`<saml:Issuer>https://idp.example/metadata</saml:Issuer>{R}` +
	`<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>` +
	`{E}<saml:Assertion ID="_assertion" Version="2.0" IssueInstant="2026-11-20T09:30:00Z"><saml:Issuer>https://idp.example/metadata</saml:Issuer>{A}` +
	plainSubject + plainConditions + plainAuthn +
	`<saml:AttributeStatement><saml:Attribute Name="groups" FriendlyName="Groups" NameFormat="` + basic + `"><saml:AttributeValue xsi:type="xs:string">staff</saml:AttributeValue><saml:AttributeValue xsi:type="xs:string">研发</saml:AttributeValue></saml:Attribute>` +
	`<saml:Attribute Name="none"/></saml:AttributeStatement></saml:Assertion>{/E}</samlp:Response>`

const (
	plainName      = `<saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">alice@example.com</saml:NameID>`
	plainData      = `<saml:SubjectConfirmationData NotOnOrAfter="2026-11-20T09:35:00Z" Recipient="https://sp.example/acs" InResponseTo="_request"/>`
	plainConfirmed = `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">` + plainData + `</saml:SubjectConfirmation>`
	plainSubject   = `<saml:Subject>{N}` + plainName + `{/N}` + plainConfirmed + `</saml:Subject>`
	plainAudience  = `<saml:AudienceRestriction><saml:Audience>https://sp.example/metadata</saml:Audience></saml:AudienceRestriction>`
	plainTimes     = `NotBefore="2026-11-20T09:29:30Z" NotOnOrAfter="2026-11-20T09:36:00Z"`

	plainConditions = `<saml:Conditions ` + plainTimes + `>` + plainAudience + `</saml:Conditions>`
	plainClass      = `urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport`
	plainAuthn      = `<saml:AuthnStatement AuthnInstant="2026-11-20T09:29:58Z" SessionIndex="_session"><saml:AuthnContext><saml:AuthnContextClassRef>` + plainClass + `</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`
)

// alice is what the plain layout says.
func alice() *saml.Assertion {
	return &saml.Assertion{
		Issuer:       testIDP,
		ID:           "_assertion",
		IssueInstant: at("09:30:00"),
		NameID:       saml.NameID{Value: "alice@example.com", Format: saml.NameIDEmail},
		InResponseTo: requestID,
		SessionIndex: "_session",
		AuthnInstant: at("09:29:58"),
		AuthnContext: plainClass,
		Attributes: []saml.Attribute{
			{Name: "groups", FriendlyName: "Groups", NameFormat: basic, Values: []saml.Value{{Type: "xs:string", Text: "staff"}, {Type: "xs:string", Text: "研发"}}},
			{Name: "none"},
		},
	}
}

// at is a time of the day of these tests.
func at(clock string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, "2026-11-20T"+clock+"Z")
	if err != nil {
		panic(err) // the texts are constants
	}
	return t
}

var betweenTags = regexp.MustCompile(`>(\{[RAEN]\}|\{/[EN]\})?<`)

// indent puts every tag on a line of its own, as servers do that print for people.
func indent(text, lineEnd string) string {
	return betweenTags.ReplaceAllStringFunc(text, func(s string) string {
		return ">" + lineEnd + "  " + strings.TrimSuffix(strings.TrimPrefix(s, ">"), "<") + lineEnd + "\t<"
	})
}

// The layouts of widely used servers, from memory and with values of these tests. Each says the same as plain, but
// for the attributes.

const adfs = `<samlp:Response ID="_response" Version="2.0" IssueInstant="2026-11-20T09:30:01.254Z" Destination="https://sp.example/acs" Consent="urn:oasis:names:tc:SAML:2.0:consent:unspecified" InResponseTo="_request" xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol">` +
	`<Issuer xmlns="urn:oasis:names:tc:SAML:2.0:assertion">https://idp.example/metadata</Issuer>{R}<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success" /></samlp:Status>` +
	`{E}<Assertion ID="_assertion" IssueInstant="2026-11-20T09:30:00.000Z" Version="2.0" xmlns="urn:oasis:names:tc:SAML:2.0:assertion"><Issuer>https://idp.example/metadata</Issuer>{A}` +
	`<Subject>{N}<NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">alice@example.com</NameID>{/N}<SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><SubjectConfirmationData InResponseTo="_request" NotOnOrAfter="2026-11-20T09:35:00.000Z" Recipient="https://sp.example/acs" /></SubjectConfirmation></Subject>` +
	`<Conditions NotBefore="2026-11-20T09:29:30.000Z" NotOnOrAfter="2026-11-20T10:30:00.000Z"><AudienceRestriction><Audience>https://sp.example/metadata</Audience></AudienceRestriction></Conditions>` +
	`<AttributeStatement><Attribute Name="http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name"><AttributeValue>爱丽丝 &amp; Co. &lt;staff&gt;</AttributeValue></Attribute><Attribute Name="http://schemas.microsoft.com/identity/claims/tenantid"><AttributeValue>6a1b2c3d-0000-4000-8000-9e8f7a6b5c4d</AttributeValue></Attribute></AttributeStatement>` +
	`<AuthnStatement AuthnInstant="2026-11-20T09:29:58.000Z" SessionIndex="_session"><AuthnContext><AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</AuthnContextClassRef></AuthnContext></AuthnStatement></Assertion>{/E}</samlp:Response>`

const okta = `<?xml version="1.0" encoding="UTF-8"?><saml2p:Response Destination="https://sp.example/acs" ID="_response" InResponseTo="_request" IssueInstant="2026-11-20T09:30:01.871Z" Version="2.0" xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:xs="http://www.w3.org/2001/XMLSchema">` +
	`<saml2:Issuer Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity" xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">https://idp.example/metadata</saml2:Issuer>{R}` +
	`<saml2p:Status xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol"><saml2p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></saml2p:Status>` +
	`{E}<saml2:Assertion ID="_assertion" IssueInstant="2026-11-20T09:30:00Z" Version="2.0" xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:xs="http://www.w3.org/2001/XMLSchema"><saml2:Issuer Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity" xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">https://idp.example/metadata</saml2:Issuer>{A}` +
	`<saml2:Subject xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">{N}<saml2:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">alice@example.com</saml2:NameID>{/N}<saml2:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml2:SubjectConfirmationData InResponseTo="_request" NotOnOrAfter="2026-11-20T09:35:01.872Z" Recipient="https://sp.example/acs"/></saml2:SubjectConfirmation></saml2:Subject>` +
	`<saml2:Conditions NotBefore="2026-11-20T09:25:01.872Z" NotOnOrAfter="2026-11-20T09:35:01.872Z" xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion"><saml2:AudienceRestriction><saml2:Audience>https://sp.example/metadata</saml2:Audience></saml2:AudienceRestriction></saml2:Conditions>` +
	`<saml2:AuthnStatement AuthnInstant="2026-11-20T09:29:58Z" SessionIndex="_session" xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion"><saml2:AuthnContext><saml2:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml2:AuthnContextClassRef></saml2:AuthnContext></saml2:AuthnStatement>` +
	`<saml2:AttributeStatement xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion"><saml2:Attribute Name="displayName" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified"><saml2:AttributeValue xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xs:string">Alice</saml2:AttributeValue></saml2:Attribute></saml2:AttributeStatement></saml2:Assertion>{/E}</saml2p:Response>`

const oneLogin = `<samlp:Response xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_response" Version="2.0" IssueInstant="2026-11-20T09:30:01Z" Destination="https://sp.example/acs" InResponseTo="_request"><saml:Issuer>https://idp.example/metadata</saml:Issuer>{R}<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>` +
	`{E}<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" Version="2.0" ID="_assertion" IssueInstant="2026-11-20T09:30:00Z"><saml:Issuer>https://idp.example/metadata</saml:Issuer>{A}` +
	`<saml:Subject>{N}<saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">alice@example.com</saml:NameID>{/N}<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="2026-11-20T09:33:00Z" Recipient="https://sp.example/acs" InResponseTo="_request"/></saml:SubjectConfirmation></saml:Subject>` +
	`<saml:Conditions NotBefore="2026-11-20T09:27:00Z" NotOnOrAfter="2026-11-20T09:33:00Z"><saml:AudienceRestriction><saml:Audience>https://sp.example/metadata</saml:Audience></saml:AudienceRestriction></saml:Conditions>` +
	`<saml:AuthnStatement AuthnInstant="2026-11-20T09:29:58Z" SessionNotOnOrAfter="2026-11-21T09:30:00Z" SessionIndex="_session"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>` +
	`<saml:AttributeStatement><saml:Attribute NameFormat="` + basic + `" Name="memberOf"><saml:AttributeValue xsi:type="xs:string"/></saml:Attribute><saml:Attribute NameFormat="` + basic + `" Name="manager"><saml:AttributeValue xsi:nil="true" xsi:type="xs:string"/></saml:Attribute></saml:AttributeStatement></saml:Assertion>{/E}</samlp:Response>`

const keycloak = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" Destination="https://sp.example/acs" ID="_response" InResponseTo="_request" IssueInstant="2026-11-20T09:30:01.102Z" Version="2.0"><saml:Issuer>https://idp.example/metadata</saml:Issuer>{R}<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>` +
	`{E}<saml:Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion" ID="_assertion" IssueInstant="2026-11-20T09:30:00Z" Version="2.0"><saml:Issuer>https://idp.example/metadata</saml:Issuer>{A}` +
	`<saml:Subject>{N}<saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">alice@example.com</saml:NameID>{/N}<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData InResponseTo="_request" NotOnOrAfter="2026-11-20T09:35:00.100Z" Recipient="https://sp.example/acs"/></saml:SubjectConfirmation></saml:Subject>` +
	`<saml:Conditions NotBefore="2026-11-20T09:29:58.100Z" NotOnOrAfter="2026-11-20T09:31:00.100Z"><saml:AudienceRestriction><saml:Audience>https://sp.example/metadata</saml:Audience></saml:AudienceRestriction></saml:Conditions>` +
	`<saml:AuthnStatement AuthnInstant="2026-11-20T09:29:58Z" SessionIndex="_session" SessionNotOnOrAfter="2026-11-20T19:30:00.102Z"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>` +
	`<saml:AttributeStatement><saml:Attribute Name="Role" NameFormat="` + basic + `"><saml:AttributeValue xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xs:string">view-profile</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion>{/E}</samlp:Response>`

const shibboleth = `<?xml version="1.0" encoding="UTF-8"?>
<saml2p:Response Destination="https://sp.example/acs" ID="_response" InResponseTo="_request" IssueInstant="2026-11-20T09:30:01.001Z" Version="2.0" xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol"><saml2:Issuer xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">https://idp.example/metadata</saml2:Issuer>{R}<saml2p:Status><saml2p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></saml2p:Status>` +
	`{E}<saml2:Assertion ID="_assertion" IssueInstant="2026-11-20T09:30:00Z" Version="2.0" xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><saml2:Issuer>https://idp.example/metadata</saml2:Issuer>{A}` +
	`<saml2:Subject>{N}<saml2:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient" NameQualifier="https://idp.example/metadata" SPNameQualifier="https://sp.example/metadata">AAdzZWNyZXQxMIJk</saml2:NameID>{/N}<saml2:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml2:SubjectConfirmationData Address="192.0.2.7" InResponseTo="_request" NotOnOrAfter="2026-11-20T09:35:00.001Z" Recipient="https://sp.example/acs"/></saml2:SubjectConfirmation></saml2:Subject>` +
	`<saml2:Conditions NotBefore="2026-11-20T09:30:00.001Z" NotOnOrAfter="2026-11-20T09:35:00.001Z"><saml2:AudienceRestriction><saml2:Audience>https://sp.example/metadata</saml2:Audience></saml2:AudienceRestriction></saml2:Conditions>` +
	`<saml2:AuthnStatement AuthnInstant="2026-11-20T09:29:58Z" SessionIndex="_session"><saml2:SubjectLocality Address="192.0.2.7"/><saml2:AuthnContext><saml2:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml2:AuthnContextClassRef></saml2:AuthnContext></saml2:AuthnStatement>` +
	`<saml2:AttributeStatement><saml2:Attribute FriendlyName="eduPersonTargetedID" Name="urn:oid:1.3.6.1.4.1.5923.1.1.1.10" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri"><saml2:AttributeValue><saml2:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent" NameQualifier="https://idp.example/metadata" SPNameQualifier="https://sp.example/metadata">NDVjYjY=</saml2:NameID></saml2:AttributeValue></saml2:Attribute>` +
	`<saml2:Attribute FriendlyName="mail" Name="urn:oid:0.9.2342.19200300.100.1.3" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri"><saml2:AttributeValue xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xsd:string">alice@example.com</saml2:AttributeValue></saml2:Attribute></saml2:AttributeStatement></saml2:Assertion>{/E}</saml2p:Response>`
