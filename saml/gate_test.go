package saml

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// SAML-8: with AllowComments a comment is allowed between elements, and never in a value or a signature.
func TestSAML8Comments(t *testing.T) {
	t.Parallel()
	const message = `{1}<p:Response xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:e="http://www.w3.org/2001/04/xmlenc#">{1}` +
		`<a:Issuer>{0}</a:Issuer>` +
		`<ds:Signature>{0}<ds:SignedInfo>{0}<ds:Reference>{0}<ds:DigestValue>{0}</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>{0}</ds:SignatureValue><ds:KeyInfo>{0}</ds:KeyInfo></ds:Signature>` +
		`<p:Extensions>{0}</p:Extensions><p:Status>{1}<p:StatusCode>{0}</p:StatusCode><p:StatusMessage>{0}</p:StatusMessage><p:StatusDetail>{0}</p:StatusDetail></p:Status>` +
		`<a:EncryptedAssertion>{1}<e:EncryptedData>{0}<e:CipherData>{0}<e:CipherValue>{0}</e:CipherValue></e:CipherData></e:EncryptedData></a:EncryptedAssertion>` +
		`<a:Assertion>{1}<a:Subject>{1}<a:NameID>{0}</a:NameID><a:EncryptedID>{1}</a:EncryptedID><a:SubjectConfirmation>{1}<a:SubjectConfirmationData>{0}</a:SubjectConfirmationData></a:SubjectConfirmation></a:Subject>` +
		`<a:Conditions>{1}<a:AudienceRestriction>{1}<a:Audience>{0}</a:Audience></a:AudienceRestriction></a:Conditions><a:Advice>{0}</a:Advice>` +
		`<a:AuthnStatement>{1}<a:AuthnContext>{1}<a:AuthnContextClassRef>{0}</a:AuthnContextClassRef></a:AuthnContext></a:AuthnStatement>` +
		`<a:AttributeStatement>{1}<a:Attribute>{1}<a:AttributeValue>{0}<x>{0}</x></a:AttributeValue></a:Attribute></a:AttributeStatement></a:Assertion>` +
		`<a:Response>{0}</a:Response><p:Assertion>{0}</p:Assertion><Response>{0}</Response></p:Response>{1}`
	strict := &Client{cfg: &Config{}}
	lax := &Client{cfg: &Config{AllowComments: true}}
	places := 0
	for i := range message {
		if !strings.HasPrefix(message[i:], "{") {
			continue
		}
		places++
		allowed := message[i+1] == '1'
		text := strings.NewReplacer("{0}", "", "{1}", "").Replace(message[:i] + "<!-- x -->" + message[i:])
		_, err := strict.gate(text)
		require.ErrorIs(t, err, xmlgate.Comment, text)
		require.ErrorIs(t, err, CheckXML)
		require.ErrorContains(t, err, "AllowComments is off")
		if _, err = lax.gate(text); allowed {
			require.NoError(t, err, text)
		} else {
			require.ErrorIs(t, err, xmlgate.Comment, text)
		}
	}
	require.Equal(t, 39, places)
	_, err := strict.gate(strings.NewReplacer("{0}", "", "{1}", "").Replace(message))
	require.NoError(t, err, "the accepted twin")
}

// A refusal names the option that would lift it, and no other.
func TestGateNamesItsOptions(t *testing.T) {
	t.Parallel()
	lax := &Client{cfg: &Config{AllowComments: true, MaxNodes: 2}}
	_, err := lax.gate("<a><b><c/></b></a>")
	require.ErrorIs(t, err, xmlgate.Limit)
	require.ErrorContains(t, err, "MaxNodes")
	require.NotContains(t, err.Error(), "MaxMessage", "whoever read the message kept that limit, and named it")
	_, err = (&Client{cfg: &Config{AllowComments: true, MaxNodes: 3}}).gate("<a><b><c/></b></a>")
	require.NoError(t, err, "the accepted twin")
	_, err = lax.gate("<a><!-- x --></a>")
	require.ErrorIs(t, err, xmlgate.Comment)
	require.NotContains(t, err.Error(), "AllowComments")
	_, err = (&Client{cfg: &Config{}}).gate("<a>")
	require.ErrorIs(t, err, xmlgate.Syntax)
	require.NotContains(t, err.Error(), "AllowComments")
	require.NotContains(t, err.Error(), "MaxNodes")
}
