package xmlgate

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCommentsAreRefusedUnlessAllowed(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"<!----><a/>", "<a/><!---->", "<a><!----></a>"} {
		_, err := Parse(s, Options{})
		require.ErrorIs(t, err, Comment, s)
		_, err = Parse(s, Options{Comments: outside})
		require.NoError(t, err, s)
	}
}

func TestLimitsAreSettable(t *testing.T) {
	t.Parallel()
	_, err := Parse("<a>12345</a>", Options{MaxBytes: 11})
	require.ErrorIs(t, err, Limit)
	_, err = Parse("<a>12345</a>", Options{MaxBytes: 12})
	require.NoError(t, err)
	_, err = Parse("<a><b c=''/>x</a>", Options{MaxNodes: 3})
	require.ErrorIs(t, err, Limit)
	_, err = Parse("<a b='' c=''/>", Options{MaxNodes: 2})
	require.ErrorIs(t, err, Limit, "attributes alone")
	_, err = Parse("<a b='' c=''/>", Options{MaxNodes: 3})
	require.NoError(t, err)
	_, err = Parse("<a><b c=''/>x</a>", Options{MaxNodes: 4})
	require.NoError(t, err)
	_, err = Parse("<a>"+strings.Repeat("x", 1<<20), Options{})
	require.ErrorIs(t, err, Limit)
	_, err = Parse("<a>"+strings.Repeat("x", 1<<20-7)+"</a>", Options{})
	require.NoError(t, err)
}

// TestHostileTextsEndSoon gives texts whose cost would not be linear in a careless reader.
func TestHostileTextsEndSoon(t *testing.T) {
	t.Parallel()
	ids := &strings.Builder{}
	for i := range 40_000 {
		fmt.Fprintf(ids, "<a ID='a%d'/>", i)
	}
	prefixes := &strings.Builder{}
	for i := range 250 {
		if i%50 == 0 {
			prefixes.WriteString("<r")
		}
		fmt.Fprintf(prefixes, " xmlns:p%03d='u:%d'", i, i)
		if i%50 == 49 {
			prefixes.WriteString(">")
		}
	}
	harmless := "<r>" + strings.Repeat("<a b='c'>d</a>", 30_000) + "</r>"
	for name, s := range map[string]string{
		"deep":       strings.Repeat("<a>", 10_000),
		"IDs":        "<r>" + ids.String() + "</r>",
		"prefixes":   prefixes.String() + strings.Repeat("<p000:a/>", 90_000) + strings.Repeat("</r>", 5),
		"ampersands": "<a>" + strings.Repeat("&", 1<<19),
		"brackets":   "<a>" + strings.Repeat("]", 1<<19) + "</a>",
		"comments":   "<a>" + strings.Repeat("<!---->", 1<<17) + "</a>",
		"CDATA":      "<a>" + strings.Repeat("<![CDATA[", 1<<16) + "</a>",
		"opens":      strings.Repeat("<", 1<<20),
	} {
		// On a machine that is busy a harmless text takes longer too.
		start := time.Now()
		_, err := Parse(harmless, Options{})
		require.NoError(t, err)
		unit := time.Since(start)
		_, err = Parse(s, Options{Comments: outside})
		assert.Less(t, time.Since(start), 5*time.Second+100*unit, name)
		assert.Equal(t, name == "IDs" || name == "prefixes" || name == "brackets" || name == "comments", err == nil, "%s: %v", name, err)
	}
}

func TestErrorsDoNotQuote(t *testing.T) {
	t.Parallel()
	_, err := Parse("<secret></public>", Options{})
	assert.EqualError(t, err, "xml: not well-formed at byte 8")
}

// Metadata of a large federation declare a dozen namespaces in every entity. They are counted once each.
func TestNamespacesThatAreDeclaredOften(t *testing.T) {
	t.Parallel()
	one := ""
	for i := range 40 {
		one += fmt.Sprintf(`<a xmlns="u:%d"/>`, i)
	}
	d, err := Parse("<r>"+strings.Repeat(one, 2000)+"</r>", Options{MaxBytes: 8 << 20, MaxNodes: 250_000})
	require.NoError(t, err)
	require.Len(t, d.spaces, 3+40)
}
