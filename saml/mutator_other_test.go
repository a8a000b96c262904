package saml_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// otherDocuments are what the identity provider signs with the same key, beside assertions for this user: everyone can
// get one, an error by asking for it, and metadata by reading them.
func otherDocuments(t testing.TB) map[string]string {
	t.Helper()
	const head = ` ID="_other" Version="2.0" IssueInstant="2026-11-20T09:30:01Z" Destination="https://sp.example/acs" InResponseTo="_request">` +
		`<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">https://idp.example/metadata</saml:Issuer>{R}`
	const protocol = ` xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"`
	status := func(code string) string {
		return `<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:` + code + `"/></samlp:Status>`
	}
	all := map[string]string{
		"error":           `<samlp:Response` + protocol + head + status("Responder") + `</samlp:Response>`,
		"success of none": `<samlp:Response` + protocol + head + status("Success") + `</samlp:Response>`,
		"logout response": `<samlp:LogoutResponse` + protocol + head + status("Success") + `</samlp:LogoutResponse>`,
		"logout request":  `<samlp:LogoutRequest` + protocol + head + `<saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">bob</saml:NameID></samlp:LogoutRequest>`,
		"metadata":        `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" ID="_other" entityID="https://idp.example/metadata">{R}<md:Extensions/></md:EntityDescriptor>`,
		// An assertion for another service provider is as easily had: of this user, and of others.
		"another service's assertion": `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_other" Version="2.0" IssueInstant="2026-11-20T09:30:00Z"><saml:Issuer>https://idp.example/metadata</saml:Issuer>{R}` +
			strings.NewReplacer("{N}", "", "{/N}", "", "https://sp.example/", "https://third.example/").Replace(plainSubject+plainConditions+plainAuthn) + `</saml:Assertion>`,
	}
	for name, text := range all {
		all[name] = (&signature{}).mark(t, text, "{R}")
	}
	return all
}

// TestOtherSignedDocuments puts a forged assertion into every place of what is really signed, and what is really signed
// into every place of a forged response, with the signature where it was, moved, or in both. None is a login.
func TestOtherSignedDocuments(t *testing.T) {
	t.Parallel()
	c := client(t)
	forged := message{text: plain}.xml(t)
	forgedAt := index(t, forged)
	assertion := forged[forgedAt[find(forgedAt, "Assertion")].start:forgedAt[find(forgedAt, "Assertion")].end]
	assertion = inScope(forged, assertion)
	presented := 0
	for name, genuine := range otherDocuments(t) {
		spans := index(t, genuine)
		own := spans[find(spans, "Signature")]
		bare, sig := cut(genuine, own)
		try := func(what, doc string) {
			if presented++; presented%thinned != 0 {
				return
			}
			got, err := c.CompleteLogin(context.Background(), pending(), message{}.present(doc))
			if assert.Error(t, err, "%s: %s: %s", name, what, doc) {
				assert.Nil(t, got)
			}
		}
		try("alone", genuine)
		for _, host := range spans {
			for _, first := range []bool{true, false} {
				for _, holder := range holders {
					try("assertion inside", put(genuine, host, first, holder.hold(assertion)))
				}
				try("assertion of the same ID inside", put(genuine, host, first, strings.Replace(assertion, `"_assertion"`, `"_other"`, 1)))
				try("response inside", put(genuine, host, first, forged))
			}
			try("status changed", strings.Replace(put(genuine, host, false, assertion), ":Responder", ":Success", 1))
		}
		for _, host := range forgedAt {
			for _, first := range []bool{true, false} {
				for _, holder := range holders {
					try("inside a forged response", put(forged, host, first, holder.hold(genuine)))
				}
				for _, id := range []string{`"_response"`, `"_assertion"`} {
					renamed := strings.Replace(forged, id, `"_other"`, 1)
					at := index(t, renamed)
					for i, h := range at {
						if h.start == host.start && h.name == host.name {
							try("signature in a forged response", put(renamed, at[i], first, sig))
							try("signature around it in a forged response", put(renamed, at[i], first, inSignature(sig, bare, first)))
						}
					}
				}
			}
			try("signature behind", splice(forged, host.end, host.end, sig))
		}
	}
	t.Log("presented", presented)
	require.Greater(t, presented, 3_500)
	// The same client takes what is really meant for it.
	m := signedAssertion()
	_, err := c.CompleteLogin(context.Background(), pending(), m.present(m.xml(t)))
	require.NoError(t, err)
	var status *saml.StatusError
	_, err = c.CompleteLogin(context.Background(), pending(), m.present(otherDocuments(t)["error"]))
	require.ErrorAs(t, err, &status)
}
