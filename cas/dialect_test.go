package cas

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// claimed returns the attributes of a success as JSON.
func claimed(t *testing.T, c *Client, body string) string {
	t.Helper()
	got, err := c.read(body, ValidateOptions{})
	require.NoError(t, err, body)
	text, err := json.Marshal(got.Success.Attributes)
	require.NoError(t, err)
	return string(text)
}

func inAttributes(inside string) string {
	return xmlSuccessWith(`<cas:user>u</cas:user><cas:attributes>` + inside + `</cas:attributes>`)
}

func TestCaseCasAttributeNameBesideText(t *testing.T) {
	t.Parallel()
	c, _ := newClient(t)
	const two = `<cas:attribute name="mail">a@b</cas:attribute><cas:attribute name="dept">x</cas:attribute>`
	assert.Equal(t, `{"mail":"a@b","dept":"x"}`, claimed(t, c, inAttributes(two)))
	assert.Equal(t, `{"userAttributes":{"mail":"a@b","dept":"x"}}`, claimed(t, c, inAttributes(`<cas:userAttributes>`+two+`</cas:userAttributes>`)))

	var b strings.Builder
	for i := range 40 {
		b.WriteString(`<cas:attribute name="n` + strconv.Itoa(i) + `">v` + strconv.Itoa(i) + `</cas:attribute>`)
	}
	got, err := c.read(inAttributes(`<cas:userAttributes>`+b.String()+`</cas:userAttributes>`), ValidateOptions{})
	require.NoError(t, err)
	all, _ := got.Success.Attributes.Get("userAttributes")
	require.Len(t, all.Object(), 40)
	assert.Equal(t, "v39", all.Object().Text("n39"))
}

// Each form in each place: in attributes, in an object of them, and beside the user.
func TestAttributesInEachForm(t *testing.T) {
	t.Parallel()
	c, _ := newClient(t)
	for form, want := range map[string]string{
		`<cas:mail>a</cas:mail>`:                                                  `{"mail":"a"}`,
		`<cas:mail/>`:                                                             `{"mail":""}`,
		`<cas:attribute name="mail" value="a"/>`:                                  `{"mail":"a"}`,
		`<cas:attribute name="mail" value="a"> </cas:attribute>`:                  `{"mail":"a"}`,
		`<cas:attribute name="mail" value=""/>`:                                   `{"mail":""}`,
		`<cas:attribute name="mail">a</cas:attribute>`:                            `{"mail":"a"}`,
		`<cas:attribute name="mail"/>`:                                            `{"mail":""}`,
		`<cas:attribute name="urn:oid:2.5.4.10"><cas:a>b</cas:a></cas:attribute>`: `{"urn:oid:2.5.4.10":{"a":"b"}}`,
		`<cas:attribute name="g">a</cas:attribute><cas:g>b</cas:g><cas:attribute name="g" value="c"/>`: `{"g":["a","b","c"]}`,
		`<cas:attribute>a</cas:attribute>`:                                                               `{"attribute":"a"}`,
		`<cas:attribute type="x">a</cas:attribute>`:                                                      `{"attribute":"a"}`,
		`<cas:attribute name="a"><cas:attribute name="b">c</cas:attribute></cas:attribute>`:              `{"a":{"b":"c"}}`,
		`<cas:yaml><![CDATA[---` + "\n" + `- a]]></cas:yaml>`:                                            `{"yaml":"---\n- a"}`,
		`<x:mail xmlns:x="urn:x">a</x:mail>`:                                                             `{"mail":"a"}`,
		`<cas:_75726e3a6f69643a312e32>a</cas:_75726e3a6f69643a312e32>`:                                   `{"urn:oid:1.2":"a"}`,
		`<cas:attribute name="_6140622e63" value="d"/>`:                                                  `{"a@b.c":"d"}`,
		`<cas:_613a62>1</cas:_613a62><cas:attribute name="a:b">2</cas:attribute>`:                        `{"a:b":["1","2"]}`,
		`<cas:_cafe>a</cas:_cafe><cas:_613A62>b</cas:_613A62><cas:_613a6>c</cas:_613a6><cas:_>d</cas:_>`: `{"_cafe":"a","_613A62":"b","_613a6":"c","_":"d"}`,
		`<cas:_75736572>a</cas:_75736572><cas:_3a00>b</cas:_3a00><cas:_3aff>c</cas:_3aff>`:               `{"_75736572":"a","_3a00":"b","_3aff":"c"}`,
	} {
		assert.Equal(t, want, claimed(t, c, inAttributes(form)), form)
		assert.Equal(t, `{"o":`+want+`}`, claimed(t, c, inAttributes(`<cas:o>`+form+`</cas:o>`)), form)
		assert.Equal(t, want, claimed(t, c, xmlSuccessWith(form+`<cas:user>u</cas:user>`)), form)
	}
}

func TestCAS21AttributesWithTwoValuesOrNoName(t *testing.T) {
	refusals(t, map[string]refusal{
		"value and text":        {inAttributes(`<cas:attribute name="b" value="c">d</cas:attribute>`), CheckAttributes, inAttributes(`<cas:attribute name="b">d</cas:attribute>`)},
		"value and elements":    {inAttributes(`<cas:attribute name="b" value="c"><cas:d/></cas:attribute>`), CheckAttributes, inAttributes(`<cas:attribute name="b"><cas:d/></cas:attribute>`)},
		"value and CDATA":       {inAttributes(`<cas:attribute name="b" value="c"><![CDATA[ ]]></cas:attribute>`), CheckAttributes, inAttributes(`<cas:attribute name="b" value="c"> </cas:attribute>`)},
		"empty name":            {inAttributes(`<cas:attribute name="">d</cas:attribute>`), CheckAttributes, inAttributes(`<cas:attribute name="_">d</cas:attribute>`)},
		"no name":               {inAttributes(`<cas:attribute value="d"/>`), CheckAttributes, inAttributes(`<cas:attribute>d</cas:attribute>`)},
		"deeper, value, text":   {inAttributes(`<cas:o><cas:attribute name="b" value="c">d</cas:attribute></cas:o>`), CheckAttributes, inAttributes(`<cas:o><cas:attribute name="b" value="c"/></cas:o>`)},
		"beside the user, too":  {xmlSuccessWith(`<cas:user>u</cas:user><cas:attribute name="b" value="c">d</cas:attribute>`), CheckAttributes, xmlSuccessWith(`<cas:user>u</cas:user><cas:attribute name="b" value="c"/>`)},
		"text beside a sibling": {xmlSuccessWith(`<cas:user>u</cas:user><cas:b>c<cas:d/></cas:b>`), CheckAttributes, xmlSuccessWith(`<cas:user>u</cas:user><cas:b><cas:d/></cas:b>`)},
	})
}

// Attributes beside the user complete those in attributes, whose value counts when both have a name.
func TestAttributesBesideTheUser(t *testing.T) {
	t.Parallel()
	c, _ := newClient(t)
	for body, want := range map[string]string{
		xmlSuccessWith(`<cas:user>u</cas:user><cas:a>1</cas:a><cas:a>2</cas:a><cas:attributes><cas:b>3</cas:b></cas:attributes>`):                                            `{"b":"3","a":["1","2"]}`,
		xmlSuccessWith(`<cas:user>u</cas:user><cas:a>1</cas:a><cas:attributes><cas:a>2</cas:a></cas:attributes>`):                                                            `{"a":"2"}`,
		xmlSuccessWith(`<cas:user>u</cas:user><cas:isFromNewLogin>true</cas:isFromNewLogin>`):                                                                                `{}`,
		xmlSuccessWith(`<cas:user>u</cas:user><cas:proxyGrantingTicket>PGTIOU-1</cas:proxyGrantingTicket><cas:proxies/>`):                                                    `{}`,
		jsonSuccessWith(`"user":"u","a":["1","2"],"x":null,"attributes":{"b":"3"}`):                                                                                          `{"b":"3","a":["1","2"]}`,
		jsonSuccessWith(`"user":"u","a":"1","attributes":{"a":"2"}`):                                                                                                         `{"a":"2"}`,
		jsonSuccessWith(`"user":"u","_613a62":1,"attributes":{"a:b":2}`):                                                                                                     `{"a:b":2}`,
		jsonSuccessWith(`"user":"u","attributes":{"_613a62":[1,2],"c":{"_643a65":3},"a:b":4}`):                                                                               `{"a:b":[1,2,4],"c":{"d:e":3}}`,
		jsonSuccessWith(`"user":"u","proxies":[],"proxyGrantingTicket":"PGTIOU-1","isFromNewLogin":[true],"authenticationDate":[1795167010.123]`):                            `{}`,
		xmlSuccessWith(`<cas:user>u</cas:user><cas:isFromNewLogin>true</cas:isFromNewLogin><cas:attributes><cas:isFromNewLogin>false</cas:isFromNewLogin></cas:attributes>`): `{}`,
	} {
		assert.Equal(t, want, claimed(t, c, body), body)
	}
	got, err := c.read(xmlSuccessWith(`<cas:user>u</cas:user><cas:isFromNewLogin>true</cas:isFromNewLogin><cas:attributes><cas:isFromNewLogin>false</cas:isFromNewLogin></cas:attributes>`), ValidateOptions{})
	require.NoError(t, err)
	assert.False(t, got.Success.IsFromNewLogin, "CAS-21: it does not overwrite the one in attributes")
}

// RubyCAS writes attributes beside the user, without a prefix.
func TestCAS8AttributesWithoutNamespace(t *testing.T) {
	t.Parallel()
	ruby := xmlSuccessWith("\n<cas:user>u</cas:user>\n<mail>a@b</mail>\n<groups>\n  <![CDATA[--- \n- x\n]]>\n</groups>\n<attribute name=\"n\">v</attribute>")
	inside := inAttributes(`<cas:o><mail>a@b</mail></cas:o>`)
	strict, _ := newClient(t)
	for _, body := range []string{ruby, inside} {
		_, err := strict.read(body, ValidateOptions{})
		require.EqualError(t, err, "cas: refused the reply (attributes): an attribute has no namespace, and AllowNoNamespace is not set")
		require.ErrorIs(t, err, CheckAttributes)
	}
	c, _ := newClient(t, func(c *Config) { c.AllowNoNamespace = true })
	assert.Equal(t, `{"mail":"a@b","groups":"\n  --- \n- x\n\n","n":"v"}`, claimed(t, c, ruby))
	assert.Equal(t, `{"o":{"mail":"a@b"}}`, claimed(t, c, inside))
	assert.Equal(t, `{"mail":"a@b"}`, claimed(t, c, `<serviceResponse><authenticationSuccess><user>u</user><mail>a@b</mail></authenticationSuccess></serviceResponse>`))
	// What the protocol defines has the namespace of the reply, with the option too.
	for name, r := range map[string]refusal{
		"second user":      {xmlSuccessWith(`<cas:user>u</cas:user><user>mallory</user>`), CheckVerdict, xmlSuccessWith(`<cas:user>u</cas:user><User>mallory</User>`)},
		"only user":        {xmlSuccessWith(`<user>mallory</user>`), CheckVerdict, xmlSuccessWith(`<cas:user>u</cas:user>`)},
		"foreign user":     {xmlSuccessWith(`<cas:user>u</cas:user><x:user xmlns:x="urn:x">mallory</x:user>`), CheckVerdict, xmlSuccessWith(`<cas:user>u</cas:user><x:name xmlns:x="urn:x">mallory</x:name>`)},
		"proxies":          {xmlSuccessWith(`<cas:user>u</cas:user><proxies><proxy>p</proxy></proxies>`), CheckVerdict, xmlSuccessWith(`<cas:user>u</cas:user><proxy>p</proxy>`)},
		"granting ticket":  {xmlSuccessWith(`<cas:user>u</cas:user><proxyGrantingTicket>p</proxyGrantingTicket>`), CheckVerdict, xmlSuccessWith(`<cas:user>u</cas:user><ticket>p</ticket>`)},
		"attributes":       {xmlSuccessWith(`<cas:user>u</cas:user><attributes/>`), CheckVerdict, xmlSuccessWith(`<cas:user>u</cas:user><cas:attributes/>`)},
		"prefixed user":    {`<serviceResponse><authenticationSuccess><user>u</user><cas:user xmlns:cas="` + namespace + `">mallory</cas:user></authenticationSuccess></serviceResponse>`, CheckVerdict, `<serviceResponse><authenticationSuccess><user>u</user></authenticationSuccess></serviceResponse>`},
		"verdict of other": {`<cas:serviceResponse xmlns:cas="` + namespace + `"><authenticationSuccess><user>u</user></authenticationSuccess></cas:serviceResponse>`, CheckVerdict, open + success + shut},
	} {
		t.Run(name, func(t *testing.T) { r.run(t, c) })
	}
}

// XML cannot tell a list of one from a value, and Apereo's JSON writes every attribute as a list.
func TestClaimsHaveOneShape(t *testing.T) {
	t.Parallel()
	c, _ := newClient(t)
	type claims struct {
		Mail   string            `json:"mail"`
		Groups []string          `json:"groups"`
		More   []string          `json:"more"`
		Dept   *string           `json:"dept"`
		Nested map[string]string `json:"nested"`
		List   []struct {
			A []string `json:"a"`
		} `json:"list"`
		Raw json.RawMessage `json:"raw"`
		Any any             `json:"any"`
	}
	asXML := inAttributes(`<cas:mail>a@b</cas:mail><cas:groups>x</cas:groups><cas:more>y</cas:more><cas:more>z</cas:more><cas:dept>d</cas:dept>` +
		`<cas:nested><cas:a>b</cas:a></cas:nested><cas:list><cas:a>b</cas:a></cas:list><cas:raw>r</cas:raw><cas:any><cas:a>b</cas:a><cas:c>1</cas:c><cas:c>2</cas:c></cas:any>`)
	asJSON := jsonSuccessWith(`"user":"u","attributes":{"mail":["a@b"],"groups":["x"],"more":["y","z"],"dept":["d"],` +
		`"nested":[{"a":["b"]}],"list":[{"a":["b"]}],"raw":["r"],"any":[{"a":["b"],"c":["1","2"]}]}`)
	var read []claims
	var all []map[string]any
	for _, body := range []string{asXML, asJSON} {
		got, err := c.read(body, ValidateOptions{})
		require.NoError(t, err)
		var v claims
		require.NoError(t, got.Success.Claims(&v))
		read = append(read, v)
		var m map[string]any
		require.NoError(t, got.Success.Claims(&m))
		all = append(all, m)
	}
	assert.Equal(t, read[0], read[1])
	assert.Equal(t, all[0], all[1])
	assert.Equal(t, "a@b", read[0].Mail)
	assert.Equal(t, []string{"x"}, read[0].Groups)
	assert.Equal(t, []string{"y", "z"}, read[0].More)
	assert.Equal(t, map[string]any{"a": "b", "c": []any{"1", "2"}}, read[0].Any)
	assert.Equal(t, "x", all[0]["groups"])

	got, err := c.read(asJSON, ValidateOptions{})
	require.NoError(t, err)
	var wrong struct {
		More string `json:"more"`
	}
	require.Error(t, got.Success.Claims(&wrong), "two values are not one")
	kept, _ := got.Success.Attributes.Get("mail")
	assert.Equal(t, List, kept.Kind(), "the attributes stay as the server wrote them")
}
