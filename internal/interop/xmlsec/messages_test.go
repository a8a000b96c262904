//go:build interop

package xmlsec

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

const (
	nsProtocol    = "urn:oasis:names:tc:SAML:2.0:protocol"
	nsMetadata    = "urn:oasis:names:tc:SAML:2.0:metadata"
	moreAlgorithm = "http://www.w3.org/2001/04/xmldsig-more#"
	spEntityID    = "https://sp.example/?a=1&b=<2>"
	idpEntityID   = "https://idp.example/metadata"
)

// ours are all ways in which we sign messages.
var ours = []struct {
	name string
	key  func() (crypto.Signer, error)
	alg  saml.SignatureAlgorithm
	hash string
	bare bool // without a certificate, so that the message has no key
}{
	{"RSA", rsaKey, "", "sha256", false},
	{"RSA bare", rsaKey, "", "sha256", true},
	{"RSA-SHA384", rsaKey, moreAlgorithm + "rsa-sha384", "sha384", false},
	{"RSA-SHA512", rsaKey, moreAlgorithm + "rsa-sha512", "sha512", false},
	{"P-256", ecKey(elliptic.P256()), "", "sha256", false},
	{"P-256 bare", ecKey(elliptic.P256()), "", "sha256", true},
	{"P-384", ecKey(elliptic.P384()), "", "sha384", false},
	{"P-521", ecKey(elliptic.P521()), "", "sha512", false},
}

func rsaKey() (crypto.Signer, error) { return rsa.GenerateKey(rand.Reader, 2048) }

func ecKey(c elliptic.Curve) func() (crypto.Signer, error) {
	return func() (crypto.Signer, error) { return ecdsa.GenerateKey(c, rand.Reader) }
}

// spOf is a service provider with this key, and the file of the public key.
func spOf(t *testing.T, signer crypto.Signer, alg saml.SignatureAlgorithm, bare bool) (c *saml.Client, public string) {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "sp"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, signer.Public(), signer)
	require.NoError(t, err)
	key, err := saml.NewKey(tls.Certificate{Certificate: [][]byte{der}, PrivateKey: signer})
	require.NoError(t, err)
	if bare {
		key.Certificate = nil
	}
	both := func(location string) []metadata.Endpoint {
		return []metadata.Endpoint{{Binding: saml.BindingRedirect, Location: location}, {Binding: saml.BindingPOST, Location: location}}
	}
	c, err = saml.NewClient(saml.Config{
		EntityID: spEntityID, ACSURL: "https://sp.example/acs?x=1&y=2", SLOURL: "https://sp.example/slo",
		Keys: []saml.Key{key}, SignatureAlgorithm: alg,
		IDP: metadata.NewList(&metadata.IDP{
			EntityID: idpEntityID, Keys: []crypto.PublicKey{signer.Public()}, WantAuthnRequestsSigned: true,
			SSO: both("https://idp.example/sso?tenant=1"), SLO: both("https://idp.example/slo"),
		}),
	})
	require.NoError(t, err)
	spki, err := x509.MarshalPKIXPublicKey(signer.Public())
	require.NoError(t, err)
	public = file(t, "public.pem", pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki}))
	return c, public
}

func file(t *testing.T, name string, b []byte) string {
	t.Helper()
	name = filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(name, b, 0o600))
	return name
}

// sent is a sent message: by POST when form is not nil.
type sent struct {
	address string
	form    url.Values
}

// send makes each kind of a client's message, with names that must be escaped.
func send(t *testing.T, c *saml.Client, binding saml.Binding) map[string]sent {
	t.Helper()
	all := map[string]sent{}
	one := 1
	login, err := c.BeginLogin(t.Context(), saml.AuthorizeOptions{
		Binding: binding, ForceAuthn: true, IsPassive: true,
		NameIDPolicy:          &saml.NameIDPolicy{Format: saml.NameIDPersistent, SPNameQualifier: `a"b`, AllowCreate: true},
		RequestedAuthnContext: &saml.RequestedAuthnContext{Classes: []string{"urn:a<b", "urn:c"}},
		Scoping:               &saml.Scoping{ProxyCount: &one, IDPs: []string{"urn:x&y"}, RequesterIDs: []string{"urn:爱"}},
	})
	require.NoError(t, err)
	all["AuthnRequest"] = sent{login.URL, login.Form}
	login, err = c.BeginLogin(t.Context(), saml.AuthorizeOptions{Binding: binding, SendACSIndex: true})
	require.NoError(t, err)
	all["AuthnRequest, least"] = sent{login.URL, login.Form}

	name := saml.NameID{Value: " a<b>&\"c\" 爱丽丝 ", Format: saml.NameIDUnspecified, NameQualifier: "q", SPNameQualifier: spEntityID, SPProvidedID: "p"}
	logout, err := c.BeginLogout(t.Context(), saml.LogoutOptions{
		Binding: binding, NameID: name, SessionIndexes: []string{"_1", "2&3"}, Reason: "urn:oasis:names:tc:SAML:2.0:logout:user",
	})
	require.NoError(t, err)
	all["LogoutRequest"] = sent{logout.URL, logout.Form}
	logout, err = c.BeginLogout(t.Context(), saml.LogoutOptions{Binding: binding, NameID: saml.NameID{Value: "a"}})
	require.NoError(t, err)
	all["LogoutRequest, least"] = sent{logout.URL, logout.Form}

	for kind, status := range map[string]saml.StatusCode{
		"LogoutResponse": saml.Success, "LogoutResponse, partial": saml.PartialLogout, "LogoutResponse, unknown": saml.UnknownPrincipal,
	} {
		reply, err := c.RespondLogout(t.Context(), &saml.LogoutRequest{Issuer: idpEntityID, ID: "_r", Binding: binding, RelayState: "a b&c=d/+"}, status)
		require.NoError(t, err)
		all[kind] = sent{reply.URL, reply.Form}
	}
	return all
}

// root is the local name of a kind's element.
func root(kind string) string {
	local, _, _ := strings.Cut(kind, ",")
	return local
}

// text is the message of a form.
func (s sent) text(t *testing.T) string {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(s.form.Get("SAMLRequest") + s.form.Get("SAMLResponse"))
	require.NoError(t, err)
	return string(b)
}

// judge verifies a message with xmlsec1 and only the key in the file public.
func judge(t *testing.T, message, id, public string) error {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "xmlsec1", "--verify", "--id-attr:ID", id, "--enabled-reference-uris", "same-doc",
		"--pubkey-pem", public, file(t, "message.xml", []byte(message))).CombinedOutput()
	if err != nil {
		t.Logf("%s", out)
	}
	return err
}

func TestMessagesOfOursEnveloped(t *testing.T) {
	t.Parallel()
	for _, way := range ours {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			signer, err := way.key()
			require.NoError(t, err)
			stranger, err := way.key()
			require.NoError(t, err)
			c, public := spOf(t, signer, way.alg, way.bare)
			_, foreign := spOf(t, stranger, way.alg, way.bare)
			for kind, s := range send(t, c, saml.BindingPOST) {
				message := s.text(t)
				id := nsProtocol + ":" + root(kind)
				assert.Contains(t, message, way.hash, kind)
				require.NoError(t, judge(t, message, id, public), kind)
				if kind != root(kind) {
					continue // the refused case, once for each element
				}
				require.Error(t, judge(t, message, id, foreign), kind)
				changed := strings.Replace(message, "https://sp.example/", "https://sp.example./", 1)
				require.NotEqual(t, message, changed, kind)
				require.Error(t, judge(t, changed, id, public), kind)
			}
		})
	}
}

func TestMetadataOfOurs(t *testing.T) {
	t.Parallel()
	for _, way := range ours {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			signer, err := way.key()
			require.NoError(t, err)
			c, public := spOf(t, signer, way.alg, way.bare)
			metadata, err := c.Metadata(t.Context(), saml.MetadataDocOptions{
				Sign: true, ValidFor: time.Hour, CacheDuration: time.Hour, NameIDFormats: []string{saml.NameIDEmail},
			})
			require.NoError(t, err)
			id := nsMetadata + ":EntityDescriptor"
			assert.Contains(t, string(metadata), way.hash)
			require.NoError(t, judge(t, string(metadata), id, public))
			changed := strings.Replace(string(metadata), "https://sp.example/", "https://sp.example./", 1)
			require.Error(t, judge(t, changed, id, public))
		})
	}
}

var signedQuery = regexp.MustCompile(`[?&](SAML(?:Request|Response)=[^&]*(?:&RelayState=[^&]*)?&SigAlg=([^&]*))&Signature=([^&]*)$`)

func TestMessagesOfOursByRedirect(t *testing.T) {
	t.Parallel()
	for _, way := range ours {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			signer, err := way.key()
			require.NoError(t, err)
			c, public := spOf(t, signer, way.alg, way.bare)
			for kind, s := range send(t, c, saml.BindingRedirect) {
				require.Nil(t, s.form, kind)
				m := signedQuery.FindStringSubmatch(s.address)
				require.NotNil(t, m, kind)
				assert.Contains(t, m[2], way.hash, kind)
				raw, err := url.QueryUnescape(m[3])
				require.NoError(t, err)
				signature, err := base64.StdEncoding.DecodeString(raw)
				require.NoError(t, err)
				if _, ok := signer.(*ecdsa.PrivateKey); ok {
					signature = der(t, signature)
				}
				verify := func(octets string) error {
					return exec.CommandContext(t.Context(), "openssl", "dgst", "-"+way.hash, "-verify", public,
						"-signature", file(t, "signature", signature), file(t, "octets", []byte(octets))).Run()
				}
				require.NoError(t, verify(m[1]), kind)
				if kind != root(kind) {
					continue
				}
				require.Error(t, verify(m[1]+"A"), kind)
			}
		})
	}
}

// der converts a signature of r and s side by side (RFC 4050 §3.3) to the form of openssl.
func der(t *testing.T, signature []byte) []byte {
	t.Helper()
	half := len(signature) / 2
	b, err := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(signature[:half]), new(big.Int).SetBytes(signature[half:])})
	require.NoError(t, err)
	return b
}
