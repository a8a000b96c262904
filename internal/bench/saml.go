package main

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/beevik/etree"
	crewjam "github.com/crewjam/saml"
	dsig "github.com/russellhaering/goxmldsig"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

const (
	samlSP         = "https://app.example/saml/metadata"
	samlACS        = "https://app.example/saml/acs"
	samlIDP        = "https://idp.example/saml/metadata"
	samlSSO        = "https://idp.example/saml/sso"
	samlAttributes = 11
)

// samlCases read a response whose assertion is signed and has 6 KB. The limit is SHA-256 of all its bytes and one
// RSA verification; base64, the form and the reading are not in it.
func samlCases() []benchCase {
	key, certificate := samlKey()
	client := samlClient(key, saml.Config{})
	login, err := client.BeginLogin(context.Background(), saml.AuthorizeOptions{})
	must(err)
	message := samlResponse(login.RequestID, key, certificate, samlAttributes)
	request := posted(samlForm(message, login.Key))
	limit := bareSignature(key, message)
	return []benchCase{
		{
			name: "SAML login", limit: limit,
			works: []work{
				our("saml", func() error {
					a, err := client.CompleteLogin(context.Background(), login, request())
					if err == nil && (a.NameID.Value != "alice@example.com" || len(a.Attributes) != samlAttributes) {
						return errors.New("assertion")
					}
					return err
				}),
				our("authentication", samlFlow(client, key, certificate)),
				peer("crewjam/saml", samlPeer(certificate, login.RequestID, request)),
			},
		},
		{
			name: "SAML signature", limit: limit,
			works: []work{our("internal/xmldsig", func() error {
				d, err := xmlgate.Parse(message, xmlgate.Options{})
				if err != nil {
					return err
				}
				for e := range d.Root().Children {
					if e.Local() == "Assertion" {
						_, err = xmldsig.Verify(e, []crypto.PublicKey{&key.PublicKey}, xmldsig.Policy{})
						return err
					}
				}
				return errors.New("no assertion")
			}), peer("goxmldsig", func() error {
				doc := etree.NewDocument()
				if err := doc.ReadFromString(message); err != nil {
					return err
				}
				v := dsig.NewDefaultValidationContext(&dsig.MemoryX509CertificateStore{Roots: []*x509.Certificate{certificate}})
				_, err := v.Validate(doc.Root().SelectElement("Assertion"))
				return err
			})},
		},
	}
}

// samlClient knows one identity provider.
func samlClient(key *rsa.PrivateKey, config saml.Config) *saml.Client {
	config.EntityID, config.ACSURL, config.Replay = samlSP, samlACS, forgetful{}
	config.IDP = metadata.NewList(&metadata.IDP{
		EntityID: samlIDP, SSO: []metadata.Endpoint{{Binding: saml.BindingRedirect, Location: samlSSO}}, Keys: []crypto.PublicKey{&key.PublicKey},
	})
	client, err := saml.NewClient(config)
	must(err)
	return client
}

func samlForm(message, relayState string) string {
	return url.Values{"SAMLResponse": {base64.StdEncoding.EncodeToString([]byte(message))}, "RelayState": {relayState}}.Encode()
}

// samlFlow is the same login through package authentication.
func samlFlow(client *saml.Client, key *rsa.PrivateKey, certificate *x509.Certificate) func() error {
	flow := authentication.FromSAML(client)
	login, err := flow.BeginLogin(context.Background(), authentication.AuthorizeOptions{})
	must(err)
	var begun saml.Login
	must(json.Unmarshal(login.Data, &begun))
	request := posted(samlForm(samlResponse(begun.RequestID, key, certificate, samlAttributes), login.Key))
	return func() error {
		id, err := flow.CompleteLogin(context.Background(), login, request())
		if err == nil && (id.Subject != "alice@example.com" || len(id.Claims) != samlAttributes) {
			return errors.New("identity")
		}
		return err
	}
}

// forgetful is a Replay that forgets, so that one response can be measured many times.
type forgetful struct{}

func (forgetful) First(context.Context, string, time.Time) (bool, error) { return true, nil }

// posted returns a request with form, always the same one, whose cost does not count.
func posted(form string) func() *http.Request {
	body := strings.NewReader(form)
	unread := io.NopCloser(body)
	r := &http.Request{
		Method: http.MethodPost, URL: &url.URL{Scheme: "https", Host: "app.example", Path: "/saml/acs"},
		Header:        http.Header{"Content-Type": {"application/x-www-form-urlencoded"}},
		ContentLength: int64(len(form)),
	}
	return func() *http.Request {
		body.Reset(form)
		r.Body, r.Form, r.PostForm = unread, nil, nil // a reader leaves another body, for the next reader
		return r
	}
}

func bareSignature(key *rsa.PrivateKey, message string) func() error {
	digest := sha256.Sum256([]byte(message))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
	must(err)
	data := []byte(message)
	return func() error {
		digest := sha256.Sum256(data)
		return rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, digest[:], signature)
	}
}

func samlPeer(certificate *x509.Certificate, requestID string, request func() *http.Request) func() error {
	acs, err := url.Parse(samlACS)
	must(err)
	sp := crewjam.ServiceProvider{
		EntityID: samlSP, AcsURL: *acs,
		IDPMetadata: &crewjam.EntityDescriptor{
			EntityID: samlIDP,
			IDPSSODescriptors: []crewjam.IDPSSODescriptor{{
				SSODescriptor: crewjam.SSODescriptor{RoleDescriptor: crewjam.RoleDescriptor{KeyDescriptors: []crewjam.KeyDescriptor{{
					Use: "signing",
					KeyInfo: crewjam.KeyInfo{X509Data: crewjam.X509Data{X509Certificates: []crewjam.X509Certificate{
						{Data: base64.StdEncoding.EncodeToString(certificate.Raw)},
					}}},
				}}}},
				SingleSignOnServices: []crewjam.Endpoint{{Binding: crewjam.HTTPRedirectBinding, Location: samlSSO}},
			}},
		},
	}
	crewjam.MaxIssueDelay = time.Hour // a run on a busy machine takes longer than its 90 seconds
	return func() error {
		r := request()
		if err := r.ParseForm(); err != nil {
			return err
		}
		a, err := sp.ParseResponse(r, []string{requestID})
		if err == nil && len(a.AttributeStatements[0].Attributes) != samlAttributes {
			return errors.New("assertion")
		}
		var why *crewjam.InvalidResponseError
		if errors.As(err, &why) {
			return why.PrivateErr
		}
		return err
	}
}

func samlKey() (*rsa.PrivateKey, *x509.Certificate) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	must(err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "idp.example"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	must(err)
	certificate, err := x509.ParseCertificate(der)
	must(err)
	return key, certificate
}

// samlResponse is signed by goxmldsig.
func samlResponse(requestID string, key *rsa.PrivateKey, certificate *x509.Certificate, count int) string {
	now := time.Now().UTC()
	at := func(d time.Duration) string { return now.Add(d).Format("2006-01-02T15:04:05.000Z") }
	var attributes strings.Builder
	for i := range count {
		fmt.Fprintf(&attributes, `<saml:Attribute Name="http://schemas.example.com/identity/claims/attribute%02d" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri">`+
			`<saml:AttributeValue xsi:type="xs:string">value %02d</saml:AttributeValue></saml:Attribute>`, i, i)
	}
	assertion := `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:xs="http://www.w3.org/2001/XMLSchema" ` +
		`xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ID="_4f1c2d7a9b8e4c5fa0d36b7e81c92f45" IssueInstant="` + at(0) + `" Version="2.0">` +
		`<saml:Issuer>` + samlIDP + `</saml:Issuer><saml:Subject>` +
		`<saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">alice@example.com</saml:NameID>` +
		`<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData InResponseTo="` + requestID +
		`" NotOnOrAfter="` + at(time.Hour) + `" Recipient="` + samlACS + `"/></saml:SubjectConfirmation></saml:Subject>` +
		`<saml:Conditions NotBefore="` + at(-time.Minute) + `" NotOnOrAfter="` + at(time.Hour) + `"><saml:AudienceRestriction><saml:Audience>` + samlSP +
		`</saml:Audience></saml:AudienceRestriction></saml:Conditions>` +
		`<saml:AuthnStatement AuthnInstant="` + at(0) + `" SessionIndex="_a7e3"><saml:AuthnContext><saml:AuthnContextClassRef>` +
		`urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>` +
		`<saml:AttributeStatement>` + attributes.String() + `</saml:AttributeStatement></saml:Assertion>`
	doc := etree.NewDocument()
	must(doc.ReadFromString(assertion))
	signer := dsig.NewDefaultSigningContext(dsig.TLSCertKeyStore(tls.Certificate{Certificate: [][]byte{certificate.Raw}, PrivateKey: key}))
	signer.Canonicalizer = dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("")
	signature, err := signer.ConstructSignature(doc.Root(), true)
	must(err)
	doc.Root().InsertChildAt(1, signature)
	signed, err := doc.WriteToString()
	must(err)
	return `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" Destination="` + samlACS + `" ID="_r1b2c3" InResponseTo="` + requestID +
		`" IssueInstant="` + at(0) + `" Version="2.0"><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">` + samlIDP + `</saml:Issuer>` +
		`<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>` + signed + `</samlp:Response>`
}
