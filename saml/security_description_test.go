package saml_test

import (
	"crypto"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/beevik/etree"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
	"github.com/seed6e7d3bb2/authing-go/saml"
)

// Whatever a text is, it stays the text of its element: a reader finds it as it was given, and no other element.
func TestSAML56NothingIsInjectedIntoOurMetadata(t *testing.T) {
	t.Parallel()
	const evil = `"'><md:KeyDescriptor/></x>]]><!-- &lt; &#10; --><?y?>` + "\n\t\U0001F600\u2028"
	line := strings.NewReplacer("\n", "", "\t", "").Replace(evil)
	en := []saml.Text{{Lang: "en", Value: evil}}
	plainDoc, _ := spMetadata(t, saml.MetadataDocOptions{}, described)
	change := func(c *saml.Config) {
		c.Organization.Name, c.Organization.DisplayName = en, en
		c.UIInfo.DisplayName, c.UIInfo.Description = en, en
		c.AttributeService.Name, c.AttributeService.Description = en, en
		c.AttributeService.Attributes = []saml.RequestedAttribute{{Name: line, NameFormat: line, FriendlyName: line}, {Name: "b"}}
		c.Contacts[0].Company, c.Contacts[0].GivenName, c.Contacts[0].SurName, c.Contacts[0].Phones = line, line, line, []string{line}
	}
	for _, sign := range []bool{false, true} {
		c := sp(t, described, change)
		data, err := c.Metadata(t.Context(), saml.MetadataDocOptions{Sign: sign})
		require.NoError(t, err)
		doc, err := xmlgate.Parse(string(data), xmlgate.Options{MaxBytes: len(data)})
		require.NoError(t, err)
		if sign {
			_, err := xmldsig.Verify(doc.Root(), []crypto.PublicKey{spKey().Public()}, xmldsig.Policy{})
			require.NoError(t, err)
		}
		tree := etree.NewDocument()
		require.NoError(t, tree.ReadFromBytes(data))
		for _, name := range []string{"OrganizationName", "OrganizationDisplayName", "DisplayName", "Description", "ServiceName", "ServiceDescription"} {
			assert.Equal(t, evil, tree.FindElement("//"+name).Text(), name)
		}
		for _, name := range []string{"Company", "GivenName", "SurName", "TelephoneNumber"} {
			assert.Equal(t, line, tree.FindElement("//"+name).Text(), name)
		}
		for _, name := range []string{"Name", "NameFormat", "FriendlyName"} {
			assert.Equal(t, line, tree.FindElement("//RequestedAttribute").SelectAttrValue(name, ""), name)
		}
		assert.Len(t, tree.FindElements("//KeyDescriptor"), len(plainDoc.FindElements("//KeyDescriptor")))
	}
}

// A reader makes one line end of a carriage return and its line feed; a text that has them is not the same text there,
// but still the one that was signed.
func TestLineEndsInOurMetadata(t *testing.T) {
	t.Parallel()
	c := sp(t, described, func(c *saml.Config) { c.Organization.Name[0].Value = "a\r\nb\rc" })
	data, err := c.Metadata(t.Context(), saml.MetadataDocOptions{Sign: true})
	require.NoError(t, err)
	doc, err := xmlgate.Parse(string(data), xmlgate.Options{MaxBytes: len(data)})
	require.NoError(t, err)
	_, err = xmldsig.Verify(doc.Root(), []crypto.PublicKey{spKey().Public()}, xmldsig.Policy{})
	require.NoError(t, err)
	_, err = foreign(t, tree(t, string(data)).Root(), spKey())
	require.NoError(t, err)
}

// The browser is sent back to no address but ours.
func TestDiscoveryReturnsNowhereElse(t *testing.T) {
	t.Parallel()
	c := sp(t, described)
	for _, to := range []string{
		"https://app.example/discovered@evil.example/", "https://app.example/discovered.evil.example", "https://app.example/discovered#x", "https://app.example/discovered?a#x",
		"//app.example/discovered", "/discovered", "javascript:alert(1)", "https://APP.example/discovered", "https://app.example/discovered/../x", "https://app.example\\discovered",
		"https://app.example/discovered?a=1\r\nSet-Cookie: b", "https://app.example/discovered ", "https://u@app.example/discovered", "?", "https://app.example/discovered;x",
	} {
		_, err := c.BuildDiscoveryUrl(saml.DiscoveryOptions{Service: "https://disco.example/ds", Return: to})
		assert.Error(t, err, "%q", to)
	}
	for _, service := range []string{"javascript:alert(1)", "//disco.example", "https://disco.example/#x", "https://disco.example/?entityID=x", "https://disco.example/?isPassive=true", "https://disco.example/?a=%zz", "https://u:p@disco.example/", "https://disco.example/\n"} {
		_, err := c.BuildDiscoveryUrl(saml.DiscoveryOptions{Service: service})
		assert.Error(t, err, "%q", service)
	}
	// What names are given stays one value.
	link, err := c.BuildDiscoveryUrl(saml.DiscoveryOptions{Service: "https://disco.example/ds", ReturnIDParam: "a&return=https://evil.example#"})
	require.NoError(t, err)
	u, err := url.Parse(link)
	require.NoError(t, err)
	assert.Equal(t, []string{"https://app.example/discovered"}, u.Query()["return"])
	assert.Empty(t, u.Fragment)
}

// An answer names one identity provider of ours, byte for byte, and nothing of one that is not.
func TestDiscoveredByAnAttacker(t *testing.T) {
	t.Parallel()
	c := sp(t, described)
	for query, check := range map[string]saml.Check{
		"entityID=" + url.QueryEscape(idpID+" "):              saml.CheckUnknownIDP,
		"entityID=" + url.QueryEscape(strings.ToUpper(idpID)): saml.CheckUnknownIDP,
		"entityID=" + url.QueryEscape(idpID+"\x00"):           saml.CheckUnknownIDP,
		"entityID=%ff": saml.CheckUnknownIDP,
		"entityID=" + url.QueryEscape(idpID) + ";entityID=x":                           saml.CheckMalformed,
		"entityID=" + url.QueryEscape(idpID) + "&%65ntityID=" + url.QueryEscape(idpID): saml.CheckRepeated,
		"entityID": saml.CheckIssuer,
	} {
		got, err := c.DiscoveredIDP(t.Context(), httptest.NewRequest(http.MethodGet, "https://app.example/discovered?"+query, nil), "")
		require.ErrorIs(t, err, check, query)
		assert.Empty(t, got)
		var invalid *saml.InvalidError
		require.ErrorAs(t, err, &invalid)
		assert.NotContains(t, err.Error(), "\x00")
		assert.NotContains(t, err.Error(), "\xff")
	}
}
