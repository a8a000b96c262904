package samltest_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

// What cannot be answered to its sender is refused on a page; each row is a good request but for one fact.
func TestRefusedRequests(t *testing.T) {
	t.Parallel()
	clock := newClock()
	j := start(t, &samltest.Server{Realm: clock.realm(), Apps: []samltest.App{{EntityID: spEntity, ACSURLs: []string{acsURL, acsURL + "2"}}}})
	good := j.ask(toACS, "")
	swap := func(old, with string) string {
		require.Contains(t, good, old)
		return strings.Replace(good, old, with, 1)
	}
	instant := clock.now().Format(time.RFC3339)
	for name, row := range map[string]struct{ message, want string }{
		"good":                  {good, ""},
		"by index":              {swap(toACS, `AssertionConsumerServiceIndex="1"`), ""},
		"by nothing":            {swap(toACS, ""), ""},
		"an entity":             {swap("<saml:Issuer>", `<saml:Issuer Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity">`), ""},
		"nine minutes old":      {swap(instant, clock.now().Add(-9*time.Minute).Format(time.RFC3339)), ""},
		"no Destination":        {swap(` Destination="`+j.url+"/sso"+`"`, ""), ""},
		"not XML":               {"SAML", "invalid_message"},
		"another message":       {strings.ReplaceAll(good, "AuthnRequest", "LogoutRequest"), "invalid_message"},
		"another namespace":     {swap("SAML:2.0:protocol", "SAML:1.1:protocol"), "invalid_message"},
		"another version":       {swap(`Version="2.0"`, `Version="1.1"`), "invalid_message"},
		"no ID":                 {swap(`ID="_request"`, ""), "invalid_message"},
		"an ID not a name":      {swap(`ID="_request"`, `ID="1"`), "invalid_message"},
		"no IssueInstant":       {swap("IssueInstant", "Instant"), "invalid_message"},
		"local time":            {swap(instant, strings.TrimSuffix(instant, "Z")), "invalid_message"},
		"another zone":          {swap(instant, strings.Replace(instant, "Z", "+01:00", 1)), "invalid_message"},
		"old":                   {swap(instant, clock.now().Add(-11*time.Minute).Format(time.RFC3339)), "expired_message"},
		"from the future":       {swap(instant, clock.now().Add(11*time.Minute).Format(time.RFC3339)), "expired_message"},
		"another issuer":        {swap(spEntity, spEntity+"/"), "unknown_issuer"},
		"no issuer":             {swap("<saml:Issuer>"+spEntity+"</saml:Issuer>", ""), "unknown_issuer"},
		"an issuer of a format": {swap("<saml:Issuer>", `<saml:Issuer Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">`), "unknown_issuer"},
		"another destination":   {swap(`Destination="`+j.url, `Destination="`+j.url+"/x"), "wrong_destination"},
		"not registered":        {swap(acsURL, acsURL+"/"), "invalid_acs"},
		"index beyond":          {swap(toACS, `AssertionConsumerServiceIndex="2"`), "invalid_acs"},
		"index not a number":    {swap(toACS, `AssertionConsumerServiceIndex="a"`), "invalid_acs"},
		"index and address":     {swap(toACS, toACS+` AssertionConsumerServiceIndex="0"`), "invalid_acs"},
		"not a boolean":         {swap(toACS, toACS+` ForceAuthn="yes"`), "invalid_message"},
	} {
		callback, err := j.idp.Login(t.Context(), j.ssoURL(row.message), "")
		_, posted := j.idp.LoginForm(t.Context(), j.url+"/sso", form("SAMLRequest", base64.StdEncoding.EncodeToString([]byte(row.message))), "")
		if row.want == "" {
			require.NoError(t, err, name)
			assert.NoError(t, posted, name)
			assert.Equal(t, strings.Contains(row.message, `Index="1"`), callback.URL.Path == "/saml/acs2", name)
			continue
		}
		assert.ErrorContains(t, err, "400 "+row.want, name)
		assert.ErrorContains(t, posted, "400 "+row.want, name)
	}
}

func TestRefusedParameters(t *testing.T) {
	t.Parallel()
	j := start(t, &samltest.Server{})
	good := pack(t, j.ask(toACS, ""))
	plain := base64.StdEncoding.EncodeToString([]byte(j.ask(toACS, "")))
	bomb := pack(t, strings.Repeat(" ", 2<<20)+j.ask(toACS, ""))
	for name, row := range map[string]struct {
		values url.Values
		post   bool
		want   bool
	}{
		"good":                      {form("SAMLRequest", good), false, true},
		"with the encoding's name":  {form("SAMLRequest", good, "SAMLEncoding", "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE"), false, true},
		"good form":                 {form("SAMLRequest", plain), true, true},
		"form in lines":             {form("SAMLRequest", plain[:76]+"\r\n"+plain[76:]), true, true},
		"80 bytes of RelayState":    {form("SAMLRequest", good, "RelayState", strings.Repeat("x", 80)), false, true},
		"81 bytes of RelayState":    {form("SAMLRequest", good, "RelayState", strings.Repeat("x", 81)), false, false},
		"another encoding":          {form("SAMLRequest", good, "SAMLEncoding", "urn:x"), false, false},
		"twice":                     {form("SAMLRequest", good, "SAMLRequest", good), false, false},
		"request and response":      {form("SAMLRequest", good, "SAMLResponse", good), false, false},
		"a response":                {form("SAMLResponse", good), false, false},
		"not base64":                {form("SAMLRequest", "%"), false, false},
		"not deflated":              {form("SAMLRequest", plain), false, false},
		"a bomb":                    {form("SAMLRequest", bomb), false, false},
		"deflated form":             {form("SAMLRequest", good), true, false},
		"signature not base64":      {form("SAMLRequest", good, "SigAlg", dsig.RSASHA256SignatureMethod, "Signature", "%"), false, false},
		"no request and no default": {form("x", "y"), false, false},
	} {
		var err error
		if row.post {
			_, err = j.idp.LoginForm(t.Context(), j.url+"/sso", row.values, "")
		} else {
			_, err = j.idp.Login(t.Context(), j.url+"/sso"+"?"+row.values.Encode(), "")
		}
		assert.Equal(t, row.want, err == nil, "%s: %v", name, err)
	}
	_, err := j.idp.Login(t.Context(), j.url+"/another/sso", "")
	assert.ErrorContains(t, err, "/another/sso is not a page of this server")
	response, _ := j.visit(j.url + "/another/metadata")
	assert.Equal(t, http.StatusNotFound, response.StatusCode)
}

// Signed requests, by redirect and by form, with each kind of key.
func TestSignedRequests(t *testing.T) {
	t.Parallel()
	rsaKey := spKey()
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	stranger := strangerKey()
	for method, key := range map[string]crypto.Signer{dsig.RSASHA256SignatureMethod: rsaKey, dsig.ECDSASHA256SignatureMethod: ecKey} {
		for _, demand := range []bool{false, true} {
			j := start(t, &samltest.Server{Apps: []samltest.App{{Key: key.Public(), DemandSigned: demand}}})
			message := j.ask(toACS, "")
			by := func(query string) error {
				_, err := j.idp.Login(t.Context(), j.url+"/sso"+"?"+query, "")
				return err
			}
			posted := func(message string) error {
				_, err := j.idp.LoginForm(t.Context(), j.url+"/sso", form("SAMLRequest", base64.StdEncoding.EncodeToString([]byte(message))), "")
				return err
			}
			good := signQueryBy(t, key, method, "SAMLRequest", pack(t, message), "RelayState", "a b+c")
			require.NoError(t, by(good))
			assert.NoError(t, by(strings.Replace(good, "SAMLRequest=", "x=y&SAMLRequest=", 1)), "others are not signed")
			assert.ErrorContains(t, by(strings.Replace(good, "a+b", "a%20b", 1)), "invalid_signature", "the octets that were sent count")
			assert.ErrorContains(t, by(strings.Replace(good, "RelayState=a", "RelayState=b", 1)), "invalid_signature")
			assert.ErrorContains(t, by(strings.Replace(good, "sha256", "sha1", 1)), "invalid_signature")
			assert.ErrorContains(t, by(strings.Replace(good, "SigAlg", "SigAlgo", 1)), "invalid_signature")
			assert.ErrorContains(t, by(signQueryBy(t, stranger, dsig.RSASHA256SignatureMethod, "SAMLRequest", pack(t, message))), "invalid_signature")
			without := strings.Replace(message, ` Destination="`+j.url+"/sso"+`"`, "", 1)
			assert.ErrorContains(t, by(signQueryBy(t, key, method, "SAMLRequest", pack(t, without))), "wrong_destination", "signed requests have one")

			sealed := seal(t, key, message)
			require.NoError(t, posted(sealed))
			assert.ErrorContains(t, posted(strings.Replace(sealed, acsURL, acsURL+"/", 1)), "invalid_signature")
			assert.ErrorContains(t, posted(seal(t, stranger, message)), "invalid_signature")
			assert.ErrorContains(t, by(signQueryBy(t, key, method, "SAMLRequest", pack(t, sealed))), "invalid_signature", "not in a query")

			unsigned := by(form("SAMLRequest", pack(t, message)).Encode())
			unsignedForm := posted(message)
			if demand {
				assert.ErrorContains(t, unsigned, "unsigned_request")
				assert.ErrorContains(t, unsignedForm, "unsigned_request")
			} else {
				assert.NoError(t, unsigned)
				assert.NoError(t, unsignedForm)
			}
		}
	}
	j := start(t, &samltest.Server{Apps: []samltest.App{{Key: rsaKey.Public(), DemandSigned: true}}})
	_, text := j.visit(j.url + "/metadata")
	assert.Contains(t, text, `WantAuthnRequestsSigned="true"`)
}

// rawECDSA is r and s side by side, as XML Signature has them.
func rawECDSA(t *testing.T, key *ecdsa.PrivateKey, sum []byte) []byte {
	t.Helper()
	r, s, err := ecdsa.Sign(rand.Reader, key, sum)
	require.NoError(t, err)
	return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
}

// signQueryBy is a query signed as the redirect binding has it.
func signQueryBy(t *testing.T, key crypto.Signer, method string, pairs ...string) string {
	t.Helper()
	var parts []string
	for i := 0; i < len(pairs); i += 2 {
		parts = append(parts, pairs[i]+"="+url.QueryEscape(pairs[i+1]))
	}
	query := strings.Join(parts, "&") + "&SigAlg=" + url.QueryEscape(method)
	sum := sha256.Sum256([]byte(query))
	var signature []byte
	if ec, ok := key.(*ecdsa.PrivateKey); ok {
		signature = rawECDSA(t, ec, sum[:])
	} else {
		var err error
		signature, err = key.Sign(rand.Reader, sum[:], crypto.SHA256)
		require.NoError(t, err)
	}
	return query + "&Signature=" + url.QueryEscape(base64.StdEncoding.EncodeToString(signature))
}

// seal signs the message enveloped, right after its Issuer, with a KeyInfo that is not to be trusted.
func seal(t *testing.T, key crypto.Signer, message string) string {
	t.Helper()
	document := etree.NewDocument()
	require.NoError(t, document.ReadFromString(message))
	root := document.Root()
	context, err := dsig.NewSigningContext(key, [][]byte{[]byte("nobody's certificate")})
	require.NoError(t, err)
	context.Canonicalizer = dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("")
	signature, err := context.ConstructSignature(root.Copy(), true)
	require.NoError(t, err)
	if key, ok := key.(*ecdsa.PrivateKey); ok {
		// goxmldsig writes DER, which XML Signature does not know.
		sum := sha256.Sum256(canonical(t, signature.SelectElement("SignedInfo"), func(*etree.Element) {}))
		signature.SelectElement("SignatureValue").SetText(base64.StdEncoding.EncodeToString(rawECDSA(t, key, sum[:])))
	}
	root.InsertChildAt(root.SelectElement("Issuer").Index()+1, signature)
	text, err := document.WriteToString()
	require.NoError(t, err)
	return text
}
