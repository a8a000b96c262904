package cas

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// CAS-8: comments, CDATA beside text, and IDs that are repeated or no names could make two users of one, or two tickets,
// for two programs. They are refused in user, proxies and tickets. Elsewhere they are well-formed XML like any other:
// a reply is not signed, so nothing refers to its IDs, and a refusal would protect nothing.
func TestCAS8WellFormedXMLIsReadWhereNothingIsDecided(t *testing.T) {
	t.Parallel()
	const user, pgt, proxies = `<cas:user>u</cas:user>`, `<cas:proxyGrantingTicket>PGTIOU-1</cas:proxyGrantingTicket>`, `<cas:proxies></cas:proxies>`
	whole := xmlSuccessWith(user + pgt + proxies + `<cas:attributes><cas:a>b</cas:a></cas:attributes><cas:d>e</cas:d>`)
	proxy := proxyReply(`<cas:proxySuccess><cas:proxyTicket>PT-1</cas:proxyTicket><cas:x>y</cas:x></cas:proxySuccess>`)
	refused := open + `<cas:authenticationFailure code="INVALID_TICKET">no</cas:authenticationFailure>` + shut
	notice := slo + sloOne + sloName + sloEnd
	c, _ := newClient(t)
	reply := func(s string) error { _, err := c.read(s, ValidateOptions{}); return err }
	proxyTicket := func(s string) error { _, _, err := c.readProxy(s); return err }
	logout := func(s string) error { _, err := ParseLogoutRequest(s); return err }
	for place, p := range map[string]struct {
		text, before string // before is the place in the text
		read         func(string) error
		strict       bool
	}{
		"user":             {whole, `</cas:user>`, reply, true},
		"IOU":              {whole, `</cas:proxyGrantingTicket>`, reply, true},
		"proxies":          {strings.Replace(whole, proxies, `<cas:proxies><cas:proxy>p</cas:proxy></cas:proxies>`, 1), `</cas:proxy>`, reply, true},
		"proxy ticket":     {proxy, `</cas:proxyTicket>`, proxyTicket, true},
		"session index":    {notice, `</samlp:SessionIndex>`, logout, true},
		"attribute":        {whole, `</cas:a>`, reply, false},
		"beside user":      {whole, `</cas:d>`, reply, false},
		"proxy extra":      {proxy, `</cas:x>`, proxyTicket, false},
		"failure":          {refused, `</cas:authenticationFailure>`, reply, false},
		"NameID of logout": {notice, `</saml:NameID>`, logout, false},
	} {
		for name, x := range map[string]struct {
			text   string
			reason xmlgate.Reason
		}{
			"comment":       {`<!-- -->`, xmlgate.Comment},
			"split":         {`<!-- -->x`, xmlgate.Comment},
			"CDATA":         {`<![CDATA[x]]>`, xmlgate.CDATA},
			"two CDATA":     {`<![CDATA[x]]><![CDATA[y]]>z`, xmlgate.CDATA},
			"CDATA of text": {`<![CDATA[<a>]]>`, xmlgate.CDATA},
		} {
			require.Equal(t, 1, strings.Count(p.text, p.before), place)
			err := p.read(strings.Replace(p.text, p.before, x.text+p.before, 1))
			if !p.strict {
				assert.NoError(t, err, "%s: %s", place, name)
				continue
			}
			assert.ErrorIs(t, err, CheckSyntax, "%s: %s", place, name)
			assert.ErrorIs(t, err, x.reason, "%s: %s", place, name)
		}
	}
	for _, text := range []string{`a<!-- -->b`, `a<![CDATA[b]]>`, `<![CDATA[a]]>b`, `<![CDATA[a]]><!-- --><![CDATA[b]]>`} {
		assert.Equal(t, `{"a":"ab"}`, claimed(t, c, inAttributes(`<!-- --><cas:a ID="1">`+text+`</cas:a><!-- -->`)), text)
	}
	got, err := c.read(strings.Replace(refused, "no<", "n<!-- --><![CDATA[o]]><", 1), ValidateOptions{})
	require.NoError(t, err)
	assert.Equal(t, "no", got.Failure.Description)
}

func TestCAS8IDsAreOfNoUseInReplies(t *testing.T) {
	const user, twice = `<cas:user>u</cas:user>`, `<cas:attributes id="1"><cas:a ID="1"/><cas:b xml:id="1" Id=""/></cas:attributes>`
	refusals(t, map[string]refusal{
		"ID of user is no name": {xmlSuccessWith(`<cas:user ID="1">u</cas:user>`), CheckSyntax, xmlSuccessWith(user + twice)},
		"ID of user twice":      {xmlSuccessWith(`<cas:user ID="a">u</cas:user><cas:proxies ID="a"/>`), CheckSyntax, xmlSuccessWith(`<cas:user ID="a">u</cas:user><cas:attributes ID="a"/>`)},
		"text in attributes":    {inAttributes(`<![CDATA[ ]]><cas:a/>`), CheckAttributes, inAttributes(` <cas:a/>`)},
		"text beside user":      {xmlSuccessWith(user + `<![CDATA[mallory]]>`), CheckVerdict, xmlSuccessWith(user + `<!--mallory-->`)},
		"text in the response":  {open + success + `<![CDATA[x]]>` + shut, CheckVerdict, open + success + `<!--x-->` + shut},
		"instruction":           {inAttributes(`<?x?><cas:a/>`), CheckSyntax, inAttributes(`<cas:a/>`)},
		"entity":                {inAttributes(`<cas:a>&x;</cas:a>`), CheckSyntax, inAttributes(`<cas:a>&lt;x</cas:a>`)},
		"foreign attribute":     {inAttributes(`<cas:a x:type="y">b</cas:a>`), CheckSyntax, inAttributes(`<cas:a xmlns:x="u:1" x:type="y">b</cas:a>`)},
		"attribute of user":     {xmlSuccessWith(`<cas:user x:type="y">u</cas:user>`), CheckSyntax, xmlSuccessWith(`<cas:user xmlns:x="u:1" x:type="y">u</cas:user>`)},
	})
}
