package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"errors"
	"html"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"testing"
	"time"

	"github.com/crewjam/saml"
	"github.com/crewjam/saml/samlsp"

	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

// foreignSP is crewjam's service provider with the fake server, which requires its signatures.
func foreignSP(t *testing.T, sign samltest.Signature, change ...func(*samltest.App)) (*saml.ServiceProvider, *authtest.Server, string) {
	t.Helper()
	key, certificate := spKey(t)
	acs := url.URL{Scheme: "http", Host: "localhost:3000", Path: "/saml/acs"}
	slo := url.URL{Scheme: "http", Host: "localhost:3000", Path: "/saml/slo"}
	app := samltest.App{
		EntityID: "https://sp.example.com", ACSURLs: []string{acs.String()}, SLOURL: slo.String(),
		Key: key.Public(), DemandSigned: true, Sign: sign,
	}
	for _, f := range change {
		f(&app)
	}
	fake := &authtest.Server{SAMLApps: []samltest.App{app}}
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	home, err := url.Parse(server.URL + "/api/v2/saml-idp/" + authtest.AppID + "/metadata")
	if err != nil {
		t.Fatal(err)
	}
	metadata, err := samlsp.FetchMetadata(t.Context(), server.Client(), *home)
	if err != nil {
		t.Fatal(err)
	}
	return &saml.ServiceProvider{
		EntityID: "https://sp.example.com", Key: key, Certificate: certificate, AcsURL: acs, SloURL: slo,
		IDPMetadata: metadata, AuthnNameIDFormat: saml.UnspecifiedNameIDFormat,
		SignatureMethod: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
	}, fake, server.URL
}

func spKey(t *testing.T) (*rsa.PrivateKey, *x509.Certificate) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "sp"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return key, certificate
}

// A service provider of another project logs in through the fake server: it signs its requests, and the fake verifies
// them; the fake signs its responses, and the service provider verifies them.
func TestForeignServiceProviderLogsInThroughAuthtest(t *testing.T) {
	for _, sign := range []samltest.Signature{samltest.SignAssertion, samltest.SignResponse, samltest.SignBoth} {
		for _, binding := range []string{saml.HTTPRedirectBinding, saml.HTTPPostBinding} {
			sp, fake, _ := foreignSP(t, sign)
			request, err := sp.MakeAuthenticationRequest(sp.GetSSOBindingLocation(binding), binding, saml.HTTPPostBinding)
			if err != nil {
				t.Fatal(err)
			}
			var callback *http.Request
			if binding == saml.HTTPRedirectBinding {
				to, err := request.Redirect("relay", sp)
				if err != nil {
					t.Fatal(err)
				}
				callback, err = fake.Login(t.Context(), to.String(), idptest.Username)
				if err != nil {
					t.Fatal(err)
				}
			} else {
				message := hidden(t, string(request.Post("relay")), "SAMLRequest")
				callback, err = fake.LoginForm(t.Context(), request.Destination, url.Values{"SAMLRequest": {message}, "RelayState": {"relay"}}, idptest.Username)
				if err != nil {
					t.Fatal(err)
				}
			}
			assertion, err := parse(sp, callback, request.ID)
			if err != nil {
				t.Fatalf("%s by %s: %v", sign, binding, err)
			}
			if assertion.Subject.NameID.Value != idptest.Username {
				t.Fatalf("name %q", assertion.Subject.NameID.Value)
			}
		}
	}
}

// Then it logs out: it sends a request and accepts the response. It also answers the fake's request, and the fake
// accepts the response.
func TestForeignServiceProviderLogsOutThroughAuthtest(t *testing.T) {
	sp, fake, host := foreignSP(t, samltest.SignBoth, func(a *samltest.App) { a.SLOBinding = samltest.BindingPOST })
	enter := func() *idptest.Browser {
		browser, err := fake.Browser("")
		if err != nil {
			t.Fatal(err)
		}
		request, err := sp.MakeAuthenticationRequest(sp.GetSSOBindingLocation(saml.HTTPRedirectBinding), saml.HTTPRedirectBinding, saml.HTTPPostBinding)
		if err != nil {
			t.Fatal(err)
		}
		to, err := request.Redirect("relay", sp)
		if err != nil {
			t.Fatal(err)
		}
		callback, err := browser.Open(t.Context(), to.String(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parse(sp, callback, request.ID); err != nil {
			t.Fatal(err)
		}
		return browser
	}
	slo := host + "/api/v2/saml-idp/" + authtest.AppID + "/slo"

	browser := enter()
	page, err := sp.MakePostLogoutRequest(idptest.Username, "relay")
	if err != nil {
		t.Fatal(err)
	}
	answer, err := browser.Open(t.Context(), slo, url.Values{"SAMLRequest": {hidden(t, string(page), "SAMLRequest")}, "RelayState": {"relay"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := sp.ValidateLogoutResponseRequest(answer); err != nil {
		t.Fatal(err)
	}
	if again, err := fake.LogoutRequest(t.Context(), "", authtest.AppID); err == nil {
		t.Fatal("the session is still there: ", again.URL)
	}

	browser = enter()
	asked, err := fake.LogoutRequest(t.Context(), "", authtest.AppID)
	if err != nil {
		t.Fatal(err)
	}
	message, err := base64.StdEncoding.DecodeString(asked.PostFormValue("SAMLRequest"))
	if err != nil {
		t.Fatal(err)
	}
	id := regexp.MustCompile(` ID="([^"]*)"`).FindSubmatch(message)
	page, err = sp.MakePostLogoutResponse(string(id[1]), asked.PostFormValue("RelayState"))
	if err != nil {
		t.Fatal(err)
	}
	fields := url.Values{"SAMLResponse": {hidden(t, string(page), "SAMLResponse")}, "RelayState": {asked.PostFormValue("RelayState")}}
	if next, err := browser.Open(t.Context(), slo, fields); err != nil || next != nil {
		t.Fatal(next, err)
	}
}

// hidden is the value of a field in a form that posts itself.
func hidden(t *testing.T, page, name string) string {
	t.Helper()
	found := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(page)
	if found == nil {
		t.Fatalf("no %s in the page", name)
	}
	return html.UnescapeString(found[1])
}

func parse(sp *saml.ServiceProvider, callback *http.Request, id string) (*saml.Assertion, error) {
	if err := callback.ParseForm(); err != nil {
		return nil, err
	}
	assertion, err := sp.ParseResponse(callback, []string{id})
	if invalid := (*saml.InvalidResponseError)(nil); errors.As(err, &invalid) {
		return nil, invalid.PrivateErr
	}
	return assertion, err
}
