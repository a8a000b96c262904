package cas

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// CAS-9, CAS-10, CAS-13: whatever is inserted, at whatever place of a reply in whatever dialect, the reply is refused or
// names the same user, without proxies and with the same tickets.
func TestCAS10NoInsertionMakesAnotherUser(t *testing.T) {
	t.Parallel()
	const pgt = `<cas:proxyGrantingTicket>PGTIOU-1</cas:proxyGrantingTicket>`
	replies := []string{
		xmlSuccessWith(`<cas:user>alice</cas:user>` + pgt + `<cas:attributes><cas:a ID="1">b<!-- -->c<![CDATA[d]]></cas:a><cas:u><cas:attribute name="e">f</cas:attribute></cas:u></cas:attributes>`),
		xmlSuccessWith(`<a><![CDATA[b]]></a><cas:attribute name="c" value="d"/><cas:user>alice</cas:user>` + pgt + `<x:y xmlns:x="urn:x">z</x:y>`),
		`<serviceResponse><authenticationSuccess><user>alice</user><proxyGrantingTicket>PGTIOU-1</proxyGrantingTicket><a>b</a></authenticationSuccess></serviceResponse>`,
		jsonSuccessWith(`"user":"alice","proxyGrantingTicket":"PGTIOU-1","a":["b"],"attributes":{"_613a62":["c"],"isFromNewLogin":[true]}`),
	}
	inserted := []string{
		`<cas:user>mallory</cas:user>`, `<user>mallory</user>`, `<x:user xmlns:x="urn:x">mallory</x:user>`, `<cas:attribute name="user">mallory</cas:attribute>`,
		`<cas:attribute name="user" value="mallory"/>`, `<!-- -->`, `<!--<cas:user>mallory</cas:user>-->`, `<![CDATA[mallory]]>`, `<![CDATA[<cas:user>mallory</cas:user>]]>`,
		`</cas:user><cas:user>`, `</user><user>`, ` name="user" value="mallory"`, ` name="user"`, ` ID="1"`, ` xmlns="http://www.yale.edu/tp/cas"`, ` xmlns:cas="urn:x"`,
		`<cas:proxies><cas:proxy>p</cas:proxy></cas:proxies>`, `<proxies><proxy>p</proxy></proxies>`, `<proxyGrantingTicket>PGTIOU-2</proxyGrantingTicket>`,
		`<cas:authenticationSuccess><cas:user>mallory</cas:user></cas:authenticationSuccess>`, `&mallory;`,
		`"user":"mallory",`, `,"user":"mallory"`, `"User":"mallory",`, `"proxies":["p"],`, `{"user":"mallory"}`,
	}
	c, _ := newClient(t, func(c *Config) { c.AllowNoNamespace = true })
	accepted := 0
	for _, reply := range replies {
		for at := range len(reply) + 1 {
			for _, text := range inserted {
				body := reply[:at] + text + reply[at:]
				got, err := c.read(body, ValidateOptions{})
				if err != nil {
					mustBeTyped(t, err)
					continue
				}
				accepted++
				require.NotNil(t, got.Success, body)
				named := got.Success.User + " " + got.Success.ProxyGrantingTicketIOU
				if !strings.HasPrefix(text, "<") || !strings.HasPrefix(reply, "<") {
					named = strings.Replace(named, text, "", 1) // within a text it is text
				}
				require.Contains(t, []string{"alice PGTIOU-1", "alice "}, named, body) // a member of another name is no ticket
				require.Empty(t, got.Success.Proxies, body)
			}
		}
	}
	require.Greater(t, accepted, 1000, "the insertions reach what is accepted")
}
