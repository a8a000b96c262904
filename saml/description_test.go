package saml_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// described is a service provider with all that its metadata may say of it.
func described(c *saml.Config) {
	en := func(s string) []saml.Text { return []saml.Text{{Lang: "en", Value: s}} }
	c.SLOURL, c.SOAPLogoutURL, c.AcceptArtifacts = "https://app.example/saml/slo", "https://app.example/saml/soap", true
	c.Keys = []saml.Key{{Signer: spKey(), Decrypter: spKey()}}
	c.Organization = &saml.Organization{Name: []saml.Text{{Lang: "en", Value: "A & B"}, {Lang: "zh-CN", Value: "研发"}}, DisplayName: en(`"<A>"`), URL: en("http://www.example/?a&b")}
	c.Contacts = []saml.ContactPerson{
		{Type: "technical", Company: "A & B", GivenName: "Ada", SurName: "<L>", Emails: []string{"ada@app.example", "mailto:b@app.example"}, Phones: []string{"+1 2"}},
		{Type: "security", GivenName: "Team", Emails: []string{"security@app.example"}},
	}
	c.UIInfo = &saml.UIInfo{
		DisplayName: en("App"), Description: en("It <does>."), InformationURL: en("https://app.example/about"), PrivacyStatementURL: en("https://app.example/privacy"),
		Logos: []saml.Logo{{URL: "https://app.example/logo.png?a&b", Width: 80, Height: 60, Lang: "en"}},
	}
	c.AttributeService = &saml.AttributeService{Name: en("App"), Description: en("d"), Attributes: []saml.RequestedAttribute{
		{Name: "urn:oid:0.9.2342.19200300.100.1.3", NameFormat: "urn:oasis:names:tc:SAML:2.0:attrname-format:uri", FriendlyName: "mail", Required: true}, {Name: "a&b"},
	}}
	c.DiscoveryURLs = []string{"https://app.example/discovered", "https://app.example/discovered2"}
}

// The elements come in the order of the schema, and escaped.
func TestMetadataOfOursDescribed(t *testing.T) {
	t.Parallel()
	root, text := spMetadata(t, saml.MetadataDocOptions{NameIDFormats: []string{saml.NameIDEmail}}, described)
	var names []string
	for _, e := range root.FindElement("./SPSSODescriptor").ChildElements() {
		if len(names) == 0 || names[len(names)-1] != e.Tag {
			names = append(names, e.Tag)
		}
	}
	assert.Equal(t, []string{"Extensions", "KeyDescriptor", "SingleLogoutService", "NameIDFormat", "AssertionConsumerService", "AttributeConsumingService"}, names)
	extensions := between(t, text, "<md:Extensions>", "</md:Extensions>")
	assert.Equal(t, `<mdui:UIInfo xmlns:mdui="urn:oasis:names:tc:SAML:metadata:ui"><mdui:DisplayName xml:lang="en">App</mdui:DisplayName>`+
		`<mdui:Description xml:lang="en">It &lt;does&gt;.</mdui:Description><mdui:Logo height="60" width="80" xml:lang="en">https://app.example/logo.png?a&amp;b</mdui:Logo>`+
		`<mdui:InformationURL xml:lang="en">https://app.example/about</mdui:InformationURL><mdui:PrivacyStatementURL xml:lang="en">https://app.example/privacy</mdui:PrivacyStatementURL></mdui:UIInfo>`+
		`<idpdisc:DiscoveryResponse xmlns:idpdisc="urn:oasis:names:tc:SAML:profiles:SSO:idp-discovery-protocol" Binding="urn:oasis:names:tc:SAML:profiles:SSO:idp-discovery-protocol" Location="https://app.example/discovered" index="0"/>`+
		`<idpdisc:DiscoveryResponse xmlns:idpdisc="urn:oasis:names:tc:SAML:profiles:SSO:idp-discovery-protocol" Binding="urn:oasis:names:tc:SAML:profiles:SSO:idp-discovery-protocol" Location="https://app.example/discovered2" index="1"/>`, extensions)
	_, after, _ := strings.Cut(text, "</md:SPSSODescriptor>")
	assert.Equal(t, `<md:Organization><md:OrganizationName xml:lang="en">A &amp; B</md:OrganizationName><md:OrganizationName xml:lang="zh-CN">研发</md:OrganizationName>`+
		`<md:OrganizationDisplayName xml:lang="en">&quot;&lt;A&gt;&quot;</md:OrganizationDisplayName><md:OrganizationURL xml:lang="en">http://www.example/?a&amp;b</md:OrganizationURL></md:Organization>`+
		`<md:ContactPerson contactType="technical"><md:Company>A &amp; B</md:Company><md:GivenName>Ada</md:GivenName><md:SurName>&lt;L&gt;</md:SurName>`+
		`<md:EmailAddress>mailto:ada@app.example</md:EmailAddress><md:EmailAddress>mailto:b@app.example</md:EmailAddress><md:TelephoneNumber>+1 2</md:TelephoneNumber></md:ContactPerson>`+
		`<md:ContactPerson xmlns:remd="http://refeds.org/metadata" contactType="other" remd:contactType="http://refeds.org/metadata/contactType/security"><md:GivenName>Team</md:GivenName>`+
		`<md:EmailAddress>mailto:security@app.example</md:EmailAddress></md:ContactPerson></md:EntityDescriptor>`, after)
	assert.Equal(t, ` index="0" isDefault="true"><md:ServiceName xml:lang="en">App</md:ServiceName><md:ServiceDescription xml:lang="en">d</md:ServiceDescription>`+
		`<md:RequestedAttribute Name="urn:oid:0.9.2342.19200300.100.1.3" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri" FriendlyName="mail" isRequired="true"/>`+
		`<md:RequestedAttribute Name="a&amp;b"/>`, between(t, text, "<md:AttributeConsumingService", "</md:AttributeConsumingService>"))
}

func between(t *testing.T, text, before, after string) string {
	t.Helper()
	_, rest, found := strings.Cut(text, before)
	require.True(t, found, "%s", text)
	middle, _, found := strings.Cut(rest, after)
	require.True(t, found)
	return middle
}

// A client has its own copy.
func TestDescriptionIsCopied(t *testing.T) {
	t.Parallel()
	var cfg saml.Config
	c := sp(t, described, func(c *saml.Config) { cfg = *c })
	first, err := c.Metadata(t.Context(), saml.MetadataDocOptions{})
	require.NoError(t, err)
	cfg.Organization.Name[0].Value, cfg.Organization.URL = "x", nil
	cfg.Contacts[0].Emails[0], cfg.Contacts[0].Phones[0], cfg.Contacts[1].Type = "x", "x", "x"
	cfg.UIInfo.Logos[0].URL, cfg.UIInfo.DisplayName[0].Value = "x", "x"
	cfg.AttributeService.Attributes[0].Name, cfg.AttributeService.Name[0].Lang = "x", "x"
	cfg.DiscoveryURLs[0] = "x"
	second, err := c.Metadata(t.Context(), saml.MetadataDocOptions{})
	require.NoError(t, err)
	assert.Equal(t, string(first), string(second))
}

// Each row makes the good description bad in one fact.
func TestDescriptionsThatAreRefused(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*saml.Config){
		"Organization.Name is missing":               func(c *saml.Config) { c.Organization.Name = nil },
		"Organization.DisplayName is missing":        func(c *saml.Config) { c.Organization.DisplayName = nil },
		"Organization.URL is missing":                func(c *saml.Config) { c.Organization.URL = nil },
		"Organization.URL has a Value":               func(c *saml.Config) { c.Organization.URL[0].Value = "javascript:alert(1)" },
		"Organization.Name has a Lang":               func(c *saml.Config) { c.Organization.Name[0].Lang = "e n" },
		"Organization.DisplayName has a Lang":        func(c *saml.Config) { c.Organization.DisplayName[0].Lang = "1n" },
		"Organization.Name has a Value":              func(c *saml.Config) { c.Organization.Name[0].Value = "a\x00" },
		"Organization.Name has two texts":            func(c *saml.Config) { c.Organization.Name[1].Lang = "EN" },
		"Contacts[0].Type":                           func(c *saml.Config) { c.Contacts[0].Type = "" },
		"Contacts[0].Emails":                         func(c *saml.Config) { c.Contacts[0].Emails[0] = "nobody" },
		"Contacts[0].Phones":                         func(c *saml.Config) { c.Contacts[0].Phones[0] = "" },
		"Contacts[0] has a name":                     func(c *saml.Config) { c.Contacts[0].SurName = "\x01" },
		"Contacts[1] has nothing":                    func(c *saml.Config) { c.Contacts[1] = saml.ContactPerson{Type: "other"} },
		"UIInfo is empty":                            func(c *saml.Config) { c.UIInfo = &saml.UIInfo{} },
		"UIInfo.DisplayName has a Value":             func(c *saml.Config) { c.UIInfo.DisplayName[0].Value = " " },
		"UIInfo.Description has a Lang":              func(c *saml.Config) { c.UIInfo.Description[0].Lang = "" },
		"UIInfo.InformationURL has a Value":          func(c *saml.Config) { c.UIInfo.InformationURL[0].Value = "/about" },
		"UIInfo.PrivacyStatementURL has a Value":     func(c *saml.Config) { c.UIInfo.PrivacyStatementURL[0].Value = "https://a b" },
		"UIInfo.Logos has a URL":                     func(c *saml.Config) { c.UIInfo.Logos[0].URL = "http://app.example/logo.png" },
		"UIInfo.Logos has one without Width":         func(c *saml.Config) { c.UIInfo.Logos[0].Height = 0 },
		"AttributeService.Name is missing":           func(c *saml.Config) { c.AttributeService.Name = nil },
		"AttributeService.Description has a Lang":    func(c *saml.Config) { c.AttributeService.Description[0].Lang = "x-" },
		"AttributeService.Attributes is missing":     func(c *saml.Config) { c.AttributeService.Attributes = nil },
		"AttributeService.Attributes has one withou": func(c *saml.Config) { c.AttributeService.Attributes[1].Name = "" },
		"AttributeService.Attributes has one twice":  func(c *saml.Config) { c.AttributeService.Attributes[1] = c.AttributeService.Attributes[0] },
		"DiscoveryURLs[1]":                           func(c *saml.Config) { c.DiscoveryURLs[1] = "http://app.example/discovered" },
	} {
		_, err := newSP(described, change)
		require.ErrorContains(t, err, "saml: "+want)
	}
	_, err := newSP(described)
	require.NoError(t, err)
}

func TestBuildDiscoveryUrl(t *testing.T) {
	t.Parallel()
	c := sp(t, described)
	const service = "https://disco.example/ds?lang=en"
	link, err := c.BuildDiscoveryUrl(saml.DiscoveryOptions{Service: service})
	require.NoError(t, err)
	assert.Equal(t, service+"&entityID=https%3A%2F%2Fapp.example%2Fsaml&return=https%3A%2F%2Fapp.example%2Fdiscovered", link)
	link, err = c.BuildDiscoveryUrl(saml.DiscoveryOptions{Service: service, Return: "https://app.example/discovered2?to=%2Fa", ReturnIDParam: "idp", IsPassive: true})
	require.NoError(t, err)
	u, err := url.Parse(link)
	require.NoError(t, err)
	assert.Equal(t, url.Values{
		"lang": {"en"}, "entityID": {spID}, "return": {"https://app.example/discovered2?to=%2Fa"}, "returnIDParam": {"idp"}, "isPassive": {"true"},
	}, u.Query())

	for want, o := range map[string]saml.DiscoveryOptions{
		"DiscoveryOptions.Service must":                     {},
		"DiscoveryOptions.Service":                          {Service: "http://disco.example"},
		"Service has a parameter return":                    {Service: service + "&return=x"},
		"Return is not one of DiscoveryURLs":                {Service: service, Return: "https://evil.example/discovered"},
		"Return is not one of DiscoveryURLs, alone":         {Service: service, Return: "https://app.example/discovered/x"},
		"Return has the parameter of the answer already":    {Service: service, Return: "https://app.example/discovered?entityID=x"},
		"Return is not one of DiscoveryURLs, alone or with": {Service: service, Return: "https://app.example/discovered?a=%zz"},
	} {
		_, err := c.BuildDiscoveryUrl(o)
		require.ErrorContains(t, err, want)
	}
	_, err = sp(t).BuildDiscoveryUrl(saml.DiscoveryOptions{Service: service})
	require.ErrorContains(t, err, "DiscoveryURLs is not set")
}

func TestDiscoveredIDP(t *testing.T) {
	t.Parallel()
	c := sp(t, described)
	ask := func(method, query, param string) (string, error) {
		return c.DiscoveredIDP(t.Context(), httptest.NewRequest(method, "https://app.example/discovered?"+query, nil), param)
	}
	known := url.QueryEscape(idpID)
	for query, param := range map[string]string{"entityID=" + known: "", "a=b&idp=" + known: "idp"} {
		got, err := ask(http.MethodGet, query, param)
		require.NoError(t, err)
		assert.Equal(t, idpID, got)
	}
	for _, query := range []string{"", "a=b", "idp=" + known} {
		got, err := ask(http.MethodGet, query, "")
		require.NoError(t, err)
		assert.Empty(t, got, "nothing was chosen")
	}
	for query, check := range map[string]saml.Check{
		"entityID=" + known + "&entityID=" + known: saml.CheckRepeated,
		"entityID=":                             saml.CheckIssuer,
		"entityID=" + strings.Repeat("a", 1025): saml.CheckIssuer,
		"entityID=https%3A%2F%2Fevil.example":   saml.CheckUnknownIDP,
		"entityID=%zz":                          saml.CheckMalformed,
	} {
		got, err := ask(http.MethodGet, query, "")
		require.ErrorIs(t, err, check)
		assert.Empty(t, got)
	}
	_, err := ask(http.MethodPost, "entityID="+known, "")
	require.ErrorIs(t, err, saml.CheckMethod)
	_, err = c.DiscoveredIDP(t.Context(), nil, "")
	require.Error(t, err)
	small := sp(t, described, func(c *saml.Config) { c.MaxMessage = 20 })
	_, err = small.DiscoveredIDP(t.Context(), httptest.NewRequest(http.MethodGet, "https://app.example/discovered?entityID="+known, nil), "")
	require.ErrorIs(t, err, saml.CheckMalformed)
	down := sp(t, described, func(c *saml.Config) {
		c.IDP = idps{idpID: &metadata.IDP{EntityID: "https://other.example"}}
	})
	_, err = down.DiscoveredIDP(t.Context(), httptest.NewRequest(http.MethodGet, "https://app.example/discovered?entityID="+known, nil), "")
	var outage *metadata.Error
	require.ErrorAs(t, err, &outage)
}
