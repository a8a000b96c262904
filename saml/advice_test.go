package saml_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// signedAdvice is a whole assertion for mallory that the identity provider signed for another service provider.
func signedAdvice(t testing.TB) string {
	t.Helper()
	return otherDocuments(t)["another service's assertion"]
}

// An assertion in Advice is for applications that understand it (SAML Core §2.6.1). It is signed together with the
// assertion around it, is never who logs in, and never counts as a second assertion: SAML-11, SAML-42.
func TestAdviceIsIgnored(t *testing.T) {
	t.Parallel()
	inAdvice := func(inside string) change {
		return says("<saml:AuthnStatement ", "<saml:Advice>"+inside+"</saml:Advice><saml:AuthnStatement ")
	}
	for name, first := range map[string]func() message{"assertion": signedAssertion, "response": signedResponse, "both": signedBoth} {
		for _, inside := range []string{signedAdvice(t), adviceAssertion + "<saml:Assertion/>", evilSealed(t)} {
			m := first()
			inAdvice(inside)(&m)
			got, err := m.complete(t)
			require.NoError(t, err, name)
			same(t, alice(), got, name)
		}
	}
	for name, row := range map[string]struct {
		change change
		check  saml.Check
	}{
		"put there by another": {tampered("<saml:AuthnStatement ", "<saml:Advice>"+signedAdvice(t)+"</saml:Advice><saml:AuthnStatement "), saml.CheckSignature},
		"one level down":       {inAdvice("<x:y xmlns:x=\"urn:x\">" + adviceAssertion + "</x:y>"), saml.CheckSignature},
		"a bare signature":     {inAdvice(someSignature), saml.CheckSignature},
		"Advice of a subject":  {says("<saml:Subject>", "<saml:Subject><saml:Advice>"+adviceAssertion+"</saml:Advice>"), saml.CheckSignature},
		"Advice of a response": {says("<samlp:Status>", "<saml:Advice><saml:Assertion/></saml:Advice><samlp:Status>"), saml.CheckAssertion},
		"another's Advice":     {says("<saml:AuthnStatement ", `<x:Advice xmlns:x="urn:x"><saml:Assertion/></x:Advice><saml:AuthnStatement `), saml.CheckAssertion},
		"of the same ID":       {inAdvice(strings.Replace(adviceAssertion, "_mallory", "_assertion", 1)), saml.CheckXML},
	} {
		m := signedBoth()
		if strings.HasPrefix(name, "Advice of a r") || strings.HasPrefix(name, "another's") {
			m = signedAssertion() // what the signature of the response covers is judged before
		}
		row.change(&m)
		got, err := m.complete(t)
		assert.ErrorIs(t, err, row.check, name)
		assert.Nil(t, got, name)
	}
	// The signature of what is in Advice signs nothing else.
	m := message{text: plain}
	inAdvice(signedAdvice(t))(&m)
	_, err := m.complete(t)
	require.ErrorIs(t, err, saml.CheckSignature)
}
