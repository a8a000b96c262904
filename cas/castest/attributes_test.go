package castest_test

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/cas/castest"
)

// p3Reply is what a reader of CAS 3.0 looks for.
type p3Reply struct {
	XMLName xml.Name `xml:"http://www.yale.edu/tp/cas serviceResponse"`
	User    string   `xml:"authenticationSuccess>user"`
	Date    string   `xml:"authenticationSuccess>attributes>authenticationDate"`
	New     string   `xml:"authenticationSuccess>attributes>isFromNewLogin"`
	Long    string   `xml:"authenticationSuccess>attributes>longTermAuthenticationRequestTokenUsed"`
	Email   string   `xml:"authenticationSuccess>attributes>email"`
	Pairs   []struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	} `xml:"authenticationSuccess>attribute"`
	Proxies []string `xml:"authenticationSuccess>proxies>proxy"`
	IOU     string   `xml:"authenticationSuccess>proxyGrantingTicket"`
}

func readP3(t *testing.T, body string) p3Reply {
	t.Helper()
	var reply p3Reply
	require.NoError(t, xml.Unmarshal([]byte(body), &reply), "%s", body)
	return reply
}

func TestProtocolAttributes(t *testing.T) {
	t.Parallel()
	clock := newClock()
	j := start(t, &castest.Server{Realm: &idptest.Realm{Now: clock.now}})
	fresh := j.signOn(service)
	clock.advance(time.Minute)
	reused := j.signOn(service)

	reply := readP3(t, j.validate("p3/serviceValidate", fresh))
	assert.Equal(t, "2026-01-02T03:04:05.000Z true false", reply.Date+" "+reply.New+" "+reply.Long)
	reply = readP3(t, j.validate("p3/serviceValidate", reused))
	assert.Equal(t, "2026-01-02T03:04:05.000Z false false", reply.Date+" "+reply.New+" "+reply.Long, "the password was asked for once")

	attributes := func(endpoint string) map[string]any {
		var document map[string]map[string]map[string]any
		require.NoError(t, json.Unmarshal([]byte(j.validate(endpoint, j.signOn(service), "format", "JSON")), &document))
		all, _ := document["serviceResponse"]["authenticationSuccess"]["attributes"].(map[string]any)
		return all
	}
	p3 := attributes("p3/serviceValidate")
	assert.Equal(t, "2026-01-02T03:04:05.000Z", p3["authenticationDate"])
	assert.Equal(t, false, p3["isFromNewLogin"])
	assert.Equal(t, false, p3["longTermAuthenticationRequestTokenUsed"])
	assert.Empty(t, attributes("serviceValidate"), "CAS 2.0 has none")
	assert.NotContains(t, j.validate("serviceValidate", j.signOn(service)), "cas:attribute")
}

func TestAttributeStyles(t *testing.T) {
	t.Parallel()
	for style, want := range map[castest.Attributes][2]bool{ // in elements, in pairs
		"": {true, false}, castest.Elements: {true, false}, castest.Pairs: {false, true}, castest.Both: {true, true},
	} {
		j := start(t, &castest.Server{Attributes: style, Realm: &idptest.Realm{Profile: withNulls, Users: []idptest.User{{
			Username: "alice", Email: "a@b.example", Claims: map[string]any{
				"teams": []string{"<red>", "blue"}, "a name": "x", "address": map[string]any{"country": nil, "region": nil},
			},
		}}}})
		callback, err := j.idp.Login(t.Context(), j.url+"/login?"+form("service", service).Encode(), "")
		require.NoError(t, err)
		reply := readP3(t, j.validate("p3/serviceValidate", callback.URL.Query().Get("ticket")))
		assert.Equal(t, want[0], reply.Email == "a@b.example", style)
		assert.Equal(t, want[0], reply.New == "true", style)
		pairs := map[string][]string{}
		for _, p := range reply.Pairs {
			pairs[p.Name] = append(pairs[p.Name], p.Value)
		}
		if !want[1] {
			assert.Empty(t, pairs)
			continue
		}
		assert.Equal(t, []string{"a@b.example"}, pairs["email"])
		assert.Equal(t, []string{"<red>", "blue"}, pairs["teams"])
		assert.Equal(t, []string{"x"}, pairs["a name"], "any name can be written")
		assert.Equal(t, []string{""}, pairs["birthdate"])
		assert.Equal(t, []string{"true"}, pairs["isFromNewLogin"])
		assert.JSONEq(t, `{"country":null,"region":null}`, pairs["address"][0])
	}
}

// The forms of other servers, as they are written.
func TestAttributeDialects(t *testing.T) {
	t.Parallel()
	for style, want := range map[castest.Attributes][]string{
		castest.Elements: {"<cas:_75726e3a6f69643a31>x<", "<cas:_6140622e63>y<", "<cas:teams>blue<"},
		castest.Named: {
			"      <cas:isFromNewLogin>true</cas:isFromNewLogin>\n      <cas:userAttributes>\n", `<cas:attribute name="urn:oid:1">x<`,
			`<cas:attribute name="teams">&lt;red&gt;<`, `<cas:attribute name="teams">blue<`, `<cas:attribute name="a name"></cas:attribute>`,
			"      </cas:userAttributes>\n    </cas:attributes>\n",
		},
		castest.Siblings: {
			"</cas:user>\n    <age>7</age>\n", "    <email>a@b.example</email>\n", `<teams>` + "\n      " + `<![CDATA[["\u003cred\u003e","blue"]]]>` + "\n    </teams>\n",
		},
	} {
		j := start(t, &castest.Server{Attributes: style, Realm: &idptest.Realm{Users: []idptest.User{{
			Username: "alice", Email: "a@b.example", Claims: map[string]any{
				"teams": []string{"<red>", "blue"}, "urn:oid:1": "x", "a@b.c": "y", "a name": "", "age": 7,
			},
		}}}})
		callback, err := j.idp.Login(t.Context(), j.url+"/login?"+form("service", service).Encode(), "")
		require.NoError(t, err)
		body := j.validate("p3/serviceValidate", callback.URL.Query().Get("ticket"))
		assert.Equal(t, "alice", readP3(t, body).User)
		for _, text := range want {
			assert.Contains(t, body, text, style)
		}
		assert.Equal(t, style != castest.Siblings, strings.Contains(body, "cas:attributes"))
		assert.Equal(t, style == castest.Named, strings.Contains(body, "a name"))
	}
}

func TestListsInJSON(t *testing.T) {
	t.Parallel()
	for lists, want := range map[bool]string{true: `"isFromNewLogin":[true]`, false: `"isFromNewLogin":true`} {
		j := start(t, &castest.Server{ListsInJSON: lists, Realm: &idptest.Realm{Users: []idptest.User{{
			Username: "alice", Claims: map[string]any{"one": "x", "two": []string{"x", "y"}, "any": []any{}},
		}}}})
		callback, err := j.idp.Login(t.Context(), j.url+"/login?"+form("service", service).Encode(), "")
		require.NoError(t, err)
		body := j.validate("p3/serviceValidate", callback.URL.Query().Get("ticket"), "format", "JSON")
		assert.Contains(t, body, want)
		assert.Equal(t, lists, strings.Contains(body, `"one":["x"]`))
		assert.Contains(t, body, `"two":["x","y"]`)
		assert.Contains(t, body, `"any":[]`)
	}
}

func TestAttributesInV2(t *testing.T) {
	t.Parallel()
	for _, style := range []castest.Attributes{castest.Elements, castest.Pairs, castest.Both} {
		j := start(t, &castest.Server{AttributesInV2: true, Attributes: style})
		reply := readP3(t, j.validate("serviceValidate", j.ticket()))
		assert.Equal(t, style != castest.Pairs, reply.Email == idptest.Email)
		assert.Equal(t, style != castest.Pairs, reply.Date != "" && reply.Long == "false")
		assert.Equal(t, style != castest.Elements, len(reply.Pairs) > 3)
		assert.Empty(t, reply.New, "CAS 2.0 does not tell it")
		body := j.validate("proxyValidate", j.ticket(), "format", "JSON")
		assert.Contains(t, body, `"email":"alice@example.com"`)
		assert.NotContains(t, body, "authenticationDate")
	}
}

func TestScopes(t *testing.T) {
	t.Parallel()
	j := start(t, &castest.Server{Scopes: []string{"email", "own"}, Realm: &idptest.Realm{
		Users:  []idptest.User{{Username: "alice", Email: "a@b.example", Claims: map[string]any{"name": "Alice", "team": "red"}}},
		Scopes: map[string][]string{"own": {"team"}},
	}})
	callback, err := j.idp.Login(t.Context(), j.url+"/login?"+form("service", service).Encode(), "")
	require.NoError(t, err)
	body := j.validate("p3/serviceValidate", callback.URL.Query().Get("ticket"), "format", "JSON")
	assert.Contains(t, body, `"email":"a@b.example"`)
	assert.Contains(t, body, `"team":"red"`)
	assert.NotContains(t, body, "Alice")
}
