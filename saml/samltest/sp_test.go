package samltest_test

import (
	"bytes"
	"compress/flate"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
	"github.com/stretchr/testify/require"
)

const (
	spEntity = "https://sp.example.com/metadata"
	acsURL   = "http://localhost:3000/saml/acs"
)

// pack is a message for a query.
func pack(t *testing.T, message string) string {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	require.NoError(t, err)
	_, err = io.WriteString(w, message)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

func unpack(t *testing.T, value string) string {
	t.Helper()
	packed, err := base64.StdEncoding.DecodeString(value)
	require.NoError(t, err)
	message, err := io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
	require.NoError(t, err)
	return string(message)
}

// ask is an AuthnRequest; attributes and children are XML and go into its tag and its body.
func (j *journey) ask(attributes, children string) string {
	now := time.Now()
	if j.idp.Realm != nil {
		now = j.idp.Realm.Time()
	}
	return `<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"` +
		` ID="_request" Version="2.0" IssueInstant="` + now.UTC().Format(time.RFC3339) + `" Destination="` + j.url + "/sso" + `"` +
		` ` + attributes + `><saml:Issuer>` + spEntity + `</saml:Issuer>` + children + `</samlp:AuthnRequest>`
}

// toACS is what an AuthnRequest usually says.
const toACS = `AssertionConsumerServiceURL="` + acsURL + `"`

func (j *journey) ssoURL(message string, pairs ...string) string {
	return j.url + "/sso" + "?" + form(append([]string{"SAMLRequest", pack(j.t, message)}, pairs...)...).Encode()
}

// reply is what a test reads of a response, with a parser of its own.
type reply struct {
	XMLName      xml.Name `xml:"urn:oasis:names:tc:SAML:2.0:protocol Response"`
	ID           string   `xml:",attr"`
	Version      string   `xml:",attr"`
	Destination  string   `xml:",attr"`
	InResponseTo string   `xml:",attr"`
	Issuer       string   `xml:"urn:oasis:names:tc:SAML:2.0:assertion Issuer"`
	Status       struct {
		Code struct {
			Value string `xml:",attr"`
			Code  struct {
				Value string `xml:",attr"`
			} `xml:"urn:oasis:names:tc:SAML:2.0:protocol StatusCode"`
		} `xml:"urn:oasis:names:tc:SAML:2.0:protocol StatusCode"`
	} `xml:"urn:oasis:names:tc:SAML:2.0:protocol Status"`
	Assertions []assertion `xml:"urn:oasis:names:tc:SAML:2.0:assertion Assertion"`
	Encrypted  []struct {
		Inner string `xml:",innerxml"`
	} `xml:"urn:oasis:names:tc:SAML:2.0:assertion EncryptedAssertion"`

	text string
}

type assertion struct {
	ID      string `xml:",attr"`
	Issuer  string
	Subject struct {
		NameID struct {
			Format          string `xml:",attr"`
			NameQualifier   string `xml:",attr"`
			SPNameQualifier string `xml:",attr"`
			Value           string `xml:",chardata"`
		}
		SubjectConfirmation struct {
			Method                  string `xml:",attr"`
			SubjectConfirmationData struct {
				NotOnOrAfter time.Time `xml:",attr"`
				Recipient    string    `xml:",attr"`
				InResponseTo string    `xml:",attr"`
			}
		}
	}
	Conditions struct {
		NotBefore    time.Time `xml:",attr"`
		NotOnOrAfter time.Time `xml:",attr"`
		Audience     []string  `xml:"AudienceRestriction>Audience"`
		Inner        string    `xml:",innerxml"`
	}
	AuthnStatement struct {
		AuthnInstant        time.Time `xml:",attr"`
		SessionIndex        string    `xml:",attr"`
		SessionNotOnOrAfter string    `xml:",attr"`
		Class               string    `xml:"AuthnContext>AuthnContextClassRef"`
	}
	Attributes []struct {
		Name       string   `xml:",attr"`
		NameFormat string   `xml:",attr"`
		Values     []string `xml:"AttributeValue"`
	} `xml:"AttributeStatement>Attribute"`
}

// status is the last word of the two codes.
func (p *reply) status() string {
	return lastWord(p.Status.Code.Value) + " " + lastWord(p.Status.Code.Code.Value)
}

// received is what an application's ACS takes from the request.
func received(t *testing.T, callback *http.Request) (*reply, string) {
	t.Helper()
	require.Equal(t, http.MethodPost, callback.Method)
	fields := parameters(t, callback)
	require.ElementsMatch(t, []string{"SAMLResponse", "RelayState"}, namesOf(fields))
	text, err := base64.StdEncoding.DecodeString(fields.Get("SAMLResponse"))
	require.NoError(t, err)
	p := &reply{text: string(text)}
	require.NoError(t, xml.Unmarshal(text, p), "%s", text)
	return p, fields.Get("RelayState")
}

// sso logs in by the redirect binding.
func (j *journey) sso(attributes, children string) *reply {
	j.t.Helper()
	callback, err := j.idp.Login(j.t.Context(), j.ssoURL(j.ask(attributes, children)), "")
	require.NoError(j.t, err)
	p, _ := received(j.t, callback)
	return p
}

// certificates are those that the metadata name.
func (j *journey) certificates() []*x509.Certificate {
	j.t.Helper()
	at := j.idp.Path
	if len(j.idp.Apps) > 0 && j.idp.Apps[0].ID != "" {
		at += "/" + j.idp.Apps[0].ID
	}
	_, text := j.visit(j.url + at + "/metadata")
	var all []*x509.Certificate
	for _, part := range strings.Split(text, "<ds:X509Certificate>")[1:] {
		der, err := base64.StdEncoding.DecodeString(strings.Split(part, "<")[0])
		require.NoError(j.t, err)
		certificate, err := x509.ParseCertificate(der)
		require.NoError(j.t, err)
		all = append(all, certificate)
	}
	return all
}

// judge verifies the signature of the first element of that name by goxmldsig and
// returns what was signed.
func (j *journey) judge(text, name string) (*etree.Element, error) {
	j.t.Helper()
	document := etree.NewDocument()
	require.NoError(j.t, document.ReadFromString(text))
	e := document.FindElement("//" + name)
	require.NotNil(j.t, e, name)
	detached := e.Copy()
	for space, uri := range map[string]string{"samlp": "urn:oasis:names:tc:SAML:2.0:protocol", "saml": "urn:oasis:names:tc:SAML:2.0:assertion"} {
		if detached.SelectAttr("xmlns:"+space) == nil {
			detached.CreateAttr("xmlns:"+space, uri)
		}
	}
	context := dsig.NewDefaultValidationContext(&dsig.MemoryX509CertificateStore{Roots: j.certificates()})
	return context.Validate(detached)
}

// Keys of these tests, which are made once: RSA keys take their time. Every server signs with the first; the second is an
// application's, and the third nobody's.
var (
	idpKey      = sync.OnceValue(newRSA)
	spKey       = sync.OnceValue(newRSA)
	strangerKey = sync.OnceValue(newRSA)
)

func newRSA() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

func verifyRSA(key *rsa.PublicKey, octets string, signature []byte) error {
	sum := sha256.Sum256([]byte(octets))
	return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature)
}

func lastWord(uri string) string { return uri[strings.LastIndexByte(uri, ':')+1:] }

// opaqueID is no two times the same.
func opaqueID() string {
	b := make([]byte, 16)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// passive asks in the name of the second application, without a page.
func passive(j *journey, now time.Time) string {
	return note("AuthnRequest", "two", j.url+"/two/sso", `IsPassive="true"`, "", now)
}

// verifiesInfo verifies a SignedInfo by hand.
func (j *journey) verifiesInfo(info *etree.Element, signature []byte) error {
	octets := canonical(j.t, info, func(*etree.Element) {})
	return verifyRSA(j.certificates()[0].PublicKey.(*rsa.PublicKey), string(octets), signature)
}
