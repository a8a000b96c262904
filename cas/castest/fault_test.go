package castest_test

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/cas/castest"
)

// has is a fact about a body: it holds this text at least so many times.
func has(text string, times int) func(string) bool {
	return func(body string) bool { return strings.Count(body, text) >= times }
}

func lacks(text string) func(string) bool {
	return func(body string) bool { return !strings.Contains(body, text) }
}

// Each fact is false of a good success and true of the spoilt one; nil where the fault leaves that format alone.
func TestHostileReplies(t *testing.T) {
	t.Parallel()
	tests := map[idptest.Fault]struct{ xml, json func(string) bool }{
		castest.NoUser:                 {lacks("<cas:user>"), lacks(`"user":`)},
		castest.EmptyUser:              {has("<cas:user></cas:user>", 1), has(`"user":""`, 1)},
		castest.UserTwice:              {has("<cas:user>", 2), has(`"user":`, 2)},
		castest.UserObject:             {has("<cas:user><cas:name>alice</cas:name></cas:user>", 1), has(`"user":{"name":"alice"}`, 1)},
		castest.BareUser:               {has("<cas:user>alice</cas:user>\n    <user>mallory</user>", 1), nil},
		castest.MixedXML:               {has(`<cas:a ID="1">b<!-- -->c<![CDATA[d]]></cas:a><cas:e ID="1"/>`, 1), nil},
		castest.JavaDate:               {has(" CEST 20", 1), has(" CEST 20", 1)},
		castest.LoudFlags:              {has("<cas:isFromNewLogin>TRUE<", 1), has(`"longTermAuthenticationRequestTokenUsed":"FALSE"`, 1)},
		castest.FoldedUser:             {has("<cas:User>alice</cas:User>", 1), has(`"User":"alice"`, 1)},
		castest.UserAttribute:          {has("<cas:attributes>\n      <cas:user>mallory</cas:user>", 1), has(`"attributes":{"user":"mallory"`, 1)},
		castest.CommentInUser:          {has("<cas:user>al<!-- -->ice</cas:user>", 1), nil},
		castest.BothVerdicts:           {has("cas:authenticationFailure", 2), has("authenticationFailure", 1)},
		castest.NoVerdict:              {lacks("authentication"), has(`{"serviceResponse":{}}`, 1)},
		castest.NoNamespace:            {has("<serviceResponse>", 1), nil},
		castest.UndeclaredPrefix:       {has("<cas:serviceResponse>", 1), nil},
		castest.OtherNamespace:         {has(`xmlns:cas="http://www.example.edu/tp/cas"`, 1), nil},
		castest.OtherRoot:              {has("<cas:serviceReply", 1), has(`{"serviceReply":`, 1)},
		castest.Doctype:                {has("<!DOCTYPE r [<!ENTITY who \"mallory\">]>\n<cas:serviceResponse", 1), nil},
		castest.ProcessingInstruction:  {has(`<?cas version="3"?>`, 1), nil},
		castest.SecondDocument:         {has("</cas:serviceResponse>\n<cas:serviceResponse", 1), has(`}{"serviceResponse"`, 1)},
		castest.ProxiesPresent:         {has("<cas:proxies><cas:proxy>https://proxy.example/pgt</cas:proxy></cas:proxies>", 1), has(`"proxies":["https://proxy.example/pgt"]`, 1)},
		castest.ProtocolAttributeTwice: {has("<cas:isFromNewLogin>", 2), has(`"isFromNewLogin":`, 2)},
		castest.DeepReply:              {has("<cas:a><cas:a>", 5_000), has("[[", 5_000)},
		castest.ManyAttributes:         {has("<cas:a/>", 100_000), has(":0,", 100_000)},
		castest.OtherFormat:            {has(`{"serviceResponse":`, 1), has("<cas:serviceResponse", 1)},
	}
	j := start(t, &castest.Server{})
	for fault, wrong := range tests {
		for format, fact := range map[string]func(string) bool{"XML": wrong.xml, "JSON": wrong.json} {
			reply := func(faults ...idptest.Fault) string {
				j.idp.Break(faults...)
				return j.validate("p3/serviceValidate", j.ticket(), "format", format)
			}
			good, spoilt := reply(), reply(fault)
			assert.Less(t, len(spoilt), 1<<20)
			if fact == nil {
				assert.True(t, json.Valid([]byte(spoilt)) && strings.Contains(spoilt, `"user":"alice"`), "%s leaves %s alone", fault, format)
				continue
			}
			assert.False(t, fact(good), "the twin of %s in %s", fault, format)
			assert.True(t, fact(spoilt), "%s in %s", fault, format)
		}
	}
}

// A reply that a fault leaves well-formed can be read by any parser.
func TestHostileRepliesAreStillRepliesWhereSaid(t *testing.T) {
	t.Parallel()
	j := start(t, &castest.Server{Attributes: castest.Both})
	for _, fault := range []idptest.Fault{
		castest.NoUser, castest.EmptyUser, castest.UserTwice, castest.UserObject, castest.BareUser, castest.MixedXML, castest.FoldedUser, castest.UserAttribute,
		castest.CommentInUser, castest.BothVerdicts, castest.NoVerdict, castest.NoNamespace, castest.OtherNamespace,
		castest.OtherRoot, castest.ProcessingInstruction, castest.ProxiesPresent, castest.ProtocolAttributeTwice,
	} {
		j.idp.Break(fault)
		body := j.validate("p3/serviceValidate", j.ticket())
		var tree struct{}
		assert.NoError(t, xml.Unmarshal([]byte(body), &tree), "%s: %s", fault, body)
		assert.Equal(t, fault == castest.UserAttribute, strings.Contains(body, `<cas:attribute name="user" value="mallory"/>`))
		assert.True(t, json.Valid([]byte(j.validate("p3/serviceValidate", j.ticket(), "format", "JSON"))), "%s", fault)
	}
}

func TestHostilePairs(t *testing.T) {
	t.Parallel()
	j := start(t, &castest.Server{Attributes: castest.Pairs})
	for fault, wrong := range map[idptest.Fault]func(string) bool{
		castest.UserAttribute:          has(`<cas:attribute name="user" value="mallory"/>`, 1),
		castest.ProtocolAttributeTwice: has(`<cas:attribute name="isFromNewLogin"`, 2),
		castest.DeepReply:              has("<cas:a><cas:a>", 5_000),
		castest.ManyAttributes:         has("<cas:a/>", 100_000),
	} {
		j.idp.Break()
		assert.False(t, wrong(j.validate("p3/serviceValidate", j.ticket())), "the twin of %s", fault)
		j.idp.Break(fault)
		assert.True(t, wrong(j.validate("p3/serviceValidate", j.ticket())), "%s", fault)
	}
}

func TestHostileFailures(t *testing.T) {
	t.Parallel()
	j := start(t, &castest.Server{})
	const none = `ST-"none`
	reply := func(format string, faults ...idptest.Fault) string {
		j.idp.Break(faults...)
		return j.validate("serviceValidate", none, "format", format)
	}
	for _, format := range []string{"XML", "JSON"} {
		assert.NotContains(t, reply(format), "authenticationSuccess")
		assert.Contains(t, reply(format, castest.BothVerdicts), "authenticationSuccess")
		assert.Less(t, len(reply(format)), 300)
		assert.Greater(t, len(reply(format, castest.HostileText)), 400)
	}
	var document map[string]map[string]map[string]string
	require.NoError(t, json.Unmarshal([]byte(reply("JSON", castest.HostileText)), &document))
	text := document["serviceResponse"]["authenticationFailure"]["description"]
	assert.True(t, strings.HasPrefix(text, "<script>alert('"+none+"')</script>\r\n\u202e"), text)
}

// The replies of CAS 2.0 have no attributes: faults of attributes leave them alone, the others strike.
func TestHostileRepliesWithoutAttributes(t *testing.T) {
	t.Parallel()
	j := start(t, &castest.Server{})
	const inXML, inJSON = "<cas:user>alice</cas:user>\n  </cas:authenticationSuccess>", `{"serviceResponse":{"authenticationSuccess":{"user":"alice"}}}`
	for fault, wrong := range map[idptest.Fault]struct{ xml, json func(string) bool }{
		castest.NoUser:                 {lacks("<cas:user>"), has(`"authenticationSuccess":{}`, 1)},
		castest.UserTwice:              {has("<cas:user>", 2), has(`"user":`, 2)},
		castest.ProxiesPresent:         {has("<cas:proxy>", 1), has(`"proxies":["https://proxy.example/pgt"]`, 1)},
		castest.DeepReply:              {has("<cas:a><cas:a>", 5_000), has("[[", 5_000)},
		castest.ManyAttributes:         {has("<cas:a/>", 100_000), has(":0,", 100_000)},
		castest.UserAttribute:          {has(inXML, 1), has(inJSON, 1)},
		castest.ProtocolAttributeTwice: {has(inXML, 1), has(inJSON, 1)},
	} {
		j.idp.Break(fault)
		assert.True(t, wrong.xml(j.validate("serviceValidate", j.ticket())), "%s in XML", fault)
		body := j.validate("serviceValidate", j.ticket(), "format", "JSON")
		assert.True(t, wrong.json(body), "%s in JSON", fault)
		assert.Equal(t, fault != castest.DeepReply, json.Valid([]byte(body)), "%s in JSON", fault)
	}
	j.idp.Break()
	assert.Contains(t, j.validate("serviceValidate", j.ticket()), inXML)
	assert.Equal(t, inJSON, j.validate("serviceValidate", j.ticket(), "format", "JSON"))
}
