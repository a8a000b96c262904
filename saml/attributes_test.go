package saml_test

import (
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

const none = `<saml:Attribute Name="none"/>`

func roles(formats ...string) string {
	var b strings.Builder
	for i, format := range formats {
		fmt.Fprintf(&b, `<saml:Attribute Name="Role" NameFormat="%s"><saml:AttributeValue>role %d</saml:AttributeValue></saml:Attribute>`, format, i)
	}
	return b.String()
}

func many(n int, last string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `<saml:Attribute Name="a%d"/>`, i)
	}
	return b.String() + last
}

func TestSAML51Attributes(t *testing.T) {
	refusals(t, signedBoth, map[string]refusal{
		"one name in two formats": {says(none, roles(basic, "urn:x")), saml.CheckAttributes, says(none, roles(basic, basic))},
		"... far apart":           {says(none, many(40, `<saml:Attribute Name="a0" NameFormat="urn:x"/>`)), saml.CheckAttributes, says(none, many(40, `<saml:Attribute Name="a0"/>`))},
		"... in two statements":   {says(`</saml:AttributeStatement>`, `</saml:AttributeStatement><saml:AttributeStatement><saml:Attribute Name="none" NameFormat="urn:x"/></saml:AttributeStatement>`), saml.CheckAttributes, says(`</saml:AttributeStatement>`, `</saml:AttributeStatement><saml:AttributeStatement><saml:Attribute Name="none"/></saml:AttributeStatement>`)},
		"no name":                 {says(none, `<saml:Attribute FriendlyName="x"/>`), saml.CheckAttributes, says(none, `<saml:Attribute Name="x"/>`)},
		"empty name":              {says(none, `<saml:Attribute Name=""/>`), saml.CheckAttributes, nil},
		"no attribute":            {says(none, `<saml:AttributeValue/>`), saml.CheckAttributes, nil},
		"no value":                {says(none, `<saml:Attribute Name="none"><saml:Attribute Name="x"/></saml:Attribute>`), saml.CheckAttributes, says(none, `<saml:Attribute Name="none"><saml:AttributeValue><saml:Attribute Name="x"/></saml:AttributeValue></saml:Attribute>`)},
		"nil and not empty":       {says(`xsi:type="xs:string">staff`, `xsi:nil="true">staff`), saml.CheckAttributes, says(`xsi:type="xs:string">staff`, `xsi:nil="false">staff`)},
	})
}

func TestAttributesStayApart(t *testing.T) {
	t.Parallel()
	m := signedBoth()
	m.before = []edit{{none, roles(basic, basic) + `<saml:Attribute Name="Mixed"><saml:AttributeValue/><saml:AttributeValue xsi:nil="1"/><saml:AttributeValue><x/></saml:AttributeValue><saml:AttributeValue>x</saml:AttributeValue></saml:Attribute>`}}
	got, err := m.complete(t)
	require.NoError(t, err)
	require.Len(t, got.Attributes, 4)
	assert.Equal(t, []saml.Value{{Text: "role 0"}}, got.Attributes[1].Values)
	assert.Equal(t, []saml.Value{{Text: "role 1"}}, got.Attributes[2].Values)

	assert.Equal(t, []string{"role 0", "role 1"}, got.Values("Role"))
	assert.Equal(t, []string{"", "x"}, got.Values("Mixed"))
	assert.Empty(t, got.Values("role"))
	assert.Empty(t, got.Values("Groups"), "a friendly name")
	_, ok := got.Attribute("Role")
	assert.False(t, ok, "there are two")
	_, ok = got.Attribute("role")
	assert.False(t, ok)
	groups, ok := got.Attribute("groups")
	assert.True(t, ok)
	assert.Equal(t, got.Attributes[0], groups)
}

// A value with elements can be read by itself, whatever was signed.
func TestValuesWithElements(t *testing.T) {
	t.Parallel()
	const id = `<saml:Attribute Name="id"><saml:AttributeValue xmlns:own="urn:own" xsi:type="x:Kind"><saml:NameID NameQualifier="q">a&amp;b</saml:NameID><in xmlns="urn:in"><x:y own:z="1"/></in></saml:AttributeValue></saml:Attribute>`
	add := edit{`<saml:AttributeStatement>`, `<saml:AttributeStatement xmlns:x="urn:far" xmlns:unused="urn:unused">`}
	near := edit{none, strings.Replace(id, `Name="id"`, `Name="id" xmlns:x="urn:near"`, 1)}
	for name, m := range map[string]message{
		"assertion signed": {text: plain, signA: &signature{}, before: []edit{add, near}},
		"response signed":  {text: plain, signR: &signature{}, before: []edit{add, near}},
		"encrypted":        {text: sealable(), signR: &signature{}, encE: &encryption{}, before: []edit{add, near}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := m.complete(t)
			require.NoError(t, err)
			value := got.Attributes[1].Values[0]
			assert.Empty(t, value.Text)
			assert.Equal(t, "x:Kind", value.Type)
			assert.NotContains(t, value.XML, "unused")
			assert.Contains(t, value.XML, `xmlns:x="urn:near"`)
			var read struct {
				XMLName xml.Name
				NameID  string `xml:"urn:oasis:names:tc:SAML:2.0:assertion NameID"`
				In      struct {
					Y struct {
						Z string `xml:"urn:own z,attr"`
					} `xml:"urn:near y"`
				} `xml:"urn:in in"`
			}
			require.NoError(t, xml.Unmarshal([]byte(value.XML), &read))
			assert.Equal(t, "urn:oasis:names:tc:SAML:2.0:assertion", read.XMLName.Space)
			assert.Equal(t, "a&b", read.NameID)
			assert.Equal(t, "1", read.In.Y.Z)
		})
	}
}

func TestEncryptedAttributes(t *testing.T) {
	t.Parallel()
	sealed := (encryption{}).wrap(t, `<saml:Attribute Name="secret"><saml:AttributeValue>s</saml:AttributeValue><saml:AttributeValue><y/></saml:AttributeValue></saml:Attribute>`, "EncryptedAttribute")
	m := signedBoth()
	m.before = []edit{{none, sealed + none}}
	got, err := m.complete(t)
	require.NoError(t, err)
	require.Len(t, got.Attributes, 3)
	assert.Equal(t, "groups", got.Attributes[0].Name)
	assert.Equal(t, "secret", got.Attributes[1].Name)
	assert.Equal(t, "s", got.Attributes[1].Values[0].Text)
	assert.Contains(t, got.Attributes[1].Values[1].XML, `<saml:AttributeValue xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"><y/>`)
	assert.Equal(t, []string{"staff", "研发"}, got.Values("groups"))

	m.config = func(c *saml.Config) { c.Keys = []saml.Key{{Signer: key(t, "sp")}} }
	_, err = m.complete(t)
	require.ErrorIs(t, err, saml.CheckEncryption)

	// What the container declares holds in it too.
	sealed = (encryption{}).wrap(t, `<saml:Attribute Name="secret"><saml:AttributeValue><deep:y/></saml:AttributeValue></saml:Attribute>`, "EncryptedAttribute")
	m = message{text: plain, signA: &signature{list: "deep"}}
	m.before = []edit{{none, strings.Replace(sealed, "<saml:EncryptedAttribute", `<saml:EncryptedAttribute xmlns:deep="urn:deep"`, 1)}}
	got, err = m.complete(t)
	require.NoError(t, err)
	assert.Contains(t, got.Attributes[1].Values[0].XML, `xmlns:deep="urn:deep"`)
}

// Prefixes of types and the end of a default namespace are kept, whatever is around the value.
func TestValuesKeepTheirNamespaces(t *testing.T) {
	t.Parallel()
	inclusive := func() message {
		return message{text: plain, signA: &signature{c14n: incC14N10}, config: func(c *saml.Config) { c.AllowInclusiveC14N = true }}
	}
	m := inclusive()
	m.before = []edit{
		{`<saml:AttributeStatement>`, `<saml:AttributeStatement xmlns="urn:default" xmlns:k="urn:kinds">`},
		{none, `<saml:Attribute Name="none"><saml:AttributeValue><a xsi:type=" k:b"/></saml:AttributeValue><saml:AttributeValue><x:a xmlns:x="urn:x" xsi:type="b"/></saml:AttributeValue>` +
			`<saml:AttributeValue><x:a xmlns:x="urn:x" xsi:nil="k:true"/></saml:AttributeValue></saml:Attribute>`},
	}
	got, err := m.complete(t)
	require.NoError(t, err)
	values := got.Attributes[1].Values
	assert.Contains(t, values[0].XML, `xmlns:k="urn:kinds"`)
	assert.Contains(t, values[0].XML, `xmlns="urn:default"`)
	assert.NotContains(t, values[1].XML, "kinds")
	assert.Contains(t, values[1].XML, `xmlns="urn:default"`, "the type is in the default namespace")
	assert.NotContains(t, values[2].XML, "kinds", "that is no type")
	assert.NotContains(t, values[2].XML, "default")

	m = inclusive()
	m.before = []edit{
		{`<saml:AttributeStatement>`, `<saml:AttributeStatement xmlns="urn:default">`},
		{none, `<saml:Attribute Name="ended" xmlns=""><saml:AttributeValue><a/></saml:AttributeValue></saml:Attribute>`},
	}
	got, err = m.complete(t)
	require.NoError(t, err)
	assert.NotContains(t, got.Attributes[1].Values[0].XML, "default", "it ended before the value")
}

// A value that is one name identifier is typed, as eduPersonTargetedID is; a value that holds anything else is not.
func TestNameIDsInAttributes(t *testing.T) {
	t.Parallel()
	const persistent = `Format=" urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"`
	for inside, want := range map[string]*saml.NameID{
		`<saml:NameID ` + persistent + ` NameQualifier="https://idp.example/metadata" SPNameQualifier="https://sp.example/metadata" SPProvidedID="7"> NDVj </saml:NameID>`: {
			Value: " NDVj ", Format: saml.NameIDPersistent, NameQualifier: testIDP, SPNameQualifier: testSP, SPProvidedID: "7",
		},
		"\n  <saml:NameID>NDVj</saml:NameID>\n":                                  {Value: "NDVj"},
		`<saml:NameID SPNameQualifier="https://sp2.example/">NDVj</saml:NameID>`: {Value: "NDVj", SPNameQualifier: "https://sp2.example/"},
		`<saml:NameID>NDVj</saml:NameID>x`:                                       nil,
		`<saml:NameID>a</saml:NameID><saml:NameID>b</saml:NameID>`:               nil,
		`<saml:NameID/>`:                                             nil,
		`<saml:NameID><x/></saml:NameID>`:                            nil,
		`<saml:Issuer>NDVj</saml:Issuer>`:                            nil,
		`<x:NameID xmlns:x="urn:x">NDVj</x:NameID>`:                  nil,
		`<saml:EncryptedID/>`:                                        nil,
		`<x:y xmlns:x="urn:x"><saml:NameID>NDVj</saml:NameID></x:y>`: nil,
	} {
		m := signedBoth()
		says(none, `<saml:Attribute Name="id"><saml:AttributeValue>`+inside+`</saml:AttributeValue></saml:Attribute>`)(&m)
		got, err := m.complete(t)
		require.NoError(t, err, inside)
		values := got.Attributes[1].Values
		require.Len(t, values, 1, inside)
		assert.Equal(t, want, values[0].NameID, inside)
		assert.Contains(t, values[0].XML, "AttributeValue", "its XML is there anyway")
		assert.Empty(t, got.Values("id"), "its text alone names nobody")
		assert.Equal(t, "alice@example.com", got.NameID.Value)
		assert.NotContains(t, fmt.Sprintf("%+v %v %#v", got, got.Attributes, values[0]), "NDVj", inside)
	}
}
