package saml_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"

	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

const (
	spID  = "https://app.example/saml"
	acs   = "https://app.example/saml/acs"
	acs2  = "https://app.example/saml/acs2"
	idpID = "https://idp.example/metadata"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// idpKey signs for the identity provider, spKey belongs to the service provider.
var (
	idpKey = sync.OnceValue(newKey)
	spKey  = sync.OnceValue(newKey)
)

func newKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

// provider is the identity provider as the service provider sees it.
func provider() *metadata.IDP {
	return &metadata.IDP{
		EntityID: idpID,
		SSO: []metadata.Endpoint{
			{Binding: saml.BindingPOST, Location: "https://idp.example/sso/post?tenant=1"},
			{Binding: saml.BindingRedirect, Location: "https://idp.example/sso"},
		},
		Keys: []crypto.PublicKey{idpKey().Public()},
	}
}

// newSP returns a service provider whose clock is always at noon.
func newSP(configure ...func(*saml.Config)) (*saml.Client, error) {
	cfg := saml.Config{
		EntityID: spID, ACSURL: acs, MoreACSURLs: []string{acs2}, IDP: metadata.NewList(provider()),
		Now: func() time.Time { return noon },
	}
	for _, f := range configure {
		f(&cfg)
	}
	return saml.NewClient(cfg)
}

// answer is a response that the identity provider makes.
type answer struct {
	inResponseTo, destination string
	signResponse, signBody    bool
	status                    string // Success when empty
	relayState                string
	change                    func(string) string // changes the assertion before it is signed
	encrypt                   func(string) string // the signed assertion
}

func answerTo(l *saml.Login) answer {
	return answer{inResponseTo: l.RequestID, destination: l.ACSURL, signBody: true, relayState: l.Key}
}

const bodyText = `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ID="_assertion-1" Version="2.0" IssueInstant="2026-11-20T12:00:00Z">` +
	`<saml:Issuer>https://idp.example/metadata</saml:Issuer>` +
	`<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">ada@example.com</saml:NameID>` +
	`<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="2026-11-20T12:05:00Z" Recipient="{ACS}" InResponseTo="{REQUEST}"/></saml:SubjectConfirmation></saml:Subject>` +
	`<saml:Conditions NotBefore="2026-11-20T11:59:30Z" NotOnOrAfter="2026-11-20T12:05:00Z"><saml:AudienceRestriction><saml:Audience>https://app.example/saml</saml:Audience></saml:AudienceRestriction></saml:Conditions>` +
	`<saml:AuthnStatement AuthnInstant="2026-11-20T11:58:00.5Z" SessionIndex="_session-1" SessionNotOnOrAfter="2026-11-20T20:00:00Z"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>` +
	`<saml:AttributeStatement><saml:Attribute Name="urn:oid:0.9.2342.19200300.100.1.3" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri" FriendlyName="mail"><saml:AttributeValue xsi:type="xs:string">ada@example.com</saml:AttributeValue></saml:Attribute>` +
	`<saml:Attribute Name="groups"><saml:AttributeValue xsi:type="xs:string">staff</saml:AttributeValue><saml:AttributeValue xsi:type="xs:string">a &amp; b</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>` +
	`</saml:Assertion>`

// message is the response's text.
func (a answer) message() string {
	body := strings.NewReplacer("{ACS}", a.destination, "{REQUEST}", a.inResponseTo).Replace(bodyText)
	if a.inResponseTo == "" {
		body = strings.ReplaceAll(body, ` InResponseTo=""`, "")
	}
	if a.change != nil {
		body = a.change(body)
	}
	if a.signBody {
		body = signed(body)
	}
	if a.encrypt != nil {
		body = `<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">` + a.encrypt(body) + `</saml:EncryptedAssertion>`
	}
	status := `<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>`
	if a.status != "" {
		status, body = a.status, ""
	}
	text := `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_response-1" Version="2.0" IssueInstant="2026-11-20T12:00:00Z" Destination="` + a.destination + `"`
	if a.inResponseTo != "" {
		text += ` InResponseTo="` + a.inResponseTo + `"`
	}
	text += `><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">https://idp.example/metadata</saml:Issuer><samlp:Status>` + status + `</samlp:Status>` + body + `</samlp:Response>`
	if a.signResponse {
		text = signed(text)
	}
	return text
}

// request is the browser's POST of the response.
func (a answer) request() *http.Request { return post(a.message(), a.relayState) }

func post(message, relayState string) *http.Request {
	form := url.Values{"SAMLResponse": {base64.StdEncoding.EncodeToString([]byte(message))}, "RelayState": {relayState}}
	r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, acs, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// signed signs the root of text, by a library that is not ours.
func signed(text string) string {
	doc := etree.NewDocument()
	if err := doc.ReadFromString(text); err != nil {
		panic(err)
	}
	ctx, err := dsig.NewSigningContext(idpKey(), nil)
	if err != nil {
		panic(err)
	}
	ctx.Canonicalizer = dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("")
	signature, err := ctx.ConstructSignature(doc.Root(), true)
	if err != nil {
		panic(err)
	}
	doc.Root().InsertChildAt(1, signature)
	text, err = doc.WriteToString()
	if err != nil {
		panic(err)
	}
	return text
}
