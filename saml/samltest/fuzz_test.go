package samltest_test

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

// Whatever is posted is answered, and never with the fault of the server.
func FuzzMessage(f *testing.F) {
	key := spKey()
	idp := &samltest.Server{Key: idpKey(), Apps: []samltest.App{{Key: &key.PublicKey}}}
	const open = `<p:AuthnRequest xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1" Version="2.0"><a:Issuer xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion">x</a:Issuer>`
	const signature = `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>` +
		`<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/><ds:Reference URI="#_1"><ds:Transforms>` +
		`<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></ds:Transforms>` +
		`<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>AA==</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>AA==</ds:SignatureValue></ds:Signature>`
	for _, message := range []string{"", "<", open + "</p:AuthnRequest>", open + signature + "</p:AuthnRequest>", strings.ReplaceAll(open, "Authn", "Logout") + signature + "</p:LogoutRequest>"} {
		f.Add([]byte(message), false)
		f.Add([]byte(message), true)
	}
	f.Fuzz(func(t *testing.T, message []byte, logout bool) {
		path := "/sso"
		if logout {
			path += "/slo"
		}
		body := form("SAMLRequest", base64.StdEncoding.EncodeToString(message)).Encode()
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		idp.ServeHTTP(w, r)
		require.Less(t, w.Code, 500, "%s", message)
	})
}
