package xmldsig

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	issuer    = `<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">https://idp.example.com</saml:Issuer>`
	emptySig  = `<ds:Signature xmlns:ds="` + space + `"/>`
	otherSig  = `<Signature/>`
	assertion = `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="a1">`
)

// with puts a text behind another one, before the message is signed.
func with(behind, text string) forgery {
	return forgery{message: change(behind, behind+text)(message)}
}

func TestSAML10NoSignature(t *testing.T) {
	t.Parallel()
	_, err := Verify(root(t, message), public(rsaKey()), Policy{})
	require.ErrorIs(t, err, CheckMissing)
	assert.False(t, Signed(root(t, message)))
	require.NoError(t, forgery{}.verify(t, Policy{}))
	assert.True(t, Signed(root(t, forgery{}.make(t))))
}

// TestSAML11SignatureElsewhere: a signature inside what is signed, where no reader would look for one.
func TestSAML11SignatureElsewhere(t *testing.T) {
	table := map[string]refusal{}
	for _, where := range []string{
		"<samlp:Extensions>", "<samlp:StatusDetail>", "<saml:Advice>", "<saml:Subject><saml:SubjectConfirmation><saml:SubjectConfirmationData>",
		"<saml:AttributeStatement><saml:Attribute><saml:AttributeValue>", `<saml:EncryptedAssertion>`, `<saml:Advice><saml:Assertion>`,
		"<samlp:Response>", `<md:EntityDescriptor xmlns:md="` + metadataSpace + `">`, `<md:IDPSSODescriptor xmlns:md="` + metadataSpace + `">`,
	} {
		open := strings.ReplaceAll(where, `<saml:`, `<s:`)
		open = strings.Replace(open, ">", ` xmlns:s="`+samlSpace+`" xmlns:ds="`+space+`">`, 1)
		closing := ""
		for _, tag := range strings.SplitAfter(open, ">") {
			if name, _, _ := strings.Cut(strings.Trim(tag, "<>"), " "); name != "" {
				closing = "</" + name + ">" + closing
			}
		}
		table[where] = refusal{with("<samlp:Status>\n", open+emptySig+closing), CheckPlace, with("<samlp:Status>\n", open+otherSig+closing), Policy{}}
	}
	refusals(t, table)
}

// TestSAML11SignaturesOfTheirOwn: an assertion in a response, and the parts of metadata, may be signed once more.
func TestSAML11SignaturesOfTheirOwn(t *testing.T) {
	md := func(inner string) forgery {
		return forgery{message: `<md:EntitiesDescriptor xmlns:md="` + metadataSpace + `" ID="r1">` + inner + `</md:EntitiesDescriptor>`}
	}
	refusals(t, map[string]refusal{
		"assertion": {with(assertion+"<saml:Issuer>https://idp.example.com</saml:Issuer>", "<x>"+emptySig+"</x>"), CheckPlace,
			with(assertion+"<saml:Issuer>https://idp.example.com</saml:Issuer>", emptySig), Policy{}},
		"assertion twice": {with(assertion, emptySig+emptySig), CheckPlace, with(assertion, emptySig), Policy{}},
		"in the signature of an assertion": {with(assertion, strings.Replace(emptySig, "/>", ">"+emptySig+"</ds:Signature>", 1)), CheckPlace,
			with(assertion, strings.Replace(emptySig, "/>", "><KeyInfo/></ds:Signature>", 1)), Policy{}},
		"Object of an assertion's": {with(assertion, strings.Replace(emptySig, "/>", "><ds:Object/></ds:Signature>", 1)), CheckPlace, with(assertion, emptySig), Policy{}},
		"in Advice":                {with(assertion, "<saml:Advice>"+emptySig+"</saml:Advice>"), CheckPlace, with(assertion, "<saml:Advice><saml:Assertion>"+emptySig+`<o:Object xmlns:o="`+space+`"/></saml:Assertion>`+"<saml:EncryptedAssertion>"+emptySig+"</saml:EncryptedAssertion></saml:Advice>"), Policy{}},
		"beside in Advice":         {with(assertion, "<saml:Advice><saml:X>"+emptySig+"</saml:X></saml:Advice>"), CheckPlace, with(assertion, "<saml:Advice><saml:Assertion/></saml:Advice>"), Policy{}},
		"in what is no Advice":     {with(assertion, "<saml:X><saml:Assertion>"+emptySig+"</saml:Assertion></saml:X>"), CheckPlace, with(assertion, "<saml:Advice><saml:Assertion>"+emptySig+"</saml:Assertion></saml:Advice>"), Policy{}},
		"Advice of no assertion":   {forgery{message: change("<samlp:Status>", `<saml:Advice xmlns:saml="`+samlSpace+`"><saml:Assertion>`+emptySig+"</saml:Assertion></saml:Advice><samlp:Status>")(message)}, CheckPlace, forgery{message: change("<samlp:Status>", `<saml:Advice xmlns:saml="`+samlSpace+`"><saml:Assertion/></saml:Advice><samlp:Status>`)(message)}, Policy{}},
		"Advice in Advice":         {with(assertion, "<saml:X><saml:Advice><saml:Assertion>"+emptySig+"</saml:Assertion></saml:Advice></saml:X>"), CheckPlace, with(assertion, "<saml:Advice><saml:Assertion><saml:Advice><saml:Assertion>"+emptySig+"</saml:Assertion></saml:Advice></saml:Assertion></saml:Advice>"), Policy{}},
		"entity":                   {md("<md:EntityDescriptor><md:Extensions>" + emptySig + "</md:Extensions></md:EntityDescriptor>"), CheckPlace, md("<md:EntityDescriptor>" + emptySig + "</md:EntityDescriptor>"), Policy{}},
		"entities in entities":     {md("<md:X>" + emptySig + "</md:X>"), CheckPlace, md("<md:EntitiesDescriptor>" + emptySig + "<md:EntityDescriptor>" + emptySig + "</md:EntityDescriptor></md:EntitiesDescriptor>"), Policy{}},
		"role":                     {md("<md:IDPSSODescriptor>" + emptySig + "</md:IDPSSODescriptor>"), CheckPlace, md("<md:EntityDescriptor><md:IDPSSODescriptor>" + emptySig + "</md:IDPSSODescriptor></md:EntityDescriptor>"), Policy{}},
		"entity in Extensions": {md("<md:Extensions><md:EntitiesDescriptor><md:EntityDescriptor>" + emptySig + "</md:EntityDescriptor></md:EntitiesDescriptor></md:Extensions>"), CheckPlace,
			md("<md:EntitiesDescriptor><md:EntityDescriptor>" + emptySig + "</md:EntityDescriptor></md:EntitiesDescriptor>"), Policy{}},
	})
}

func TestSAML17Signatures(t *testing.T) {
	refusals(t, map[string]refusal{
		"two, a copy":      {forgery{signature: func(s string) string { return s + s }}, CheckPlace, forgery{}, Policy{}},
		"two, the second":  {forgery{signature: func(s string) string { return s + emptySig }}, CheckPlace, forgery{}, Policy{}},
		"two, the first":   {forgery{signature: func(s string) string { return emptySig + s }}, CheckPlace, forgery{}, Policy{}},
		"two, one at last": {forgery{document: func(s string) string { return change("</samlp:Response>", emptySig+"</samlp:Response>")(s) }}, CheckPlace, forgery{}, Policy{}},
		"three":            {forgery{signature: func(s string) string { return s + s + s }}, CheckPlace, forgery{}, Policy{}},
	})
}

// TestSAML19Places: behind the Issuer when there is one, first otherwise. AllowLastSignature accepts one that is last: the
// enveloped signature transform takes it away wherever it is, and the octets are the same.
func TestSAML19Places(t *testing.T) {
	before := func(mark string) func(m, s string) string {
		return func(m, s string) string { return change(mark, s+mark)(m) }
	}
	none := strings.Replace(message, issuer, "", 1)
	late := strings.Replace(none, "</samlp:Status>", "</samlp:Status>"+issuer, 1)
	refusals(t, map[string]refusal{
		"before the Issuer":               {forgery{place: before(issuer)}, CheckPlace, forgery{place: before("<samlp:Status>")}, Policy{}},
		"behind the Status":               {forgery{place: before("<saml:Assertion")}, CheckPlace, forgery{place: before("<samlp:Status>")}, Policy{}},
		"last":                            {forgery{place: before("</samlp:Response>")}, CheckPlace, forgery{place: before("<samlp:Status>")}, Policy{}},
		"behind it, last allowed":         {forgery{place: before("<saml:Assertion")}, CheckPlace, forgery{place: before("</samlp:Response>")}, Policy{AllowLastSignature: true}},
		"before the Issuer, last allowed": {forgery{place: before(issuer)}, CheckPlace, forgery{place: before("<samlp:Status>")}, Policy{AllowLastSignature: true}},
		"Issuer at last, last allowed":    {forgery{message: late, place: before("</samlp:Response>")}, CheckPlace, forgery{message: none, place: before("</samlp:Response>")}, Policy{AllowLastSignature: true}},
		"last and first":                  {forgery{place: before("</samlp:Response>"), document: func(s string) string { return change("<samlp:Status>", emptySig+"<samlp:Status>")(s) }}, CheckPlace, forgery{place: before("</samlp:Response>")}, Policy{AllowLastSignature: true}},
		"last, changed":                   {forgery{place: before("</samlp:Response>"), document: change("alice", "mallory")}, CheckDigest, forgery{place: before("</samlp:Response>")}, Policy{AllowLastSignature: true}},
		"no Issuer, behind":               {forgery{message: none, place: before("<saml:Assertion")}, CheckPlace, forgery{message: none, place: before("<samlp:Status>")}, Policy{}},
		"Issuer at last":                  {forgery{message: late, place: before("<saml:Assertion")}, CheckPlace, forgery{message: none, place: before("<samlp:Status>")}, Policy{}},
		"Issuer at last, before":          {forgery{message: late, place: before("<samlp:Status>")}, CheckPlace, forgery{message: none, place: before("<samlp:Status>")}, Policy{}},
		"in the Issuer": {forgery{place: func(m, s string) string {
			return change("https://idp.example.com</saml:Issuer>", s+"</saml:Issuer>")(m)
		}}, CheckMissing,
			forgery{place: before("<samlp:Status>")}, Policy{}},
		"in another element": {forgery{place: func(m, s string) string { return change("<samlp:Status>", "<samlp:Status>"+s)(m) }}, CheckMissing, forgery{}, Policy{}},
		"of another name": {forgery{signature: func(s string) string {
			return strings.ReplaceAll(s, "ds:Signature ", "ds:signature ")[:len(s)-len("</ds:Signature>")] + "</ds:signature>"
		}}, CheckMissing, forgery{}, Policy{}},
		"of another namespace": {signature(`xmlns:ds="`+space, `xmlns:ds="urn:x`), CheckMissing, signature(`xmlns:ds="`, ` xmlns:ds="`), Policy{}},
	})
}

// TestSAML19LastNamesItsOption: only what the option would accept.
func TestSAML19LastNamesItsOption(t *testing.T) {
	t.Parallel()
	at := func(mark string) error {
		return forgery{place: func(m, s string) string { return change(mark, s+mark)(m) }}.verify(t, Policy{})
	}
	require.ErrorContains(t, at("</samlp:Response>"), "AllowLastSignature")
	require.NotContains(t, at("<saml:Assertion").Error(), "AllowLastSignature")
}

// TestSAML11SignaturesInAnArtifactResponse: the response in one and its assertion may be signed, and nothing else.
func TestSAML11SignaturesInAnArtifactResponse(t *testing.T) {
	of := func(inner string) forgery {
		return forgery{message: `<samlp:ArtifactResponse xmlns:samlp="` + protocolSpace + `" ID="r1">` + inner + `</samlp:ArtifactResponse>`}
	}
	response := func(inner string) string { return `<samlp:Response ID="r2">` + inner + `</samlp:Response>` }
	signed := response(emptySig + assertion + emptySig + "</saml:Assertion>")
	refusals(t, map[string]refusal{
		"two of the response": {of(response(emptySig + emptySig)), CheckPlace, of(signed), Policy{}},
		"of another message":  {of(`<samlp:LogoutResponse>` + emptySig + `</samlp:LogoutResponse>`), CheckPlace, of(`<samlp:LogoutResponse>` + otherSig + `</samlp:LogoutResponse>`), Policy{}},
		"of an assertion":     {of(`<samlp:Extensions>` + assertion + emptySig + "</saml:Assertion></samlp:Extensions>"), CheckPlace, of(assertion + emptySig + "</saml:Assertion>"), Policy{}},
		"deeper":              {of(response(`<samlp:Response>` + emptySig + `</samlp:Response>`)), CheckPlace, of(response(`<samlp:Response>` + otherSig + `</samlp:Response>`)), Policy{}},
		"of a response in another message": {
			forgery{message: strings.ReplaceAll(of(signed).message, "ArtifactResponse", "LogoutResponse")}, CheckPlace, of(signed), Policy{}},
		"of a response's status": {of(response(`<samlp:Status>` + emptySig + `</samlp:Status>`)), CheckPlace, of(response(`<samlp:Status>` + otherSig + `</samlp:Status>`)), Policy{}},
	})
}
