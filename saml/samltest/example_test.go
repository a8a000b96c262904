package samltest_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

// A login of a client of package saml. An error makes the next call fail, so the last one tells of all.
func Example() {
	idp := &samltest.Server{}
	server := httptest.NewServer(idp)
	defer server.Close()
	source, _ := metadata.NewSource(metadata.Config{URL: server.URL + "/metadata", HTTPClient: server.Client()})
	client, _ := saml.NewClient(saml.Config{EntityID: "https://app.example/saml", ACSURL: "http://localhost:3000/acs", IDP: source})
	login, _ := client.BeginLogin(context.Background(), saml.AuthorizeOptions{})
	callback, _ := idp.Login(context.Background(), login.URL, idptest.Username)
	assertion, err := client.CompleteLogin(context.Background(), login, callback)
	fmt.Println(assertion.NameID.Value, assertion.Values("email"), err)
	// Output: alice [alice@example.com] <nil>
}

// authnRequest asks for a login that ends at http://localhost:3000/acs.
func authnRequest() string {
	return `<AuthnRequest xmlns="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1" Version="2.0" IssueInstant="` + time.Now().UTC().Format(time.RFC3339) +
		`" AssertionConsumerServiceURL="http://localhost:3000/acs"><Issuer xmlns="urn:oasis:names:tc:SAML:2.0:assertion">https://sp.example.com</Issuer></AuthnRequest>`
}

// A SAML login by the POST binding: what the browser posts to the application.
func ExampleServer_LoginForm() {
	idp := &samltest.Server{}
	callback, err := idp.LoginForm(context.Background(), "https://id.example.com/sso", url.Values{
		"SAMLRequest": {base64.StdEncoding.EncodeToString([]byte(authnRequest()))}, "RelayState": {"af0ifjsldkj"},
	}, idptest.Username)
	if err != nil {
		fmt.Println(err)
		return
	}
	response, err := base64.StdEncoding.DecodeString(callback.PostFormValue("SAMLResponse"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(callback.Method, callback.URL, callback.PostFormValue("RelayState"))
	fmt.Println(strings.Contains(string(response), ">alice</saml:NameID>"))
	// Output:
	// POST http://localhost:3000/acs af0ifjsldkj
	// true
}

// One login at the server opens two applications.
func ExampleServer_Browser() {
	idp := &samltest.Server{Apps: []samltest.App{
		{ID: "wiki", EntityID: "https://wiki.example.com", ACSURLs: []string{"https://wiki.example.com/acs"}},
		{ID: "mail", EntityID: "https://mail.example.com", ACSURLs: []string{"https://mail.example.com/acs"}},
	}}
	browser, err := idp.Browser(idptest.Username)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, app := range []string{"wiki", "mail"} {
		callback, err := browser.Open(context.Background(), "https://id.example.com/"+app+"/sso", nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(callback.Method, callback.URL)
	}
	// Output:
	// POST https://wiki.example.com/acs
	// POST https://mail.example.com/acs
}

// get is the body of an answer.
func get(handler http.Handler, path string) string {
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, path, nil))
	return recorder.Body.String()
}

// The metadata of the identity provider.
func ExampleApp() {
	idp := &samltest.Server{Realm: &idptest.Realm{BaseURL: "https://id.example.com"}, Apps: []samltest.App{{ID: "wiki"}}}
	recorder := httptest.NewRecorder()
	idp.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/wiki/metadata", nil))
	fmt.Println(recorder.Header().Get("Content-Type"), strings.Contains(recorder.Body.String(), `entityID="https://id.example.com"`))
	fmt.Println(idp.Requests("/wiki/metadata"))
	// Output:
	// application/samlmetadata+xml true
	// 1
}

// Two identity providers with one realm: a login at one is a login at the other.
func ExampleServer_Mount() {
	realm := &idptest.Realm{}
	one := &samltest.Server{Realm: realm, Path: "/one", EntityID: "urn:example:one"}
	two := &samltest.Server{Realm: realm, Path: "/two", EntityID: "urn:example:two"}
	mux := http.NewServeMux()
	one.Mount(mux) // as realm.Handler(one, two) does, which adds the pages of the realm
	two.Mount(mux)
	for _, path := range []string{"/one/metadata", "/two/metadata"} {
		fmt.Println(strings.Contains(get(mux, path), `entityID="urn:example:`+path[1:4]+`"`))
	}
	// Output:
	// true
	// true
}

// A logout that starts at the server: what the browser brings to the application.
func ExampleServer_LogoutRequest() {
	idp := &samltest.Server{Apps: []samltest.App{{
		EntityID: "https://wiki.example.com", ACSURLs: []string{"https://wiki.example.com/acs"}, SLOURL: "https://wiki.example.com/slo",
	}}}
	if _, err := idp.Login(context.Background(), "https://id.example.com/sso", idptest.Username); err != nil {
		fmt.Println(err)
		return
	}
	notice, err := idp.LogoutRequest(context.Background(), idptest.Username, "https://wiki.example.com")
	if err != nil {
		fmt.Println(err)
		return
	}
	query := notice.URL.Query()
	fmt.Println(notice.Method, notice.URL.Host+notice.URL.Path, query.Has("SAMLRequest"), query.Has("Signature"))
	// Output: GET wiki.example.com/slo true true
}

// What real servers send in their own way: this refusal does not say what it answers, as Keycloak's do not.
func ExampleShapes() {
	fmt.Println(samltest.Shapes()[:2])
	idp := &samltest.Server{}
	idp.Break(samltest.SilentRefusal)
	server := httptest.NewServer(idp)
	defer server.Close()
	source, _ := metadata.NewSource(metadata.Config{URL: server.URL + "/metadata", HTTPClient: server.Client()})
	client, _ := saml.NewClient(saml.Config{EntityID: "https://app.example/saml", ACSURL: "http://localhost:3000/acs", IDP: source})
	login, _ := client.BeginLogin(context.Background(), saml.AuthorizeOptions{IsPassive: true})
	callback, _ := idp.Login(context.Background(), login.URL, "")
	_, err := client.CompleteLogin(context.Background(), login, callback)
	fmt.Println(err)
	// Output:
	// [SAMLSilentRefusal SAMLBlanks]
	// saml: the identity provider refused: Responder: NoPassive
}

// The old key stays in the metadata beside the new one.
func ExampleServer_RotateKeys() {
	idp := &samltest.Server{}
	fmt.Println(strings.Count(get(idp, "/metadata"), "<md:KeyDescriptor "))
	if err := idp.RotateKeys(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.Count(get(idp, "/metadata"), "<md:KeyDescriptor "))
	// Output:
	// 1
	// 2
}

// Every way in which the server can forge a login; a test ranges over them.
func ExampleFaults() {
	idp := &samltest.Server{}
	for _, fault := range samltest.Faults()[:2] {
		idp.Break(fault)
		callback, err := idp.LoginForm(context.Background(), "https://id.example.com/sso", url.Values{
			"SAMLRequest": {base64.StdEncoding.EncodeToString([]byte(authnRequest()))},
		}, idptest.Username)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(fault, callback.URL) // the application must refuse it
	}
	// Output:
	// samltest.Unsigned http://localhost:3000/acs
	// samltest.SignedDetail http://localhost:3000/acs
}

// Metadata that a service provider must not take.
func ExampleMetadataFaults() {
	idp := &samltest.Server{}
	idp.Break(samltest.MetadataFaults()[0])
	fmt.Println(strings.Contains(get(idp, "/metadata"), "validUntil="))
	// Output: true
}

// The ways in which the logout messages of the server can be wrong.
func ExampleLogoutRequestFaults() {
	fmt.Println(samltest.LogoutRequestFaults()[0], samltest.LogoutResponseFaults()[0])
	// Output: samltest.LogoutUnsigned samltest.LogoutUnsigned
}

// Responses by artifact that a service provider must not take.
func ExampleArtifactFaults() {
	idp := &samltest.Server{Artifacts: true, Apps: []samltest.App{{ResponseBinding: samltest.BindingArtifact}}}
	idp.Break(samltest.ArtifactFaults()[0])
	callback, err := idp.LoginForm(context.Background(), "https://id.example.com/sso", url.Values{
		"SAMLRequest": {base64.StdEncoding.EncodeToString([]byte(authnRequest()))},
	}, idptest.Username)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(samltest.ArtifactFaults()[0], callback.Method, callback.URL.Query().Has("SAMLart"))
	// Output: samltest.ArtifactWrongSource GET true
}
