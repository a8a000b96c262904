package xmlgate

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig/corpus"
)

// The namespaces of a name are those that Namespaces walks to, however many prefixes come and go.
func TestManyPrefixesInScope(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		consistent(t, parse(t, corpus.Wide(seed)))
	}
	var declared strings.Builder
	for i := range 40 {
		fmt.Fprintf(&declared, ` xmlns:p%d="u:%d"`, i, i)
	}
	inside := func(inner string) string { return "<a" + declared.String() + "><b>" + inner + "</b></a>" }
	for accepted, refused := range map[string]string{
		inside(`<p39:c/>`):                         inside(`<p40:c/>`),
		inside(`<c xmlns:p40="u:40"><p40:d/></c>`): inside(`<c xmlns:p40="u:40"/><p40:d/>`),
		inside(`<c p0:d=""/>`):                     inside(`<c p41:d=""/>`),
	} {
		parse(t, accepted)
		_, err := Parse(refused, Options{})
		require.ErrorIs(t, err, Prefix, refused)
	}
}

// SAML-7: a name is looked for at a few of the places of a stack, and not at each.
func TestSAML7PrefixesAreFoundAtOnce(t *testing.T) {
	t.Parallel()
	name := func(i int) string { return fmt.Sprintf("p%d", i%200) }
	p := NewPrefixes()
	for i := range maxScoped {
		p.Add(name(i))
	}
	for _, length := range []int{maxScoped, 210, 100} {
		p.Cut(length)
		p.Cut(length + 1)
		require.Equal(t, length, p.Len())
		for wanted := range 220 {
			steps, found := 0, -1
			for i := p.Highest(name(wanted)); i >= 0; i = p.Lower(i) {
				require.Less(t, i, length)
				if steps++; found < 0 && name(i) == name(wanted) {
					found = i
				}
			}
			want := wanted % 200
			if want+200 < length {
				want += 200
			}
			if want >= length {
				want = -1
			}
			assert.Equal(t, want, found)
			assert.Less(t, steps, 24, "one of 256 hashes has so many of 256 prefixes once in a billion billion times")
		}
	}
	(*Prefixes)(nil).Cut(0)
}

// SAML-4: among many attributes too, and whatever they have in common.
func TestSAML4OneOfManyAttributesTwice(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a%d", "p%d:a", "p1:a%d"} {
		for _, count := range []int{2, 8, 9, 30} {
			element := func(last string) string {
				var b strings.Builder
				for i := range count {
					fmt.Fprintf(&b, ` xmlns:p%d="u:%d"`, i, i)
				}
				b.WriteString(` xmlns:q1="u:1"`)
				for i := range count {
					b.WriteString(" " + strings.Replace(name, "%d", fmt.Sprint(i), 1) + `=""`)
				}
				return "<b" + b.String() + " " + last + `=""/>`
			}
			for at := range count {
				again := strings.Replace(name, "%d", fmt.Sprint(at), 1)
				_, err := Parse(element(again), Options{})
				require.ErrorIs(t, err, Duplicate, again)
			}
			parse(t, element(strings.Replace(name, "%d", fmt.Sprint(0), 1)+"b"))
			if strings.HasPrefix(name, "p") {
				other := "q" + strings.Replace(name, "%d", "1", 1)[1:] // another prefix of the same namespace
				_, err := Parse(element(other), Options{})
				require.ErrorIs(t, err, Duplicate, other)
			}
		}
	}
}
