//go:build interop

package xmlsec

import (
	"bytes"
	"compress/flate"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

const fakeHost = "https://fake.example"

// fake is the identity provider of authtest with one application that signs by sign.
func fake(t *testing.T, a samltest.App) (*authtest.Server, string) {
	t.Helper()
	a.EntityID, a.ACSURLs, a.SLOURL = "https://sp.example", []string{"https://sp.example/acs"}, "https://sp.example/slo"
	idp := &authtest.Server{BaseURL: fakeHost, SignSAMLMetadata: true, SAMLApps: []samltest.App{a}}
	found := regexp.MustCompile("<ds:X509Certificate>([^<]*)<").FindStringSubmatch(fakeMetadata(t, idp))
	require.NotNil(t, found)
	der, err := base64.StdEncoding.DecodeString(found[1])
	require.NoError(t, err)
	certificate, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	spki, err := x509.MarshalPKIXPublicKey(certificate.PublicKey)
	require.NoError(t, err)
	return idp, file(t, "fake.pem", pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki}))
}

func fakeMetadata(t *testing.T, idp *authtest.Server) string {
	t.Helper()
	recorder := httptest.NewRecorder()
	idp.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/api/v2/saml-idp/"+authtest.AppID+"/metadata", nil))
	require.Equal(t, http.StatusOK, recorder.Code)
	return recorder.Body.String()
}

// fakeLogin is the response to a login that starts at the server.
func fakeLogin(t *testing.T, idp *authtest.Server) string {
	t.Helper()
	callback, err := idp.Login(t.Context(), fakeHost+"/api/v2/saml-idp/"+authtest.AppID, "")
	require.NoError(t, err)
	return fakePosted(t, callback)
}

func fakePosted(t *testing.T, r *http.Request) string {
	t.Helper()
	require.NoError(t, r.ParseForm())
	text, err := base64.StdEncoding.DecodeString(r.PostForm.Get("SAMLResponse") + r.PostForm.Get("SAMLRequest"))
	require.NoError(t, err)
	return string(text)
}

// verifyAt verifies the signature at the path with xmlsec1, with SAML's ID attributes.
func verifyAt(t *testing.T, message, path, public string) error {
	t.Helper()
	args := []string{"--verify", "--enabled-reference-uris", "same-doc", "--pubkey-pem", public, "--node-xpath", path}
	for _, name := range []string{nsProtocol + ":Response", "urn:oasis:names:tc:SAML:2.0:assertion:Assertion", "urn:example:detail:Part"} {
		args = append(args, "--id-attr:ID", name)
	}
	out, err := exec.CommandContext(t.Context(), "xmlsec1", append(args, file(t, "message.xml", []byte(message)))...).CombinedOutput()
	t.Logf("%s", out)
	return err
}

const (
	ofResponse  = "/*/*[local-name()='Signature']"
	ofAssertion = "/*/*[local-name()='Assertion']/*[local-name()='Signature']"
)

func TestFakeResponses(t *testing.T) {
	t.Parallel()
	for sign, paths := range map[samltest.Signature][]string{
		samltest.SignAssertion: {ofAssertion}, samltest.SignResponse: {ofResponse}, samltest.SignBoth: {ofAssertion, ofResponse},
	} {
		idp, public := fake(t, samltest.App{Sign: sign, SessionLifetime: time.Hour, NameIDFormat: samltest.Persistent})
		_, stranger := fake(t, samltest.App{})
		message := fakeLogin(t, idp)
		assert.Equal(t, len(paths), strings.Count(message, "<ds:Signature "))
		for _, path := range paths {
			require.NoError(t, verifyAt(t, message, path, public), "%s", sign)
			require.Error(t, verifyAt(t, message, path, stranger), "%s", sign)
			require.Error(t, verifyAt(t, strings.Replace(message, "</saml:NameID>", "x</saml:NameID>", 1), path, public), "%s", sign)
		}
		assert.NoError(t, schema(t, "saml-schema-protocol-2.0.xsd", message))
	}
}

// xmlsec1 decrypts the text that was signed.
func TestFakeEncryptedResponse(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	idp, public := fake(t, samltest.App{EncryptionKey: &key.PublicKey})
	message := fakeLogin(t, idp)
	assert.NoError(t, schema(t, "saml-schema-protocol-2.0.xsd", message))
	private := file(t, "private.pem", pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
	out, err := exec.CommandContext(t.Context(), "xmlsec1", "--decrypt", "--privkey-pem", private, file(t, "message.xml", []byte(message))).Output()
	require.NoError(t, err)
	assert.Contains(t, string(out), ">alice</saml:NameID>")
	require.NoError(t, verifyAt(t, string(out), "/*/*/*[local-name()='Assertion']/*[local-name()='Signature']", public))
}

func TestFakeMetadata(t *testing.T) {
	t.Parallel()
	idp, public := fake(t, samltest.App{})
	id := nsMetadata + ":EntityDescriptor"
	metadata := fakeMetadata(t, idp)
	require.NoError(t, judge(t, metadata, id, public))
	require.Error(t, judge(t, strings.Replace(metadata, `Location="https`, `Location="http`, 1), id, public))
	assert.NoError(t, schema(t, "saml-schema-metadata-2.0.xsd", metadata))
}

func TestFakeLogoutMessages(t *testing.T) {
	t.Parallel()
	idp, public := fake(t, samltest.App{SLOBinding: samltest.BindingPOST})
	fakeLogin(t, idp)
	r, err := idp.LogoutRequest(t.Context(), "", authtest.AppID)
	require.NoError(t, err)
	message := fakePosted(t, r)
	require.NoError(t, judge(t, message, nsProtocol+":LogoutRequest", public))
	require.Error(t, judge(t, strings.Replace(message, ">alice<", ">mallory<", 1), nsProtocol+":LogoutRequest", public))
	assert.NoError(t, schema(t, "saml-schema-protocol-2.0.xsd", message))

	ask := `<LogoutRequest xmlns="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion" ID="_1" Version="2.0" IssueInstant="` +
		time.Now().UTC().Format(time.RFC3339) + `"><a:Issuer>https://sp.example</a:Issuer><a:NameID>alice</a:NameID></LogoutRequest>`
	b, err := idp.Browser("")
	require.NoError(t, err)
	r, err = b.Open(context.Background(), fakeHost+"/api/v2/saml-idp/"+authtest.AppID+"/slo", url.Values{"SAMLRequest": {base64.StdEncoding.EncodeToString([]byte(ask))}})
	require.NoError(t, err)
	message = fakePosted(t, r)
	require.NoError(t, judge(t, message, nsProtocol+":LogoutResponse", public))
	assert.NoError(t, schema(t, "saml-schema-protocol-2.0.xsd", message))
}

// openssl verifies what the fake signs in a query.
func TestFakeLogoutByRedirect(t *testing.T) {
	t.Parallel()
	idp, public := fake(t, samltest.App{})
	fakeLogin(t, idp)
	r, err := idp.LogoutRequest(t.Context(), "", authtest.AppID)
	require.NoError(t, err)
	octets, rest, _ := strings.Cut(r.URL.RawQuery, "&Signature=")
	encoded, err := url.QueryUnescape(rest)
	require.NoError(t, err)
	signature, err := base64.StdEncoding.DecodeString(encoded)
	require.NoError(t, err)
	for _, changed := range []bool{false, true} {
		if changed {
			octets = strings.Replace(octets, "RelayState=", "RelayState=x", 1)
		}
		out, err := exec.CommandContext(t.Context(), "openssl", "dgst", "-sha256", "-verify", public,
			"-signature", file(t, "signature", signature), file(t, "octets", []byte(octets))).CombinedOutput()
		assert.Equal(t, changed, err != nil, "%s", out)
	}
	packed, err := base64.StdEncoding.DecodeString(r.URL.Query().Get("SAMLRequest"))
	require.NoError(t, err)
	message, err := io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
	require.NoError(t, err)
	assert.NoError(t, schema(t, "saml-schema-protocol-2.0.xsd", string(message)))
}

// The signature of a wrapped message is valid for a verifier that only follows the reference: this makes the attack
// possible.
func TestFakeWrapping(t *testing.T) {
	t.Parallel()
	idp, public := fake(t, samltest.App{})
	good := map[idptest.Fault]bool{
		samltest.XSW2: true, samltest.XSW3: true, samltest.XSW4: true, samltest.XSW5: true, samltest.XSW9: true,
		// xmlsec1 refuses a Signature with an unknown child, two elements with one ID, and an element inside the
		// Signature
		// that is removed together with the Signature.
		samltest.XSW1: false, samltest.XSW6: false, samltest.XSW7: false, samltest.XSW8: false,
		samltest.SignedDetail: true, samltest.ReferenceElsewhere: true, samltest.Comment: true, samltest.SHA1: true,
		samltest.TwoAssertions: true, samltest.EncryptedBeside: true,
		samltest.Altered: false, samltest.OtherKey: false, samltest.OtherCertificate: false, samltest.HMAC: false,
	}
	for fault, want := range good {
		idp.Break(fault)
		err := verifyAt(t, fakeLogin(t, idp), "(//*[local-name()='Signature'])[1]", public)
		assert.Equal(t, want, err == nil, "%s", fault)
	}
}
