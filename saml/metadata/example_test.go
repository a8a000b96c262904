package metadata_test

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// Metadata at an address, which is fetched when it is needed and when it is old.
func ExampleNewSource() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(exampleMetadata())
	}))
	defer server.Close()
	source, err := metadata.NewSource(metadata.Config{URL: server.URL, EntityID: "https://idp.example/metadata", HTTPClient: server.Client()})
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

// A client does this by itself; call it when you know that keys were changed.
func ExampleSource_Refresh() {
	fetches := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fetches++
		_, _ = w.Write(exampleMetadata())
	}))
	defer server.Close()
	source, err := metadata.NewSource(metadata.Config{URL: server.URL, HTTPClient: server.Client()})
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

// Metadata that was downloaded, or sent by the people who run the identity provider.
func ExampleParse() {
	p, err := metadata.Parse(exampleMetadata(), metadata.Options{EntityID: "https://idp.example/metadata"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.EntityID)
	fmt.Println(p.SSO[0].Location, len(p.Keys))

	_, err = metadata.Parse(exampleMetadata(), metadata.Options{EntityID: "https://other.example/metadata"})
	fmt.Println(err)
	// Output:
	// https://idp.example/metadata
	// https://idp.example/sso 1
	// saml: metadata (entity) of "https://other.example/metadata": the document is of "https://idp.example/metadata"
}

// Several identity providers: a login names the one that it goes to.
func ExampleNewList() {
	source := metadata.NewList(provider(), another())
	for _, name := range []string{"https://other.example/metadata", "https://evil.example/metadata", ""} {
		p, err := source.IDP(context.Background(), name)
		if err != nil {
			fmt.Println(errors.Is(err, metadata.CheckUnknown), err)
			continue
		}
		fmt.Println(p.EntityID)
	}
	// Output:
	// https://other.example/metadata
	// true saml: metadata (unknown) of "https://evil.example/metadata": it is not configured
	// true saml: metadata (unknown): 2 identity providers are configured, and none was named
}

// exampleMetadata is the metadata of an identity provider.
func exampleMetadata() []byte {
	return []byte(`<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="https://idp.example/metadata">
  <IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <KeyDescriptor use="signing"><ds:KeyInfo>` + rsaValue(idpKey().N.Bytes(), []byte{1, 0, 1}) + `</ds:KeyInfo></KeyDescriptor>
    <SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example/sso"/>
  </IDPSSODescriptor>
</EntityDescriptor>`)
}

// Each identity provider of a federation, when it is needed.
func ExampleNewMDQ() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.EscapedPath() != "/entities/https%3A%2F%2Fidp.example%2Fmetadata" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(exampleMetadata())
	}))
	defer server.Close()
	source, err := metadata.NewMDQ(metadata.Config{
		URL: server.URL, HTTPClient: server.Client(), // and Keys, WantSigned and MaxValidity, as the federation says
		Filter: func(p *metadata.IDP) bool {
			return !p.HasAttribute(metadata.EntityCategory, metadata.HideFromDiscovery)
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := source.IDP(context.Background(), "https://idp.example/metadata")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.SSO[0].Location, p.CheckScopes)
	_, err = source.IDP(context.Background(), "https://other.example/metadata")
	fmt.Println(errors.Is(err, metadata.CheckUnknown))
	// Output:
	// https://idp.example/sso true
	// true
}

// The sender of an artifact, which names it by a hash alone.
func ExampleMDQ_IDPBySHA1() {
	hash := sha1.Sum([]byte("https://idp.example/metadata"))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.EscapedPath() == "/entities/%7Bsha1%7D"+hex.EncodeToString(hash[:]) {
			_, _ = w.Write(exampleMetadata())
		}
	}))
	defer server.Close()
	source, err := metadata.NewMDQ(metadata.Config{URL: server.URL, HTTPClient: server.Client()})
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := source.IDPBySHA1(context.Background(), hash)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.EntityID)
	// Output: https://idp.example/metadata
}

// A client does this by itself for the scoped attributes that it knows; call it for others that end with a domain.
func ExampleIDP_InScope() {
	p := metadata.IDP{Scopes: []metadata.Scope{{Text: "example.org"}, {Text: `[a-z]+\.example\.org`, Regexp: true}}}
	fmt.Println(p.InScope("example.org"), p.InScope("students.example.org"), p.InScope("evil.example"))
	// Output: true true false
}
