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
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

func ExampleNewClient() {
	c, err := saml.NewClient(saml.Config{
		EntityID: "https://app.example/saml",
		ACSURL:   "https://app.example/saml/acs",
		IDP: metadata.NewList(&metadata.IDP{
			EntityID: "https://idp.example/metadata",
			SSO:      []metadata.Endpoint{{Binding: saml.BindingRedirect, Location: "https://idp.example/sso"}},
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
