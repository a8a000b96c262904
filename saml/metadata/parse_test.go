package metadata_test

import (
	"crypto"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// mdText is the metadata of the tests' identity provider; {CERT} is its certificate.
const mdText = `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" ID="_metadata" entityID="https://idp.example/metadata" validUntil="2026-11-21T12:00:00Z" cacheDuration="PT2H">
  <md:Extensions><x:Any xmlns:x="urn:x" Location="javascript:alert(1)"/></md:Extensions>
  <md:IDPSSODescriptor WantAuthnRequestsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:1.1:protocol urn:oasis:names:tc:SAML:2.0:protocol">
    <md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{CERT}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
    <md:KeyDescriptor use="encryption"><ds:KeyInfo><ds:KeyName>another</ds:KeyName></ds:KeyInfo></md:KeyDescriptor>
    <md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:SOAP" Location="http://soap.example/slo"/>
    <md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example/slo" ResponseLocation="https://idp.example/slo/done"/>
    <md:NameIDFormat> urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress </md:NameIDFormat>
    <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.example/sso/post?a=1&amp;b=2"/>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example/sso"/>
    <md:SingleSignOnService Binding="urn:mace:shibboleth:1.0:profiles:AuthnRequest" Location="https://idp.example/shib"/>
  </md:IDPSSODescriptor>
  <md:Organization><md:OrganizationName xml:lang="en">Example</md:OrganizationName></md:Organization>
</md:EntityDescriptor>`

// mdDoc is the metadata with these texts replaced. Each of them must be there.
func mdDoc(t testing.TB, pairs ...string) string {
	t.Helper()
	text := strings.Replace(mdText, "{CERT}", b64Lines(certificate(t, idpKey())), 1)
	for i := 0; i < len(pairs); i += 2 {
		require.Contains(t, text, pairs[i])
		text = strings.ReplaceAll(text, pairs[i], pairs[i+1])
	}
	return text
}

// b64Lines is base64 in lines, as people paste it.
func b64Lines(der []byte) string {
	text, lines := base64.StdEncoding.EncodeToString(der), []string{""}
	for len(text) > 64 {
		lines, text = append(lines, text[:64]), text[64:]
	}
	return strings.Join(append(lines, text, "    "), "\n")
}

// mdGroup is a group of the given documents.
func mdGroup(attributes string, parts ...string) string {
	return `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" ` + attributes + `>` + strings.Join(parts, "\n") + `</md:EntitiesDescriptor>`
}

// mdNamed is the metadata under another name.
func mdNamed(t testing.TB, name string, pairs ...string) string {
	t.Helper()
	return mdDoc(t, append([]string{`"https://idp.example/metadata"`, `"` + name + `"`, `ID="_metadata"`, ""}, pairs...)...)
}

// mdParse reads text at noon.
func mdParse(text string, change ...func(*metadata.Options)) (*metadata.IDP, error) {
	o := metadata.Options{Now: func() time.Time { return noon }}
	for _, f := range change {
		f(&o)
	}
	return metadata.Parse([]byte(text), o)
}

func mdWant(name string) func(*metadata.Options) {
	return func(o *metadata.Options) { o.EntityID = name }
}

func mdHTTP(o *metadata.Options) { o.InsecureAllowHTTP = true }

// requireRefused wants that text and that check.
func requireRefused(t testing.TB, p *metadata.IDP, err error, check metadata.Check, text string) {
	t.Helper()
	var bad *metadata.Error
	require.ErrorAs(t, err, &bad)
	require.Equal(t, check, bad.Check)
	why := bad.Detail
	if bad.Err != nil {
		why += ": " + bad.Err.Error()
	}
	require.Equal(t, text, why)
	require.ErrorIs(t, err, check)
	assert.Nil(t, p)
}

func TestParse(t *testing.T) {
	t.Parallel()
	want := &metadata.IDP{
		EntityID: idpID,
		SSO: []metadata.Endpoint{
			{Binding: metadata.BindingPOST, Location: "https://idp.example/sso/post?a=1&b=2"},
			{Binding: metadata.BindingRedirect, Location: "https://idp.example/sso"},
		},
		SLO: []metadata.Endpoint{
			{Binding: metadata.BindingRedirect, Location: "https://idp.example/slo", ResponseLocation: "https://idp.example/slo/done"},
		},
		Keys:                    []crypto.PublicKey{idpKey().Public()},
		WantAuthnRequestsSigned: true,
		NameIDFormats:           []string{formatEmail, formatForever},
		ValidUntil:              noon.AddDate(0, 0, 1),
	}
	p, err := mdParse(mdDoc(t))
	require.NoError(t, err)
	assert.Equal(t, want, p)
	p, err = mdParse("\ufeff<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"+mdDoc(t), mdWant(idpID))
	require.NoError(t, err)
	assert.Equal(t, want, p)

	want.WantAuthnRequestsSigned, want.ValidUntil = false, time.Time{}
	p, err = mdParse(mdDoc(t, ` WantAuthnRequestsSigned="true"`, "", ` validUntil="2026-11-21T12:00:00Z" cacheDuration="PT2H"`, ""))
	require.NoError(t, err)
	assert.Equal(t, want, p)

	_, err = metadata.NewList(p).IDP(t.Context(), idpID)
	require.NoError(t, err)
	_, err = mdParse(mdDoc(t, `"_metadata"`, `"7 of 9"`))
	require.NoError(t, err, "where nothing is signed, nothing refers to an ID")
	_, err = mdParse(mdDoc(t, `"_metadata"`, `"7 of 9"`), mdKeys(idpKey().Public()))
	require.ErrorIs(t, err, xmlgate.IDName)
}

// mdRefusals are documents that differ from an accepted one in one fact.
var mdRefusals = map[string]struct {
	bad   []string
	good  []string
	check metadata.Check
	error string
	allow func(*metadata.Options) // what else the good one needs
}{
	"validUntil past":            {[]string{"2026-11-21T12:00:00Z", "2026-11-20T12:00:00Z"}, []string{"2026-11-21T12:00:00Z", "2026-11-20T12:00:00.001Z"}, metadata.CheckExpired, "validUntil is past", nil},
	"validUntil in the year 1":   {[]string{"2026-11-21T12:00:00Z", "0001-01-01T00:00:00Z"}, nil, metadata.CheckExpired, "validUntil is past", nil},
	"validUntil with an offset":  {[]string{"2026-11-21T12:00:00Z", "2026-11-21T12:00:00+08:00"}, []string{"2026-11-21T12:00:00Z", " 2026-11-21T12:00:00+00:00"}, metadata.CheckExpired, "validUntil, and AllowTimeOffsets is off: a time with an offset from UTC", nil},
	"validUntil in another zone": {[]string{"2026-11-21T12:00:00Z", "2026-11-21T12:00:00+00"}, []string{"2026-11-21T12:00:00Z", "2026-11-21T12:00:00"}, metadata.CheckExpired, "validUntil: not a time in UTC, such as 2026-11-20T09:30:10Z", nil},
	"validUntil of the role":     {[]string{"<md:IDPSSODescriptor", `<md:IDPSSODescriptor validUntil="2026-11-20T11:59:59Z"`}, []string{"<md:IDPSSODescriptor", `<md:IDPSSODescriptor validUntil="2026-11-20T12:00:01Z"`}, metadata.CheckExpired, "validUntil is past", nil},
	"no entityID":                {[]string{` entityID="https://idp.example/metadata"`, ""}, nil, metadata.CheckEntity, "EntityDescriptor: entityID is missing", nil},
	"entityID too long":          {[]string{"idp.example/metadata", strings.Repeat("x", 1020)}, []string{"idp.example/metadata", strings.Repeat("x", 1016)}, metadata.CheckEntity, "EntityDescriptor: entityID is over 1024 characters", nil},
	"another root":               {[]string{"md:EntityDescriptor", "md:Entity"}, nil, metadata.CheckXML, "the root is neither EntityDescriptor nor EntitiesDescriptor of SAML 2.0", nil},
	"another namespace":          {[]string{"SAML:2.0:metadata", "SAML:3.0:metadata"}, nil, metadata.CheckXML, "the root is neither EntityDescriptor nor EntitiesDescriptor of SAML 2.0", nil},
	"a service provider":         {[]string{"md:IDPSSODescriptor", "md:SPSSODescriptor"}, nil, metadata.CheckRole, `the entity is no identity provider: it has no IDPSSODescriptor`, nil},
	"two roles":                  {[]string{"</md:IDPSSODescriptor>", `</md:IDPSSODescriptor><md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"/>`}, []string{"</md:IDPSSODescriptor>", `</md:IDPSSODescriptor><md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:1.1:protocol"/>`}, metadata.CheckRole, `the entity has two roles IDPSSODescriptor`, nil},
	"SAML 1.1 alone":             {[]string{" urn:oasis:names:tc:SAML:2.0:protocol", ""}, []string{"urn:oasis:names:tc:SAML:1.1:protocol ", ""}, metadata.CheckRole, `the entity does not support SAML 2.0 (protocolSupportEnumeration)`, nil},
	"SAML 2.0 in a longer name":  {[]string{"SAML:2.0:protocol\"", "SAML:2.0:protocolx\""}, nil, metadata.CheckRole, `the entity does not support SAML 2.0 (protocolSupportEnumeration)`, nil},
	"no word on protocols":       {[]string{` protocolSupportEnumeration="urn:oasis:names:tc:SAML:1.1:protocol urn:oasis:names:tc:SAML:2.0:protocol"`, ""}, nil, metadata.CheckRole, `the entity does not support SAML 2.0 (protocolSupportEnumeration)`, nil},
	"a wish that is no boolean":  {[]string{`Signed="true"`, `Signed="yes"`}, []string{`Signed="true"`, `Signed=" 1 "`}, metadata.CheckRole, "WantAuthnRequestsSigned is neither true nor false", nil},
	"no address to log in":       {[]string{"md:SingleSignOnService", "md:NameIDMappingService"}, nil, metadata.CheckEndpoint, "there is no SingleSignOnService by redirect or POST", nil},
	"no binding that is spoken":  {[]string{"bindings:HTTP-", "bindings:PAOS-"}, []string{"bindings:HTTP-POST", "bindings:PAOS"}, metadata.CheckEndpoint, "there is no SingleSignOnService by redirect or POST", nil},
	"logout by a script":         {[]string{`"https://idp.example/slo"`, `"javascript:alert(1)"`}, []string{`"https://idp.example/slo"`, `"https://idp.example/javascript:alert(1)"`}, metadata.CheckEndpoint, "SingleLogoutService: Location must be an absolute URL such as https://example.com", nil},
	"logout by a script // host": {[]string{`"https://idp.example/slo"`, `"javascript://idp.example/%0Aalert(1)"`}, nil, metadata.CheckEndpoint, "SingleLogoutService: Location must be an https URL", mdHTTP},
	"answers to a script":        {[]string{`"https://idp.example/slo/done"`, `"data:text/html,x"`}, []string{`"https://idp.example/slo/done"`, `""`}, metadata.CheckEndpoint, "SingleLogoutService: ResponseLocation must be an absolute URL such as https://example.com", nil},
	"an address with a user":     {[]string{"https://idp.example/sso\"", "https://a:b@idp.example/sso\""}, nil, metadata.CheckEndpoint, "SingleSignOnService: Location must not carry a user name or password", nil},
	"an address, relative":       {[]string{"https://idp.example/sso\"", "/sso\""}, nil, metadata.CheckEndpoint, "SingleSignOnService: Location must be an absolute URL such as https://example.com", nil},
	"no address":                 {[]string{`Location="https://idp.example/sso"`, ""}, nil, metadata.CheckEndpoint, "SingleSignOnService: Location must be an absolute URL such as https://example.com", nil},
	"an address, http":           {[]string{"https://idp.example/sso\"", "http://idp.example/sso\""}, []string{"https://idp.example/sso\"", "http://127.0.0.1/sso\""}, metadata.CheckEndpoint, "SingleSignOnService: Location must be an https URL: http is for loopback hosts only (InsecureAllowHTTP lifts this, and lets anyone on the way read the secrets)", nil},
	"an address, by ftp":         {[]string{"https://idp.example/sso\"", "ftp://idp.example/sso\""}, []string{"https://idp.example/sso\"", "http://idp.example/sso\""}, metadata.CheckEndpoint, "SingleSignOnService: Location must be an https URL", mdHTTP},
}

func TestSAML55Metadata(t *testing.T) {
	t.Parallel()
	for name, c := range mdRefusals {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.allow == nil {
				c.allow = func(*metadata.Options) {}
			}
			p, err := mdParse(mdDoc(t, c.bad...), c.allow)
			requireRefused(t, p, err, c.check, c.error)
			_, err = mdParse(mdDoc(t, c.good...), c.allow)
			require.NoError(t, err, "the accepted twin")
		})
	}
}

func TestSAML55Entities(t *testing.T) {
	t.Parallel()
	const a, b = "https://a.example/", "https://b.example/"
	one, two := mdNamed(t, a), mdNamed(t, b)
	sp := mdNamed(t, "https://sp.example/", "md:IDPSSODescriptor", "md:SPSSODescriptor")
	past, later := `validUntil="2026-11-20T12:00:00Z"`, `validUntil="2026-11-20T13:00:00Z"`
	for name, c := range map[string]struct {
		text, ask string
		want      string
		error     string
		check     metadata.Check
	}{
		"one, no selection":         {mdGroup("", one), "", a, "", ""},
		"one, selected":             {one, a, a, "", ""},
		"two, selected":             {mdGroup("", one, two), b, b, "", ""},
		"two, nested":               {mdGroup("", sp, mdGroup("", one, mdGroup("", two))), b, b, "", ""},
		"with a service provider":   {mdGroup("", sp, one), a, a, "", ""},
		"two, no selection":         {mdGroup("", one, two), "", "", "the document has 2 entities, and EntityID names none", metadata.CheckEntity},
		"nested, no selection":      {mdGroup("", mdGroup("", one), mdGroup("", sp)), "", "", "the document has 2 entities, and EntityID names none", metadata.CheckEntity},
		"another name":              {one, b, "", `the document is of "https://a.example/"`, metadata.CheckEntity},
		"another name, by a slash":  {one, "https://a.example", "", `the document is of "https://a.example/"`, metadata.CheckEntity},
		"none of that name":         {mdGroup("", one, sp), b, "", "the entity is not in the document", metadata.CheckEntity},
		"a service provider":        {mdGroup("", sp, one), "https://sp.example/", "", `the entity is no identity provider: it has no IDPSSODescriptor`, metadata.CheckRole},
		"twice":                     {mdGroup("", one, two, mdGroup("", one)), a, "", `the entity is in the document twice`, metadata.CheckEntity},
		"three times":               {mdGroup("", one, one, one), a, "", `the entity is in the document twice`, metadata.CheckEntity},
		"another one twice":         {mdGroup("", one, two, two), a, a, "", ""},
		"another one is broken":     {mdGroup("", one, mdNamed(t, b, "https://idp.example/sso", "javascript:alert(1)//")), a, a, "", ""},
		"none":                      {mdGroup(""), "", "", "the document has no entity", metadata.CheckEntity},
		"none of that name at all":  {mdGroup("", mdGroup("")), a, "", "the document has no entity", metadata.CheckEntity},
		"not in a group":            {mdGroup("", "<md:Extensions>"+one+"</md:Extensions>", two), a, "", `the document is of "https://b.example/"`, metadata.CheckEntity},
		"the group has ended":       {mdGroup(past, one), "", "", "validUntil is past", metadata.CheckExpired},
		"the group ends":            {mdGroup(later, one), "", a, "", ""},
		"the outer group has ended": {mdGroup(past, mdGroup(later, one)), "", "", "validUntil is past", metadata.CheckExpired},
		"the inner group has ended": {mdGroup(later, mdGroup(past, one)), "", "", "validUntil is past", metadata.CheckExpired},
		"another group has ended":   {mdGroup(later, mdGroup(past, one), two), b, b, "", ""},
		"the group ends some time":  {mdGroup(`validUntil="some time"`, one), "", "", "validUntil: not a time in UTC, such as 2026-11-20T09:30:10Z", metadata.CheckExpired},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := mdParse(c.text, mdWant(c.ask))
			if c.error != "" {
				requireRefused(t, p, err, c.check, c.error)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, c.want, p.EntityID)
		})
	}
}

// An entity is valid for no longer than the groups around it (SAML Metadata §2.3.1).
func TestMetadataExpiresAtTheFirstOfItsTimes(t *testing.T) {
	t.Parallel()
	for want, text := range map[string]string{
		"12:30": mdGroup(`validUntil="2026-11-20T12:30:00Z"`, mdGroup(`validUntil="2026-11-20T12:40:00Z"`, mdDoc(t))),
		"12:20": mdGroup(`validUntil="2026-11-20T12:30:00Z"`, mdGroup(`validUntil="2026-11-20T12:20:00Z"`, mdDoc(t))),
		"12:10": mdGroup(`validUntil="2026-11-20T12:30:00Z"`, mdDoc(t, "2026-11-21T12:00:00Z", "2026-11-20T12:10:00Z")),
		"12:05": mdGroup("", mdDoc(t, "<md:IDPSSODescriptor", `<md:IDPSSODescriptor validUntil="2026-11-20T12:05:00Z"`)),
	} {
		p, err := mdParse(text)
		require.NoError(t, err)
		assert.Equal(t, want, p.ValidUntil.Format("15:04"))
	}
}

func TestMetadataOptions(t *testing.T) {
	t.Parallel()
	for want, o := range map[string]metadata.Options{
		"saml: metadata: MaxBytes is negative":                                                        {MaxBytes: -1},
		"saml: metadata: MaxNodes is negative":                                                        {MaxNodes: -1},
		"saml: metadata: EntityID has a character that XML forbids":                                   {EntityID: "a\x00"},
		"saml: metadata: Keys[0] is of type *rsa.PrivateKey, want *rsa.PublicKey or *ecdsa.PublicKey": {Keys: []crypto.PublicKey{idpKey()}},
		"saml: metadata: Keys[1] is nil":                                                              {Keys: []crypto.PublicKey{idpKey().Public(), nil}},
		"saml: metadata (xml): MaxNodes and MaxBytes, which is MaxReply of a Source, are the limits that can be set: xml: over the limit at byte 1000": {MaxBytes: 1000},
	} {
		p, err := metadata.Parse([]byte(mdDoc(t)), o)
		require.EqualError(t, err, want)
		assert.Nil(t, p)
	}
	_, err := mdParse(mdDoc(t), func(o *metadata.Options) { o.MaxNodes = 20 })
	require.ErrorIs(t, err, metadata.CheckXML)
	_, err = mdParse(mdDoc(t), func(o *metadata.Options) { o.MaxBytes, o.MaxNodes = len(mdDoc(t)), 100 })
	require.NoError(t, err, "the accepted twin")
}

// The metadata of a federation is long: up to 8 MiB are read.
func TestMetadataSizes(t *testing.T) {
	t.Parallel()
	padded := func(n int) string {
		text := mdDoc(t)
		return text + strings.Repeat(" ", n-len(text))
	}
	_, err := mdParse(padded(8 << 20))
	require.NoError(t, err)
	p, err := mdParse(padded(8<<20 + 1))
	require.ErrorIs(t, err, metadata.CheckXML)
	assert.Nil(t, p)
	_, err = mdParse(padded(8<<20+1), func(o *metadata.Options) { o.MaxBytes = 9 << 20 })
	require.NoError(t, err)
}
