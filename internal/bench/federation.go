package main

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// metadataOf is a signed aggregate of a federation, whose identity providers have 8 KB each.
func metadataOf(size int) (func() error, int) {
	key, certificate := samlKey()
	document := federation(key, base64.StdEncoding.EncodeToString(certificate.Raw), size)
	hc := &http.Client{Transport: wire{body: document}}
	return func() error {
		source, err := metadata.NewSource(metadata.Config{
			URL: "https://federation.example/metadata", HTTPClient: hc, Timeout: time.Hour, MaxReply: 1 << 30, Keys: []crypto.PublicKey{&key.PublicKey},
			WantSigned: true, MaxValidity: 14 * 24 * time.Hour,
		})
		if err != nil {
			return err
		}
		_, err = source.IDP(context.Background(), "https://university0.example/idp")
		return err
	}, len(document)
}

// federation is written in its canonical form, so that it is signed without a tree.
func federation(key *rsa.PrivateKey, certificate string, size int) []byte {
	const ds = `http://www.w3.org/2000/09/xmldsig#`
	open := `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" ID="_all" validUntil="` + time.Now().Add(24*time.Hour).UTC().Format(time.RFC3339) + `">`
	keyOf := func(use string) string {
		return `<md:KeyDescriptor use="` + use + `"><ds:KeyInfo xmlns:ds="` + ds + `"><ds:X509Data><ds:X509Certificate>` + certificate +
			`</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`
	}
	keys := keyOf("signing") + keyOf("encryption")
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		end := b.Len() + 8000
		fmt.Fprintf(&b, `<md:EntityDescriptor ID="_%[1]d" entityID="https://university%[1]d.example/idp"><md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">`+
			`<md:Extensions><shibmd:Scope xmlns:shibmd="urn:mace:shibboleth:metadata:1.0" regexp="false">university%[1]d.example</shibmd:Scope></md:Extensions>%[2]s`+
			`<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://university%[1]d.example/sso"></md:SingleSignOnService>`+
			`</md:IDPSSODescriptor><md:Organization>`, i, keys)
		for n := 0; b.Len() < end-200; n++ {
			fmt.Fprintf(&b, `<md:OrganizationDisplayName xml:lang="x%d">The University of Example &amp; Sons</md:OrganizationDisplayName>`, n)
		}
		b.WriteString(`</md:Organization></md:EntityDescriptor>`)
	}
	rest := b.String() + `</md:EntitiesDescriptor>`
	digest := sha256.Sum256([]byte(open + rest))
	info := `<ds:SignedInfo xmlns:ds="` + ds + `"><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:CanonicalizationMethod>` +
		`<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"></ds:SignatureMethod><ds:Reference URI="#_all"><ds:Transforms>` +
		`<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform>` +
		`</ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod><ds:DigestValue>` +
		base64.StdEncoding.EncodeToString(digest[:]) + `</ds:DigestValue></ds:Reference></ds:SignedInfo>`
	sum := sha256.Sum256([]byte(info))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	must(err)
	return []byte(open + `<ds:Signature xmlns:ds="` + ds + `">` + info + `<ds:SignatureValue>` + base64.StdEncoding.EncodeToString(signature) +
		`</ds:SignatureValue></ds:Signature>` + rest)
}
