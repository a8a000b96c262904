package saml_test

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// spMetadata returns the metadata of that service provider as a foreign reader sees them.
func spMetadata(t testing.TB, o saml.MetadataDocOptions, change ...func(*saml.Config)) (*etree.Element, string) {
	t.Helper()
	data, err := sp(t, change...).Metadata(t.Context(), o)
	require.NoError(t, err)
	doc := etree.NewDocument()
	require.NoError(t, doc.ReadFromBytes(data))
	return doc.Root(), string(data)
}

func TestMetadataOfOurs(t *testing.T) {
	t.Parallel()
	_, text := spMetadata(t, saml.MetadataDocOptions{}, func(c *saml.Config) { c.EntityID = `https://app.example/?a&b="<` })
	assert.Equal(t, `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://app.example/?a&amp;b=&quot;&lt;">`+
		`<md:SPSSODescriptor AuthnRequestsSigned="false" WantAssertionsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">`+
		`<md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://app.example/saml/acs" index="0" isDefault="true"/>`+
		`<md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://app.example/saml/acs2" index="1"/>`+
		`</md:SPSSODescriptor></md:EntityDescriptor>`, text)

	_, text = spMetadata(t, saml.MetadataDocOptions{
		ValidFor: 36 * time.Hour, CacheDuration: 90*time.Minute + 500*time.Millisecond, NameIDFormats: []string{saml.NameIDPersistent, saml.NameIDEmail},
	}, func(c *saml.Config) {
		c.SLOURL, c.MoreACSURLs, c.WantResponseSigned = "https://app.example/saml/slo", nil, true
		c.Keys = []saml.Key{{Signer: device{&rsa.PublicKey{N: idpKey().N, E: 65537}}}}
	})
	assert.Equal(t, `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://app.example/saml" validUntil="2026-11-22T00:00:00Z" cacheDuration="PT5400S">`+
		`<md:SPSSODescriptor AuthnRequestsSigned="true" WantAssertionsSigned="false" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">`+
		`<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:KeyValue><ds:RSAKeyValue>`+
		`<ds:Modulus>`+base64.StdEncoding.EncodeToString(idpKey().N.Bytes())+`</ds:Modulus><ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue></ds:KeyValue></ds:KeyInfo></md:KeyDescriptor>`+
		`<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://app.example/saml/slo"/>`+
		`<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://app.example/saml/slo"/>`+
		`<md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>`+
		`<md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>`+
		`<md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://app.example/saml/acs" index="0" isDefault="true"/>`+
		`</md:SPSSODescriptor></md:EntityDescriptor>`, text)
}

func TestMetadataOfOursWantsASignature(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*saml.Config)
		want   string
	}{
		"nothing said":     {func(*saml.Config) {}, "true"},
		"of the assertion": {func(c *saml.Config) { c.WantAssertionsSigned = true }, "true"},
		"of both":          {func(c *saml.Config) { c.WantAssertionsSigned, c.WantResponseSigned = true, true }, "true"},
		"of the response":  {func(c *saml.Config) { c.WantResponseSigned = true }, "false"},
	} {
		root, _ := spMetadata(t, saml.MetadataDocOptions{}, c.change)
		assert.Equal(t, c.want, root.FindElement("./SPSSODescriptor").SelectAttrValue("WantAssertionsSigned", ""), name)
	}
}

// Each key is written for each of its uses, with the methods of encryption that are accepted.
func TestMetadataOfOursKeys(t *testing.T) {
	t.Parallel()
	ec, own := ecKeys()["P-384"], certificate(t, spKey())
	change := func(c *saml.Config) {
		c.Keys = []saml.Key{{Signer: ec}, {Signer: spKey(), Decrypter: spKey(), Certificate: own}, {Decrypter: idpKey()}, {Exchanger: exchanger(t)}}
	}
	root, _ := spMetadata(t, saml.MetadataDocOptions{}, change)
	var uses []string
	for _, e := range root.FindElements("./SPSSODescriptor/KeyDescriptor") {
		uses = append(uses, e.SelectAttrValue("use", ""))
		require.Len(t, e.FindElements("./KeyInfo"), 1)
	}
	require.Equal(t, []string{"signing", "signing", "encryption", "encryption", "encryption"}, uses)
	value := root.FindElement("./SPSSODescriptor/KeyDescriptor[1]/KeyInfo/KeyValue/ECKeyValue")
	require.NotNil(t, value)
	assert.Equal(t, "http://www.w3.org/2009/xmldsig11#", value.NamespaceURI())
	assert.Equal(t, "urn:oid:1.3.132.0.34", value.FindElement("./NamedCurve").SelectAttrValue("URI", ""))
	point, err := ecKeys()["P-384"].PublicKey.Bytes()
	require.NoError(t, err)
	assert.Equal(t, base64.StdEncoding.EncodeToString(point), value.FindElement("./PublicKey").Text())
	for _, i := range []string{"2", "3"} {
		der, err := base64.StdEncoding.DecodeString(root.FindElement("./SPSSODescriptor/KeyDescriptor[" + i + "]/KeyInfo/X509Data/X509Certificate").Text())
		require.NoError(t, err)
		_, err = x509.ParseCertificate(der)
		require.NoError(t, err)
		assert.Equal(t, own, der)
	}
	value = root.FindElement("./SPSSODescriptor/KeyDescriptor[5]/KeyInfo/KeyValue/ECKeyValue")
	require.NotNil(t, value)
	assert.Equal(t, base64.StdEncoding.EncodeToString(exchanger(t).PublicKey().Bytes()), value.FindElement("./PublicKey").Text())
	methodsOf := func(key string, change ...func(*saml.Config)) (all []string) {
		root, _ := spMetadata(t, saml.MetadataDocOptions{}, change...)
		assert.Empty(t, root.FindElements("./SPSSODescriptor/KeyDescriptor[1]/EncryptionMethod"))
		for _, e := range root.FindElements("./SPSSODescriptor/KeyDescriptor[" + key + "]/EncryptionMethod") {
			_, name, _ := strings.Cut(e.SelectAttrValue("Algorithm", ""), "#")
			all = append(all, name)
		}
		return all
	}
	methods := func(change ...func(*saml.Config)) []string { return methodsOf("4", change...) }
	assert.Equal(t, []string{"aes256-gcm", "aes192-gcm", "aes128-gcm", "rsa-oaep", "rsa-oaep-mgf1p"}, methods(change))
	assert.Equal(t, []string{"aes256-gcm", "aes192-gcm", "aes128-gcm", "tripledes-cbc", "rsa-oaep", "rsa-oaep-mgf1p"},
		methods(change, func(c *saml.Config) { c.AllowTripleDES = true }))
	assert.Equal(t, []string{"aes256-gcm", "aes192-gcm", "aes128-gcm", "ECDH-ES", "kw-aes256", "kw-aes192", "kw-aes128"},
		methodsOf("5", change, func(c *saml.Config) { c.AllowRSA15 = true }))
	assert.Equal(t, []string{"aes256-gcm", "aes192-gcm", "aes128-gcm", "aes256-cbc", "aes192-cbc", "aes128-cbc", "rsa-oaep", "rsa-oaep-mgf1p", "rsa-1_5"},
		methods(change, func(c *saml.Config) { c.AllowCBC, c.AllowRSA15 = true, true }))
}

// A foreign library verifies our signature, and finds the document that it was made of.
func TestMetadataOfOursSigned(t *testing.T) {
	t.Parallel()
	der := certificate(t, spKey())
	cert, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	change := func(c *saml.Config) {
		c.SLOURL, c.Keys = "https://app.example/saml/slo", []saml.Key{{Signer: spKey(), Certificate: der}}
	}
	root, text := spMetadata(t, saml.MetadataDocOptions{Sign: true, ValidFor: time.Hour}, change)
	assert.Equal(t, "Signature", root.ChildElements()[0].Tag, "where the schema has it")
	judge := dsig.NewDefaultValidationContext(&dsig.MemoryX509CertificateStore{Roots: []*x509.Certificate{cert}})
	judge.Clock = dsig.NewFakeClockAt(noon.AddDate(-15, 0, 0)) // it looks at the certificate's dates
	got, err := judge.Validate(root)
	require.NoError(t, err)
	assert.Equal(t, spID, got.SelectAttrValue("entityID", ""))

	other := strings.Replace(text, "/saml/slo", "/saml/sl0", 1)
	require.NotEqual(t, text, other)
	doc := etree.NewDocument()
	require.NoError(t, doc.ReadFromString(other))
	_, err = judge.Validate(doc.Root())
	require.Error(t, err)

	_, again := spMetadata(t, saml.MetadataDocOptions{Sign: true, ValidFor: time.Hour}, change)
	assert.NotEqual(t, text, again, "each has its own ID")
	_, one := spMetadata(t, saml.MetadataDocOptions{}, change)
	_, two := spMetadata(t, saml.MetadataDocOptions{}, change)
	assert.Equal(t, one, two, "unsigned ones are the same each time")
}

func TestMetadataOfOursOptions(t *testing.T) {
	t.Parallel()
	for want, o := range map[string]saml.MetadataDocOptions{
		"saml: Sign needs one of Keys with a Signer":                 {Sign: true},
		"saml: ValidFor is negative or under a second":               {ValidFor: -time.Hour},
		"saml: CacheDuration is negative or under a second":          {CacheDuration: time.Second - 1},
		"saml: NameIDFormats has a format that is empty or not text": {NameIDFormats: []string{saml.NameIDEmail, ""}},
	} {
		data, err := sp(t).Metadata(t.Context(), o)
		require.EqualError(t, err, want)
		assert.Nil(t, data)
	}
	for _, o := range []saml.MetadataDocOptions{{ValidFor: time.Second - 1}, {CacheDuration: -time.Hour}} {
		_, err := sp(t).Metadata(t.Context(), o)
		require.ErrorContains(t, err, "is negative or under a second")
	}
	_, err := sp(t).Metadata(t.Context(), saml.MetadataDocOptions{ValidFor: time.Second, CacheDuration: time.Second})
	require.NoError(t, err, "the accepted twin")
	var none context.Context
	_, err = sp(t).Metadata(none, saml.MetadataDocOptions{})
	require.EqualError(t, err, "saml: the context is nil")
	_, err = sp(t, func(c *saml.Config) { c.Keys = []saml.Key{{Signer: device{idpKey().Public()}}} }).
		Metadata(t.Context(), saml.MetadataDocOptions{Sign: true})
	require.EqualError(t, err, "saml: metadata: xmldsig: the key did not sign: no")
}

func TestMetadataHandler(t *testing.T) {
	t.Parallel()
	client := sp(t)
	want, err := client.Metadata(t.Context(), saml.MetadataDocOptions{})
	require.NoError(t, err)
	for method, c := range map[string]struct {
		status int
		body   string
	}{
		http.MethodGet: {http.StatusOK, string(want)}, http.MethodHead: {http.StatusOK, ""}, http.MethodPost: {http.StatusMethodNotAllowed, "method not allowed\n"},
	} {
		server := httptest.NewRecorder()
		client.MetadataHandler(saml.MetadataDocOptions{}).ServeHTTP(server, httptest.NewRequestWithContext(t.Context(), method, "/saml/metadata", nil))
		assert.Equal(t, c.status, server.Code, method)
		if method != http.MethodHead { // net/http drops that body, a recorder does not
			assert.Equal(t, c.body, server.Body.String(), method)
		}
		if c.status == http.StatusOK {
			assert.Equal(t, "application/samlmetadata+xml", server.Header().Get("Content-Type"))
			assert.Equal(t, "nosniff", server.Header().Get("X-Content-Type-Options"))
		} else {
			assert.Equal(t, "GET, HEAD", server.Header().Get("Allow"))
		}
	}
	w := httptest.NewRecorder()
	client.MetadataHandler(saml.MetadataDocOptions{Sign: true}).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	assert.Equal(t, http.StatusInternalServerError, w.Code)
	assert.Equal(t, "the metadata cannot be made\n", w.Body.String())
}
