package saml

import (
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// Outage is what a server may answer at the address of its metadata.
type Outage struct {
	// Answer makes the bad answer out of the good document.
	Answer func(good string) (*http.Response, error)
	Check  metadata.Check
	// Signed says that a signature is wanted.
	Signed bool
}

// Outages are all kinds of metadata that cannot be used.
func Outages() map[string]Outage {
	answer := func(status int, media, text string) (*http.Response, error) {
		res := httpmock.NewStringResponse(status, text)
		res.Header.Set("Content-Type", media)
		return res, nil
	}
	says := func(media, text string) func(string) (*http.Response, error) {
		return func(string) (*http.Response, error) { return answer(http.StatusOK, media, text) }
	}
	changed := func(old, replacement string) func(string) (*http.Response, error) {
		return func(good string) (*http.Response, error) {
			return answer(http.StatusOK, "application/samlmetadata+xml", strings.ReplaceAll(good, old, replacement))
		}
	}
	return map[string]Outage{
		"cut short": {func(good string) (*http.Response, error) {
			return answer(http.StatusOK, "application/samlmetadata+xml", good[:len(good)/2])
		}, metadata.CheckXML, false},
		"empty":                   {says("application/samlmetadata+xml", ""), metadata.CheckXML, false},
		"a page of plain text":    {says("text/plain", "down for maintenance"), metadata.CheckXML, false},
		"a page typed as XML":     {says("application/xml", "<html><body>down</body></html>"), metadata.CheckXML, false},
		"a page of HTML":          {says("text/html", "<!DOCTYPE html><title>down</title>"), metadata.CheckFetch, false},
		"JSON":                    {says("application/json", `{"code":500}`), metadata.CheckXML, false},
		"unsigned":                {changed("", ""), metadata.CheckSignature, true},
		"expired":                 {changed("entityID=", `validUntil="1999-12-31T00:00:00Z" entityID=`), metadata.CheckExpired, false},
		"another entity":          {changed(`entityID="https://idp.example/metadata"`, `entityID="https://b.example/"`), metadata.CheckEntity, false},
		"no identity provider":    {changed("IDPSSODescriptor", "SPSSODescriptor"), metadata.CheckRole, false},
		"no key":                  {changed("KeyDescriptor", "Organization"), metadata.CheckKey, false},
		"no endpoint for logins":  {changed("SingleSignOnService", "NameIDMappingService"), metadata.CheckEndpoint, false},
		"a script as an endpoint": {changed(`"https://idp.example/slo"`, `"javascript:alert(1)"`), metadata.CheckEndpoint, false},
		"unreachable":             {func(string) (*http.Response, error) { return nil, errors.New("connection refused") }, metadata.CheckFetch, false},
		"overloaded":              {func(string) (*http.Response, error) { return answer(http.StatusServiceUnavailable, "text/plain", "") }, metadata.CheckFetch, false},
		"not found":               {func(string) (*http.Response, error) { return answer(http.StatusNotFound, "text/plain", "") }, metadata.CheckFetch, false},
	}
}

// OutageDocument is a good document of the identity provider with that key.
func OutageDocument(key *rsa.PublicKey) string {
	const redirect = `Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"`
	return `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="https://idp.example/metadata">` +
		`<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor><ds:KeyInfo><ds:KeyValue><ds:RSAKeyValue>` +
		`<ds:Modulus>` + base64.StdEncoding.EncodeToString(key.N.Bytes()) + `</ds:Modulus><ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue></ds:KeyValue></ds:KeyInfo></KeyDescriptor>` +
		`<SingleLogoutService ` + redirect + ` Location="https://idp.example/slo"/><SingleSignOnService ` + redirect + ` Location="https://idp.example/sso"/></IDPSSODescriptor></EntityDescriptor>`
}

// Source is a source of which every fetch gets this answer.
func (o Outage) Source(good string, key *rsa.PublicKey, now func() time.Time) (*metadata.Source, error) {
	mock := httpmock.NewMockTransport()
	mock.RegisterNoResponder(func(*http.Request) (*http.Response, error) {
		if o.Answer == nil {
			return httpmock.NewStringResponse(http.StatusOK, good), nil
		}
		return o.Answer(good)
	})
	c := metadata.Config{
		URL: "https://idp.example/metadata.xml?token=s3cret", EntityID: "https://idp.example/metadata", HTTPClient: &http.Client{Transport: mock}, Now: now,
	}
	if o.Signed {
		c.Keys = append(c.Keys, key)
	}
	return metadata.NewSource(c)
}
