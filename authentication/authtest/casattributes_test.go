package authtest_test

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
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

func TestCASProtocolAttributes(t *testing.T) {
	t.Parallel()
	clock := newClock()
	j := start(t, &authtest.Server{Now: clock.now})
	fresh := j.casBrowser(service)
	clock.advance(time.Minute)
	reused := j.casBrowser(service)

	reply := readP3(t, j.validate("p3/serviceValidate", fresh))
	assert.Equal(t, "2026-01-02T03:04:05.000Z true false", reply.Date+" "+reply.New+" "+reply.Long)
	reply = readP3(t, j.validate("p3/serviceValidate", reused))
	assert.Equal(t, "2026-01-02T03:04:05.000Z false false", reply.Date+" "+reply.New+" "+reply.Long, "the password was asked for once")

	attributes := func(endpoint string) map[string]any {
		var document map[string]map[string]map[string]any
		require.NoError(t, json.Unmarshal([]byte(j.validate(endpoint, j.casBrowser(service), "format", "JSON")), &document))
		all, _ := document["serviceResponse"]["authenticationSuccess"]["attributes"].(map[string]any)
		return all
	}
	p3 := attributes("p3/serviceValidate")
	assert.Equal(t, "2026-01-02T03:04:05.000Z", p3["authenticationDate"])
	assert.Equal(t, false, p3["isFromNewLogin"])
	assert.Equal(t, false, p3["longTermAuthenticationRequestTokenUsed"])
	assert.NotContains(t, attributes("serviceValidate"), "isFromNewLogin", "Authing's page has none")
	assert.Empty(t, readP3(t, j.validate("serviceValidate", j.casBrowser(service))).New)
}

func TestCASAttributeStyles(t *testing.T) {
	t.Parallel()
	for style, want := range map[castest.Attributes][2]bool{ // in elements, in pairs
		"": {true, false}, castest.Elements: {true, false}, castest.Pairs: {false, true}, castest.Both: {true, true},
	} {
		j := start(t, &authtest.Server{CASAttributes: style, Users: []idptest.User{{
			Username: "alice", Email: "a@b.example", Claims: map[string]any{"teams": []string{"<red>", "blue"}, "a name": "x"},
		}}})
		callback, err := j.idp.Login(t.Context(), j.url+casPath+"/login?"+form("service", service).Encode(), "")
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
		assert.JSONEq(t, `{"country":null,"formatted":null,"postal_code":null,"region":null}`, pairs["address"][0])
	}
}

func TestCASMisconfigured(t *testing.T) {
	t.Parallel()
	for server, problem := range map[*authtest.Server]string{
		{CASAttributes: "x"}: "unknown Attributes", {SingleLogout: "x"}: "unknown SingleLogout",
	} {
		response, body := start(t, server).visit(start(t, server).url + "/cas/login")
		assert.Equal(t, http.StatusInternalServerError, response.StatusCode)
		assert.Contains(t, body, problem)
	}
}
