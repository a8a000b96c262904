package xmldsig

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

func parseAll(t testing.TB, s string) xmlgate.Element {
	t.Helper()
	d, err := xmlgate.Parse(s, xmlgate.Options{MaxBytes: len(s), MaxNodes: 1 << 20})
	require.NoError(t, err)
	return d.Root()
}

// hostile is a signed message without any true signature, whose canonical form is made anyway.
func hostile(attributes, inner string) string {
	return `<a ID="r1"` + attributes + `><ds:Signature xmlns:ds="` + space + `">` + usualInfo + `<ds:SignatureValue>AAAA</ds:SignatureValue></ds:Signature>` + inner + `</a>`
}

// TestSAML7CanonicalFormIsBounded: a long namespace that is declared once would be written again and again.
func TestSAML7CanonicalFormIsBounded(t *testing.T) {
	t.Parallel()
	long := ` xmlns:p="u:` + strings.Repeat("x", 1000) + `"`
	e := parseAll(t, `<a`+long+`>`+strings.Repeat("<p:b/>", 60_000)+`</a>`)
	size := len(e.Raw())
	out, err := (&canonicalizer{}).write(nil, e, xmlgate.Element{}, c14n{}, 4*size)
	require.ErrorIs(t, err, CheckOctets)
	assert.Empty(t, out)
	out, err = (&canonicalizer{}).write(nil, e, xmlgate.Element{}, c14n{prefixes: []string{"p"}}, 4*size)
	require.NoError(t, err)
	assert.Less(t, len(out), 2*size)
}

// TestSAML7HostileMessagesEndSoon gives messages whose cost would not be linear in a careless verifier.
func TestSAML7HostileMessagesEndSoon(t *testing.T) {
	t.Parallel()
	var declared, used strings.Builder
	for i := range 50 {
		fmt.Fprintf(&declared, " xmlns:p%d='u:%d'", i, i)
		fmt.Fprintf(&used, " p%d:a=''", 49-i)
	}
	md := `<md:EntitiesDescriptor xmlns:md="` + metadataSpace + `">`
	for name, s := range map[string]string{
		"signatures":  hostile("", strings.Repeat(emptySig, 10_000)),
		"entities":    strings.ReplaceAll(hostile("", "@"), "@", md+strings.Repeat("<md:EntityDescriptor>"+emptySig+"</md:EntityDescriptor>", 10_000)+"</md:EntitiesDescriptor>"),
		"attributes":  hostile(declared.String(), strings.Repeat("<b"+used.String()+"/>", 3000)),
		"text":        hostile("", strings.Repeat("&#60;", 200_000)),
		"empty ones":  hostile("", strings.Repeat("<b/>", 100_000)),
		"deep":        hostile("", strings.Repeat("<b>", 60)+strings.Repeat("</b>", 60)),
		"key info":    strings.Replace(hostile("", ""), "</ds:Signature>", "<ds:KeyInfo>"+strings.Repeat("<b/>", 100_000)+"</ds:KeyInfo></ds:Signature>", 1),
		"references":  strings.Replace(hostile("", ""), "<ds:Reference ", strings.Repeat("<ds:Reference/>", 50_000)+"<ds:Reference ", 1),
		"long value":  strings.Replace(hostile("", ""), "AAAA", strings.Repeat("AAAA", 250_000), 1),
		"prefix list": strings.Replace(hostile(declared.String(), strings.Repeat("<b/>", 50_000)), second, listOf(strings.Repeat("p1 ", 10_000)), 1),
	} {
		e := parseAll(t, s)
		began := time.Now()
		_, err := Verify(e, public(rsaKey()), everything)
		var typed *Error
		require.ErrorAs(t, err, &typed, name)
		assert.Less(t, time.Since(began), time.Minute, name)
	}
}

// TestSAML7NodesOfTheSecondGate: how much a signed message may hold is for the policy to say.
func TestSAML7NodesOfTheSecondGate(t *testing.T) {
	t.Parallel()
	m := strings.Replace(message, "<samlp:Status>\n", "<samlp:Status>"+strings.Repeat("<b></b>", 50), 1)
	err := forgery{message: m}.verify(t, Policy{MaxNodes: 50})
	require.ErrorIs(t, err, CheckOctets)
	require.ErrorIs(t, err, xmlgate.Limit)
	require.NoError(t, forgery{message: m}.verify(t, Policy{MaxNodes: 100}))
}
