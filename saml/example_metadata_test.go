package saml_test

import (
	"context"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

func ExampleNewClient() {
	c, err := saml.NewClient(saml.Config{
		EntityID: "https://app.example/saml",
		ACSURL:   "https://app.example/saml/acs",
		IDP: saml.IDPs(&saml.IDP{
			EntityID: "https://idp.example/metadata",
			SSO:      []saml.Endpoint{{Binding: saml.BindingRedirect, Location: "https://idp.example/sso"}},
			Keys:     []crypto.PublicKey{idpKey().Public()},
		}),
	})
	fmt.Println(c, err)

	_, err = saml.NewClient(saml.Config{EntityID: "https://app.example/saml", ACSURL: "http://app.example/saml/acs"})
	fmt.Println(err)
	// Output:
	// saml.Config{EntityID:https://app.example/saml ACSURL:https://app.example/saml/acs IDP:[redacted] Replay:[redacted] Skew:1m0s LoginLifetime:1h0m0s MaxMessage:8388608 MaxInflated:1048576 MaxNodes:250000 Now:[redacted]} <nil>
	// saml: ACSURL must be an https URL: http is for loopback hosts only (InsecureAllowHTTP lifts this, and lets anyone on the way read the secrets)
}

// Several identity providers: a login names the one that it goes to.
func ExampleIDPs() {
	source := saml.IDPs(provider(), another())
	for _, name := range []string{"https://other.example/metadata", "https://evil.example/metadata", ""} {
		p, err := source.IDP(context.Background(), name)
		if err != nil {
			fmt.Println(errors.Is(err, saml.CheckUnknownIDP), err)
			continue
		}
		fmt.Println(p.EntityID)
	}
	// Output:
	// https://other.example/metadata
	// true saml: refused (idp): "https://evil.example/metadata" is not configured
	// true saml: refused (idp): 2 identity providers are configured, and none was named
}

// The pair is that of a TLS server: tls.LoadX509KeyPair reads it from files.
func ExampleNewKey() {
	pair, err := tls.X509KeyPair(examplePair())
	if err != nil {
		fmt.Println(err)
		return
	}
	key, err := saml.NewKey(pair)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(key) // never printed
	// Output: saml.Key{Signer:[redacted] Decrypter:[redacted] Certificate:[redacted]}
}

// Metadata that were downloaded, or sent by the identity provider's people.
func ExampleParseMetadata() {
	p, err := saml.ParseMetadata(exampleMetadata(), saml.MetadataOptions{EntityID: "https://idp.example/metadata"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.EntityID)
	fmt.Println(p.SSO[0].Location, len(p.Keys))

	_, err = saml.ParseMetadata(exampleMetadata(), saml.MetadataOptions{EntityID: "https://other.example/metadata"})
	fmt.Println(err)
	// Output:
	// https://idp.example/metadata
	// https://idp.example/sso 1
	// saml: refused (metadata): the metadata are of "https://idp.example/metadata", not of "https://other.example/metadata"
}

// Metadata at an address, which are fetched when they are needed and when they are old.
func ExampleNewMetadataSource() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(exampleMetadata())
	}))
	defer server.Close()
	source, err := saml.NewMetadataSource(saml.MetadataConfig{URL: server.URL, EntityID: "https://idp.example/metadata", HTTPClient: server.Client()})
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := source.IDP(context.Background(), "") // now, so that a mistake is seen when the program starts
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.SSO[0].Location)
	_, err = saml.NewClient(saml.Config{EntityID: "https://app.example/saml", ACSURL: "https://app.example/saml/acs", IDP: source})
	fmt.Println(err)
	// Output:
	// https://idp.example/sso
	// <nil>
}

// A client does this by itself; it is for those who know that keys were changed.
func ExampleMetadataSource_Refresh() {
	fetches := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fetches++
		_, _ = w.Write(exampleMetadata())
	}))
	defer server.Close()
	source, err := saml.NewMetadataSource(saml.MetadataConfig{URL: server.URL, HTTPClient: server.Client()})
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 5 {
		if _, err := source.Refresh(context.Background(), "https://idp.example/metadata"); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println(fetches, "fetches: the first, and one more in ten seconds")
	// Output: 2 fetches: the first, and one more in ten seconds
}

func ExampleClient_Metadata() {
	c, err := newSP()
	if err != nil {
		fmt.Println(err)
		return
	}
	data, err := c.Metadata(context.Background(), saml.MetadataDocOptions{NameIDFormats: []string{saml.NameIDPersistent}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.ReplaceAll(string(data), "><", ">\n<"))
	// Output:
	// <md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://app.example/saml">
	// <md:SPSSODescriptor AuthnRequestsSigned="false" WantAssertionsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
	// <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>
	// <md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://app.example/saml/acs" index="0" isDefault="true"/>
	// <md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://app.example/saml/acs2" index="1"/>
	// </md:SPSSODescriptor>
	// </md:EntityDescriptor>
}

func ExampleClient_MetadataHandler() {
	c, err := newSP()
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.Handle("/saml/metadata", c.MetadataHandler(saml.MetadataDocOptions{}))

	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/saml/metadata", nil))
	fmt.Println(w.Code, w.Header().Get("Content-Type"))
	// Output: 200 application/samlmetadata+xml
}

// exampleMetadata are the metadata of an identity provider.
func exampleMetadata() []byte {
	return []byte(`<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="https://idp.example/metadata">
  <IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <KeyDescriptor use="signing"><ds:KeyInfo>` + rsaValue(idpKey().N.Bytes(), []byte{1, 0, 1}) + `</ds:KeyInfo></KeyDescriptor>
    <SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example/sso"/>
  </IDPSSODescriptor>
</EntityDescriptor>`)
}

// examplePair is a certificate and its key in PEM, as files have them.
func examplePair() (certificate, key []byte) {
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "app.example"}, NotAfter: noon}
	der, err := x509.CreateCertificate(rand.Reader, template, template, spKey().Public(), spKey())
	if err != nil {
		panic(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(spKey())})
}

// exampleAEAD seals what examples keep in cookies.
func exampleAEAD() cipher.AEAD {
	block, err := aes.NewCipher(make([]byte, 32))
	if err != nil {
		panic(err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err)
	}
	return aead
}
