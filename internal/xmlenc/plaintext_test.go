package xmlenc

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// TestNamespaces: the plaintext is read in the namespaces that are in scope in the container.
func TestNamespaces(t *testing.T) {
	t.Parallel()
	s := sealed{text: `<n:A><B a:c="d"/><saml:C xmlns:saml="urn:own"/></n:A>`}
	data := s.encryptedData(t, s.encryptedKey(t))
	message := `<r xmlns="urn:default" xmlns:n="urn:far" xmlns:a="urn:a"><e xmlns="urn:nearer"><p:EncryptedID xmlns:p="urn:p" xmlns:n="urn:near">` +
		data + `</p:EncryptedID></e></r>`
	e, err := Decrypt(inner(parse(t, message), 2), Keys{RSA: ours()}, Policy{})
	require.NoError(t, err)
	assert.True(t, e.Is("urn:near", "A"))
	assert.True(t, inner(e, 1).Is("urn:nearer", "B"))
	value, ok := inner(e, 1).Attr("urn:a", "c")
	assert.True(t, ok)
	assert.Equal(t, "d", value)
	assert.Equal(t, s.text, e.Raw())

	// What EncryptedData declares is gone with it.
	refused(t, sealed{text: `<ds:A/>`}.message(t), ours(), Policy{}, CheckFailed)
	refused(t, sealed{text: `<xenc:A/>`}.message(t), ours(), Policy{}, CheckFailed)

	// A default namespace that was ended stays ended.
	s = sealed{text: "<A/>"}
	data = s.encryptedData(t, s.encryptedKey(t))
	e, err = Decrypt(inner(parse(t, `<r xmlns="urn:default"><c xmlns="">`+data+`</c></r>`), 1), Keys{RSA: ours()}, Policy{})
	require.NoError(t, err)
	assert.True(t, e.Is("", "A"))
}

func TestManyNamespaces(t *testing.T) {
	t.Parallel()
	s := sealed{text: "<p1:A/>"}
	data := s.encryptedData(t, s.encryptedKey(t))
	for n, why := range map[int]Check{64: "", 65: CheckLimit} {
		var b strings.Builder
		for i := range n {
			b.WriteString(" xmlns:p" + strconv.Itoa(i) + `="urn:` + strconv.Itoa(i) + `"`)
			if i == 32 {
				b.WriteString("><c")
			}
		}
		_, err := Decrypt(inner(parse(t, "<r"+b.String()+">"+data+"</c></r>"), 1), Keys{RSA: ours()}, Policy{})
		if why == "" {
			require.NoError(t, err)
		} else {
			require.ErrorIs(t, err, why)
		}
	}
}

// TestSurrounding: no plaintext gets out of the tags that it is read between.
func TestSurrounding(t *testing.T) {
	t.Parallel()
	const end, start = `</saml:EncryptedID>`, `<saml:EncryptedID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">`
	for _, text := range []string{
		alice + end, alice + end + start, end + start + alice, alice + end + start + alice, alice + end + alice + start, alice + end + " ",
		alice + end + "<!--", alice + "<!--", alice + "<![CDATA[", "<![CDATA[]]>" + alice, alice + "<", alice + "<a", alice + "<a b='", start + alice,
		"-->" + alice, "]]>" + alice, "/>" + alice, `">` + alice, alice + "&", alice + "&lt;", alice + "\x00",
	} {
		for _, comments := range []func(string, string) bool{nil, func(string, string) bool { return true }} {
			refused(t, sealed{text: text}.message(t), ours(), Policy{Comments: comments}, CheckFailed)
		}
	}
	for _, text := range []string{alice, " \n" + alice + "\t", strings.Replace(alice, "saml:", "", 2)[:len("<NameID")] + ` xmlns="urn:oasis:names:tc:SAML:2.0:assertion">alice</NameID>`,
		"<saml:NameID><![CDATA[alice]]></saml:NameID>"} {
		opens(t, sealed{text: text}.message(t), ours(), Policy{})
	}
}

// TestComments: they are where the policy of the message has them.
func TestComments(t *testing.T) {
	t.Parallel()
	outside := func(_, local string) bool { return local == "EncryptedID" }
	opens(t, sealed{text: "<!-- x -->" + alice}.message(t), ours(), Policy{Comments: outside})
	refused(t, sealed{text: "<!-- x -->" + alice}.message(t), ours(), Policy{}, CheckFailed)
	refused(t, sealed{text: "<saml:NameID>ali<!-- x -->ce</saml:NameID>"}.message(t), ours(), Policy{Comments: outside}, CheckFailed)
}

func TestLimits(t *testing.T) {
	t.Parallel()
	long := sealed{text: "<saml:NameID>alice</saml:NameID>" + strings.Repeat(" ", 1000)}.message(t)
	opens(t, long, ours(), Policy{MaxBytes: 1100})
	refused(t, long, ours(), Policy{MaxBytes: 1000}, CheckLimit)
	many := sealed{text: "<saml:NameID>alice" + strings.Repeat("<a/>", 200) + "</saml:NameID>"}.message(t)
	refused(t, many, ours(), Policy{MaxNodes: 100}, CheckFailed)
	_, err := Decrypt(parse(t, many), Keys{RSA: ours()}, Policy{MaxNodes: 250})
	require.NoError(t, err)
}

// inner goes down n first children.
func inner(e xmlgate.Element, n int) xmlgate.Element {
	for range n {
		for child := range e.Children {
			e = child
			break
		}
	}
	return e
}
