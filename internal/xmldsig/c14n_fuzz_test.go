package xmldsig

import (
	"slices"
	"strings"
	"testing"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
	"github.com/russellhaering/goxmldsig/etreeutils"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig/corpus"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// FuzzCanonical: of whatever the gate accepts, the exclusive canonical form of every element is the one that
// goxmldsig makes, and so are both inclusive forms of the root; and the gate reads it as itself again.
func FuzzCanonical(f *testing.F) {
	for _, test := range corpus.Forms() {
		f.Add(test.In, strings.Join(test.Prefixes, " "))
	}
	f.Add(message, "")
	f.Fuzz(func(t *testing.T, s, list string) {
		prefixes := strings.Fields(list)
		d, err := xmlgate.Parse(s, xmlgate.Options{Comments: func(string, string) bool { return true }})
		if err != nil || len(prefixes) > maxPrefixes || slices.Contains(prefixes, "#default") {
			return // goxmldsig does not know #default
		}
		doc := etree.NewDocument()
		if !readable(d.Root()) {
			return
		}
		require.NoError(t, doc.ReadFromString(strings.TrimPrefix(s, "\ufeff")))
		agree(t, d.Root(), doc, prefixes)
	})
}

// TestCanonicalFormsOfRandomTrees is the same for elements that a fuzzer would hardly come upon.
func TestCanonicalFormsOfRandomTrees(t *testing.T) {
	t.Parallel()
	for seed := range uint64(400) {
		s := corpus.Random(seed, true)
		e := root(t, s)
		require.True(t, readable(e), s)
		doc := etree.NewDocument()
		require.NoError(t, doc.ReadFromString(s))
		prefixes := [][]string{nil, {"p"}, {"z", "q", "unknown"}}[seed%3]
		agree(t, e, doc, prefixes)
	}
	for seed := range uint64(6) {
		s := corpus.Wide(seed)
		doc := etree.NewDocument()
		require.NoError(t, doc.ReadFromString(s))
		agree(t, root(t, s), doc, [][]string{nil, {"p1", "p2"}}[seed%2])
	}
}

// agree compares the inclusive forms of the root and the exclusive ones of everything.
func agree(t *testing.T, e xmlgate.Element, doc *etree.Document, prefixes []string) {
	for _, method := range []c14n{{inclusive: true}, {inclusive: true, version11: true}} {
		oracle := dsig.MakeC14N10RecCanonicalizer()
		if method.version11 {
			oracle = dsig.MakeC14N11Canonicalizer()
		}
		want, err := oracle.Canonicalize(doc.Root().Copy())
		require.NoError(t, err)
		require.Equal(t, string(want), octets(t, e, method))
	}
	everyElement(t, e, doc.Root(), prefixes)
}

// everyElement compares e and all below it.
func everyElement(t *testing.T, e xmlgate.Element, oracle *etree.Element, prefixes []string) {
	context, err := etreeutils.NSBuildParentContext(oracle)
	require.NoError(t, err)
	detached, err := etreeutils.NSDetatch(context, oracle)
	require.NoError(t, err)
	require.NoError(t, etreeutils.TransformExcC14n(detached, strings.Join(prefixes, " "), false))
	withoutEndings(detached, "")
	alone := etree.NewDocument()
	alone.SetRoot(detached)
	alone.WriteSettings = etree.WriteSettings{CanonicalAttrVal: true, CanonicalEndTags: true, CanonicalText: true}
	want, err := alone.WriteToString()
	require.NoError(t, err)
	got := octets(t, e, c14n{prefixes: prefixes})
	require.Equal(t, want, got)

	again, err := xmlgate.Parse(got, xmlgate.Options{MaxBytes: len(got)})
	require.NoError(t, err)
	require.Equal(t, got, octets(t, again.Root(), c14n{prefixes: prefixes}), "the canonical form of a canonical form")

	i := 0
	children := oracle.ChildElements()
	for child := range e.Children {
		everyElement(t, child, children[i], prefixes)
		i++
	}
	require.Len(t, children, i)
}

// withoutEndings mends what goxmldsig is known to do wrong: it writes xmlns="" where no default namespace is rendered
// around the element (Exclusive XML Canonicalization 1.0 §3, step 3; xmllint agrees).
func withoutEndings(e *etree.Element, around string) {
	if a := e.SelectAttr("xmlns"); a != nil {
		if a.Value == "" && around == "" {
			e.RemoveAttr("xmlns")
		}
		around = a.Value
	}
	for _, child := range e.ChildElements() {
		withoutEndings(child, around)
	}
}

// readable leaves out what the oracle is known to do wrong: etree keeps tabs and line ends that stand in an
// attribute's value (XML 1.0 §3.3.3 makes spaces of them), and goxmldsig orders attributes of several namespaces by
// local name first (Canonical XML 1.0 §2.2: by namespace first; its source says so).
func readable(e xmlgate.Element) bool {
	prefix := ""
	for a := range e.Attrs {
		if a.Prefix() != "" && prefix != "" && a.Prefix() != prefix {
			return false
		}
		prefix = max(prefix, a.Prefix())
	}
	_, inner, _ := e.Offsets()
	if strings.ContainsAny(e.Raw()[:inner-start(e)], "\t\r\n") {
		return false
	}
	for child := range e.Children {
		if !readable(child) {
			return false
		}
	}
	return true
}

func start(e xmlgate.Element) int {
	start, _, _ := e.Offsets()
	return start
}

// octets are the canonical form of e.
func octets(t testing.TB, e xmlgate.Element, method c14n) string {
	out, err := (&canonicalizer{}).write(nil, e, xmlgate.Element{}, method, 1<<30)
	require.NoError(t, err)
	return string(out)
}
